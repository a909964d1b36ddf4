"""The register of honours: those granted in 2015 as published, and some of earlier years."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from random import Random
from typing import NamedTuple

from demo.chance import stream
from demo.people import Member
from demo.places import DISTRICT, street_code
from demo.world import World, world

HONOUR_HEADERS = (
    "编号",
    "荣誉名称",
    "级别",
    "对象类别",
    "获得者",
    "证件号码",
    "单位代码",
    "授予日期",
    "撤销日期",
    "授予机关",
    "文号",
    "地方代码",
)
Row = tuple[object, ...]
MODEL = "劳模、先进工作者"


class Grant(NamedTuple):
    """A title given on a day to so many (at scale 1)."""

    title: str
    level: str
    recipient: str
    on: date
    number: int
    body: str


_CITY, _DISTRICT, _NATION = "市级表彰机关", "区总工会", "全国表彰机关"
GRANTS = (
    Grant(MODEL, "全国", "个人", date(2005, 4, 28), 5, _NATION),
    Grant(MODEL, "市", "个人", date(2005, 4, 26), 59, _CITY),
    Grant(MODEL, "全国", "个人", date(2010, 4, 27), 3, _NATION),
    Grant(MODEL, "市", "个人", date(2010, 4, 26), 48, _CITY),
    Grant("模范集体", "市", "集体", date(2010, 4, 26), 9, _CITY),
    Grant("劳动奖章", "区", "个人", date(2013, 4, 26), 36, _DISTRICT),
    Grant("劳动奖状", "区", "单位", date(2013, 4, 26), 6, _DISTRICT),
    Grant("工人先锋号", "区", "班组", date(2013, 4, 26), 12, _DISTRICT),
    Grant("劳动奖章", "区", "个人", date(2014, 4, 28), 38, _DISTRICT),
    Grant("优秀创新成果", "区", "成果", date(2014, 12, 10), 17, _DISTRICT),
    Grant("优秀合理化建议", "区", "成果", date(2014, 12, 10), 36, _DISTRICT),
    Grant(MODEL, "全国", "个人", date(2015, 4, 28), 4, _NATION),
    Grant(MODEL, "市", "个人", date(2015, 4, 27), 56, _CITY),
    Grant("模范集体", "市", "集体", date(2015, 4, 27), 11, _CITY),
    Grant("劳动奖状", "区", "单位", date(2015, 4, 29), 5, _DISTRICT),
    Grant("工人先锋号", "区", "班组", date(2015, 4, 29), 10, _DISTRICT),
    Grant("劳动奖章", "区", "个人", date(2015, 4, 29), 40, _DISTRICT),
    Grant("优秀创新成果", "区", "成果", date(2015, 12, 9), 20, _DISTRICT),
    Grant("优秀合理化建议", "区", "成果", date(2015, 12, 9), 40, _DISTRICT),
    Grant("优秀首席员工", "区", "个人", date(2015, 12, 9), 11, _DISTRICT),
    Grant("创新工程优秀组织单位", "区", "单位", date(2015, 12, 9), 10, _DISTRICT),
    Grant("经审先进单位", "全国", "单位", date(2015, 11, 20), 1, _NATION),
    Grant(MODEL, "市", "个人", date(2000, 4, 28), 420, _CITY),
    Grant(MODEL, "市", "个人", date(1995, 4, 28), 310, _CITY),
)


@lru_cache(maxsize=2)
def _people(scale: float) -> dict[int, list[Member]]:
    """The persons behind each grant, by its place in GRANTS; nobody has two titles."""
    random = stream("honours")
    taken: set[int] = set()
    the = world(scale)
    found = {}
    for place, grant in enumerate(GRANTS):
        if grant.recipient == "个人":
            found[place] = _of_age(the, random, grant, taken)
    return found


def _of_age(the: World, random: Random, grant: Grant, taken: set[int]) -> list[Member]:
    """Members for a grant; for one of long ago, who were grown up then, whenever they joined."""
    if grant.on.year >= 2005:
        return the.pick(random, the.plan.thing(grant.number), date(min(grant.on.year, 2010), 12, 31), taken)
    wanted = the.plan.thing(grant.number)
    found: list[Member] = []
    while len(found) < wanted:
        some = the.pick(random, 3 * wanted, date(2010, 12, 31), taken)
        found += [one for one in some if int(one.number[6:10]) <= grant.on.year - 22]
    return found[:wanted]


def model_workers(the: World, before: int = 9999) -> list[Member]:
    """All persons of the register with the title of model worker, given before a year."""
    found = _people(the.plan.scale).items()
    return [
        one for place, some in found if GRANTS[place].title == MODEL and GRANTS[place].on.year < before for one in some
    ]


def honour_rows(scale: float) -> Iterator[Row]:
    """Rows of the `honours` workbook."""
    random = stream("honour units")
    the = world(scale)
    employers = [
        one for one in the.employers if one.era == "old" and one.street >= 0 and one.members >= 4
    ] or the.employers
    people = _people(scale)
    serial = 0
    for place, grant in enumerate(GRANTS):
        units = random.sample(employers, min(len(employers), the.plan.thing(grant.number)))
        for at in range(the.plan.thing(grant.number)):
            serial += 1
            unit = units[at % len(units)]
            name, where = unit.name, street_code(unit.street)
            number: str | None = None
            code: str | None = unit.uscc
            if grant.recipient == "个人":
                who = people[place][at]
                name, number, code, where = who.name, who.number, who.uscc, street_code(who.street)
            elif grant.recipient == "班组":
                name = f"{unit.name}第{at + 1}班组"
            elif grant.recipient == "成果":
                name = f"{grant.title.removeprefix('优秀')}第{grant.on.year}-{at + 1:02d}项"
            elif grant.title == "经审先进单位":
                name, code, where = "西城区总工会经费审查委员会", None, DISTRICT
            yield (
                f"RY{serial:05d}", grant.title, grant.level, grant.recipient, name, number, code, grant.on, None, grant.body,
                f"示例发〔{grant.on.year}〕{place + 1}号", where,
            )  # fmt: skip
