"""Hardship files and what was paid: festival relief, study, emergency, medical, living and job aid, model workers' bonus."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import NamedTuple

from demo.chance import allocate, stream
from demo.honours import model_workers
from demo.people import Member, other
from demo.places import street_code
from demo.posts import FUNDS
from demo.unions import between
from demo.world import World, world

HARDSHIP_HEADERS = ("档案编号", "姓名", "证件号码", "用人单位代码", "地方代码", "困难类别", "建档日期", "撤档日期")
AID_HEADERS = ("编号", "救助类别", "姓名", "证件号码", "受益人姓名", "受益人证件号码", "用人单位代码", "地方代码", "申请日期", "批准日期",
               "发放日期", "申请金额", "发放金额", "资金来源", "形式")  # fmt: skip
FILED = {2012: (241, 52), 2013: (252, 47), 2014: (236, 44), 2015: (228, 41)}
"""Year -> workers filed and their employers."""
FESTIVAL_YUAN = {2011: 3_724_000, 2012: 3_981_800, 2013: 4_156_000, 2014: 4_253_000, 2015: 933_300}
"""Together 1704.81 万元."""
STUDY_2015, STUDY_2015_YUAN = 93, 161_300
EMERGENCY_2015, EMERGENCY_2015_YUAN = 5, 18_600
BONUS_2015_YUAN = 1_990_000
_CAUSES = ("深度困难", "相对困难", "相对困难", "意外致困")
Row = tuple[object, ...]


class File(NamedTuple):
    """One hardship file."""

    member: Member
    cause: str
    since: date
    until: date | None


@lru_cache(maxsize=2)
def files(scale: float) -> dict[int, list[File]]:
    """The files by year of filing; nobody is filed twice. Files of a year are closed by the end of it, those of 2015 open."""
    random = stream("hardship")
    taken: set[int] = set()
    return {year: _filed(world(scale), random, year, taken) for year in FILED}


def _filed(the: World, random: Random, year: int, taken: set[int]) -> list[File]:
    workers, units = (the.plan.thing(number) for number in FILED[year])
    units = min(units, workers)
    groups = [group for group in the.groups if group.uscc and group.street >= 0]
    found: list[File] = []
    some = iter(random.sample(groups, len(groups)))
    for wanted in allocate(workers, [1 + random.expovariate(1) for _ in range(units)], 1):
        # The first employer of the shuffled rest with so many members who are free.
        mine: list[Member] = []
        while len(mine) < wanted:
            group = next(some)
            keys = [key for key in range(group.first, group.first + group.before) if key not in taken]
            mine = [
                one for one in map(the.member, keys[: 3 * wanted]) if one.kind == "citizen" and one.joined.year < year
            ]
        for one in mine[:wanted]:
            taken.add(one.key)
            spring = random.random() < 0.6
            since = (
                between(random, date(year, 1, 5), date(year, 2, 5))
                if spring
                else between(random, date(year, 3, 2), date(year, 8, 28))
            )
            until = None if year == 2015 else between(random, date(year, 11, 16), date(year, 12, 25))
            found.append(File(one, random.choice(_CAUSES), since, until))
    return found


def hardship_rows(scale: float) -> Iterator[Row]:
    """Rows of the `hardship` workbook."""
    for year, some in files(scale).items():
        for number, one in enumerate(some, 1):
            who = one.member
            yield f"KN{year}-{number:04d}", who.name, who.number, who.uscc, who.place, one.cause, one.since, one.until


def aid_rows(scale: float) -> Iterator[Row]:
    """Rows of the `aid` workbook, numbered in order."""
    the = world(scale)
    rows = [*_festival(the), *_study(the), *_emergency(the), *_bonus(the), *_small(the)]
    rows.sort(key=lambda row: str(row[9]))
    for number, row in enumerate(rows, 1):
        yield f"JZ{number:06d}", *row


def _festival(the: World) -> Iterator[Row]:
    """Earlier years: some 900 hardship workers and model workers in hardship. 2015: the workers filed that year."""
    random = stream("festival")
    for year, yuan in FESTIVAL_YUAN.items():
        if year == 2015:
            mine = files(the.plan.scale)[year]
            paid = [
                (one.member, date(2015, 2, 10) + timedelta(days=random.randrange(4)))
                for one in mine
                if one.since < date(2015, 2, 8)
            ]
            paid += [(one.member, date(2015, 9, 21) + timedelta(days=random.randrange(4))) for one in mine]
        else:
            winter = date(year, 1, 12)
            some = the.pick(random, the.plan.thing(900), date(2011, 1, 1), set())
            paid = [(one, winter + timedelta(days=random.randrange(10))) for one in some]
        for (one, day), amount in zip(paid, _parts(random, yuan * the.plan.scale, len(paid)), strict=True):
            goods = year < 2015 and random.random() < 0.25
            yield _row("节日慰问", one, day, amount, goods=goods)


def _study(the: World) -> Iterator[Row]:
    """2015: 93 students of filed workers, a few of them in two instalments; earlier years about as many."""
    random = stream("study")
    serial = 0
    for year in (2012, 2013, 2014, 2015):
        mine = [one.member for one in files(the.plan.scale)[year] if one.since < date(year, 8, 1)] or [
            files(the.plan.scale)[year][0].member
        ]
        count = the.plan.thing(STUDY_2015 if year == 2015 else random.randrange(80, 110))
        yuan = STUDY_2015_YUAN if year == 2015 else 1_700 * random.randrange(80, 110)
        students = []
        for place in range(count):
            serial += 1
            students.append((mine[place % len(mine)], other(serial, date(1993, 9, 1), date(1996, 8, 31))))
        paid = [*students, *students[: count // 20]]
        for (parent, student), amount in zip(paid, _parts(random, yuan * the.plan.scale, len(paid)), strict=True):
            yield _row("助学", parent, between(random, date(year, 8, 18), date(year, 9, 11)), amount, student=student)


def _emergency(the: World) -> Iterator[Row]:
    random = stream("emergency")
    taken: set[int] = set()
    for year in (2013, 2014, 2015):
        count = the.plan.thing(EMERGENCY_2015 if year == 2015 else random.randrange(4, 9))
        yuan = EMERGENCY_2015_YUAN if year == 2015 else 1_000 * random.randrange(12, 24)
        some = the.pick(random, count, date(2012, 1, 1), taken)
        for one, amount in zip(some, _parts(random, yuan * the.plan.scale, count), strict=True):
            yield _row("应急救助", one, between(random, date(year, 3, 2), date(year, 11, 27)), amount)


def _bonus(the: World) -> Iterator[Row]:
    """2015: all model workers of the register share the year's bonus."""
    random = stream("bonus")
    some = model_workers(the)
    for one, amount in zip(some, _parts(random, BONUS_2015_YUAN * the.plan.scale, len(some)), strict=True):
        yield _row("劳模专项奖励", one, between(random, date(2015, 4, 20), date(2015, 4, 29)), amount)


def _small(the: World) -> Iterator[Row]:
    """Medical, living and job aid of each year; nothing was published of them."""
    random = stream("small aid")
    for kind, yearly, least, most in (("医疗救助", 32, 30, 200), ("生活救助", 44, 5, 30), ("就业帮扶", 12, 5, 20)):
        for year in range(2011, 2016):
            for one in the.pick(random, the.plan.thing(yearly), date(2011, 1, 1), set()):
                day = between(random, date(year, 3, 2), date(year, 12, 18))
                yield _row(kind, one, day, 100 * random.randrange(least, most))


def _parts(random: Random, yuan: float, count: int) -> list[int]:
    """Amounts in whole hundreds of yuan that add up to the sum (to the yuan: the last takes what is left)."""
    hundreds, rest = divmod(round(yuan), 100)
    parts = [100 * part for part in allocate(max(hundreds, count), [0.6 + random.random() for _ in range(count)], 1)]
    parts[-1] += rest
    return parts


def _row(kind: str, one: Member, paid: date, amount: int, *, student: Sequence[str] = (), goods: bool = False) -> Row:
    approved = paid - timedelta(days=3)
    return (
        kind, one.name, one.number, *(student or (None, None)), one.uscc, street_code(one.street), approved - timedelta(days=12),
        approved, paid, amount, amount, FUNDS[kind][0], "实物" if goods else "现金",
    )  # fmt: skip
