"""医疗救助: a grant to a member whose family's illness has pushed it into hardship."""

from unionhall.cases.grants import PAPERS, grant_workflow
from unionhall.cases.service import CaseService, Field
from unionhall.cases.vocabulary import AID_CAUSES
from unionhall.indicators.figures import Flow

service = CaseService(
    key="aid.medical",
    title="医疗救助",
    title_en="medical aid",
    row=19,
    causes=AID_CAUSES,
    form=(Field("reason", "申请理由", required=True, sealed=True),),
    workflow=grant_workflow("医疗救助"),
    papers=PAPERS,
    figures=(
        Flow(
            slug="people", title="医疗救助人数", title_en="workers given medical aid", unit="名", unit_en="people", act="paid", count="people",
            definition="当期领到医疗救助的人数，同一人只计一次；对象为家庭因病致困的会员。",
            definition_en="Distinct people paid in the period.",
        ),
        Flow(
            slug="amount", title="发放医疗救助款", title_en="medical aid paid", unit="万元", unit_en="10,000 yuan", act="paid", count="fen",
            definition="当期实际发放的医疗救助金额合计（现金与折价实物），以发放日期为准。",
            definition_en="Medical aid paid in the period: cash, and goods at their value, by day of payment.",
        ),
    ),
)  # fmt: skip
