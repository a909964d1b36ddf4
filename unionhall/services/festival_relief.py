"""送温暖: cash and goods taken to hardship workers before the festivals."""

from unionhall.cases.grants import PAPERS, grant_workflow
from unionhall.cases.service import CaseService, Field
from unionhall.indicators.figures import Flow

service = CaseService(
    key="aid.festival",
    title="送温暖",
    title_en="festival relief",
    row=19,
    form=(Field("reason", "申请理由", required=True, sealed=True),),
    workflow=grant_workflow("送温暖"),
    papers=PAPERS,
    figures=(
        Flow(
            slug="amount", title="节日慰问金", title_en="festival relief paid", unit="万元", unit_en="10,000 yuan", act="paid", count="fen", also=("送温暖款物",), headline=True,
            definition="当期实际发放的送温暖金额合计（现金与折价实物），以发放日期为准。",
            definition_en="Festival relief paid in the period: cash, and goods at their value, by day of payment.",
        ),
        Flow(
            slug="people", title="慰问困难职工", title_en="workers visited", unit="名", unit_en="people", act="paid", count="people",
            definition="当期领到送温暖的人数，同一人只计一次；对象为两节期间走访慰问的困难职工。",
            definition_en="Distinct people paid in the period.",
        ),
    ),
)  # fmt: skip
