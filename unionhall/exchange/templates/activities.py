"""What was held in past years, whatever the service: 活动场次, 参加名单."""

from collections.abc import Hashable, Sequence
from datetime import date
from typing import NamedTuple

from unionhall import catalogue
from unionhall.exchange import kinds
from unionhall.exchange.keyed import KeyedLoader, Remarks, Standing, check_past, check_span, standing_of
from unionhall.exchange.references import Cards, People
from unionhall.exchange.template import Column, Row, Template
from unionhall.exchange.templates.offers import NOT_THEIRS, SERVICES, VERIFIED
from unionhall.kernel.actor import Actor
from unionhall.ledger.models import Fund
from unionhall.offers import actions, history_moves, service
from unionhall.offers.models import LIVE, Offer, Participation, Session
from unionhall.offers.service import OfferService

DECLARED = [one for one in catalogue.SERVICES if isinstance(one, OfferService)]
_AT_ONCE = 10_000

SERVICE = Column("service", "业务", kinds.words(SERVICES), required=True, words=SERVICES, aliases=("业务名称",))
ITEM = Column("item", "项目编号", kinds.code(24), required=True, aliases=("班次项目编号",))
SESSION = Column("session", "场次编号", kinds.code(24), required=True, aliases=("班次编号",))

SESSION_COLUMNS = (
    SERVICE,
    ITEM,
    SESSION,
    Column(
        "on", "举办日期", kinds.day(), required=True, aliases=("开始日期", "活动日期", "日期"), example="2015-06-01"
    ),
    Column("last", "结束日期", kinds.day(), explain="最后一天；不填为当天"),
    Column("venue", "地点", kinds.text(128), aliases=("活动地点", "场地")),
    Column("spent", "支出金额", kinds.money(), aliases=("投入资金", "经费"), explain="元；这一场一共支出的"),
    Column("fund", "资金来源", kinds.text(40), explain="“资金”表里的资金名称；有支出的填写"),
    Column("paid_on", "支付日期", kinds.day(), explain="不填为最后一天"),
)

ATTENDANCE_COLUMNS = (
    SERVICE,
    ITEM,
    SESSION,
    Column(
        "serial",
        "流水号",
        kinds.code(32),
        required=True,
        aliases=("编号",),
        explain="同一项目内不重复；本列须为文本格式",
    ),
    Column("name", "姓名", kinds.person_name(), explain="不在会员名册里的人要填写"),
    Column(
        "document",
        "证件号码",
        kinds.document(),
        aliases=("身份证号", "身份证号码"),
        explain="证件号码和卡号填一个；本列须为文本格式",
    ),
    Column("card", "卡号", kinds.bankcard(), aliases=("京卡卡号",), explain="本列须为文本格式"),
    Column(
        "signed_on",
        "报名日期",
        kinds.day(),
        aliases=("发放日期", "发卡日期"),
        explain="名额或凭证给出的日期，知道的填写",
    ),
    Column("on", "参加日期", kinds.day(), aliases=("到场日期", "领取日期"), explain="实际参加的日期；没有到场的不填"),
    Column("quantity", "数量", kinds.whole(1, 1_000_000), aliases=("份数",), explain="领取的份数；不填为 1"),
    Column("adults", "随行成人", kinds.whole(0, 100)),
    Column("children", "随行儿童", kinds.whole(0, 100)),
    Column("verified", "核验方式", kinds.words(VERIFIED), words=VERIFIED, example="名册"),
)


class Items:
    """Items and sessions of the services a form names, and who may bring them in."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        rows = Offer.objects.values_list("service", "code", "pk", "path", "since", "until")
        self.items = {(key, code): Item(*rest) for key, code, *rest in rows}
        slots = Session.objects.values_list("offer", "number", "pk", "path", "batch")
        self.slots = {(offer, number): Slot(*rest) for offer, number, *rest in slots}

    def item(self, row: Row, remarks: Remarks) -> "Item | None":
        found = self.items.get((row.service, row.item))
        if found is None:
            remarks.refuse("item", f"没有编号为 {row.item} 的{SERVICES[row.service]}项目，请核对，或先导入服务项目")
        elif not self.actor.reaches(found.path, *service.find(row.service).runs()):
            remarks.refuse("service", NOT_THEIRS)
        return found

    def slot(self, row: Row, remarks: Remarks) -> "tuple[Item, Slot] | None":
        item = self.item(row, remarks)
        if item is None:
            return None
        found = self.slots.get((item.id, row.session))
        if found is None:
            remarks.refuse("session", f"项目 {row.item} 没有编号为 {row.session} 的场次，请核对，或先导入活动场次")
            return None
        return item, found


class Item(NamedTuple):
    id: int
    path: str
    since: date
    until: date | None


class Slot(NamedTuple):
    id: int
    path: str
    batch: int | None


class _HeldFound(NamedTuple):
    offer: int
    path: str
    fund: int | None


class SessionsLoader(KeyedLoader):
    """Sessions, found by service, item and number."""

    model = Session
    key_column = "session"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.books = Items(actor)
        self.funds = dict(Fund.objects.values_list("name", "pk"))

    def key(self, row: Row) -> Hashable:
        return row.service, row.item, row.session

    def standing(self, rows: Sequence[Row]) -> Standing:
        return standing_of(Session.objects.all(), "offer__service", "offer__code", "number")

    def look(self, row: Row, remarks: Remarks, number: int | None) -> _HeldFound | None:
        item = self.books.item(row, remarks)
        check_past(remarks, "on", row.on, self.today)
        check_past(remarks, "last", row.last, self.today)
        check_past(remarks, "paid_on", row.paid_on, self.today)
        check_span(remarks, "last", row.on, row.last, "举办日期")
        if item is not None and row.on < item.since:
            remarks.refuse("on", f"项目自 {item.since.isoformat()} 起才开放，请核对日期")
        if item is not None and item.until is not None and row.on >= item.until:
            remarks.refuse("on", f"项目已于 {item.until.isoformat()} 结束，请核对日期")
        if item is not None and number is not None and self.books.slots[item.id, row.session].batch is None:
            remarks.refuse("session", "这一场是在系统里开的，请在场次页面上办理，不能用表格更改")
        fund = None
        if row.spent and not row.fund:
            remarks.refuse("fund", "有支出的要填资金来源")
        elif row.fund:
            fund = self.funds.get(row.fund)
            if fund is None:
                remarks.refuse("fund", f"没有“{row.fund}”这项资金，请核对，或先导入资金")
        return None if item is None else _HeldFound(item.id, item.path, fund)

    def add(self, new: Sequence[tuple[Row, _HeldFound]], batch: int) -> None:
        history_moves.record_sessions([_held(row, found) for row, found in new], by=self.actor, batch=batch)

    def change(self, changed: Sequence[tuple[int, Row, _HeldFound]], batch: int) -> None:
        rows = [(number, _held(row, found)) for number, row, found in changed]
        history_moves.change_sessions(rows, by=self.actor, batch=batch)


class _CameFound(NamedTuple):
    item: int
    session: int
    person: int | None


class AttendanceLoader(KeyedLoader):
    """People at sessions, found by service, item and serial number."""

    model = Participation
    key_column = "serial"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.books = Items(actor)
        self.people, self.cards = People(), Cards()
        self.told: dict[tuple[int, int | str], str] = {}
        self.there: dict[tuple[int, int], str] = {}
        self.empty = not Participation.objects.exclude(session=None).exists()

    def key(self, row: Row) -> Hashable:
        return row.service, row.item, row.serial

    def standing(self, rows: Sequence[Row]) -> Standing:
        found: Standing = {}
        serials: dict[tuple[str, str], list[str]] = {}
        for row in rows:
            serials.setdefault((row.service, row.item), []).append(row.serial)
        for (key, code), numbers in serials.items():
            item = self.books.items.get((key, code))
            if item is not None and not self.empty:
                part = Participation.objects.filter(offer=item.id, number__in=numbers)
                found |= standing_of(part, "number", as_key=lambda number, key=key, code=code: (key, code, number))
        return found

    def prepare(self, rows: Sequence[Row]) -> None:
        self.cards.prepare(row.card for row in rows)
        self.people.prepare(row.document for row in rows)
        if not self.empty:
            slots = {self.books.slots[where].id for row in rows if (where := self._where(row)) in self.books.slots}
            live = Participation.objects.filter(session__in=slots, state__in=LIVE)
            self.there = {
                (slot, person): number for slot, person, number in live.values_list("session", "person", "number")
            }

    def _where(self, row: Row) -> tuple[int, str]:
        item = self.books.items.get((row.service, row.item))
        return (item.id if item is not None else 0), row.session

    def look(self, row: Row, remarks: Remarks, number: int | None) -> _CameFound | None:
        found = self.books.slot(row, remarks)
        for column, day in (("on", row.on), ("signed_on", row.signed_on)):
            check_past(remarks, column, day, self.today)
        check_span(remarks, "on", row.signed_on, row.on, "报名日期")
        if row.on is None and row.signed_on is None:
            remarks.refuse("on", "参加日期和报名日期至少填一个")
        person = self._person(row, remarks)
        if found is None:
            return None
        item, slot = found
        if slot.batch is None:
            remarks.refuse("session", "这一场是在系统里开的，请在场次页面上签到，不能用表格补录")
        self._once(row, slot.id, person, remarks)
        return _CameFound(item.id, slot.id, person)

    def _once(self, row: Row, slot: int, person: int | None, remarks: Remarks) -> None:
        who = person if person is not None else row.document
        first = self.told.setdefault((slot, who), row.serial)
        there = self.there.get((slot, person)) if person is not None else None
        if first != row.serial or there not in (None, row.serial):
            remarks.refuse(
                "serial", f"这个人在这一场已有一条（流水号 {first if first != row.serial else there}），请只留一条"
            )

    def _person(self, row: Row, remarks: Remarks) -> int | None:
        """Who it is; None for somebody to be recorded, or after a refusal."""
        if not row.card and not row.document:
            remarks.refuse("document", "证件号码和卡号要填一个")
            return None
        person = None
        if row.document:
            known = self.people.found.get(row.document)
            person = known.id if known is not None else None
            if row.name:
                self.people.known_or_new(row.number, row.document, row.name, remarks, "name")
            elif known is None:
                remarks.refuse("name", "会员名册里没有这个人，请填写姓名，或先导入会员")
        if row.card:
            holder = self.cards.holders.get(row.card)
            if holder is None:
                remarks.refuse("card", "没有这个卡号，请核对，或先导入银行制卡回盘")
            elif row.document and person != holder:
                remarks.refuse("card", "卡号与证件号码不是同一个人，请核对")
            person = holder if person is None else person
        return person

    def add(self, new: Sequence[tuple[Row, _CameFound]], batch: int) -> None:
        ids = self._ids([(row, found) for row, found in new], batch)
        actions.record_uses([_came(row, found, ids) for row, found in new], by=self.actor, batch=batch)

    def change(self, changed: Sequence[tuple[int, Row, _CameFound]], batch: int) -> None:
        ids = self._ids([(row, found) for _, row, found in changed], batch)
        rows = [(number, _came(row, found, ids)) for number, row, found in changed]
        actions.change_uses(rows, by=self.actor, batch=batch)

    def _ids(self, rows: Sequence[tuple[Row, _CameFound]], batch: int) -> dict[str, int]:
        """Those who are on no register yet are recorded by name and number."""
        unknown = [(row.document, row.name) for row, found in rows if found.person is None]
        return self.people.ids(unknown, self.today, by=self.actor, batch=batch) if unknown else {}


def _held(row: Row, found: _HeldFound) -> history_moves.HeldRow:
    last = row.last or row.on
    return history_moves.HeldRow(
        found.offer, row.session, found.path, row.on, last, row.venue, row.spent or 0, found.fund if row.spent else None,
        row.paid_on, row.digest,
    )  # fmt: skip


def _came(row: Row, found: _CameFound, ids: dict[str, int]) -> actions.Use:
    person = found.person if found.person is not None else ids[row.document]
    return actions.Use(
        found.item, person, row.on or row.signed_on, row.serial, row.quantity or 1, row.verified, row.digest,
        session=found.session, signed_on=row.signed_on, came=row.on is not None, adults=row.adults or 0,
        children=row.children or 0,
    )  # fmt: skip


TEMPLATES = (
    Template(
        "sessions", "活动场次", "sessions held", SESSION_COLUMNS,
        "已经举办的场次或班次，一行一场。支出从“资金来源”支付，同一场只支付一次。", SessionsLoader,
    ),
    Template(
        "attendance", "参加名单", "attendance", ATTENDANCE_COLUMNS,
        "一行是一个人在一场里的一次参加，即一人次；只领到名额或凭证、没有到场的填报名日期，不填参加日期。", AttendanceLoader,
    ),
)  # fmt: skip
