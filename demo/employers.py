"""Employers: who is on which dated list, how many workers and members each has, and under which kind of union it comes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from demo.chance import allocate, stream
from demo.places import STREETS, Community, street_code
from demo.plan import Plan
from demo.words import firm
from unionhall.kernel.identifiers.uscc import organisation_check, uscc_check

LIST_2014 = ("全国非公有制企业法人数据库", "建会率、入会率", date(2014, 12, 31))
LIST_2015 = ("应签订集体合同单位名录", "签订率", date(2015, 12, 31))
LIST_PUBLIC = ("机关事业单位名录", "无", date(2014, 12, 31))
EMPLOYER_HEADERS = (
    "名单名称",
    "名单用途",
    "名单日期",
    "统一社会信用代码",
    "单位名称",
    "所有制",
    "行业代码",
    "地方代码",
    "职工人数",
    "代码例外说明",
)
MEMBERSHIP_RATE = 0.9665

# How an employer came under a union: (sort, first and last day its cover may begin, ownership).
INDEPENDENT, JOINT, DIRECT, NONE = "independent", "joint", "direct", "none"


@dataclass(slots=True)
class Employer:
    """One employer. `street` -1: it lies at the district itself. `since` is when a union began to cover it.

    `before`, `in_2014` and `in_2015` are its members by the time of their admission.
    """

    number: int
    uscc: str
    name: str
    ownership: str
    industry: str
    under: str
    era: str  # old, 2014, 2015, none
    listed_2014: bool
    listed_2015: bool
    street: int = -1
    place: str = ""
    since: date | None = None
    until: date | None = None
    union: str = ""
    before: int = 0
    in_2014: int = 0
    in_2015: int = 0
    workers_2014: int = 0
    workers_2015: int = 0

    @property
    def members(self) -> int:
        return self.before + self.in_2014 + self.in_2015


def credit_code(kind: str, number: int) -> str:
    """A synthetic credit code of Xicheng: organisation codes from TX000001 on are nobody's."""
    eight = f"TX{number:06d}"
    body = f"{kind}110102{eight}{organisation_check(eight)}"
    return body + uscc_check(body)


def employers(plan: Plan, communities: Sequence[Community]) -> list[Employer]:
    """All employers in the order of the places they lie in, with members and workers, not yet with unions."""
    random = stream("employers")
    kinds = _kinds(plan)
    random.shuffle(kinds)
    found = []
    by_street = [[one for one in communities if one.street == street] for street in range(len(STREETS))]
    weights = [len(mine) * factor for mine, factor in zip(by_street, _BUSY, strict=True)]
    for number, (under, era, sector, listed_2014, listed_2015) in enumerate(kinds, 1):
        ownership = _ownership(sector, random)
        name, industry = firm(number, ownership)
        one = Employer(
            number, credit_code("12" if sector == "public" else "91", number), name, ownership, industry, under, era,
            listed_2014, listed_2015,
        )  # fmt: skip
        if under == DIRECT:
            one.place = street_code(-1)
        else:
            one.street = random.choices(range(len(STREETS)), weights)[0]
            one.place = random.choice(by_street[one.street]).code
        found.append(one)
    found.sort(key=lambda one: (one.street, one.place, one.number))
    _give_members(found, plan, random)
    _give_workers(found, random)
    return found


# Employers per community differ: the financial street is busy, the alleys are not.
_BUSY = (1.0, 0.9, 1.2, 0.8, 1.1, 1.9, 1.0, 0.9, 0.9, 0.8, 1.1, 0.8, 0.8, 0.8, 0.8)


def _kinds(plan: Plan) -> list[tuple[str, str, str, bool, bool]]:
    """(under, era, sector, on the list of 2014, on that of 2015) for each employer to be."""
    independent, new_independent = plan.thing(1_000), min(plan.thing(24), plan.new_2015 - 1)
    founded_2014, joined_2014 = plan.thing(51), plan.thing(2_207)
    joint = plan.unionised_2014 - independent - founded_2014 - joined_2014 - plan.closed
    direct, state_independent = plan.thing(50), plan.thing(350)
    state_joint = plan.state - direct - state_independent
    left_out = plan.listed_2014 - plan.unionised_2014 - plan.joined_2015
    counts = (
        (independent, INDEPENDENT, "old", "non-public", True, True),
        (founded_2014, INDEPENDENT, "2014", "non-public", True, True),
        (joined_2014, JOINT, "2014", "non-public", True, True),
        (joint, JOINT, "old", "non-public", True, True),
        (plan.closed, JOINT, "closed", "non-public", True, False),
        (left_out, NONE, "none", "non-public", True, False),
        (plan.joined_2015, JOINT, "2015", "non-public", True, True),
        (plan.new_2015 - new_independent, JOINT, "2015", "non-public", False, True),
        (new_independent, INDEPENDENT, "2015", "non-public", False, True),
        (direct, DIRECT, "old", "state", False, True),
        (state_independent, INDEPENDENT, "old", "state", False, True),
        (state_joint, JOINT, "old", "state", False, True),
        (plan.thing(300), DIRECT, "old", "public", False, False),
    )
    if min(count for count, *_ in counts) < 0:
        raise ValueError(f"the parts of the employers do not fit at scale {plan.scale}")
    return [(under, era, sector, a, b) for count, under, era, sector, a, b in counts for _ in range(count)]


def _ownership(sector: str, random: Random) -> str:
    if sector == "public":
        return "机关事业"
    if sector == "state":
        return "国有" if random.random() < 0.85 else "集体"
    return "非公" if random.random() < 0.9 else "外资"


def _give_members(found: list[Employer], plan: Plan, random: Random) -> None:
    """Share out the members of each time among the employers that a union covered by then."""
    old = [one for one in found if one.era == "old"]
    sizes = [random.lognormvariate(0, 0.8) * _SIZE[one.under, one.ownership in ("非公", "外资")] for one in old]
    before = plan.members - plan.members_2014 - plan.members_2015
    for one, part in zip(old, allocate(before, sizes, 1), strict=True):
        one.before = part
    founded = [one for one in found if (one.under, one.era) == (INDEPENDENT, "2014")]
    joined = [one for one in found if (one.under, one.era) == (JOINT, "2014")]
    fresh = [one for one in found if one.era == "2015"]
    for_founded = max(len(founded), round(plan.members_2014 * 0.158))
    for_joined = max(len(joined), round(plan.members_2014 * 0.456))
    rest = plan.members_2014 - for_founded - for_joined - community_workers(plan)
    for some, total in ((founded, for_founded), (joined, for_joined), (old, rest)):
        weights = [one.before + random.random() for one in some]
        for one, part in zip(some, allocate(total, weights, 0 if some is old else 1), strict=True):
            one.in_2014 = part
    for_fresh = max(len(fresh), round(plan.members_2015 * 0.19))
    standing = [*old, *founded, *joined]
    for some, total in ((fresh, for_fresh), (standing, plan.members_2015 - for_fresh)):
        weights = [one.before + random.random() for one in some]
        for one, part in zip(some, allocate(total, weights, 1 if some is fresh else 0), strict=True):
            one.in_2015 = part


_SIZE = {
    (INDEPENDENT, True): 3.6, (JOINT, True): 1.0, (INDEPENDENT, False): 3.6, (JOINT, False): 2.2,
    (DIRECT, False): 5.0, (DIRECT, True): 5.0,
}  # fmt: skip


def community_workers(plan: Plan) -> int:
    """Members of the community-worker unions, who work for no employer on any list."""
    return max(len(STREETS), plan.thing(1_020))


def _give_workers(found: list[Employer], random: Random) -> None:
    """Head-counts: on the list of 2014 together so many that members are 96.65 % of them."""
    listed = [one for one in found if one.listed_2014]
    unionised = [one for one in listed if one.era in ("old", "2014")]
    without = [one for one in listed if one.era not in ("old", "2014")]
    members = sum(one.before + one.in_2014 for one in unionised)
    gap = round(members / MEMBERSHIP_RATE) - members
    for_without = max(len(without), round(gap * 0.24))
    for one, part in zip(without, allocate(for_without, [1 + 9 * random.random() for _ in without], 1), strict=True):
        one.workers_2014 = part
    weights = [one.before + one.in_2014 for one in unionised]
    for one, part in zip(unionised, allocate(gap - for_without, weights), strict=True):
        one.workers_2014 = one.before + one.in_2014 + part
    for one in found:
        more = one.workers_2014 if one.listed_2014 else one.before + one.in_2014 + random.randrange(3)
        one.workers_2014 = more
        one.workers_2015 = max(more, one.before + one.in_2014) + one.in_2015


def employer_rows(found: Sequence[Employer]) -> Iterator[tuple[object, ...]]:
    """Rows of the `employers` workbook: the list of 2014, that of public bodies, the list of 2015."""
    for one in found:
        if one.listed_2014:
            yield (*LIST_2014, *_described(one), one.workers_2014, None)
    for one in found:
        if one.ownership == "机关事业":
            yield (*LIST_PUBLIC, *_described(one), one.workers_2014, None)
    for one in found:
        if one.listed_2015:
            yield (*LIST_2015, *_described(one), one.workers_2015, None)


def _described(one: Employer) -> tuple[str, str, str, str, str]:
    return one.uscc, one.name, one.ownership, one.industry, one.place
