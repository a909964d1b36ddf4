"""工会法律援助 (工会法 第三十条): asking a lawyer, and being represented; deciding and assigning by 法律援助法 第四十三条.

The State's legal aid is another provider; the union holds itself to the same days.
"""

from unionhall.cases import law, lawyers
from unionhall.cases import paper_texts as texts
from unionhall.cases.chains import AIDED, RIGHTS
from unionhall.cases.papers import Paper
from unionhall.cases.reach import WORKER
from unionhall.cases.service import CaseService, Field
from unionhall.cases.vocabulary import DISPUTE_CAUSES
from unionhall.indicators.figures import Flow
from unionhall.kernel.clock import Clock
from unionhall.kernel.workflow import Move, Workflow
from unionhall.organisations.roles import LAWYER

service = CaseService(
    key="legal",
    title="工会法律援助",
    title_en="union legal aid",
    row=27,
    asked_as="找律师问问",
    chain="helps",
    causes=DISPUTE_CAUSES,
    form=(
        Field("facts", "事情经过和想问的", required=True, sealed=True, hint="哪一年入职、有没有合同、欠多少、有什么证据"),
        Field("wants", "想要什么帮助", required=True, choices={"advice": "先问问律师", "represent": "请律师代理仲裁或诉讼"}),
    ),
    workflow=Workflow(
        "received",
        Move("advise", "received", "advised", by="station_worker", asks=("answer",), title="律师已解答"),
        Move("accept", "received", "accepted", by="station_worker", asks=("means", "means_basis"), guard=lawyers.means_known, title="同意援助"),
        Move("decline", "received", "declined", by="station_worker", asks=("reason",), title="不予援助"),
        Move("withdraw", "received", "withdrawn", by=WORKER, title="撤回"),
        Move("assign", "accepted", "assigned", by="station_worker", asks=("lawyer",), guard=lawyers.is_one, then=lawyers.given, title="指派律师"),
        Move("drop", "accepted", "withdrawn", by=WORKER, title="撤回"),
        Move("replace", "assigned", "assigned", by="station_worker", asks=("lawyer",), guard=lawyers.is_one, then=lawyers.given, title="更换律师"),
        Move("close", "assigned", "closed", by=LAWYER, asks=("result", "fen_agreed", "report"), guard=lawyers.result_known, title="结案"),
        titles={
            "received": "已申请", "advised": "已解答", "accepted": "同意援助", "declined": "不予援助", "withdrawn": "撤回",
            "assigned": "已指派律师", "closed": "已结案",
        },
    ),
    clocks=(
        Clock("decide", "决定是否援助", "received", ("advised", "accepted", "declined", "withdrawn"), law.LEGAL_AID_DECIDED, pauses=True),
        Clock("assign", "指派律师", "accepted", ("assigned", "withdrawn"), law.LEGAL_AID_ASSIGNED),
    ),
    papers=(
        Paper(
            "legal.decided", "法律援助决定书", ("accepted", "assigned", "closed"), "工援字〔{年}〕{号}号", texts.LEGAL_AID,
            asks={"援助方式和范围": "代理什么程序、到哪一步"}, handed=True,
        ),
    ),
    figures=(
        Flow(
            slug="accepted", title="法律援助受理", title_en="legal-aid cases accepted", unit="件", unit_en="cases", act="accepted",
            definition="当期决定给予工会法律援助的案件数，以决定日期为准。",
            definition_en="Cases in which the union decided to give legal aid, by day of the decision.",
        ),
        Flow(
            slug="workers", title="法律援助职工", title_en="workers given legal aid", unit="人", unit_en="workers", act=AIDED,
            service=RIGHTS, kinds=("legal",), count="people",
            definition="当期获得工会法律援助的职工人数，同一人只计一次。",
            definition_en="Distinct workers given legal aid by the union in the period.",
        ),
        Flow(
            slug="advised", title="律师解答咨询", title_en="questions a lawyer answered", unit="件", unit_en="questions", act="advised",
            definition="当期由律师解答的咨询件数。", definition_en="Questions answered by a lawyer in the period.",
        ),
    ),
)  # fmt: skip
