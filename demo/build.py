"""Writing all workbooks of the district, spread over processes, each handed over as soon as it is there."""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import NamedTuple, cast

from demo import (
    activities,
    agreements,
    aid,
    cards,
    disputes,
    founding,
    honours,
    insurance,
    meetings,
    offers,
    people,
    places,
    posts,
    stations,
)
from demo.employers import EMPLOYER_HEADERS, employer_rows
from demo.places import STREETS, street_name
from demo.sheets import write_csv, write_xlsx
from demo.unions import COVER_HEADERS, UNION_HEADERS, cover_rows, union_rows
from demo.world import Group, World, world

Progress = Callable[[int, int, str], None]
"""Called after each file with (files done, files in all, name of the file)."""

CARD_PARTS = 2
USE_PARTS = 2
ATTENDANCE_PARTS = 2


class Workbook(NamedTuple):
    """One file to write: its template, its name, and which part of the register it holds."""

    template: str
    file: str
    part: int = 0


def plan_of_files() -> list[Workbook]:
    """All files in the order of import: one roster a street and one of the district's direct unions, and so on."""
    small = ("tree", "posts", "funds", "stations", "staff", "employers", "unions", "cover")
    found = [Workbook(template, f"{number:02d}-{template}.xlsx") for number, template in enumerate(small, 1)]
    found.insert(small.index("funds") + 1, Workbook("incomes", "03-incomes.xlsx"))  # before anything is paid
    for street in range(-1, len(STREETS)):
        found.append(Workbook("members", f"09-members-{street + 1:02d}.xlsx", street))
    found += [Workbook("card_batch", f"10-card_batch-{part + 1}.csv", part) for part in range(CARD_PARTS)]
    found += [Workbook("card_reply", f"11-card_reply-{part + 1}.csv", part) for part in range(CARD_PARTS)]
    found += [Workbook("social", "12-social.xlsx"), Workbook("rooms", "13-rooms.xlsx")]
    found += [Workbook("items", f"14-items-{part + 1}.xlsx", part) for part in range(3)]
    found += [Workbook("uses", f"15-uses-{part + 1}.xlsx", part) for part in range(USE_PARTS)]
    found.append(Workbook("sessions", "16-sessions.xlsx"))
    found += [Workbook("attendance", f"17-attendance-{part + 1}.xlsx", part) for part in range(ATTENDANCE_PARTS)]
    found += [Workbook("booths", "18-booths.xlsx"), Workbook("outcomes", "19-outcomes.xlsx")]
    last = ("hardship", "aid", "disputes", "matters", "agreements", "agreement_cover", "honours", "policies", "claims")
    return [*found, *(Workbook(template, f"{number}-{template}.xlsx") for number, template in enumerate(last, 20))]


def build(
    folder: Path, scale: float = 1.0, processes: int = 2, progress: Progress | None = None
) -> list[tuple[str, Path]]:
    """Write every workbook into `folder`; (template, path) in the order of import."""
    return list(build_iter(folder, scale, processes, progress))


def build_iter(
    folder: Path, scale: float = 1.0, processes: int = 2, progress: Progress | None = None
) -> Iterator[tuple[str, Path]]:
    """As `build`, yielding each file once it is written, in the order of import, while later ones are being written.

    processes: how many write at once, each a fresh interpreter (none is forked: the caller may hold connections);
    1 writes here, without any.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = plan_of_files()
    if processes <= 1:
        for done, one in enumerate(files, 1):
            write(one, folder, scale)
            yield _told(one, folder, done, len(files), progress)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=world, initargs=(scale,)) as pool:
        futures = [pool.submit(write, one, folder, scale) for one in files]
        for done, (one, future) in enumerate(zip(files, futures, strict=True), 1):
            future.result()
            yield _told(one, folder, done, len(files), progress)


def _told(one: Workbook, folder: Path, done: int, total: int, progress: Progress | None) -> tuple[str, Path]:
    if progress is not None:
        progress(done, total, one.file)
    return one.template, folder / one.file


def write(one: Workbook, folder: Path, scale: float) -> int:
    """Write one file; the number of its data rows."""
    the = world(scale)
    path = folder / one.file
    if one.template == "members":
        return _write_members(the, one.part, path)
    if one.template == "card_batch":
        return write_csv(path, cards.BATCH_HEADERS, cards.batch_rows(the, _part(the, one.part)))
    if one.template == "card_reply":
        return write_csv(path, cards.REPLY_HEADERS, cards.reply_rows(the, _part(the, one.part)))
    if one.template == "uses":
        rows = offers.use_rows(the, one.part, USE_PARTS)
        return write_xlsx(path, f"服务使用记录（{one.part + 1}）", offers.USE_HEADERS, rows)
    if one.template == "items" and one.part == 2:
        return write_xlsx(path, "互助保障计划", activities.ITEM_HEADERS, insurance.plan_rows())
    if one.template == "items" and one.part:
        return write_xlsx(path, "活动项目", activities.ITEM_HEADERS, activities.item_rows(scale))
    if one.template == "attendance":
        rows = activities.attendance_rows(scale, one.part, ATTENDANCE_PARTS)
        return write_xlsx(path, f"参加名单（{one.part + 1}）", activities.ATTENDANCE_HEADERS, rows)
    title, headers, of = _SMALL[one.template]
    return write_xlsx(path, title, headers, of(the))


def _write_members(the: World, street: int, path: Path) -> int:
    """Rosters differ as offices do: some use other headers, some code numbers."""
    headers = people.OTHER_HEADERS if street % 3 == 1 else people.MEMBER_HEADERS
    rows = people.member_rows(the.street_groups(street), coded=street % 5 == 4)
    return write_xlsx(path, f"{street_name(street)}会员名册", headers, rows)


def _matter_rows(the: World) -> Iterator[tuple[object, ...]]:
    """Matters without a register of their own."""
    yield from meetings.meeting_rows()
    yield from founding.founding_rows(the)
    yield from founding.joining_rows(the)


def _part(the: World, part: int) -> list[Group]:
    """The part-th share of the members, by groups."""
    first, last = the.members * part // CARD_PARTS, the.members * (part + 1) // CARD_PARTS
    return [group for group in the.groups if first <= group.first < last]


def _spent(the: World) -> Iterator[tuple[str, date, int]]:
    """Fund, day and yuan of all that the other workbooks say was paid."""
    scale = the.plan.scale
    for headers, rows, day, amount in (
        (aid.AID_HEADERS, aid.aid_rows(scale), "发放日期", "发放金额"),
        (activities.SESSION_HEADERS, activities.session_rows(scale), "举办日期", "支出金额"),
        (insurance.CLAIM_HEADERS, insurance.claim_rows(scale), "赔付日期", "赔付金额"),
    ):
        fund, on, yuan = (headers.index(title) for title in ("资金来源", day, amount))
        for row in rows:
            if row[fund]:
                yield cast(str, row[fund]), cast(date, row[on]), cast(int, row[yuan])


_SMALL: dict[str, tuple[str, tuple[str, ...], Callable[[World], Iterator[tuple[object, ...]]]]] = {
    "tree": ("区划树", places.TREE_HEADERS, lambda the: places.tree_rows(the.plan.scale)),
    "posts": ("岗位与账号", posts.POST_HEADERS, lambda the: posts.post_rows(the.plan.scale)),
    "funds": ("资金", posts.FUND_HEADERS, lambda the: posts.fund_rows()),
    "incomes": ("资金拨入登记", posts.INCOME_HEADERS, lambda the: posts.income_rows(_spent(the))),
    "stations": ("工会服务站", stations.STATION_HEADERS, lambda the: iter(stations.stations(the.plan))),
    "staff": ("站工作人员", stations.STAFF_HEADERS, lambda the: stations.staff_rows(the.plan)),
    "employers": ("法人单位名册", EMPLOYER_HEADERS, lambda the: employer_rows(the.employers)),
    "unions": ("工会组织", UNION_HEADERS, lambda the: union_rows(the.unions)),
    "cover": ("工会覆盖单位", COVER_HEADERS, lambda the: cover_rows(the.unions, the.employers)),
    "social": ("社会组织", activities.SOCIAL_HEADERS, lambda the: activities.social_rows()),
    "rooms": ("关爱室", activities.ROOM_HEADERS, activities.room_rows),
    "sessions": ("活动场次", activities.SESSION_HEADERS, lambda the: activities.session_rows(the.plan.scale)),
    "booths": ("参会单位", activities.BOOTH_HEADERS, lambda the: activities.booth_rows(the.plan.scale)),
    "outcomes": ("活动结果", activities.OUTCOME_HEADERS, lambda the: activities.outcome_rows(the.plan.scale)),
    "items": ("服务项目", offers.ITEM_HEADERS, lambda the: iter(offers.items(the.plan))),
    "hardship": ("困难职工建档登记", aid.HARDSHIP_HEADERS, lambda the: aid.hardship_rows(the.plan.scale)),
    "aid": ("救助发放登记", aid.AID_HEADERS, lambda the: aid.aid_rows(the.plan.scale)),
    "disputes": ("劳动争议调解登记", disputes.DISPUTE_HEADERS, disputes.dispute_rows),
    "matters": ("其他事项登记", meetings.MATTER_HEADERS, _matter_rows),
    "agreements": (
        "集体合同与工资协议",
        agreements.AGREEMENT_HEADERS,
        lambda the: agreements.agreement_rows(the.plan.scale),
    ),
    "agreement_cover": (
        "协议覆盖单位",
        agreements.AGREEMENT_COVER_HEADERS,
        lambda the: agreements.agreement_cover_rows(the.plan.scale),
    ),
    "policies": ("互助投保名单", insurance.POLICY_HEADERS, lambda the: insurance.policy_rows(the.plan.scale)),
    "claims": ("互助理赔登记", insurance.CLAIM_HEADERS, lambda the: insurance.claim_rows(the.plan.scale)),
    "honours": ("荣誉登记", honours.HONOUR_HEADERS, lambda the: honours.honour_rows(the.plan.scale)),
}
"""Template -> sheet title, headers, rows."""
