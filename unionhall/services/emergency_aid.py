"""应急救助: a grant to a worker struck by sudden illness or accident."""

from unionhall.cases.grants import PAPERS, grant_workflow
from unionhall.cases.service import CaseService, Field
from unionhall.cases.vocabulary import AID_CAUSES
from unionhall.indicators.figures import Flow

service = CaseService(
    key="aid.emergency",
    title="应急救助",
    title_en="emergency aid",
    row=19,
    causes=AID_CAUSES,
    form=(Field("reason", "申请理由", required=True, sealed=True),),
    workflow=grant_workflow("应急救助"),
    papers=PAPERS,
    figures=(
        Flow(
            slug="people", title="应急救助职工", title_en="workers given emergency aid", unit="名", unit_en="people", act="paid", count="people",
            definition="当期领到应急救助的人数，同一人只计一次；对象为因大病、意外造成临时困难的职工。",
            definition_en="Distinct people paid in the period.",
        ),
        Flow(
            slug="amount", title="应急专项救助款", title_en="emergency aid paid", unit="万元", unit_en="10,000 yuan", act="paid", count="fen",
            definition="当期实际发放的应急救助金额合计（现金与折价实物），以发放日期为准。",
            definition_en="Emergency aid paid in the period: cash, and goods at their value, by day of payment.",
        ),
    ),
)  # fmt: skip
