"""The life of one service station: opened, put right, granted posts, accepted, starred, closed.

Its acceptance and its stars are found in matters (cases.station_moves), which call what is here within their transaction.
"""

from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import narrow
from unionhall.organisations import places
from unionhall.organisations.actions.locked import locked
from unionhall.organisations.actions.stations import (
    EstablishmentRow,
    StationRow,
    change_stations,
    establish,
    record_stations,
)
from unionhall.organisations.actions.taking_back import void_last
from unionhall.organisations.days import not_ahead, within_life
from unionhall.organisations.models import Establishment, PastAcceptance, Staff, Station
from unionhall.organisations.roles import holders
from unionhall.organisations.vocabulary import STAFF_KINDS
from unionhall.storage import turns

RIGHT = "stations.change"
MOST_POSTS = 999


class Stated(NamedTuple):
    """A station as an officer states it; `code` empty for the next one. `area` in whole square metres."""

    name: str
    path: str
    since: date
    code: str = ""
    address: str = ""
    area: int | None = None
    rooms: tuple[str, ...] = ()
    accepted_on: date | None = None
    star_declared_on: date | None = None
    hours: str = ""
    windows: tuple[str, ...] = ()


def open_station(stated: Stated, *, by: Actor) -> int:
    """Open a station; its id."""
    with transaction.atomic():
        turns.take(Station)
        _check(stated, by=by)
        code = narrow(stated.code) or _next_code()
        if Station.objects.filter(code=code).exists():
            raise Refused("编号 {number} 已经用过，请换一个，或留空由系统编号。", code="code", number=code)
        (number,) = record_stations([_row(stated, code, None)], by=by)
        audit.write("station.open", by=by, subject=f"station:{number}", path=stated.path, keys=[(Station, [number])])
        return number


def correct_station(station: int, stated: Stated, *, by: Actor) -> Stated:
    """Put right what is written of a station, acceptance and star among it; what was written before.

    When it moves, its posts and the people on post go with it; who left before it moved stays where they served.
    """
    with transaction.atomic():
        before = locked(Station, station, right=RIGHT, by=by)
        stated = stated._replace(code=before.code)
        _check(stated, by=by)
        said = _said(before)
        if said == stated:
            raise Refused("没有任何改动，请修改后再提交。")
        change_stations([(station, _row(stated, before.code, before.until))], by=by)
        audit.write("station.correct", by=by, subject=f"station:{station}", path=stated.path, keys=_keys(station))
        return said


def close_station(station: int, *, on: date, reason: str, by: Actor) -> None:
    """A station is used no longer from the day `on`; its posts end with it. Refused while people are on post there."""
    with transaction.atomic():
        row = locked(Station, station, right=RIGHT, by=by)
        _refuse_if_closed(row)
        within_life(on, row.since, None, row.name)
        not_ahead(on, "撤销日期")
        reason = reason.strip()
        if not reason:
            raise Refused("请写明撤销服务站的原因。", code="reason")
        there = Staff.objects.filter(Q(until=None) | Q(until__gt=on), station=station).count()
        if there:
            raise Refused(
                "{name}在 {on} 还有 {there} 人在岗，请先办理离岗或调站。", name=row.name, on=on.isoformat(), there=there
            )
        change_stations([(station, _as_registered(row)._replace(until=on))], by=by)
        _tell(row, "closed", on, reason, by=by)


def reopen_station(station: int, *, by: Actor) -> None:
    """Take the closing of a station back: it stands again, with the posts that ended with it."""
    with transaction.atomic():
        row = locked(Station, station, right=RIGHT, by=by)
        if row.until is None:
            raise Refused("{name}没有撤销，不用恢复。", name=row.name)
        change_stations([(station, _as_registered(row)._replace(until=None))], by=by)
        void_last(f"station:{station}", "closed", by=by, reason="撤销关站登记")
        audit.write("station.reopen", by=by, subject=f"station:{station}", path=row.path, keys=_keys(station))


def grant_posts(station: int, kind: str, posts: int, *, since: date, by: Actor) -> None:
    """Grant a station so many posts of a kind from a day on; what was granted before holds until then."""
    with transaction.atomic():
        row = locked(Station, station, right=RIGHT, by=by)
        _refuse_if_closed(row)
        within_life(since, row.since, None, row.name)
        if kind not in STAFF_KINDS:
            raise Refused("没有这个人员类别，请从列表中选。", code="kind")
        if not 0 <= posts <= MOST_POSTS:
            raise Refused("编制应在 0 到 {most_posts} 之间，请核对。", code="posts", most_posts=MOST_POSTS)
        if Establishment.objects.on(since).filter(station=station, kind=kind, posts=posts).exists():
            raise Refused(
                "这一天的{kind}编制已经是 {posts} 名，没有变化。", code="posts", kind=STAFF_KINDS[kind], posts=posts
            )
        establish([EstablishmentRow(station, kind, row.path, posts, since)], by=by)
        _tell(row, "granted", since, f"{STAFF_KINDS[kind]} {posts} 名", by=by, kind=kind)


def accept_station(station: int, *, on: date, by: Actor) -> None:
    """The city accepted a station on a day. Refused: it is closed, or accepted already, or was still on that day."""
    with transaction.atomic():
        row = locked(Station, station, right=RIGHT, by=by)
        _refuse_if_closed(row)
        not_ahead(on, "验收日期")
        within_life(on, row.since, None, row.name)
        if row.accepted_on is not None:
            raise Refused("{name}已于 {day} 通过验收。", name=row.name, day=row.accepted_on.isoformat())
        before = PastAcceptance.objects.filter(station=station, until__gt=on).order_by("-until").first()
        if before is not None:
            raise Refused(
                "{name}上一次达标到 {until} 才取消，验收日期不能更早。", code="on", name=row.name, until=before.until
            )
        change_stations([(station, _as_registered(row)._replace(accepted_on=on))], by=by)
        audit.write("station.accept", by=by, subject=f"station:{station}", path=row.path, rows=(row,))


def withdraw_acceptance(station: int, *, on: date, reason: str, by: Actor) -> None:
    """The city took an acceptance back from a day on; until then the station stays counted as accepted. From its own day
    on: it was entered by mistake, and never was.
    """
    with transaction.atomic():
        row = locked(Station, station, right=RIGHT, by=by)
        not_ahead(on, "取消日期")
        if row.accepted_on is None:
            raise Refused("{name}没有通过验收，不用取消。", name=row.name)
        within_life(on, row.accepted_on, None, row.name)
        past = []
        if on > row.accepted_on:
            past.append(PastAcceptance.objects.create(station=row, since=row.accepted_on, until=on))
        change_stations([(station, _as_registered(row)._replace(accepted_on=None))], by=by)
        entry = journal.Entry(
            "station", "acceptance_withdrawn", row.path, on, f"station:{station}", reason=reason[:200]
        )
        journal.write(entry, by=by)
        audit.write("station.unaccept", by=by, subject=f"station:{station}", path=row.path, rows=(row, *past))


def declare_star(station: int, *, on: date, subject: str, by: Actor) -> bool:
    """A station declared itself for a star, counted once on that day; was it the first time?

    The first is the register's own; one of later years is told of the matter it was declared in (`subject`), so that the
    earlier one stays counted in its year. Refused: not accepted by then, or closed.
    """
    with transaction.atomic():
        row = locked(Station, station, right=RIGHT, by=by)
        _refuse_if_closed(row)
        not_ahead(on, "星级申报日期")
        if row.accepted_on is None or on < row.accepted_on:
            raise Refused("{name}到 {day} 还没有通过规范化验收，不能申报星级。", name=row.name, day=on.isoformat())
        first = row.star_declared_on is None
        if first:
            change_stations([(station, _as_registered(row)._replace(star_declared_on=on))], by=by)
        else:
            journal.write(journal.Entry("station", "star_declared", row.path, on, subject), by=by)
        audit.write("station.declare", by=by, subject=f"station:{station}", path=row.path, rows=(row,))
        return first


def take_back_declaration(station: int, *, first: bool, subject: str, by: Actor) -> None:
    """A declaration is taken back, and counts no more; `first`: what `declare_star` said of it."""
    with transaction.atomic():
        row = locked(Station, station, right=RIGHT, by=by)
        if first:
            change_stations([(station, _as_registered(row)._replace(star_declared_on=None))], by=by)
        else:
            void_last(subject, "star_declared", by=by, reason="撤回星级申报")
        audit.write("station.undeclare", by=by, subject=f"station:{station}", path=row.path, rows=(row,))


def _tell(row: Station, act: str, on: date, reason: str, *, by: Actor, kind: str = "") -> None:
    entry = journal.Entry("station", act, row.path, on, f"station:{row.pk}", kind=kind, reason=reason[:200])
    journal.write(entry, by=by)
    audit.write(f"station.{act}", by=by, subject=f"station:{row.pk}", path=row.path,
                keys=_keys(row.pk))  # fmt: skip


def _keys(station: int) -> audit.Keys:
    granted = Establishment.objects.filter(station=station).values_list("pk", flat=True)
    on_post = Staff.objects.filter(station=station).values_list("pk", flat=True)
    return [(Station, [station]), (Establishment, list(granted)), (Staff, list(on_post))]


def _check(stated: Stated, *, by: Actor) -> None:
    by.must_reach(stated.path, *holders(RIGHT))
    if not stated.name.strip():
        raise Refused("请填写站名。", code="name")
    not_ahead(stated.since, "成立日期")
    places.standing(stated.path, stated.since)
    for what, field, day in (
        ("验收日期", "accepted_on", stated.accepted_on),
        ("星级申报日期", "star_declared_on", stated.star_declared_on),
    ):
        if day is not None:
            not_ahead(day, what)
            if day < stated.since:
                raise Refused(
                    "{what} {day} 早于成立日期 {since}，请核对。",
                    code=field,
                    what=what,
                    day=day.isoformat(),
                    since=stated.since.isoformat(),
                )
    if stated.area is not None and not 1 <= stated.area <= 100_000:
        raise Refused("面积应在 1 到 100,000 平方米之间，请核对。", code="area")


def _refuse_if_closed(row: Station) -> None:
    if row.until is not None:
        raise Refused("{name}已于 {until} 撤销，不能再变更。", name=row.name, until=row.until.isoformat())


def _said(row: Station) -> Stated:
    return Stated(row.name, row.path, row.since, row.code, row.address, row.area, tuple(row.rooms), row.accepted_on,
                  row.star_declared_on, row.hours, tuple(row.windows))  # fmt: skip


def _row(stated: Stated, code: str, until: date | None) -> StationRow:
    return StationRow(code, stated.name.strip(), stated.path, stated.since, until, stated.address.strip(), stated.area,
                      stated.rooms, stated.accepted_on, stated.star_declared_on, stated.hours.strip(), stated.windows)  # fmt: skip


def _as_registered(row: Station) -> StationRow:
    """A station as its register says it, to be written again with what changes of it."""
    return _row(_said(row), row.code, row.until)


def _next_code() -> str:
    """Z0018 after Z0017; the caller has the table's turn."""
    codes = set(Station.objects.values_list("code", flat=True))
    number = len(codes) + 1
    while f"Z{number:04d}" in codes:
        number += 1
    return f"Z{number:04d}"
