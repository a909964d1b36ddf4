"""Which employers a union covers: brought in, gone on under another union, no longer covered; and what is taken back of it.

An employer's going on under another union is an event of its own ("transferred"): only one that was under no union of its
kind before is newly brought in ("covered"), and only such lines are counted as new.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.paths import within
from unionhall.organisations.actions.locked import locked
from unionhall.organisations.actions.taking_back import void_last
from unionhall.organisations.actions.unions import CoverRow, change_cover, record_cover
from unionhall.organisations.days import not_ahead, within_life
from unionhall.organisations.models import Cover, Employer, Union
from unionhall.organisations.roles import holders
from unionhall.organisations.vocabulary import JOINT_KINDS
from unionhall.storage import registered

RIGHT = "employers.change"
COUNTED_KINDS = ("independent", *JOINT_KINDS)
"""Unions that bring an employer in: it is under one of these at a time, beside any federation."""


def cover_employers(union: int, employers: Sequence[int], *, since: date, by: Actor) -> list[int]:
    """Bring employers under a union from a day on; the ids of the covers, in order of the employers.

    The employers must be within the actor's reach; the union within it, or over the place an employer lies in (a federation
    of the district). Refused: covered by that union then, or by another that brings employers in.
    """
    with transaction.atomic():
        over = _union(union, since)
        not_ahead(since, "覆盖起始日期")
        wanted = list(dict.fromkeys(employers))
        rows = {row.pk: row for row in Employer.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
        for number in wanted:
            if number not in rows:
                raise NotYours(f"employer {number}")
            _must_join(over, rows[number].path, by=by)
            _refuse_if_covered(over, rows[number], since)
        covers = [_begin(CoverRow(over.pk, number, rows[number].path, since), by=by) for number in wanted]
        for cover, number in zip(covers, wanted, strict=True):
            audit.write("cover.begin", by=by, subject=f"employer:{number}", path=rows[number].path, keys=[(Cover, [cover])],
                        note=f"union:{over.pk}")  # fmt: skip
        return covers


def end_cover(cover: int, *, on: date, reason: str, by: Actor) -> None:
    """An employer is no longer under a union from the day `on`."""
    with transaction.atomic():
        row = _open(cover, on, by=by)
        not_ahead(on, "终止日期")
        reason = reason.strip()
        if not reason:
            raise Refused("请写明不再覆盖的原因，例如单位注销、迁出本区。", code="reason")
        _end(row, on, reason, by=by)


def transfer_cover(cover: int, into: int, *, on: date, by: Actor) -> int:
    """An employer goes on under another union from the day `on`; the id of the new cover."""
    with transaction.atomic():
        row = _open(cover, on, by=by)
        not_ahead(on, "转移日期")
        if into == row.union_id:
            raise Refused("已经在这个工会，请选择另一个。", code="into")
        return _transfer(row, _union(into, on), on, by=by)


def reopen_covers(ended: Sequence[int], opened: Sequence[int], *, by: Actor) -> None:
    """Take ends and transfers back: covers that were `opened` by them end the day they began, those `ended` hold again."""
    with transaction.atomic():
        for number in opened:
            row = locked(Cover, number, right=RIGHT, by=by)
            if row.until is not None:
                raise Refused("{name}后来又有变更，不能直接撤销，请到单位页面办理。", name=row.employer.name)
            Cover.objects.filter(pk=number).update(until=row.since, digest=None)
            void_last(f"cover:{number}", "transferred", by=by, reason="撤销转移")
        for number in ended:
            row = locked(Cover, number, right=RIGHT, by=by)
            if row.until is None:
                raise Refused("{name}的覆盖没有终止，不用恢复。", name=row.employer.name)
            union = Union.objects.get(pk=row.union_id)
            _refuse_if_covered(union, row.employer, row.until)
            Cover.objects.filter(pk=number).update(until=None, digest=None)
            void_last(f"cover:{number}", "uncovered", by=by, reason="撤销终止覆盖")
            audit.write("cover.reopen", by=by, subject=f"employer:{row.employer_id}", path=row.path,
                        keys=[(Cover, [number, *opened])])  # fmt: skip


def withdraw_cover(cover: int, *, by: Actor) -> None:
    """Take a cover back that should not have been written: it ends the day it began, and no figure counts it."""
    with transaction.atomic():
        row = locked(Cover, cover, right=RIGHT, by=by)
        if row.until is not None:
            raise Refused("这条覆盖后来已有变更，不能直接撤销，请到单位页面办理。")
        Cover.objects.filter(pk=cover).update(until=row.since, digest=None)
        void_last(f"cover:{cover}", "covered", by=by, reason="撤销误登的覆盖")
        audit.write(
            "cover.withdraw", by=by, subject=f"employer:{row.employer_id}", path=row.path, keys=[(Cover, [cover])]
        )


def close_covers(union: int, on: date, into: int | None, *, by: Actor) -> tuple[list[int], list[int]]:
    """The covers of a union that ends: they go on under `into`, or end. Ids of those ended, and of those opened."""
    with transaction.atomic():
        rows = list(Cover.objects.select_for_update().filter(union=union, until=None).order_by("pk"))
        over = _union(into, on) if into is not None else None
        opened = []
        for row in rows:
            if not by.reaches(row.path, *holders(RIGHT)):
                raise Refused("这个工会还覆盖别的地方的单位，请由区总工会组织部办理。")
            day = max(on, row.since)
            if over is not None and not Cover.objects.filter(union=over, employer=row.employer_id, until=None).exists():
                opened.append(_transfer(row, over, day, by=by))
            else:
                _end(row, day, "所在工会终止", by=by)
        return [row.pk for row in rows], opened


def _transfer(row: Cover, into: Union, on: date, *, by: Actor) -> int:
    _must_join(into, row.path, by=by)
    _end(row, on, f"转到{into.name}", by=by)
    _refuse_if_covered(into, row.employer, on)
    stated = CoverRow(into.pk, row.employer_id, row.path, on)
    again = _taken_back(stated)
    if again is None:
        (number,) = registered.add(Cover, [stated], None)
    else:
        number = again
        registered.change(Cover, [(number, stated)])
    journal.write(
        journal.Entry("union", "transferred", row.path, on, f"cover:{number}", kind=into.kind, employer=row.employer_id,
                      headcount=row.employer.workers), by=by,
    )  # fmt: skip
    audit.write("cover.transfer", by=by, subject=f"employer:{row.employer_id}", path=row.path,
                keys=[(Cover, [number])], note=f"union:{row.union_id} → union:{into.pk}")  # fmt: skip
    return number


def _begin(stated: CoverRow, *, by: Actor) -> int:
    again = _taken_back(stated)
    if again is None:
        return record_cover([stated], by=by)[0]
    change_cover([(again, stated)], by=by)
    return again


def _taken_back(stated: CoverRow) -> int | None:
    """The same cover, written once before and taken back: it ended the day it began."""
    same = Cover.objects.filter(
        union=stated.union_id, employer=stated.employer_id, since=stated.since, until=stated.since
    )
    return same.values_list("pk", flat=True).first()


def _end(row: Cover, on: date, reason: str, *, by: Actor) -> None:
    Cover.objects.filter(pk=row.pk).update(until=on, digest=None)
    journal.write(
        journal.Entry("union", "uncovered", row.path, on, f"cover:{row.pk}", kind=row.union.kind, employer=row.employer_id,
                      headcount=row.employer.workers, reason=reason[:200]), by=by,
    )  # fmt: skip
    audit.write("cover.end", by=by, subject=f"employer:{row.employer_id}", path=row.path,
                keys=[(Cover, [row.pk])], note=f"union:{row.union_id}")  # fmt: skip


def _open(cover: int, day: date, *, by: Actor) -> Cover:
    row = locked(Cover, cover, right=RIGHT, by=by)
    if row.until is not None:
        raise Refused("这条覆盖已于 {until} 终止，不能再变更。", until=row.until.isoformat())
    within_life(day, row.since, None, "这条覆盖")
    return row


def _union(number: int, day: date) -> Union:
    row = Union.objects.filter(pk=number).first()
    if row is None:
        raise Refused("没有这个工会，请从列表中选。", code="union")
    within_life(day, row.since, row.until, row.name)
    found: Union = row
    return found


def _must_join(union: Union, path: str, *, by: Actor) -> None:
    by.must_reach(path, *holders(RIGHT))
    if not within(path, union.path):
        by.must_reach(union.path, *holders(RIGHT))


def _refuse_if_covered(union: Union, employer: Employer, since: date) -> None:
    held = Cover.objects.filter(Q(until=None) | Q(until__gt=since), employer=employer).select_related("union")
    for other in held:
        if other.until is not None and other.until <= other.since:
            continue  # taken back
        if other.union_id == union.pk:
            raise Refused(
                "{name}自 {since} 起已由{name_2}覆盖，时间重叠。",
                name=employer.name,
                since=other.since.isoformat(),
                name_2=union.name,
            )
        if union.kind in COUNTED_KINDS and other.union.kind in COUNTED_KINDS:
            raise Refused(
                "{name}已由{name_2}覆盖；要换工会，请在单位页面用“转到另一个工会”。",
                name=employer.name,
                name_2=other.union.name,
            )
