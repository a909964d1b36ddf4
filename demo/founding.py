"""Unions that are being founded and workers who ask to join one, in the last weeks of 2015: none has come to its end."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from demo.employers import INDEPENDENT, JOINT, NONE, Employer
from demo.meetings import Row
from demo.people import other
from demo.world import World

LAST = date(2015, 12, 28)
WAYS = (
    ("还没有联系过", "线索", 0),
    ("单位不愿建会", "已联系", 9),
    ("愿意建会", "已联系", 4),
    ("愿意建会", "已申请", 6),
    ("愿意建会", "已批准", 12),
    ("愿意建会", "已选举", 3),
    ("单位注销或迁出", "不再跟进", 15),
)
"""Why an employer has no union, how far its matter came, and how many days after it was begun."""
ASKED = 4
SEEN = (0, 12)
"""The streets whose station and federation the demonstration has accounts of: what they open shows something."""
_BORN = date(1980, 1, 1), date(1989, 12, 31)


def _seen_first(the: World, found: Iterable[Employer]) -> list[Employer]:
    """Those of the first community, whose union has an account; those of its streets; the others, as they come."""
    first = the.communities[0].code
    return sorted(found, key=lambda one: (one.place != first, one.street not in SEEN))


def founding_rows(the: World) -> Iterator[Row]:
    """Rows of the `matters` workbook: one for each of the first employers on the list that no union covers."""
    waiting = _seen_first(the, (one for one in the.employers if one.under == NONE))
    for serial, (one, (why, reached, days)) in enumerate(zip(waiting, WAYS, strict=False), 1):
        begun = LAST - timedelta(days=20 + serial)
        yield (
            "组建工会", f"JH2015-{serial}", one.place, None, None, one.uscc, why, max(one.workers_2015, one.workers_2014, 1), begun, reached,
            begun + timedelta(days=days) if days else None,
        )  # fmt: skip


def joining_rows(the: World) -> Iterator[Row]:
    """Workers who are no members yet, each at another employer with a union; the last of them was told no."""
    covered = _seen_first(
        the,
        (
            one
            for one in the.employers
            if one.under in (INDEPENDENT, JOINT)
            and one.since is not None
            and one.until is None
            and one.since.year < 2015
        ),
    )
    for serial, one in enumerate(covered[:ASKED], 1):
        name, number = other(200_000 + serial, *_BORN)
        refused = serial == ASKED
        yield (
            "入会申请", f"RH2015-{serial}", one.place, name, number, one.uscc, None, None, LAST - timedelta(days=serial),
            "不予批准" if refused else "已申请", LAST if refused else None,
        )  # fmt: skip
