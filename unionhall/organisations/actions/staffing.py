"""People on post at stations: they take up a post, go to another station, change their kind, leave."""

from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import narrow, parse_name
from unionhall.organisations.actions.locked import locked
from unionhall.organisations.actions.stations import StaffRow, change_staff, record_staff
from unionhall.organisations.actions.taking_back import void_last
from unionhall.organisations.days import not_ahead, within_life
from unionhall.organisations.models import Staff, Station
from unionhall.organisations.vocabulary import STAFF_KINDS
from unionhall.storage import turns

RIGHT = "staff.change"


class Post(NamedTuple):
    """Someone takes up a post: the number of the person among the staff, empty for the next one."""

    name: str
    kind: str
    station: int
    since: date
    number: str = ""


def take_post(post: Post, *, by: Actor) -> int:
    """Someone takes up a post at a station; the id of the record. A number on post elsewhere that day is refused."""
    with transaction.atomic():
        turns.take(Staff)
        station = _station(post.station, post.since, by=by)
        not_ahead(post.since, "到岗日期")
        if post.kind not in STAFF_KINDS:
            raise Refused("没有这个人员类别，请从列表中选。", code="kind")
        name = parse_name(post.name)
        number = narrow(post.number) or _next_number()
        _refuse_if_on_post(number, post.since)
        return _begin(StaffRow(number, name, post.kind, station.pk, station.path, post.since), "arrived", by=by)


def leave_post(staff: int, *, on: date, reason: str, by: Actor) -> None:
    """Someone leaves: from the day `on` they are not on post."""
    with transaction.atomic():
        row = _on_post(staff, on, by=by)
        not_ahead(on, "离岗日期")
        _end(row, on, reason.strip(), by=by)


def transfer_staff(staff: int, station: int, *, on: date, by: Actor) -> int:
    """Someone goes to another station from the day `on`, under the same number; the id of the new record.

    The actor must have the right at both stations.
    """
    with transaction.atomic():
        row = _on_post(staff, on, by=by)
        to = _station(station, on, by=by)
        not_ahead(on, "调站日期")
        if to.pk == row.station_id:
            raise Refused("已经在这个服务站，请选择另一个。", code="station")
        _follow_on(row, on)
        _end(row, on, f"调到{to.name}", by=by)
        return _begin(StaffRow(row.number, row.name, row.kind, to.pk, to.path, on), "moved", by=by)


def change_kind(staff: int, kind: str, *, on: date, by: Actor) -> int:
    """Someone becomes staff of another kind at the same station from the day `on`; the id of the new record."""
    with transaction.atomic():
        row = _on_post(staff, on, by=by)
        not_ahead(on, "变更日期")
        if kind not in STAFF_KINDS:
            raise Refused("没有这个人员类别，请从列表中选。", code="kind")
        if kind == row.kind:
            raise Refused("人员类别没有变化，请选择另一个。", code="kind")
        _follow_on(row, on)
        _end(row, on, f"改任{STAFF_KINDS[kind]}", by=by)
        return _begin(StaffRow(row.number, row.name, kind, row.station_id, row.path, on), "changed_kind", by=by)


def return_to_post(staff: int, *, by: Actor, instead_of: int | None = None) -> None:
    """Take a leaving back, or a transfer or change of kind (`instead_of`: the record it opened, which then never held)."""
    with transaction.atomic():
        row = locked(Staff, staff, right=RIGHT, by=by)
        if row.until is None:
            raise Refused("{name}在岗，不用恢复。", name=row.name)
        if instead_of is not None:
            later = locked(Staff, instead_of, right=RIGHT, by=by)
            if later.until is not None:
                raise Refused("{name}后来又有变动，不能直接撤销，请另行办理。", name=row.name)
            Staff.objects.filter(pk=later.pk).update(until=later.since, digest=None)
            void_last(f"staff:{later.pk}", "moved", "changed_kind", by=by, reason="撤销变动")
        _refuse_if_on_post(row.number, row.until)
        station = Station.objects.get(pk=row.station_id)
        if station.until is not None:
            raise Refused("{name}已经撤销，不能恢复在岗。", name=station.name)
        Staff.objects.filter(pk=staff).update(until=None, digest=None)
        void_last(f"staff:{staff}", "left", by=by, reason="撤销离岗")
        again = [staff] if instead_of is None else [staff, instead_of]
        audit.write("staff.return", by=by, subject=f"staff:{staff}", path=row.path, keys=[(Staff, again)])


def withdraw_post(staff: int, *, by: Actor) -> None:
    """Take a post back that should not have been written: it ends the day it began."""
    with transaction.atomic():
        row = locked(Staff, staff, right=RIGHT, by=by)
        if row.until is not None:
            raise Refused("这条在岗记录后来已有变更，不能直接撤销。")
        Staff.objects.filter(pk=staff).update(until=row.since, digest=None)
        void_last(f"staff:{staff}", "arrived", by=by, reason="撤销误登的到岗")
        audit.write("staff.withdraw", by=by, subject=f"staff:{staff}", path=row.path, keys=[(Staff, [staff])])


def _station(number: int, day: date, *, by: Actor) -> Station:
    row = locked(Station, number, right=RIGHT, by=by)
    within_life(day, row.since, row.until, row.name)
    return row


def _on_post(staff: int, day: date, *, by: Actor) -> Staff:
    row = locked(Staff, staff, right=RIGHT, by=by)
    if row.until is not None:
        raise Refused("{name}已于 {until} 离岗，不能再变更。", name=row.name, until=row.until.isoformat())
    within_life(day, row.since, None, "这段在岗")
    return row


def _follow_on(row: Staff, on: date) -> None:
    if on == row.since:
        raise Refused("变动日期要晚于到岗日期；到岗当天登记错的，请撤销后重新登记。", code="on")


def _refuse_if_on_post(number: str, day: date) -> None:
    """On the day or later: a post just begun has no end. Records taken back hold on no day."""
    held = Staff.objects.filter(Q(until=None) | Q(until__gt=day), number=number).exclude(until=F("since"))
    for row in held:
        raise Refused(
            "工号 {number} 自 {since} 起在岗，时间重叠，请先办理离岗或调站。",
            code="number",
            number=number,
            since=row.since.isoformat(),
        )


def _begin(stated: StaffRow, act: str, *, by: Actor) -> int:
    same = Staff.objects.filter(number=stated.number, since=stated.since).first()
    if same is None:
        (number,) = record_staff([stated], by=by)
    elif same.until == same.since:  # written once before and taken back
        number = same.pk
        change_staff([(number, stated)], by=by)
    else:
        raise Refused(
            "工号 {number} 在 {since} 已有一条到岗记录，请核对日期。",
            code="since",
            number=stated.number,
            since=stated.since.isoformat(),
        )
    _tell(number, stated.path, act, stated.since, stated.kind, "", by=by)
    return number


def _end(row: Staff, on: date, reason: str, *, by: Actor) -> None:
    Staff.objects.filter(pk=row.pk).update(until=on, digest=None)
    _tell(row.pk, row.path, "left", on, row.kind, reason, by=by)


def _tell(number: int, path: str, act: str, on: date, kind: str, reason: str, *, by: Actor) -> None:
    journal.write(journal.Entry("staff", act, path, on, f"staff:{number}", kind=kind, reason=reason[:200]), by=by)
    audit.write(f"staff.{act}", by=by, subject=f"staff:{number}", path=path, keys=[(Staff, [number])])


def _next_number() -> str:
    """G0042 after G0041; the caller has the table's turn."""
    numbers = set(Staff.objects.filter(number__startswith="G").values_list("number", flat=True))
    number = len(numbers) + 1
    while f"G{number:04d}" in numbers:
        number += 1
    return f"G{number:04d}"
