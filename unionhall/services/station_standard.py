"""服务站规范化验收: a station brought to the city's standard, from the plan to the acceptance, item by item.

The station checks itself, the district looks at what it says, the city accepts; each item is one of the checklist as it holds
on the day (cases.station_rules), which officers lay down. What is accepted here is counted where every station is
(services/stations.py), and once.
"""

from unionhall.cases import station_moves
from unionhall.cases import station_rules as rules
from unionhall.cases.service import CaseService, Making
from unionhall.indicators.figures import Flow
from unionhall.kernel.clock import Clock, Limit
from unionhall.kernel.workflow import Move, Workflow

_STATION, _DISTRICT = "station_head station_worker", "organisation"
_WHY = ("reason",)

service = CaseService(
    key=rules.STANDARD,
    title="服务站规范化验收",
    title_en="acceptance of a station",
    row=4,
    needs_worker=False,
    making=Making(("met", "lapsed"), rules.may_begin, station_moves.follow, rules.stands, stays=rules.STAYS),
    workflow=Workflow(
        "planned",
        Move("set_up", "planned", "set_up", by=_STATION, title="登记建成"),
        Move("stop", "planned", "given_up", by=f"{_STATION} {_DISTRICT}", asks=_WHY, title="不再建设"),
        Move("self_check", "set_up", "self_checked", by=_STATION, title="提交自查"),
        Move("stop", "set_up", "given_up", by=_DISTRICT, asks=_WHY, title="不再建设"),
        Move("district_check", "self_checked", "district_checked", by=_DISTRICT, title="区级核查通过"),
        Move("send_back", "self_checked", "set_up", by=_DISTRICT, asks=_WHY, title="退回整改"),
        Move("accept", "district_checked", "met", by=_DISTRICT, asks=("accepted_no",), title="登记市级验收通过"),
        Move("send_back", "district_checked", "set_up", by=_DISTRICT, asks=_WHY, title="市级验收不通过，退回整改"),
        Move("withdraw", "met", "lapsed", by=_DISTRICT, asks=_WHY, title="取消达标"),
        titles={
            "planned": "筹建", "set_up": "已建成", "self_checked": "已自查", "district_checked": "区级核查通过", "met": "已达标",
            "lapsed": "已取消达标", "given_up": "不再建设",
        },
        closes=("met",),
    ),
    clocks=(
        Clock("district", "区级核查", "self_checked", ("district_checked", "set_up"), (Limit("服务承诺", working_days=15),), statutory=False),
    ),
    figures=(
        Flow(
            slug="self_checked", title="服务站自查", title_en="self-checks of stations", unit="次", unit_en="self-checks", act="self_checked",
            definition="当期提交规范化自查的次数；退回整改以后再提交的，再计一次。",
            definition_en="Self-checks handed in during the period; one handed in again after it was sent back counts again.",
        ),
    ),
)  # fmt: skip
