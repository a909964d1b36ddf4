"""就业帮扶: a grant that helps a worker or their family into work."""

from unionhall.cases.grants import PAPERS, grant_workflow
from unionhall.cases.service import CaseService, Field
from unionhall.cases.vocabulary import AID_CAUSES
from unionhall.indicators.figures import Flow

service = CaseService(
    key="aid.job",
    title="就业帮扶",
    title_en="job aid",
    row=19,
    causes=AID_CAUSES,
    form=(Field("reason", "申请理由", required=True, sealed=True),),
    workflow=grant_workflow("就业帮扶"),
    papers=PAPERS,
    figures=(
        Flow(
            slug="people", title="就业帮扶人数", title_en="people given job aid", unit="名", unit_en="people", act="paid", count="people",
            definition="当期领到就业帮扶的人数，同一人只计一次；对象为需要就业帮扶的职工及家庭成员。",
            definition_en="Distinct people paid in the period.",
        ),
        Flow(
            slug="amount", title="就业帮扶款", title_en="job aid paid", unit="万元", unit_en="10,000 yuan", act="paid", count="fen",
            definition="当期实际发放的就业帮扶金额合计（现金与折价实物），以发放日期为准。",
            definition_en="Job aid paid in the period: cash, and goods at their value, by day of payment.",
        ),
    ),
)  # fmt: skip
