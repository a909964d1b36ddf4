"""金秋助学: a grant to a student of a hardship family; the beneficiary is the child, not the worker."""

from unionhall.cases.grants import PAPERS, grant_workflow
from unionhall.cases.service import CaseService, Field
from unionhall.cases.vocabulary import AID_CAUSES
from unionhall.indicators.figures import Flow

service = CaseService(
    key="aid.study",
    title="金秋助学",
    title_en="study aid",
    row=19,
    causes=AID_CAUSES,
    form=(Field("reason", "申请理由", required=True, sealed=True),),
    workflow=grant_workflow("金秋助学"),
    papers=PAPERS,
    figures=(
        Flow(
            slug="people", title="助学学生", title_en="students aided", unit="名", unit_en="people", act="paid", count="people",
            definition="当期领到金秋助学的人数，同一人只计一次；对象为困难职工家庭的学生（受益人是学生，不是职工）。",
            definition_en="Distinct people paid in the period.",
        ),
        Flow(
            slug="amount", title="助学金", title_en="study aid paid", unit="万元", unit_en="10,000 yuan", act="paid", count="fen",
            definition="当期实际发放的金秋助学金额合计（现金与折价实物），以发放日期为准。",
            definition_en="Study aid paid in the period: cash, and goods at their value, by day of payment.",
        ),
    ),
)  # fmt: skip
