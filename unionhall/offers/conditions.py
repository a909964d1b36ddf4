"""Whom an item is for: a small closed vocabulary of conditions, said in words, asked of one person or of all.

An officer picks from it (offers.eligibility_moves.set_conditions); nobody writes one in the browser. A service may add
conditions of its own in its declaration. Each answers twice: `met` for one person's facts, and `where` over the table of
persons, for counting and lists; tests/offers/test_conditions.py holds the two against each other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language

from unionhall.kernel.errors import Refused
from unionhall.kernel.paths import within
from unionhall.offers.models import HOLDING, Participation
from unionhall.people.models import Card, Membership

RURAL = ("city_rural", "other_rural")


class Facts(NamedTuple):
    """What conditions ask of one person on a day. `path` is empty for who is no member; instants of age are local days.

    `history`, where it was asked for, is the last day they took part in each item; without it the database is asked.
    """

    person: int
    day: date
    path: str = ""
    union: int | None = None
    employer: int | None = None
    state: str = ""
    since: date | None = None
    contract: str = ""
    sex: str = ""
    birth: date | None = None
    hukou: str = ""
    card: bool = False
    history: Mapping[int, date] | None = None


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One condition. `title` may hold "{value}"; `asks` says what kind of value: "" (none), "number", "union" or "place".

    `met(facts, value, offer)` and `where(value, day, offer)` say the same thing; `where` is a Q over `people.Person`.
    `history`: the answer depends on what the person did before, so it is asked again with the person's row locked.
    """

    key: str
    title: str
    title_en: str
    met: Callable[[Facts, str, int], bool]
    where: Callable[[str, date, int], Q]
    asks: str = ""
    history: bool = False

    def say(self, value: str) -> str:
        """In words, in the language of the page."""
        title = self.title_en if (get_language() or "").startswith("en") else self.title
        return title.replace("{value}", value)

    def check(self, value: str) -> str:
        """The value as it is kept. Refused: none where one is asked for, or one that is no such thing."""
        value = value.strip()
        if not self.asks:
            return ""
        if self.asks == "number" and not (value.isascii() and value.isdigit() and 0 < int(value) < 200):
            raise Refused(
                "“{replace}”要填一个 1 到 199 的数。", code="value", replace=self.title.replace("{value}", "…")
            )
        if not (value.isascii() and value.isdigit() and len(value) <= 24):
            raise Refused("请从列表中选择。", code="value")
        return value


def years_before(day: date, years: int) -> date:
    """The same day that many years earlier; 28 February for the 29th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _membership(day: date, **wanted: object) -> Exists:
    return Exists(Membership.objects.on(day).filter(person=OuterRef("pk"), state="active", **wanted))


def _member(facts: Facts) -> bool:
    return facts.state == "active"


def _taken_part(offer: int, since: date) -> "Exists":
    return Exists(Participation.objects.filter(person=OuterRef("pk"), offer=offer, state__in=HOLDING, on__gte=since))


def _has(facts: Facts, offer: int, since: date) -> bool:
    if facts.history is not None:
        return offer in facts.history and facts.history[offer] >= since
    return Participation.objects.filter(person=facts.person, offer=offer, state__in=HOLDING, on__gte=since).exists()


_EVER = date(1949, 1, 1)


STANDARD: tuple[Condition, ...] = (
    Condition(
        key="member", title="在册会员", title_en="a member",
        met=lambda facts, _value, _offer: _member(facts),
        where=lambda _value, day, _offer: Q(_membership(day)),
    ),
    Condition(
        key="woman", title="女职工", title_en="women",
        met=lambda facts, _value, _offer: facts.sex == "female",
        where=lambda _value, _day, _offer: Q(sex="female"),
    ),
    Condition(
        key="age_from", title="年满 {value} 周岁", title_en="{value} years old or more", asks="number",
        met=lambda facts, value, _offer: facts.birth is not None and facts.birth <= years_before(facts.day, int(value)),
        where=lambda value, day, _offer: Q(birth__lte=years_before(day, int(value))),
    ),
    Condition(
        key="age_below", title="未满 {value} 周岁", title_en="under {value} years old", asks="number",
        met=lambda facts, value, _offer: facts.birth is not None and facts.birth > years_before(facts.day, int(value)),
        where=lambda value, day, _offer: Q(birth__gt=years_before(day, int(value))),
    ),
    Condition(
        key="migrant", title="农民工会员", title_en="migrant workers who are members",
        met=lambda facts, _value, _offer: _member(facts) and facts.hukou in RURAL,
        where=lambda _value, day, _offer: Q(_membership(day), hukou__in=RURAL),
    ),
    Condition(
        key="dispatched", title="劳务派遣工会员", title_en="dispatched workers who are members",
        met=lambda facts, _value, _offer: _member(facts) and facts.contract == "dispatched",
        where=lambda _value, day, _offer: Q(_membership(day, contract="dispatched")),
    ),
    Condition(
        key="card", title="持有京卡", title_en="holds a card",
        met=lambda facts, _value, _offer: facts.card,
        where=lambda _value, day, _offer: Q(Exists(Card.objects.valid_on(day).filter(person=OuterRef("pk")))),
    ),
    Condition(
        key="member_years", title="本次入会满 {value} 年", title_en="a member of the union for {value} years", asks="number",
        met=lambda facts, value, _offer: _member(facts) and facts.since is not None
        and facts.since <= years_before(facts.day, int(value)),
        where=lambda value, day, _offer: Q(_membership(day, since__lte=years_before(day, int(value)))),
    ),
    Condition(
        key="union", title="本工会会员", title_en="members of the union named", asks="union",
        met=lambda facts, value, _offer: _member(facts) and facts.union == int(value),
        where=lambda value, day, _offer: Q(_membership(day, union=int(value))),
    ),
    Condition(
        key="place", title="本地区会员", title_en="members of the place named", asks="place",
        met=lambda facts, value, _offer: _member(facts) and within(facts.path, value),
        where=lambda value, day, _offer: Q(
            Exists(Membership.objects.on(day).at(value).filter(person=OuterRef("pk"), state="active"))
        ),
    ),
    Condition(
        key="not_this_year", title="本年未参加", title_en="has not taken part this year", history=True,
        met=lambda facts, _value, offer: not _has(facts, offer, facts.day.replace(month=1, day=1)),
        where=lambda _value, day, offer: ~Q(_taken_part(offer, day.replace(month=1, day=1))),
    ),
    Condition(
        key="not_before", title="从未参加", title_en="has never taken part", history=True,
        met=lambda facts, _value, offer: not _has(facts, offer, _EVER),
        where=lambda _value, _day, offer: ~Q(_taken_part(offer, _EVER)),
    ),
)  # fmt: skip
"""Conditions every service may use."""

BY_KEY: dict[str, Condition] = {one.key: one for one in STANDARD}


def declare(extra: tuple[Condition, ...]) -> None:
    """A service's own conditions. Raises `ValueError` for a key that already means something else."""
    for one in extra:
        if BY_KEY.setdefault(one.key, one) is not one:
            raise ValueError(f"two conditions are called {one.key}")


def find(key: str) -> Condition:
    """The condition of a key. Refused: there is none, so nobody is let in by a condition nobody can read."""
    try:
        return BY_KEY[key]
    except KeyError:
        raise Refused("没有“{key}”这个条件，请联系系统管理员。", key=key) from None
