"""劳动争议调解 (劳动争议调解仲裁法 第十至十六条; 企业劳动争议协商调解规定)."""

from unionhall.cases import law, parties
from unionhall.cases import paper_texts as texts
from unionhall.cases.papers import Paper
from unionhall.cases.reach import WORKER
from unionhall.cases.service import CaseService, Field
from unionhall.cases.vocabulary import DISPUTE_CAUSES
from unionhall.indicators.figures import Flow
from unionhall.kernel.clock import Clock
from unionhall.kernel.workflow import Move, Workflow

ENDS = ("agreed", "failed", "declined", "withdrawn", "transferred")

service = CaseService(
    key="mediation",
    title="劳动争议调解",
    title_en="dispute mediation",
    row=26,
    asked_as="工资、合同、工伤纠纷",
    chain="helps",
    causes=DISPUTE_CAUSES,
    form=(Field("claim", "请求事项", required=True, sealed=True, hint="要单位做什么、多少钱"),
          Field("facts", "事实与理由", sealed=True, hint="什么时候、什么事、有什么证据")),
    workflow=Workflow(
        "received",
        Move("recall", "received", "withdrawn", by=WORKER, title="撤回申请"),
        Move("accept", "received", "accepted", by="station_worker", title="受理", guard=parties.represented),
        Move("refuse", "received", "declined", by="station_worker", asks=("reason",), title="不予受理"),
        Move("withdraw", "received", "withdrawn", by="station_worker", asks=("reason",), title="撤回"),
        Move("pass", "received", "transferred", by="station_worker", asks=("reason",), title="转出"),
        Move("call_off", "accepted", "withdrawn", by=WORKER, title="撤回申请"),
        Move("settle", "accepted", "agreed", by="station_worker", asks=("fen_agreed",), title="达成协议"),
        Move("fail", "accepted", "failed", by="station_worker", asks=("reason",), title="调解不成"),
        Move("drop", "accepted", "withdrawn", by="station_worker", asks=("reason",), title="撤回"),
        Move("transfer", "accepted", "transferred", by="station_worker", asks=("reason",), title="转出"),
        Move("perform", "agreed", "performed", by="station_worker", title="协议已履行", guard=parties.all_paid),
        Move(
            "breach", "agreed", "breached", by="station_worker", asks=("reason",), title="协议未履行", guard=parties.not_all_paid,
            then=parties.keep_what_is_left,
        ),
        titles={
            "received": "已登记", "accepted": "已受理", "agreed": "达成协议", "failed": "未达成", "declined": "不予受理",
            "withdrawn": "撤回", "transferred": "转出", "performed": "已履行", "breached": "未履行",
        },
        closes=("agreed",),
    ),
    clocks=(
        Clock("accept", "决定是否受理", "received", ("accepted", *ENDS), law.MEDIATION_ACCEPTED, pauses=True),
        Clock("mediate", "结束调解", "accepted", ENDS, law.MEDIATION_ENDED),
        Clock("arbitrate", "可以申请仲裁", "received", ENDS, law.ARBITRATION_OPENS, window=True),
        Clock("review", "共同申请仲裁审查协议", "agreed", ("performed", "breached"), law.MEDIATION_REVIEWED, window=True),
    ),
    papers=(
        Paper("mediation.accepted", "受理通知书", ("accepted",), "工调受字〔{年}〕{号}号", texts.ACCEPTED, handed=True),
        Paper(
            "mediation.agreed", "调解协议书", ("agreed", "performed", "breached"), "工调字〔{年}〕{号}号", texts.AGREED,
            asks={"主要事实": "争议的主要事实", "协议内容": "双方同意怎么办，一条一段", "履行方式和期限": "怎么付、哪天付"},
            handed=True,
        ),
        Paper("mediation.ended", "调解终止通知书", ("failed",), "工调终字〔{年}〕{号}号", texts.ENDED, handed=True),
        Paper(
            "mediation.passed", "转案函", ("transferred",), "工转函〔{年}〕{号}号", texts.PASSED,
            asks={"接收单位": "转给谁", "随附材料": "附哪些材料"},
        ),
    ),
    figures=(
        Flow(
            slug="agreed", title="成功调解劳动争议", title_en="disputes settled", unit="件", unit_en="cases", act="agreed",
            also=("调解成功案件", "调解成功"), headline=True,
            definition="当期以达成调解协议结案的争议件数，以结案日期为准。一件争议不论多少人只计一件。",
            definition_en="Disputes closed with an agreement in the period, by closing date; one dispute is one case.",
        ),
        Flow(
            slug="amount", title="涉案金额", title_en="amount in settled disputes", unit="万元", unit_en="10,000 yuan",
            act="settled_claim", count="fen",
            definition="当期达成协议的争议中申请人请求的金额合计。协议金额另计。",
            definition_en="Amounts claimed in the disputes settled in the period; amounts agreed are a figure of their own.",
        ),
        Flow(
            slug="agreed_amount", title="协议金额", title_en="amount agreed", unit="万元", unit_en="10,000 yuan", act="agreed",
            count="fen",
            definition="当期达成的调解协议约定的金额合计。", definition_en="Amounts agreed in the period's settlements.",
        ),
        Flow(
            slug="accepted", title="受理劳动争议", title_en="disputes accepted", unit="件", unit_en="cases", act="accepted",
            definition="当期受理的争议件数，以受理日期为准。", definition_en="Disputes accepted in the period.",
        ),
        Flow(
            slug="workers", title="涉及职工", title_en="workers in disputes accepted", unit="人", unit_en="workers",
            act="accepted", count="headcount", also=("涉及职工(调解)",),
            definition="当期受理的争议所涉及的职工人数合计；同一人有两件争议计两次。",
            definition_en="Workers in the disputes accepted in the period; one with two disputes counts twice.",
        ),
    ),
)  # fmt: skip
