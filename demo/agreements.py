"""Collective contracts and wage agreements, of single employers, communities and trades, and the employers they cover."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import NamedTuple

from demo.chance import stream
from demo.employers import DIRECT, INDEPENDENT, JOINT, Employer
from demo.places import street_code
from demo.plan import Plan
from demo.unions import Union, between
from demo.world import World, world

AGREEMENT_HEADERS = ("编号", "种类", "名称", "层级", "工会编号", "地方代码", "签订日期", "备案日期", "备案号", "生效日期", "届满日期", "终止原因",
                     "覆盖职工数", "续签自编号")  # fmt: skip
AGREEMENT_COVER_HEADERS = ("编号", "种类", "统一社会信用代码", "覆盖起始日期", "覆盖终止日期")
COLLECTIVE, WAGE = "集体合同", "工资专项协议"
Row = tuple[object, ...]
_DAY = timedelta(days=1)


class Agreement(NamedTuple):
    """One document and the employers it covers; in force from `since` until the day before `until`."""

    number: str
    kind: str
    name: str
    level: str
    union: str
    place: str
    since: date
    until: date
    renews: str | None
    covered: tuple[Employer, ...]


class Party(NamedTuple):
    """Who signs: a union, for some employers."""

    level: str
    name: str
    union: str
    place: str
    covered: tuple[Employer, ...]
    ready: date  # the first of its employers was under the union


def counts(plan: Plan, communities: int) -> tuple[int, int, int]:
    """Documents in force at the end of 2015: of single employers, of each kind; of trades, collective and wage.

    At scale 1: 2 × 671 + 2 × 255 communities + 4 + 3 = 1,859.
    """
    return plan.thing(671), plan.thing(4), plan.thing(3)


@lru_cache(maxsize=2)
def agreements(scale: float) -> tuple[Agreement, ...]:
    """All agreements, the expired ones before those that renew them."""
    the = world(scale)
    random = stream("agreements")
    listed = [one for one in the.employers if one.listed_2015]
    single, trade_collective, trade_wage = counts(the.plan, len(the.communities))
    alone = _single(listed, single, random)
    rest = _signed_by_community(the, listed, alone, random)
    by_place: dict[str, list[Employer]] = {}
    for one in rest:
        by_place.setdefault(one.place, []).append(one)
    parties = [Party("企业", one.name, one.union, one.place, (one,), _since(one)) for one in alone]
    joint = {one.place: one for one in the.unions if one.kind == "社区联合工会"}
    for community in the.communities:
        mine = tuple(by_place[community.code])
        ready = max(joint[community.code].since, min(map(_since, mine)))
        parties.append(Party("区域", f"{community.name}区域", joint[community.code].code, community.code, mine, ready))
    trades = _trades(the, [*alone, *rest], max(trade_collective, trade_wage))
    found = [
        *_collective([*parties, *trades[:trade_collective]], random),
        *_wage([*parties, *trades[:trade_wage]], random),
    ]
    return tuple(found)


def _since(one: Employer) -> date:
    assert one.since is not None
    return one.since


def _single(listed: Sequence[Employer], count: int, random: Random) -> list[Employer]:
    """Employers with an agreement of their own: those of the direct unions, then others with a union of their own."""
    direct = [one for one in listed if one.under == DIRECT]
    own = [one for one in listed if one.under == INDEPENDENT and one.era == "old"]
    return [*direct, *random.sample(own, max(0, count - len(direct)))][:count]


def _signed_by_community(
    the: World, listed: Sequence[Employer], alone: Sequence[Employer], random: Random
) -> list[Employer]:
    """The other employers covered at the end of 2015; those without any agreement are left out here.

    A direct union's employer lies in no community; every community keeps one employer at least.
    """
    numbers = {one.number for one in alone}
    rest = [one for one in listed if one.number not in numbers]
    kept: set[int] = set()
    seen: set[str] = set()
    for one in rest:
        if one.place not in seen and one.under == JOINT and one.era == "old":
            seen.add(one.place)
            kept.add(one.number)
    without = [one for one in rest if one.street >= 0 and one.number not in kept]
    # Newcomers are the likeliest to have signed nothing yet.
    without.sort(key=lambda one: (random.random() * (0.5 if one.era == "2015" else 1), one.number))
    left_out = {one.number for one in without[: the.plan.bargaining - the.plan.bargaining_covered]}
    return [one for one in rest if one.number not in left_out]


def _trades(the: World, covered: Sequence[Employer], count: int) -> list[Party]:
    """Agreements of a trade: some employers are covered by one besides that of their community."""
    federations: list[Union] = [one for one in the.unions if one.kind == "行业工会联合会" and one.since.year < 2015]
    old = [one for one in covered if one.era == "old" and one.street >= 0]
    found = []
    for number in range(count):
        union = federations[number % len(federations)]
        name = union.name.removesuffix("工会联合会")
        found.append(
            Party("行业", f"{name}第{number + 1}片", union.code, street_code(-1), tuple(old[number::211]), union.since)
        )
    return found


def _collective(parties: Iterable[Party], random: Random) -> Iterator[Agreement]:
    """In force for three years, signed in 2013, 2014 or 2015; a third of them renews one that has expired."""
    for number, party in enumerate(parties, 1):
        year = random.choices((2013, 2014, 2015), (5, 4, 3))[0]
        since = between(random, date(year, 2, 10), date(year, 10, 30))
        renews = None
        if year > 2013 and party.ready < _years(since, -3) and number % 3:
            renews = f"JT{year - 3}-{number:04d}"
            yield _agreement(renews, COLLECTIVE, party, _years(since, -3), since, None)
        yield _agreement(f"JT{year}-{number:04d}", COLLECTIVE, party, max(since, party.ready), _years(since, 3), renews)


def _wage(parties: Iterable[Party], random: Random) -> Iterator[Agreement]:
    """In force for a year; most renew that of the year before."""
    for number, party in enumerate(parties, 1):
        since = between(random, date(2015, 2, 9), date(2015, 10, 30))
        renews = None
        if party.ready < _years(since, -1) and number % 9:
            renews = f"GZ2014-{number:04d}"
            yield _agreement(renews, WAGE, party, _years(since, -1), since, None)
        yield _agreement(f"GZ2015-{number:04d}", WAGE, party, since, _years(since, 1), renews)


def _years(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28))


def _agreement(number: str, kind: str, party: Party, since: date, until: date, renews: str | None) -> Agreement:
    expired = until.year < 2016
    covered = tuple(one for one in party.covered if _since(one) < until) if expired else party.covered
    return Agreement(
        number, kind, f"{party.name}{kind}", party.level, party.union, party.place, since, until, renews, covered
    )


def agreement_rows(scale: float) -> Iterator[Row]:
    """Rows of the `agreements` workbook; the day of expiry is the last day in force."""
    for place, one in enumerate(agreements(scale), 1):
        signed = one.since - timedelta(days=7)
        workers = sum(employer.workers_2015 for employer in one.covered)
        yield (
            one.number, one.kind, one.name, one.level, one.union, one.place, signed, signed + timedelta(days=5),
            f"西人社集备〔{one.since.year}〕{place}号", one.since, one.until - _DAY, None, workers, one.renews,
        )  # fmt: skip


def agreement_cover_rows(scale: float) -> Iterator[Row]:
    """Rows of the `agreement_cover` workbook: from the agreement's first day, or the employer's under the union."""
    for one in agreements(scale):
        last = (one.until - _DAY).isoformat() if one.until.year < 2016 else ""
        for employer in one.covered:
            yield one.number, one.kind, employer.uscc, max(one.since, _since(employer)).isoformat(), last
