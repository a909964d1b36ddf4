"""保费型互助理赔: a claim of somebody enrolled under a plan that is paid for head by head."""

from datetime import date

from unionhall.cases.claims import claim_workflow
from unionhall.cases.grants import CLAIM_PAPER
from unionhall.cases.service import CaseService, Field
from unionhall.indicators.figures import Flow
from unionhall.offers.policies import PREMIUM, check_covered


def covered(plan: str, person: int, on: date) -> None:
    """Insured on that day, or Refused."""
    check_covered(plan, PREMIUM, person, on)


service = CaseService(
    key="insurance.premium",
    title="保费型互助理赔",
    title_en="claims under premium plans",
    row=20,
    form=(Field("event", "出险经过和诊断", required=True, sealed=True),),
    workflow=claim_workflow(covered),
    papers=(CLAIM_PAPER,),
    figures=(
        Flow(
            slug="people", title="保费型互助受益", title_en="people paid under premium plans", unit="人", unit_en="people", act="paid", count="people",
            definition="当期领到赔付的人数，同一人只计一次。",
            definition_en="Distinct people paid in the period.",
        ),
        Flow(
            slug="amount", title="保费型互助理赔款", title_en="paid under premium plans", unit="万元", unit_en="10,000 yuan", act="paid", count="fen",
            definition="当期实际赔付的金额合计，以赔付日期为准；申请的和核定的金额不计。",
            definition_en="What was paid in the period, by day of payment; not what was asked for or approved.",
        ),
    ),
)  # fmt: skip
