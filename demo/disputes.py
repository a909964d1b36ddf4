"""Labour disputes brought to mediation from 2011 to 2015: settled, failed, withdrawn, transferred, still open."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from demo.chance import allocate, stream
from demo.places import STREETS, street_code
from demo.unions import between
from demo.world import World

DISPUTE_HEADERS = ("案号", "申请人姓名", "证件号码", "用人单位代码", "地方代码", "案由", "人数", "渠道", "申请日期", "受理日期", "结案日期",
                   "结果", "请求金额", "协议金额")  # fmt: skip
SETTLED = {2011: 150, 2012: 190, 2013: 238, 2014: 298, 2015: 605}
"""Settled by year of closing: 1,481 in all."""
BY_STREET_2015 = (47, 49, 25, 34, 34, 49, 53, 48, 43, 28, 39, 54, 34, 27, 41)
CLAIMED_FEN = 1_435_800_000
"""Claimed in the settled ones, all years: 1435.8 万元."""
OTHER_ENDS = (("未达成", 312), ("撤回", 158), ("转出", 121), ("", 23))
_CAUSES = (
    *("劳动报酬",) * 42,
    *("解除终止",) * 20,
    *("经济补偿",) * 15,
    *("劳动合同",) * 9,
    *("社会保险",) * 7,
    *("工伤",) * 5,
    "其他",
    "其他",
)
_CHANNELS = (*("来访",) * 40, *("电话",) * 10, *("仲裁委托",) * 30, *("法院委托",) * 14, *("网格",) * 6)
Row = tuple[object, ...]


def dispute_rows(world: World) -> Iterator[Row]:
    """Rows of the `disputes` workbook in the order of application; numbers run within the year."""
    random = stream("disputes")
    rows = [*_settled(world, random), *_others(world, random)]
    rows.sort(key=lambda row: str(row[8]))
    numbers: dict[int, int] = {}
    for row in rows:
        applied = row[8]
        assert isinstance(applied, date)
        numbers[applied.year] = numbers.get(applied.year, 0) + 1
        yield f"XT{applied.year}-{numbers[applied.year]:04d}", *row[1:]


def _settled(world: World, random: Random) -> Iterator[Row]:
    thing = world.plan.thing
    total = thing(sum(SETTLED.values()))
    by_year = dict(zip(SETTLED, allocate(total, list(SETTLED.values())), strict=True))
    fen = allocate(round(CLAIMED_FEN * world.plan.scale), [random.lognormvariate(0, 0.9) for _ in range(total)], 20_000)
    taken: set[int] = set()
    for year, count in by_year.items():
        spread = BY_STREET_2015 if year == 2015 else [known.communities + 8 for known in STREETS]
        for street, part in enumerate(allocate(count, spread)):
            for one in world.pick(random, part, date(2011, 1, 1), taken, street):
                closed = between(random, date(year, 1, 26), date(year, 12, 30))
                applied = closed - timedelta(days=random.randrange(6, 22))
                accepted = min(closed, applied + timedelta(days=random.randrange(4)))
                claimed = fen.pop()
                # Agreed is a little less, in whole yuan.
                agreed = claimed * random.randrange(68, 100) // 10_000
                yield (
                    None, one.name, one.number, one.uscc, street_code(street), *_matter(random), applied, accepted, closed, "达成协议",
                    claimed / 100, agreed,
                )  # fmt: skip


def _others(world: World, random: Random) -> Iterator[Row]:
    """Those without an agreement; some lie at the district itself."""
    taken: set[int] = set()
    for result, count in OTHER_ENDS:
        for one in world.pick(random, world.plan.thing(count), date(2011, 1, 1), taken):
            applied = between(random, date(2011, 1, 10), date(2015, 12, 1))
            accepted: date | None = applied + timedelta(days=random.randrange(1, 4))
            closed: date | None = applied + timedelta(days=random.randrange(5, 25))
            if not result:
                applied = between(random, date(2015, 11, 30), date(2015, 12, 25))
                accepted, closed = applied + timedelta(days=2), None
            claimed = random.randrange(800, 60_000)
            place = street_code(one.street if random.random() < 0.9 else -1)
            yield (
                None, one.name, one.number, one.uscc, place, *_matter(random), applied, accepted, closed, result or None, claimed, None,
            )  # fmt: skip


def _matter(random: Random) -> tuple[object, ...]:
    together = 1 if random.random() < 0.93 else random.randrange(2, 12)
    return random.choice(_CAUSES), together, random.choice(_CHANNELS)
