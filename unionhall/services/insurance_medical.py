"""医疗互助理赔申请: a second reimbursement to whoever holds the card."""

from datetime import date

from unionhall.cases.claims import claim_workflow
from unionhall.cases.grants import CLAIM_PAPER
from unionhall.cases.service import CaseService, Field
from unionhall.indicators.figures import Flow
from unionhall.offers.policies import MEDICAL, check_covered


def covered(plan: str, person: int, on: date) -> None:
    """Insured on that day, or Refused."""
    check_covered(plan, MEDICAL, person, on)


service = CaseService(
    key="insurance.medical",
    title="医疗互助理赔申请",
    title_en="claims under the medical plan",
    row=20,
    form=(Field("event", "出险经过和诊断", required=True, sealed=True),),
    workflow=claim_workflow(covered),
    papers=(CLAIM_PAPER,),
    figures=(
        Flow(
            slug="people", title="医疗互助受益", title_en="people paid under the medical plan", unit="人", unit_en="people", act="paid", count="people",
            definition="当期领到赔付的人数，同一人只计一次。",
            definition_en="Distinct people paid in the period.",
        ),
        Flow(
            slug="amount", title="医疗互助理赔", title_en="paid under the medical plan", unit="万元", unit_en="10,000 yuan", act="paid", count="fen",
            definition="当期实际赔付的金额合计，以赔付日期为准；申请的和核定的金额不计。",
            definition_en="What was paid in the period, by day of payment; not what was asked for or approved.",
        ),
    ),
)  # fmt: skip
