"""生活救助: a grant toward the living of a filed worker."""

from unionhall.cases.grants import PAPERS, grant_workflow
from unionhall.cases.service import CaseService, Field
from unionhall.cases.vocabulary import AID_CAUSES
from unionhall.indicators.figures import Flow

service = CaseService(
    key="aid.living",
    title="生活救助",
    title_en="living aid",
    row=19,
    causes=AID_CAUSES,
    asked_as="生活遇到困难，想申请帮扶",
    form=(Field("reason", "申请理由", required=True, sealed=True),),
    workflow=grant_workflow("生活救助"),
    papers=PAPERS,
    figures=(
        Flow(
            slug="people", title="生活救助职工", title_en="workers given living aid", unit="名", unit_en="people", act="paid", count="people",
            definition="当期领到生活救助的人数，同一人只计一次；对象为生活困难的建档职工。",
            definition_en="Distinct people paid in the period.",
        ),
        Flow(
            slug="amount", title="生活救助款", title_en="living aid paid", unit="万元", unit_en="10,000 yuan", act="paid", count="fen",
            definition="当期实际发放的生活救助金额合计（现金与折价实物），以发放日期为准。",
            definition_en="Living aid paid in the period: cash, and goods at their value, by day of payment.",
        ),
    ),
)  # fmt: skip
