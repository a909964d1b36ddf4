"""Unions of every kind and the employers they cover."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from demo.chance import stream
from demo.employers import DIRECT, INDEPENDENT, JOINT, NONE, Employer, credit_code
from demo.places import DISTRICT_NAME, STREETS, Community, street_code, street_name
from demo.plan import Plan

UNION_HEADERS = (
    "工会编号",
    "工会名称",
    "类别",
    "地方代码",
    "上级工会编号",
    "批准建会日期",
    "撤销日期",
    "撤销原因",
    "批准文号",
    "统一社会信用代码",
    "标记",
    "标记日期",
)
COVER_HEADERS = ("工会编号", "统一社会信用代码", "覆盖起始日期", "覆盖终止日期")
DISTRICT_UNION = "XC00Q0001"
_UNION_NUMBERS = 500_000
"""Credit codes of unions are numbered from here: apart from those of employers."""


@dataclass(slots=True)
class Union:
    """One union; `kind` is the Chinese word of the register, `street` -1 for one of the whole district."""

    code: str
    name: str
    kind: str
    street: int
    place: str
    upper: str
    since: date
    tags: list[str] = field(default_factory=list)
    tagged: date | None = None


def between(random: Random, first: date, last: date) -> date:
    """A weekday from first to last (a weekend day only where the span holds nothing else)."""
    day = first + timedelta(days=random.randrange((last - first).days + 1))
    back = day - timedelta(days=max(0, day.weekday() - 4))
    return back if back >= first else day


def unions(plan: Plan, communities: Sequence[Community], employers: Sequence[Employer]) -> list[Union]:
    """All unions, upper ones first; gives every employer its union and the day its cover begins."""
    random = stream("unions")
    found = [
        Union(DISTRICT_UNION, f"北京市{DISTRICT_NAME}总工会", "区总工会", -1, street_code(-1), "", date(1990, 3, 1))
    ]
    for street in range(len(STREETS)):
        founded = between(random, date(1990, 4, 2), date(1991, 6, 28))
        found.append(
            Union(
                _upper(street),
                f"{street_name(street)}总工会",
                "街道总工会",
                street,
                street_code(street),
                DISTRICT_UNION,
                founded,
            )
        )
    direct = _direct(plan, random)
    joint = _community_joint(communities, random)
    buildings = _buildings(plan, random)
    found += [*direct, *joint.values(), *buildings, *_community_workers(random), *_federations(plan, random)]
    in_street = [[one for one in buildings if one.street == street] for street in range(len(STREETS))]
    serial = 0
    for employer in employers:
        if employer.under == INDEPENDENT:
            serial += 1
            found.append(_independent(employer, serial, random))
        elif employer.under == DIRECT:
            union = direct[employer.number % len(direct)]
            _cover(employer, union, random)
        elif employer.under == JOINT:
            nearby = in_street[employer.street]
            by_building = nearby and random.random() < 0.2
            _cover(employer, random.choice(nearby) if by_building else joint[employer.place], random)
    _tag(found, plan, random)
    return found


def _upper(street: int) -> str:
    return f"XC{street + 1:02d}J0001"


def _direct(plan: Plan, random: Random) -> list[Union]:
    names = ("教育", "卫生", "商业", "城建", "环卫", "园林", "文化", "房管", "机关", "民政")
    found = []
    for number in range(1, plan.thing(25) + 1):
        name = f"{DISTRICT_NAME}{names[number % len(names)]}系统第{number}工会"
        founded = between(random, date(1990, 9, 3), date(1994, 12, 30))
        found.append(Union(f"XC00Z{number:04d}", name, "直属基层工会", -1, street_code(-1), DISTRICT_UNION, founded))
    return found


def _community_joint(communities: Sequence[Community], random: Random) -> dict[str, Union]:
    """One joint union a community, founded in the drive of 2008 to 2011."""
    found = {}
    for number, one in enumerate(communities, 1):
        founded = between(random, date(2008, 3, 3), date(2011, 11, 30))
        code = f"XC{one.street + 1:02d}S{number:04d}"
        found[one.code] = Union(
            code, f"{one.name}联合工会", "社区联合工会", one.street, one.code, _upper(one.street), founded
        )
    return found


def _buildings(plan: Plan, random: Random) -> list[Union]:
    found = []
    for number in range(1, plan.thing(180) + 1):
        street = number % len(STREETS)
        name = f"{STREETS[street].name}第{number}商务楼联合工会"
        founded = between(random, date(2006, 3, 1), date(2012, 12, 28))
        found.append(
            Union(
                f"XC{street + 1:02d}L{number:04d}",
                name,
                "联合工会",
                street,
                street_code(street),
                _upper(street),
                founded,
            )
        )
    return found


def _community_workers(random: Random) -> Iterator[Union]:
    """Desheng's on 2014-02-27, the first; the other fourteen later that year."""
    for street in range(len(STREETS)):
        founded = date(2014, 2, 27) if street == 0 else between(random, date(2014, 3, 17), date(2014, 11, 28))
        name = f"{street_name(street)}社区工作者工会"
        yield Union(
            f"XC{street + 1:02d}G0001", name, "社区工作者工会", street, street_code(street), _upper(street), founded
        )


def _federations(plan: Plan, random: Random) -> Iterator[Union]:
    """Industry federations: three old ones, two of 2015 (餐饮, 家政); area federations of two shopping quarters."""
    trades = ("印刷", "物业", "出租汽车")
    for number, trade in enumerate(trades[: plan.thing(3)], 1):
        founded = between(random, date(2010, 5, 4), date(2012, 10, 31))
        yield Union(
            f"XC00H{number:04d}",
            f"{DISTRICT_NAME}{trade}行业工会联合会",
            "行业工会联合会",
            -1,
            street_code(-1),
            DISTRICT_UNION,
            founded,
        )
    for number, trade in enumerate(("餐饮", "家政")[: plan.thing(2)], 11):
        founded = between(random, date(2015, 3, 23), date(2015, 9, 25))
        yield Union(
            f"XC00H{number:04d}",
            f"{DISTRICT_NAME}{trade}行业工会联合会",
            "行业工会联合会",
            -1,
            street_code(-1),
            DISTRICT_UNION,
            founded,
        )
    for number, street in enumerate((5, 9), 1):
        founded = between(random, date(2009, 4, 1), date(2011, 9, 30))
        name = f"{STREETS[street].name}商圈区域工会联合会"
        yield Union(
            f"XC{street + 1:02d}Y{number:04d}",
            name,
            "区域工会联合会",
            street,
            street_code(street),
            _upper(street),
            founded,
        )


_FOUNDED = {
    "old": (date(1996, 3, 1), date(2013, 6, 28)),
    "2014": (date(2014, 1, 13), date(2014, 11, 28)),
    "2015": (date(2015, 2, 9), date(2015, 11, 6)),
}


def _independent(employer: Employer, serial: int, random: Random) -> Union:
    first, last = _FOUNDED[employer.era]
    if employer.ownership in ("国有", "集体"):
        first, last = date(1992, 3, 2), date(2005, 12, 30)
    founded = between(random, first, last)
    code = f"XC{employer.street + 1:02d}D{serial:04d}"
    employer.union, employer.since = code, founded
    return Union(
        code, f"{employer.name}工会", "独立基层工会", employer.street, employer.place, _upper(employer.street), founded
    )


def _cover(employer: Employer, union: Union, random: Random) -> None:
    employer.union = union.code
    if employer.era in ("2014", "2015"):
        employer.since = between(random, *_FOUNDED[employer.era])
        return
    last = date(1999, 12, 30) if employer.under == DIRECT else date(2013, 10, 31)
    soon = union.since + (last - union.since) * random.random() ** 3
    employer.since = between(random, union.since, max(soon, union.since + timedelta(days=7)))
    if employer.era == "closed":
        employer.until = between(random, date(2015, 2, 9), date(2015, 10, 30))


def _tag(found: list[Union], plan: Plan, random: Random) -> None:
    """Marks: 1,623 three-in-one by the end of 2014 (100 more in 2015), 5 demonstration unions, 2 grid pilots."""
    fit = [one for one in found if one.kind in ("独立基层工会", "联合工会", "社区联合工会") and one.since.year < 2015]
    community = [one for one in fit if one.kind == "社区联合工会"]
    chosen = random.sample(community, plan.thing(5) + plan.thing(2))
    for place, one in enumerate(chosen):
        one.tags, one.tagged = ["会站家合一"], date(2014, 5, 20) if place < plan.thing(5) else date(2014, 9, 16)
        one.tags.append("示范单位" if place < plan.thing(5) else "网格试点")
    rest = [one for one in fit if not one.tags]
    by_2014 = plan.thing(1_623) - len(chosen)
    marked = random.sample(rest, min(len(rest), by_2014 + plan.thing(100)))
    for place, one in enumerate(marked):
        one.tags = ["会站家合一"]
        first = max(one.since, date(2012, 3, 1)) if place < by_2014 else date(2015, 3, 2)
        one.tagged = between(random, first, date(2014, 12, 26) if place < by_2014 else date(2015, 12, 18))


def union_rows(found: Sequence[Union]) -> Iterator[tuple[object, ...]]:
    """Rows of the `unions` workbook; every third union is registered as a legal person and has its own credit code."""
    for number, one in enumerate(found, 1):
        approval = f"西工发〔{one.since.year}〕{number}号"
        code = credit_code("81", _UNION_NUMBERS + number) if number % 3 == 1 else None
        tags = "、".join(one.tags) or None
        yield (
            one.code,
            one.name,
            one.kind,
            one.place,
            one.upper or None,
            one.since,
            None,
            None,
            approval,
            code,
            tags,
            one.tagged,
        )


def cover_rows(found: Sequence[Union], employers: Sequence[Employer]) -> Iterator[tuple[object, ...]]:
    """Rows of the `cover` workbook: each employer's own union, and the federations, which cover some a second time."""
    for employer in employers:
        if employer.under != NONE:
            yield employer.union, employer.uscc, employer.since, employer.until
    standing = [one for one in employers if one.under in (INDEPENDENT, JOINT) and one.era == "old"]
    for union in found:
        for employer in federated(union, standing):
            assert employer.since is not None
            yield union.code, employer.uscc, max(union.since, employer.since), None


def federated(union: Union, standing: Sequence[Employer]) -> list[Employer]:
    """Which of the long-standing employers a federation covers besides: its street's, or every so-many-th of a trade."""
    if union.kind == "区域工会联合会":
        return [one for one in standing if one.street == union.street][::9]
    if union.kind == "行业工会联合会":
        return list(standing[int(union.code[-2:]) :: 113])
    return []
