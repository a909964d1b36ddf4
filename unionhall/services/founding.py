"""组建工会: from an employer without a union to one of its own, or to the cover of a joint one.

Where there are twenty-five members there is a committee; where there are fewer, one of its own, a joint one or an organiser
(工会法 第十一条). The union above approves (第十二条) and sends somebody to help (北京市实施《工会法》办法 第十一条). What is
registered here is counted where every union is (services/union_building.py), and once.
"""

from unionhall.cases import founding_moves
from unionhall.cases import union_building as rules
from unionhall.cases.service import CaseService, Making
from unionhall.cases.vocabulary import WHY_NO_UNION
from unionhall.indicators.figures import Flow
from unionhall.kernel.clock import Clock, Limit
from unionhall.kernel.workflow import Move, Workflow

_STATION, _ABOVE = "station_worker", "street organisation"
"""Who goes there and writes it down; who approves it, which is somebody else."""
_CONTACT = ("cause", "contact")
_APPLICATION = ("headcount", "way")
_STOP = ("cause", "reason")

service = CaseService(
    key=rules.FOUNDING,
    title="组建工会",
    title_en="founding a union",
    row=2,
    causes=WHY_NO_UNION,
    from_workers=True,
    needs_worker=False,
    making=Making(("registered", "covered"), rules.may_found, founding_moves.follow, rules.cover_stands),
    workflow=Workflow(
        "lead",
        Move("contact", "lead", "contacted", by=_STATION, asks=_CONTACT, guard=rules.why_known, title="记录联系单位"),
        Move("apply", "lead", "applied", by=_STATION, asks=_APPLICATION, guard=rules.application_whole, title="登记建会申请"),
        Move("stop", "lead", "given_up", by=_STATION, asks=_STOP, guard=rules.may_stop, title="不再跟进"),
        Move("apply", "contacted", "applied", by=_STATION, asks=_APPLICATION, guard=rules.application_whole, title="登记建会申请"),
        Move("contact", "contacted", "contacted", by=_STATION, asks=_CONTACT, guard=rules.why_known, title="再次联系单位"),
        Move("stop", "contacted", "given_up", by=_STATION, asks=_STOP, guard=rules.may_stop, title="不再跟进"),
        Move("approve", "applied", "approved", by=_ABOVE, asks=("approval_no",), title="批准建会"),
        Move("stop", "applied", "given_up", by=_ABOVE, asks=_STOP, guard=rules.may_stop, title="不再跟进"),
        Move("elect", "approved", "elected", by=_STATION, asks=("entitled", "present", "votes", "chair", "chair_is", "term"),
             guard=rules.elected, title="登记选举结果"),
        Move("cover", "approved", "covered", by=_ABOVE, asks=("union",), guard=rules.joint_one, title="由联合工会覆盖"),
        Move("stop", "approved", "given_up", by=_STATION, asks=_STOP, guard=rules.may_stop, title="不再跟进"),
        Move("register", "elected", "registered", by=_ABOVE, asks=("union_name",), title="批准选举结果并登记工会"),
        Move("stop", "elected", "given_up", by=_STATION, asks=_STOP, guard=rules.may_stop, title="不再跟进"),
        titles={
            "lead": "线索", "contacted": "已联系", "applied": "已申请", "approved": "已批准", "elected": "已选举", "registered": "已登记成立",
            "covered": "已由联合工会覆盖", "given_up": "不再跟进",
        },
    ),
    clocks=(
        Clock("contact", "联系单位", "lead", ("contacted", "applied", "given_up"), (Limit("服务承诺", working_days=10),), statutory=False),
        Clock("approve", "批复建会申请", "applied", ("approved", "given_up"), (Limit("服务承诺", days=15),), statutory=False, pauses=True),
        Clock("result", "批复选举结果", "elected", ("registered", "given_up"), (Limit("工会基层组织选举工作条例", days=15),), statutory=False),
    ),
    figures=(
        Flow(
            slug="leads", title="建会线索", title_en="employers to found a union at", unit="家", unit_en="employers", act="lead",
            count="employers", definition="当期登记的建会线索涉及的单位数，同一单位只计一次。",
            definition_en="Distinct employers without a union that were taken up in the period.",
        ),
        Flow(
            slug="contacts", title="联系未建会单位", title_en="contacts with employers without a union", unit="家次", unit_en="contacts",
            act="contacted", definition="当期联系未建会单位的次数，一次联系计一次。",
            definition_en="Contacts with employers without a union in the period; each counts.",
        ),
        Flow(
            slug="applied", title="建会申请", title_en="employers that applied for a union", unit="家", unit_en="employers", act="applied",
            count="employers", definition="当期登记建会申请的单位数，同一单位只计一次；是否建成见“新增工会组织”。",
            definition_en="Distinct employers whose application was entered in the period; what came of it is in new union organisations.",
        ),
    ),
)  # fmt: skip
