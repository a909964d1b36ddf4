"""Who is insured under which plan, and on which days a plan holds. Nothing here writes."""

from datetime import date

from unionhall.kernel.errors import Refused
from unionhall.offers.models import Offer
from unionhall.offers.policy_models import Policy
from unionhall.people.models import Card

PLANS = "insurance.plans"
"""The service whose items are plans: one plan of one year each, in force from its first day until its last."""
PREMIUM, MEDICAL = "premium", "medical"
"""Kinds of plans: paid for head by head, by an enrolment list; and held by whoever holds the card."""


def plan_of(code: str, kind: str) -> Offer:
    """The plan of a code, of a kind. Refused: when there is none."""
    plan: Offer | None = Offer.objects.filter(service=PLANS, code=code, kind=kind).first()
    if plan is None:
        raise Refused("没有编号为“{number}”的这类互助保障计划，请核对。", code="plan", number=code)
    return plan


def in_force(plan: Offer, on: date) -> bool:
    return plan.since <= on and (plan.until is None or on < plan.until)


def check_covered(code: str, kind: str, person: int, on: date) -> None:
    """Was this person insured under the plan on the day it happened? Refused in words that say which of it fails."""
    plan = plan_of(code, kind)
    if not in_force(plan, on):
        until = f"至 {plan.until.isoformat()} 前" if plan.until else "起"
        raise Refused(
            "出险日 {on} 不在“{title}”的保障期内（{since} {until}），不能赔付。",
            code="event_on",
            on=on.isoformat(),
            title=plan.title,
            since=plan.since.isoformat(),
            until=until,
        )
    if kind == MEDICAL:
        if not Card.objects.valid_on(on).filter(person=person).exists():
            raise Refused("出险日 {on} 本人没有有效的京卡，不在医疗互助保障之内。", code="event_on", on=on.isoformat())
        return
    policy = Policy.objects.filter(offer=plan, person=person).first()
    if policy is None:
        raise Refused("本人没有投保“{title}”，不能赔付。", code="plan", title=plan.title)
    if on < policy.since or (policy.until is not None and on >= policy.until):
        raise Refused("出险日 {on} 不在本人的保障期内，不能赔付。", code="event_on", on=on.isoformat())
