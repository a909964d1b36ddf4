"""入会申请: a worker asks on the telephone to join the union of their employer, and is admitted or told why not.

Every worker may join of their own free will (工会法 第三条); the committee of the basic level approves. What is admitted is
a membership like every other (people.membership_moves), counted where all are.
"""

from unionhall.cases import founding_moves
from unionhall.cases import union_building as rules
from unionhall.cases.reach import WORKER
from unionhall.cases.service import CaseService, Field, Making
from unionhall.indicators.figures import Flow
from unionhall.kernel.clock import Clock, Limit
from unionhall.kernel.workflow import Move, Workflow

_DECIDES = "union_officer station_worker"

service = CaseService(
    key=rules.JOINING,
    title="入会申请",
    title_en="joining the union",
    row=2,
    from_workers=True,
    making=Making(("admitted",), rules.may_join, founding_moves.follow, rules.membership_stands),
    form=(
        Field("job", "岗位或工种"),
        Field("pledge", "本人声明", required=True, choices={"yes": "自愿加入工会，承认《中国工会章程》"}),
    ),
    workflow=Workflow(
        "received",
        Move("admit", "received", "admitted", by=_DECIDES, title="批准入会"),
        Move("decline", "received", "declined", by=_DECIDES, asks=("answer",), title="不予批准"),
        Move("withdraw", "received", "withdrawn", by=WORKER, title="撤回"),
        titles={"received": "已申请", "admitted": "已批准入会", "declined": "不予批准", "withdrawn": "撤回"},
    ),
    clocks=(
        Clock(
            "decide", "答复入会申请", "received", ("admitted", "declined", "withdrawn"), (Limit("服务承诺", working_days=5),), statutory=False,
            pauses=True,
        ),
    ),
    figures=(
        Flow(
            slug="asked", title="职工网上申请入会", title_en="workers who asked to join", unit="人", unit_en="workers", act="received",
            count="people", definition="当期在手机上申请入会的职工人数，同一人只计一次。",
            definition_en="Distinct workers who asked on the telephone to join in the period.",
        ),
        Flow(
            slug="joined", title="网上申请批准入会", title_en="workers admitted as they asked", unit="人", unit_en="workers", act="admitted",
            count="people", definition="当期网上申请并获批准入会的职工人数，同一人只计一次；包含在新增会员里。",
            definition_en="Distinct workers admitted in the period after asking on the telephone; they are among the new members.",
        ),
    ),
)  # fmt: skip
