"""劳动监察: what the union's squads find at employers, and what the labour authority makes of it.

The power to inspect and to penalise is the authority's (劳动保障监察条例 第四条): a squad writes down tips, visits, demands
and referrals, never a penalty.
"""

import re
from collections.abc import Mapping
from typing import Any

from unionhall.cases import law
from unionhall.cases.service import CaseService, Field
from unionhall.indicators.figures import Flow
from unionhall.kernel.clock import Clock
from unionhall.kernel.errors import Refused
from unionhall.kernel.workflow import Move, Workflow

_BETWEEN = re.compile(r"[、，,;；\s]+")


def two_visitors(case: Any, values: Mapping[str, Any]) -> None:
    """Two at least, as of inspectors (劳动保障监察条例 第十六条): what one saw alone is no evidence."""
    names = {name for name in _BETWEEN.split(str(values.get("visitors", ""))) if name}
    if len(names) < 2:
        raise Refused("巡查应有两人以上，请写出每个人的姓名，用顿号隔开。", code="visitors")


def not_decided_elsewhere(case: Any, values: Mapping[str, Any]) -> None:
    """The authority takes up nothing that is before a mediator, an arbitrator or a court (劳动保障监察条例 第二十一条)."""
    if values.get("elsewhere") == "yes":
        raise Refused(
            "已经在调解、仲裁或诉讼中的事项，劳动保障监察不再处理，不能移送；请告知职工按原渠道办理。", code="elsewhere"
        )


service = CaseService(
    key="inspection",
    title="劳动监察",
    title_en="labour inspection squads",
    row=28,
    needs_worker=False,
    causes={
        "pay": "工资支付", "hours": "工时和休息", "contract": "劳动合同", "insurance": "社会保险", "women": "女职工和未成年工保护",
        "safety": "劳动安全卫生", "union": "阻挠建会入会", "other": "其他",
    },
    form=(
        Field("tip", "线索内容", required=True, sealed=True, hint="哪家单位、什么事、涉及多少人、从什么时候起"),
        Field("source", "线索来源", required=True, choices={"tip": "职工举报", "visit": "日常巡查", "grid": "网格上报", "other": "其他部门转来"}),
        Field("since", "违法行为", required=True, choices={"going": "还在继续", "recent": "终了不到两年", "old": "终了已满两年"}),
    ),
    workflow=Workflow(
        "received",
        Move("accept", "received", "accepted", by="station_worker", title="立案巡查"),
        Move("decline", "received", "declined", by="station_worker", asks=("reason",), title="不予立案"),
        Move("visit", "accepted", "visited", by="station_worker", asks=("visitors", "finding"), guard=two_visitors, title="记录巡查"),
        Move("clear", "visited", "cleared", by="station_worker", title="没有发现问题"),
        Move("demand", "visited", "demanded", by="station_worker", title="书面要求单位改正"),
        Move("correct", "demanded", "corrected", by="station_worker", asks=("finding",), title="单位已改正"),
        Move("refer", "visited", "referred", by="rights", asks=("elsewhere", "body"), guard=not_decided_elsewhere, title="移送劳动保障监察"),
        Move("hand_on", "demanded", "referred", by="rights", asks=("elsewhere", "body"), guard=not_decided_elsewhere, title="移送劳动保障监察"),
        Move("report", "referred", "reported", by="rights", asks=("finding",), title="记录监察机构的处理结果"),
        titles={
            "received": "已登记", "accepted": "已立案", "visited": "已巡查", "cleared": "没有发现问题", "demanded": "已要求改正",
            "corrected": "单位已改正", "referred": "已移送", "reported": "监察已处理", "declined": "不予立案",
        },
    ),
    clocks=(
        Clock("employer", "单位书面答复工会", "demanded", ("corrected", "referred"), law.EMPLOYER_ANSWERED, window=True),
        Clock("report", "监察机构回告工会", "referred", ("reported",), law.AUTHORITY_REPORTED, window=True),
    ),
    figures=(
        Flow(
            slug="accepted", title="劳动监察立案", title_en="inspections opened", unit="件", unit_en="matters", act="accepted",
            definition="当期工会劳动监察队伍立案巡查的件数，以立案日期为准。",
            definition_en="Matters the union's squads took up in the period, by day of opening.",
        ),
        Flow(
            slug="visits", title="监察巡查", title_en="visits by inspection squads", unit="次", unit_en="visits", act="visited",
            definition="当期两人以上到单位巡查并有记录的次数。",
            definition_en="Visits to employers by two or more of a squad, with a record, in the period.",
        ),
        Flow(
            slug="employers", title="巡查单位", title_en="employers visited", unit="家", unit_en="employers", act="visited", count="employers",
            definition="当期巡查过的单位数，同一单位只计一次。", definition_en="Distinct employers visited in the period.",
        ),
        Flow(
            slug="corrected", title="督促改正", title_en="breaches put right", unit="件", unit_en="matters", act="corrected",
            definition="当期经工会书面要求后单位改正的件数。",
            definition_en="Matters in which the employer put things right after the union's written demand.",
        ),
        Flow(
            slug="referred", title="移送劳动保障监察", title_en="referred to the labour authority", unit="件", unit_en="matters", act="referred",
            definition="当期移送劳动保障监察机构的件数。处罚由监察机构决定，工会不计。",
            definition_en="Matters referred to the labour authority in the period; penalties are the authority's and not counted.",
        ),
    ),
)  # fmt: skip
