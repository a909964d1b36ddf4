"""劳动争议调解 (劳动争议调解仲裁法 第十至十六条; 企业劳动争议协商调解规定)."""

from unionhall.cases.service import CaseService, Field
from unionhall.indicators.figures import Flow
from unionhall.kernel.clock import Clock
from unionhall.kernel.workflow import Move, Workflow

service = CaseService(
    key="mediation",
    title="劳动争议调解",
    title_en="dispute mediation",
    row=26,
    form=(Field("claim", "请求事项", required=True, sealed=True), Field("facts", "事实与理由", sealed=True)),
    workflow=Workflow(
        "received",
        Move("accept", "received", "accepted", by="station_worker", title="受理"),
        Move("withdraw", "received", "withdrawn", by="station_worker", asks=("reason",), title="撤回"),
        Move("settle", "accepted", "agreed", by="station_worker", asks=("fen_agreed",), title="达成协议"),
        Move("fail", "accepted", "failed", by="station_worker", asks=("reason",), title="调解不成"),
        Move("drop", "accepted", "withdrawn", by="station_worker", asks=("reason",), title="撤回"),
        Move("transfer", "accepted", "transferred", by="station_worker", asks=("reason",), title="转出"),
        titles={
            "received": "已登记", "accepted": "已受理", "agreed": "达成协议", "failed": "未达成",
            "withdrawn": "撤回", "transferred": "转出",
        },
    ),
    clocks=(
        Clock("received", "accepted", working_days=3, basis="企业劳动争议协商调解规定 第二十二条"),
        Clock("accepted", "agreed", days=15, basis="企业劳动争议协商调解规定 第二十九条"),
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
