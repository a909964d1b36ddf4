"""Service stations and the people on post there: 工会服务站, 站工作人员."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from unionhall.cases import station_rules
from unionhall.exchange import before, kinds
from unionhall.exchange.keyed import KeyedLoader, Remarks, Standing, check_past, check_span, overlaps, standing_of
from unionhall.exchange.references import Places
from unionhall.exchange.template import Column, Row, Template
from unionhall.kernel.actor import Actor
from unionhall.organisations import actions
from unionhall.organisations.models import Establishment, Staff, Station
from unionhall.organisations.vocabulary import STAFF_KINDS

STATION_COLUMNS = (
    Column("code", "站编号", kinds.code(20), required=True, aliases=("编号", "服务站编号")),
    Column("name", "站名", kinds.text(64), required=True, aliases=("服务站名称", "名称")),
    Column("place", "地方代码", kinds.code(12), required=True, explain="站所在的街道；一个街道可以有几个站"),
    Column("address", "地址", kinds.text(128)),
    Column("area", "面积", kinds.whole(1, 100_000), aliases=("建筑面积", "面积（平方米）"), explain="平方米，整数"),
    Column("rooms", "功能室", kinds.texts(20), explain="几间之间用顿号", example="调解室、心理咨询室"),
    Column("hours", "开放时间", kinds.text(100), aliases=("营业时间", "工作时间"), explain="不填就不变", example="周一至周五 9:00—17:30", keeps=True),
    Column("windows", "服务窗口", kinds.texts(20), aliases=("窗口",), explain="几个之间用顿号；不填就不变", example="综合窗口、法律援助窗口", keeps=True),
    Column("since", "成立日期", kinds.day(), required=True, example="2012-05-01"),
    Column("until", "撤销日期", kinds.day(), explain="从这一天起不再使用"),
    Column("accepted_on", "验收日期", kinds.day(), aliases=("验收通过日期",), explain="通过规范化建设验收的日期"),
    Column("star_declared_on", "星级申报日期", kinds.day(), explain="完成星级申报的日期；申报不等于评定"),
    Column("social_workers", "社工编制", kinds.whole(0, 999)),
    Column("assistants", "助理员编制", kinds.whole(0, 999)),
    Column("posts_since", "编制起始日期", kinds.day(), explain="不填按成立日期"),
)  # fmt: skip

STAFF_COLUMNS = (
    Column("code", "工号", kinds.code(20), required=True, aliases=("编号",)),
    Column("name", "姓名", kinds.person_name(), required=True),
    Column("kind", "人员类别", kinds.words(STAFF_KINDS), required=True, aliases=("类别",), words=STAFF_KINDS),
    Column("station", "站编号", kinds.code(20), required=True, aliases=("服务站编号",)),
    Column("since", "到岗日期", kinds.day(), required=True, example="2014-09-01"),
    Column("until", "离岗日期", kinds.day(), explain="从这一天起不在岗"),
)


class StationsLoader(KeyedLoader):
    """Stations, and the posts they are granted."""

    model = Station
    key_column = "code"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.places = Places()

    def key(self, row: Row) -> Hashable:
        return row.code

    def standing(self, rows: Sequence[Row]) -> Standing:
        return standing_of(Station.objects.all(), "code")

    def look(self, row: Row, remarks: Remarks, number: int | None) -> str:
        check_span(remarks, "until", row.since, row.until, "成立日期")
        check_span(remarks, "accepted_on", row.since, row.accepted_on, "成立日期")
        check_span(remarks, "star_declared_on", row.since, row.star_declared_on, "成立日期")
        check_span(remarks, "posts_since", row.since, row.posts_since, "成立日期")
        check_span(remarks, "until", row.posts_since, row.until, "编制起始日期")
        for column, day in (("accepted_on", row.accepted_on), ("star_declared_on", row.star_declared_on)):
            check_past(remarks, column, day, self.today)
        return self.places.path(row.place, row.since, remarks)

    def add(self, new: Sequence[tuple[Row, str]], batch: int) -> None:
        numbers = actions.record_stations([_station(row, path) for row, path in new], by=self.actor, batch=batch)
        self._establish([(number, row, path) for number, (row, path) in zip(numbers, new, strict=True)], batch)

    def change(self, changed: Sequence[tuple[int, Row, str]], batch: int) -> None:
        stand = Station.objects.in_bulk([number for number, _, _ in changed])
        told = station_rules.days_told(stand)
        rows = [(number, _kept(_station(row, path), stand[number], told[number])) for number, row, path in changed]
        standing = Establishment.objects.filter(station__in=[number for number, _, _ in changed])
        before.keep(batch, Establishment, standing.values_list("pk", flat=True))
        on_post = Staff.objects.filter(station__in=[number for number, _, _ in changed])
        before.keep(batch, Staff, on_post.values_list("pk", flat=True))
        actions.change_stations(rows, by=self.actor, batch=batch)
        self._establish(changed, batch)

    def _establish(self, stations: Sequence[tuple[int, Row, str]], batch: int) -> None:
        granted = [
            actions.EstablishmentRow(number, kind, path, posts, row.posts_since or row.since, row.until, row.digest)
            for number, row, path in stations
            for kind, posts in (("social_worker", row.social_workers), ("assistant", row.assistants))
            if posts is not None
        ]
        actions.establish(granted, by=self.actor, batch=batch)


class _At(NamedTuple):
    station: int
    path: str


class StaffLoader(KeyedLoader):
    """People on post, found by number and first day."""

    model = Staff
    key_column = "code"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        rows = Station.objects.values_list("code", "pk", "path", "since", "until")
        self.stations = {code: (_At(number, path), since, until) for code, number, path, since, until in rows}
        self.spans: dict[str, dict[date, date | None]] = {}
        for code, since, until in Staff.objects.values_list("number", "since", "until"):
            self.spans.setdefault(code, {})[since] = until

    def key(self, row: Row) -> Hashable:
        return row.code, row.since

    def standing(self, rows: Sequence[Row]) -> Standing:
        return standing_of(Staff.objects.all(), "number", "since")

    def look(self, row: Row, remarks: Remarks, number: int | None) -> _At | None:
        check_past(remarks, "since", row.since, self.today)
        check_span(remarks, "until", row.since, row.until, "到岗日期")
        if row.station not in self.stations:
            remarks.refuse("station", f"没有编号为 {row.station} 的服务站，请核对，或先导入工会服务站")
            return None
        at, opened, closed = self.stations[row.station]
        check_span(remarks, "since", opened, row.since, "服务站的成立日期")
        if closed is not None and row.since >= closed:
            remarks.refuse("station", f"这个服务站已于 {closed.isoformat()} 撤销，请核对")
        spans = self.spans.setdefault(row.code, {})
        other = overlaps(list(spans.items()), row.since, row.until)
        if other is not None:
            remarks.refuse("since", f"工号 {row.code} 自 {other.isoformat()} 起在岗，时间重叠，请先填那一行的离岗日期")
        elif not remarks.refused:
            spans[row.since] = row.until
        return at

    def add(self, new: Sequence[tuple[Row, _At]], batch: int) -> None:
        actions.record_staff([_staff(row, at) for row, at in new], by=self.actor, batch=batch)

    def change(self, changed: Sequence[tuple[int, Row, _At]], batch: int) -> None:
        actions.change_staff([(number, _staff(row, at)) for number, row, at in changed], by=self.actor, batch=batch)


def _station(row: Row, path: str) -> actions.StationRow:
    return actions.StationRow(
        code=row.code, name=row.name, path=path, since=row.since, until=row.until, address=row.address, area=row.area,
        rooms=row.rooms, accepted_on=row.accepted_on, star_declared_on=row.star_declared_on, hours=row.hours,
        windows=row.windows, digest=row.digest,
    )  # fmt: skip


def _kept(row: actions.StationRow, stands: Station, told: Mapping[str, date | None]) -> actions.StationRow:
    """What an older list does not tell stays as it is: when and where people are received, and what a matter has found."""
    row = row._replace(hours=row.hours or stands.hours, windows=row.windows or tuple(stands.windows))
    missing: dict[str, Any] = {column: day for column, day in told.items() if getattr(row, column) is None}
    return row._replace(**missing)


def _staff(row: Row, at: _At) -> actions.StaffRow:
    return actions.StaffRow(row.code, row.name, row.kind, at.station, at.path, row.since, row.until, row.digest)


TEMPLATES = (
    Template(
        "stations", "工会服务站", "service stations", STATION_COLUMNS,
        "一行一个服务站。编制有变化时，改编制数和编制起始日期再导入一次，以前的编制保留。", StationsLoader,
    ),
    Template(
        "staff", "站工作人员", "station staff", STAFF_COLUMNS,
        "一行是一个人在一个站的一段在岗时间。调站时，原来的行填离岗日期，新的站另起一行，工号不变。", StaffLoader,
    ),
)  # fmt: skip
