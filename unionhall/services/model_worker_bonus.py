"""劳模专项奖励: the bonus paid to model workers."""

from unionhall.cases.grants import grant_workflow
from unionhall.cases.service import CaseService, Field
from unionhall.indicators.figures import Flow

service = CaseService(
    key="honour.bonus",
    title="劳模专项奖励",
    title_en="model-worker bonuses",
    row=31,
    form=(Field("reason", "申请理由", required=True, sealed=True),),
    workflow=grant_workflow("劳模专项奖励"),
    figures=(
        Flow(
            slug="amount", title="劳模专项奖励", title_en="special bonuses paid to model workers", unit="万元", unit_en="10,000 yuan", act="paid", count="fen",
            definition="当期实际发放的劳模专项奖励金额合计（现金与折价实物），以发放日期为准。",
            definition_en="Special bonuses paid to model workers in the period: cash, and goods at their value, by day of payment.",
        ),
        Flow(
            slug="people", title="领取奖励的劳模", title_en="model workers given a bonus", unit="名", unit_en="people", act="paid", count="people",
            definition="当期领到劳模专项奖励的人数，同一人只计一次；对象为享受待遇的劳动模范。",
            definition_en="Distinct people paid in the period.",
        ),
    ),
)  # fmt: skip
