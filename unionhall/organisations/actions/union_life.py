"""The life of one union: founded, renamed, put under another, re-elected, marked, ended; and what is taken back of it.

Each is one event with its journal line. Corrections of what was written wrong are in `actions.unions`.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import narrow, parse_uscc
from unionhall.kernel.paths import within
from unionhall.organisations import places
from unionhall.organisations.actions.covering import close_covers, cover_employers, reopen_covers
from unionhall.organisations.actions.locked import locked
from unionhall.organisations.actions.taking_back import void_last
from unionhall.organisations.actions.unions import TagRow, UnionRow, record_unions, tag_unions
from unionhall.organisations.days import not_ahead, within_life, years_after
from unionhall.organisations.models import Union, UnionTag
from unionhall.organisations.roles import holders
from unionhall.organisations.vocabulary import UNION_KINDS, UNION_TAGS
from unionhall.storage import turns

RIGHT = "unions.change"
TERM_YEARS = 5
"""The longest term of a committee: 工会法 第十六条, three or five years for a grass-roots union, five above."""


class Founding(NamedTuple):
    """A union as the approval states it. `upper` is the id of the one above, `employers` whom it covers from that day."""

    name: str
    kind: str
    path: str
    since: date
    upper: int | None = None
    code: str = ""
    approval_no: str = ""
    uscc: str = ""
    term_until: date | None = None
    employers: tuple[int, ...] = ()


def found_union(stated: Founding, *, by: Actor) -> int:
    """Found a union with its approval, and bring its employers under it the same day; its id.

    An independent union is founded at one employer. Without a code it is given the next of its year (GH2026-0001).
    """
    with transaction.atomic():
        turns.take(Union)
        _check(stated)
        upper = _above(stated, by=by)
        code = narrow(stated.code) or _next_code(stated.since.year)
        if Union.objects.filter(code=code).exists():
            raise Refused("编号 {number} 已经用过，请换一个，或留空由系统编号。", code="code", number=code)
        uscc = parse_uscc(stated.uscc) if stated.uscc else ""
        row = UnionRow(code, stated.name.strip(), stated.kind, stated.path, upper.code if upper else "", stated.since,
                       uscc=uscc, approval_no=narrow(stated.approval_no))  # fmt: skip
        (number,) = record_unions([row], by=by)
        Union.objects.filter(pk=number).update(term_until=stated.term_until)
        if stated.employers:
            cover_employers(number, stated.employers, since=stated.since, by=by)
        audit.write("union.found", by=by, subject=f"union:{number}", path=stated.path, keys=[(Union, [number])])
        return number


def rename_union(union: int, name: str, *, on: date, by: Actor) -> str:
    """Give a union another name from a day on; the journal keeps the old one, which is returned."""
    with transaction.atomic():
        row = _open(union, on, by=by)
        not_ahead(on, "更名日期")
        name = name.strip()
        if not name or name == row.name:
            raise Refused("请填写新的名称。", code="name")
        _refuse_twice(name, row.pk)
        _set(row, "renamed", on, f"{row.name} → {name}", by=by, name=name)
        return row.name


def move_union(union: int, upper: int | None, *, on: date, by: Actor) -> int | None:
    """Put a union under another one from a day on; the id of the one that was above it."""
    with transaction.atomic():
        row = _open(union, on, by=by)
        not_ahead(on, "变更日期")
        above = _standing_union(upper, on) if upper is not None else None
        if above is None and row.kind != "district_federation":
            raise Refused("只有区总工会没有上级，请选择上级工会。", code="upper")
        if (above.pk if above else None) == row.upper_id:
            raise Refused("上级工会没有变化，请选择另一个。", code="upper")
        at = above
        while at is not None:
            if at.pk == row.pk:
                raise Refused("{above}在{name}下面，不能作它的上级。", code="upper", above=above, name=row.name)
            at = at.upper
        before = row.upper_id
        _set(
            row,
            "moved",
            on,
            f"上级：{row.upper or '无'} → {above or '无'}",
            by=by,
            upper_id=above.pk if above else None,
        )
        return before


def renew_term(union: int, until: date, *, held_on: date, by: Actor) -> date | None:
    """The members elected a new committee on `held_on`, whose term ends on `until`; the day the old term ended."""
    with transaction.atomic():
        row = _open(union, held_on, by=by)
        not_ahead(held_on, "换届日期")
        _check_term(held_on, until)
        before = row.term_until
        _set(row, "elected", held_on, f"任期至 {until.isoformat()}", by=by, term_until=until)
        return before


def restore_term(union: int, until: date | None, *, by: Actor) -> None:
    """Take a new term back: the one before stands again, the line of the election is void."""
    with transaction.atomic():
        row = locked(Union, union, right=RIGHT, by=by)
        Union.objects.filter(pk=row.pk).update(term_until=until)
        void_last(f"union:{row.pk}", "elected", by=by, reason="撤销换届登记")
        audit.write("union.restore_term", by=by, subject=f"union:{row.pk}", path=row.path, keys=[(Union, [row.pk])])


def mark_union(union: int, tag: str, *, since: date, by: Actor) -> int:
    """Mark a union from a day on (three-in-one, demonstration, grid pilot); the id of the mark."""
    with transaction.atomic():
        row = _open(union, since, by=by)
        not_ahead(since, "标记日期")
        if tag not in UNION_TAGS:
            raise Refused("没有这个标记，请从列表中选。", code="tag")
        held = UnionTag.objects.filter(union=row.pk, tag=tag).order_by("-since").first()
        if held is not None and (held.until is None or held.until > since):
            raise Refused(
                "{name}自 {since} 起已有“{tag}”标记。",
                code="tag",
                name=row.name,
                since=held.since.isoformat(),
                tag=UNION_TAGS[tag],
            )
        if held is not None and held.since == since:  # taken back the day it was given
            number = int(held.pk)
            UnionTag.objects.filter(pk=number).update(until=None, digest=None)
        else:
            (number,) = tag_unions([TagRow(row.pk, tag, row.path, since)], by=by)
        _tell(row, "marked", since, UNION_TAGS[tag], by=by, keys=[(UnionTag, [number])], kind=tag)
        return number


def unmark_union(mark: int, *, on: date, by: Actor) -> None:
    """A mark ends: from the day `on` the union does not carry it."""
    with transaction.atomic():
        held = locked(UnionTag, mark, right=RIGHT, by=by)
        row = locked(Union, held.union_id, right=RIGHT, by=by)
        within_life(on, held.since, held.until, f"“{UNION_TAGS[held.tag]}”标记")
        not_ahead(on, "取消日期")
        UnionTag.objects.filter(pk=mark).update(until=on, digest=None)
        _tell(row, "unmarked", on, UNION_TAGS[held.tag], by=by, keys=[(UnionTag, [mark])], kind=held.tag)


def end_union(union: int, *, on: date, reason: str, by: Actor, into: int | None = None) -> dict[str, Any]:
    """A union ends: merged `into` another, or abolished. Its open covers go on under that other, or end with it; so do its
    marks. Refused while members are at it or unions below it. What to give `restore_union` to take it back.

    An employer that goes on under another union is not brought in anew: no figure of new unions counts it.
    """
    with transaction.atomic():
        row = _open(union, on, by=by)
        not_ahead(on, "撤销日期")
        reason = reason.strip()
        if not reason:
            raise Refused("请写明撤销或合并的原因和批准文号。", code="reason")
        other = _standing_union(into, on) if into is not None else None
        if other is not None:
            if not within(row.path, other.path):  # what stands over the place may take its unions in
                locked(Union, other.pk, right=RIGHT, by=by)
            if other.pk == row.pk:
                raise Refused("不能并入自己，请选择另一个工会。", code="into")
        _refuse_if_lived_in(row)
        ended, opened = close_covers(row.pk, on, other.pk if other else None, by=by)
        marks = UnionTag.objects.filter(union=row.pk, until=None)
        ended_marks = list(marks.values_list("pk", flat=True))
        for mark in marks:
            UnionTag.objects.filter(pk=mark.pk).update(until=max(on, mark.since), digest=None)
        because = (f"并入{other.name}：{reason}" if other else reason)[:100]
        _set(row, "merged" if other else "abolished", on, because, by=by, keys=[(UnionTag, ended_marks)],
             until=on, ended_because=because)  # fmt: skip
        return {"union": row.pk, "covers": ended, "opened": opened, "marks": ended_marks}


def restore_union(union: int, *, covers: Sequence[int], opened: Sequence[int], marks: Sequence[int], by: Actor) -> None:
    """Take the end of a union back: it stands as before, with the covers and marks that ended with it."""
    with transaction.atomic():
        row = locked(Union, union, right=RIGHT, by=by)
        if row.until is None:
            raise Refused("{name}没有终止，不用恢复。", name=row.name)
        _refuse_twice(row.name, row.pk)
        reopen_covers(list(covers), list(opened), by=by)
        mine = UnionTag.objects.filter(pk__in=list(marks), union=row.pk)
        mine.update(until=None, digest=None)
        Union.objects.filter(pk=row.pk).update(until=None, ended_because="", digest=None)
        void_last(f"union:{row.pk}", "merged", "abolished", by=by, reason="撤销终止登记")
        audit.write("union.restore", by=by, subject=f"union:{row.pk}", path=row.path,
                    keys=[(Union, [row.pk]), (UnionTag, list(mine.values_list("pk", flat=True)))])  # fmt: skip


def _check(stated: Founding) -> None:
    if not stated.name.strip():
        raise Refused("请填写工会名称。", code="name")
    if stated.kind not in UNION_KINDS:
        raise Refused("没有这个工会类别，请从列表中选。", code="kind")
    not_ahead(stated.since, "批准建会日期")
    places.standing(stated.path, stated.since)
    _refuse_twice(stated.name.strip(), None)
    if stated.kind == "district_federation" and Union.objects.filter(kind=stated.kind, until=None).exists():
        raise Refused("区总工会已经成立，一个区只有一个。", code="kind")
    if stated.kind == "independent" and len(stated.employers) != 1:
        raise Refused("独立基层工会建在一家单位：请填写这一家单位。", code="employers")
    if stated.term_until is not None:
        _check_term(stated.since, stated.term_until)


def _check_term(start: date, until: date) -> None:
    if until <= start:
        raise Refused("任期届满日期要晚于起始日期。", code="until")
    if until > years_after(start, TERM_YEARS) + timedelta(days=31):  # a congress may be held some weeks late
        raise Refused(
            "一届任期最长 {term_years} 年（工会法第十六条），请核对届满日期。", code="until", term_years=TERM_YEARS
        )


def _above(stated: Founding, *, by: Actor) -> Union | None:
    if stated.upper is None:
        if stated.kind != "district_federation":
            raise Refused("请选择上级工会。", code="upper")
        return None
    by.must_reach(stated.path, *holders(RIGHT))
    return _standing_union(stated.upper, stated.since)


def _standing_union(number: int, day: date) -> Union:
    row = Union.objects.filter(pk=number).first()
    if row is None:
        raise Refused("没有这个工会，请从列表中选。")
    within_life(day, row.since, row.until, row.name)
    found: Union = row
    return found


def _open(union: int, day: date, *, by: Actor) -> Union:
    row = locked(Union, union, right=RIGHT, by=by)
    if row.until is not None:
        raise Refused("{name}已于 {until} 终止，不能再变更。", name=row.name, until=row.until.isoformat())
    within_life(day, row.since, None, row.name)
    return row


def _refuse_twice(name: str, but: int | None) -> None:
    twin = Union.objects.filter(name=name, until=None).exclude(pk=but).first()
    if twin is not None:
        raise Refused("已有同名的工会（编号 {number}），请核对是否重复登记。", code="name", number=twin.code)


def _refuse_if_lived_in(row: Union) -> None:
    # Members live one floor up; what points at a union is known here by its key alone.
    members = row.memberships.filter(until=None).count()
    if members:
        raise Refused(
            "{name}还有 {members} 名在册会员，请先把他们转到别的工会，再办理终止。", name=row.name, members=members
        )
    below = Union.objects.filter(upper=row.pk, until=None).count()
    if below:
        raise Refused("{name}下面还有 {below} 个工会，请先变更它们的上级。", name=row.name, below=below)


def _next_code(year: int) -> str:
    """GH2026-0007 after GH2026-0006; the caller has the table's turn."""
    begins = f"GH{year}-"
    last = Union.objects.filter(code__startswith=begins).order_by("-code").values_list("code", flat=True).first()
    tail = last.removeprefix(begins) if last else ""
    return (
        f"{begins}{int(tail) + 1 if tail.isdigit() else Union.objects.filter(code__startswith=begins).count() + 1:04d}"
    )


def _set(row: Union, act: str, on: date, reason: str, *, by: Actor, keys: audit.Keys = (), **columns: Any) -> None:
    Union.objects.filter(pk=row.pk).update(**columns, digest=None)
    _tell(row, act, on, reason, by=by, keys=keys)


def _tell(row: Union, act: str, on: date, reason: str, *, by: Actor, keys: audit.Keys = (), kind: str = "") -> None:
    journal.write(
        journal.Entry("union", act, row.path, on, f"union:{row.pk}", kind=kind or row.kind, reason=reason[:200]), by=by
    )
    audit.write(f"union.{act}", by=by, subject=f"union:{row.pk}", path=row.path,
                keys=[(Union, [row.pk]), *keys], note=reason[:200])  # fmt: skip
