"""Who an item is for: asked of one person, in words, and of everybody, in SQL."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from unionhall.kernel.errors import Refused
from unionhall.offers import conditions, service
from unionhall.offers.conditions import Condition, Facts
from unionhall.offers.models import HOLDING, Offer, OfferCondition, Participation
from unionhall.people.models import Person

PER = {"day": "每天", "month": "每月", "quarter": "每季度", "year": "每年", "ever": "总共"}


class Asked(NamedTuple):
    """One condition an item has on a day, with its value."""

    condition: Condition
    value: str

    @property
    def words(self) -> str:
        """As people read it, in the language of the page."""
        return self.condition.say(self.value)


class Answer(NamedTuple):
    """One condition, and whether the person meets it."""

    words: str
    met: bool


def asked_of(offer: Offer, day: date) -> list[Asked]:
    """The item's conditions on a day: those its service always asks, then those an officer set."""
    rows = OfferCondition.objects.on(day).filter(offer=offer.pk).order_by("pk")
    always = asked_always(offer)
    known = {one.condition.key for one in always}
    return always + [
        Asked(conditions.find(key), value) for key, value in rows.values_list("condition", "value") if key not in known
    ]


def asked_always(offer: Offer) -> list[Asked]:
    """What the item's service asks of everybody."""
    return [Asked(conditions.find(key), "") for key in service.find(offer.service).asked_always]


def answers(offer: Offer, facts: Facts, asked: Sequence[Asked] | None = None) -> list[Answer]:
    """Each condition of the item, in words, and whether this person meets it ("you qualify because …")."""
    rules = asked_of(offer, facts.day) if asked is None else asked
    return [Answer(one.words, one.condition.met(facts, one.value, offer.pk)) for one in rules]


def must_meet(offer: Offer, facts: Facts, asked: Sequence[Asked]) -> None:
    """Refused, naming what is missing, unless the person meets every condition."""
    missing = [one for one in asked if not one.condition.met(facts, one.value, offer.pk)]
    if missing:
        told = "、".join(one.condition.title.replace("{value}", one.value) for one in missing)
        raise Refused("不符合条件：{told}。", code="eligibility", told=told)


def eligible(offer: Offer, day: date) -> "QuerySet[Person]":
    """Everybody who meets every condition of the item on a day, for counting and lists."""
    where = Q()
    for one in asked_of(offer, day):
        where &= one.condition.where(one.value, day, offer.pk)
    return Person.objects.filter(where, merged_into=None)


def in_words(offer: Offer, day: date) -> str:
    """The conditions on one line: "女职工 · 在册会员 · 本年未参加"."""
    return " · ".join(one.words for one in asked_of(offer, day))


def begins(per: str, day: date) -> date:
    """The first day of the period a limit counts in."""
    if per == "day":
        return day
    if per == "month":
        return day.replace(day=1)
    if per == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1) if per == "year" else date(1949, 1, 1)


def left_of(offer: Offer, person: int, day: date) -> int | None:
    """How often the person may still take part in the period this day lies in; None without a limit."""
    if offer.most_each is None:
        return None
    since = begins(offer.per, day)
    until = _after(offer.per, since)
    taken = Participation.objects.filter(offer=offer.pk, person=person, on__gte=since, state__in=(*HOLDING, "waiting"))
    return max(offer.most_each - (taken.filter(on__lt=until) if until else taken).count(), 0)


def must_have_left(offer: Offer, person: int, day: date) -> None:
    """Refused when the person's limit in this period is used up."""
    if left_of(offer, person, day) == 0:
        raise Refused(
            "“{title}”{per}每人限 {most_each} 次，您的次数已经用完。",
            code="limit",
            title=offer.title,
            per=PER[offer.per],
            most_each=offer.most_each,
        )


def _after(per: str, since: date) -> date | None:
    """The first day after the period that begins on this one; None for one that never ends."""
    months = {"month": 1, "quarter": 3, "year": 12}.get(per)
    if per == "day":
        return date.fromordinal(since.toordinal() + 1)
    if months is None:
        return None
    at = since.month - 1 + months
    return since.replace(year=since.year + at // 12, month=at % 12 + 1)
