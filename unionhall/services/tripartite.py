"""劳动关系三方会议: government, union and employers at one table, and what each promised there.

工会法 第三十五条; 劳动争议调解仲裁法 第八条. What a meeting decides is given to somebody as a task, each a matter of its own.
"""

from unionhall.cases.service import CaseService, Field
from unionhall.indicators.figures import Flow
from unionhall.kernel.clock import Clock, Limit
from unionhall.kernel.workflow import Move, Workflow

service = CaseService(
    key="tripartite",
    title="三方会议",
    title_en="tripartite meetings",
    row=29,
    needs_worker=False,
    form=(
        Field("topics", "议题", required=True, hint="一行一个议题"),
        Field("parties", "参加方", required=True, hint="人社部门、工会、企业方面的代表单位"),
    ),
    workflow=Workflow(
        "proposed",
        Move("agree", "proposed", "agreed", by="rights", asks=("agenda",), title="三方商定议题"),
        Move("drop", "proposed", "dropped", by="rights", asks=("reason",), title="不再召开"),
        Move("call_off", "agreed", "dropped", by="rights", asks=("reason",), title="不再召开"),
        Move("hold", "agreed", "held", by="rights", asks=("minutes",), title="召开并记录纪要"),
        Move("sign", "held", "signed", by="rights", title="三方签字，纪要生效"),
        titles={
            "proposed": "议题征集中", "agreed": "议题已商定", "held": "已召开", "signed": "纪要已签", "dropped": "不再召开",
        },
        closes=("held",),
    ),
    clocks=(
        Clock("sign", "纪要三方签字", "held", ("signed",), (Limit("三方会议议事规则", working_days=10),), statutory=False),
    ),
    figures=(
        Flow(
            slug="held", title="三方会议", title_en="tripartite meetings held", unit="次", unit_en="meetings", act="held", also=("劳动关系三方会议",),
            definition="当期召开的劳动关系三方会议次数，以召开日期为准。",
            definition_en="Tripartite meetings held in the period, by day of the meeting.",
        ),
    ),
)  # fmt: skip
