"""会员信息更正: what a member says is wrong in their own record (个人信息保护法 第四十六条), put right or answered why not.

The record itself is changed on the member's page, with its own trace; this is the request and its answer.
"""

from datetime import date

from unionhall.cases.service import CaseService, Field
from unionhall.cases.vocabulary import CORRECTIONS
from unionhall.indicators.figures import Flow
from unionhall.kernel.clock import Clock, Limit
from unionhall.kernel.workflow import Move, Workflow

service = CaseService(
    key="correction",
    title="会员信息更正",
    title_en="corrections of members' records",
    row=7,
    causes=CORRECTIONS,
    from_workers=True,
    form=(Field("right", "正确的应该是什么", required=True, sealed=True),),
    workflow=Workflow(
        "received",
        Move("correct", "received", "corrected", by="station_worker", title="已更正"),
        Move("decline", "received", "declined", by="station_worker", asks=("reason",), title="不予更正"),
        titles={"received": "待核实", "corrected": "已更正", "declined": "不予更正"},
    ),
    # The law says "promptly"; fifteen working days is what the union allows itself.
    clocks=(
        Clock(
            "answer", "答复", "received", ("corrected", "declined"),
            (Limit("个人信息保护法 第四十六条、第五十条", working_days=15, since=date(2021, 11, 1)),), statutory=False, pauses=True,
        ),
    ),
    figures=(
        Flow(
            slug="corrected", title="应职工申请更正会员信息", title_en="records corrected at the member's request", unit="件",
            unit_en="requests", act="corrected",
            definition="当期核实后更正的会员信息更正申请件数，以办结日期为准。",
            definition_en="Members' requests to have their record corrected that were carried out in the period.",
        ),
    ),
)  # fmt: skip
