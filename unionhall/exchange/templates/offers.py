"""Card service items and their uses: 服务项目, 服务使用记录."""

from collections.abc import Hashable, Sequence
from datetime import date
from typing import NamedTuple

from unionhall import catalogue
from unionhall.exchange import kinds
from unionhall.exchange.keyed import KeyedLoader, Remarks, Standing, check_past, check_span, standing_of
from unionhall.exchange.references import Cards, People, Places
from unionhall.exchange.template import Column, Row, Template
from unionhall.kernel.actor import Actor
from unionhall.offers import actions, service
from unionhall.offers.models import Offer, Participation
from unionhall.offers.service import OfferService
from unionhall.organisations.models import SocialOrganisation
from unionhall.people.models import Membership

SERVICE = "card.items"
SERVICES = {one.key: one.title for one in catalogue.SERVICES if isinstance(one, OfferService)}
"""Every service of offers, in the order of the report."""
SOCIAL = "social.activities"
NOT_THEIRS = "这项业务不由您的岗位办理，请由主管的部门导入"
VERIFIED = {"card": "刷卡", "code": "扫码", "roster": "名册"}

ITEM_COLUMNS = (
    Column("code", "项目编号", kinds.code(24), required=True, aliases=("编号",)),
    Column("title", "项目名称", kinds.text(128), required=True, aliases=("服务项目", "名称")),
    Column("kind", "类别", kinds.text(24), aliases=("项目类别",), example="文化"),
    Column("provider", "服务商", kinds.text(128), aliases=("商家", "承办单位")),
    Column("place", "地方代码", kinds.code(12), required=True),
    Column("since", "开始日期", kinds.day(), required=True, example="2015-01-01"),
    Column("until", "结束日期", kinds.day(), explain="从这一天起不再提供"),
    Column(
        "service", "业务", kinds.words(SERVICES), words=SERVICES, explain="不填为京卡会员服务", example="京卡会员服务"
    ),
)

USE_COLUMNS = (
    Column(
        "serial",
        "流水号",
        kinds.code(32),
        required=True,
        aliases=("编号",),
        explain="同一项目内不重复；本列须为文本格式",
    ),
    Column("item", "项目编号", kinds.code(24), required=True),
    Column("card", "卡号", kinds.bankcard(), aliases=("京卡卡号",), explain="卡号和证件号码填一个；本列须为文本格式"),
    Column("document", "证件号码", kinds.document(), aliases=("身份证号", "身份证号码"), explain="本列须为文本格式"),
    Column("on", "使用日期", kinds.day(), required=True, aliases=("日期",), example="2015-06-01"),
    Column("quantity", "数量", kinds.whole(1, 10_000), explain="不填为 1"),
    Column("verified", "核验方式", kinds.words(VERIFIED), words=VERIFIED, example="刷卡"),
)
_AT_ONCE = 10_000


class ItemsLoader(KeyedLoader):
    """Items, found by service and code."""

    model = Offer
    key_column = "code"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.places = Places()
        self.social = set(SocialOrganisation.objects.values_list("name", flat=True))

    def key(self, row: Row) -> Hashable:
        return row.service or SERVICE, row.code

    def standing(self, rows: Sequence[Row]) -> Standing:
        return standing_of(Offer.objects.all(), "service", "code")

    def look(self, row: Row, remarks: Remarks, number: int | None) -> str:
        check_span(remarks, "until", row.since, row.until, "开始日期")
        declared = service.find(row.service or SERVICE)
        if declared.kinds and row.kind not in (*declared.kinds, *declared.kinds.values()):
            said = f"没有“{row.kind}”这个类别" if row.kind else "这项业务要填类别"
            remarks.refuse("kind", f"{said}，请从中选一个：{'、'.join(declared.kinds.values())}")
        if declared.key == SOCIAL and row.provider not in self.social:
            remarks.refuse("provider", "社会组织登记里没有这个组织，请核对，或先导入社会组织")
        path = self.places.path(row.place, row.since, remarks)
        if not self.actor.reaches(path, *declared.runs()):
            remarks.refuse("service", NOT_THEIRS)
        return path

    def add(self, new: Sequence[tuple[Row, str]], batch: int) -> None:
        actions.open_offers([_item(row, path) for row, path in new], by=self.actor, batch=batch)

    def change(self, changed: Sequence[tuple[int, Row, str]], batch: int) -> None:
        rows = [(number, _item(row, path)) for number, row, path in changed]
        actions.change_offers(rows, by=self.actor, batch=batch)


class _Item(NamedTuple):
    id: int
    since: date
    until: date | None


class _Found(NamedTuple):
    item: int
    person: int


class UsesLoader(KeyedLoader):
    """Uses, found by item and serial number; persons by card or document, a chunk at a time."""

    model = Participation
    key_column = "serial"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.people, self.cards = People(), Cards()
        rows = Offer.objects.filter(service=SERVICE).values_list("code", "pk", "since", "until")
        self.items = {code: _Item(*rest) for code, *rest in rows}
        self.members: set[int] = set()
        self.empty = not Participation.objects.exists()

    def key(self, row: Row) -> Hashable:
        return row.item, row.serial

    def standing(self, rows: Sequence[Row]) -> Standing:
        found: Standing = {}
        if self.empty:
            return found
        # Item by item, as the index has them: all serials under all items would be looked up fifty times over.
        serials: dict[str, list[str]] = {}
        for row in rows:
            serials.setdefault(row.item, []).append(row.serial)
        for code, numbers in serials.items():
            if code in self.items:
                part = Participation.objects.filter(offer=self.items[code].id, number__in=numbers)
                found |= standing_of(part, "number", as_key=lambda number, code=code: (code, number))
        return found

    def prepare(self, rows: Sequence[Row]) -> None:
        self.cards.prepare(row.card for row in rows)
        self.people.prepare(row.document for row in rows)
        people = sorted({*self.cards.holders.values(), *(person.id for person in self.people.found.values())})
        self.members = set()
        for at in range(0, len(people), _AT_ONCE):
            part = Membership.objects.filter(person__in=people[at : at + _AT_ONCE])
            self.members |= set(part.values_list("person_id", flat=True))

    def look(self, row: Row, remarks: Remarks, number: int | None) -> _Found | None:
        item = self.items.get(row.item)
        if item is None:
            remarks.refuse("item", f"没有编号为 {row.item} 的服务项目，请核对，或先导入服务项目")
        elif row.on < item.since:
            remarks.refuse("on", f"项目自 {item.since.isoformat()} 起才提供，请核对使用日期")
        elif item.until is not None and row.on >= item.until:
            remarks.refuse("on", f"项目已于 {item.until.isoformat()} 结束，请核对使用日期")
        check_past(remarks, "on", row.on, self.today)
        person = self._person(row, remarks)
        return _Found(item.id, person) if item is not None and person is not None else None

    def _person(self, row: Row, remarks: Remarks) -> int | None:
        if not row.card and not row.document:
            remarks.refuse("card", "卡号和证件号码要填一个")
            return None
        column, person = "document", None
        if row.document:
            person = self.people.known(row.document, "", remarks, "document")
        if row.card:
            holder = self.cards.holders.get(row.card)
            if holder is None:
                remarks.refuse("card", "没有这个卡号，请核对，或先导入银行制卡回盘")
            elif person is not None and person != holder:
                remarks.refuse("card", "卡号与证件号码不是同一个人，请核对")
            column, person = ("card", holder) if person is None else (column, person)
        if person is not None and person not in self.members:
            remarks.refuse(column, "会员名册里没有这个人，请先导入会员")
        return person

    def add(self, new: Sequence[tuple[Row, _Found]], batch: int) -> None:
        actions.record_uses([_use(row, found) for row, found in new], by=self.actor, batch=batch)

    def change(self, changed: Sequence[tuple[int, Row, _Found]], batch: int) -> None:
        rows = [(number, _use(row, found)) for number, row, found in changed]
        actions.change_uses(rows, by=self.actor, batch=batch)


def _item(row: Row, path: str) -> actions.OfferRow:
    return actions.OfferRow(
        row.service or SERVICE, row.code, row.title, path, row.since, row.until, row.provider, row.kind, row.digest
    )


def _use(row: Row, found: _Found) -> actions.Use:
    return actions.Use(found.item, found.person, row.on, row.serial, row.quantity or 1, row.verified, row.digest)


TEMPLATES = (
    Template(
        "items", "服务项目", "service items", ITEM_COLUMNS, "向职工开放的项目，一行一个：京卡上的优惠、培训班、竞赛、招聘会等。结束的保留在表里，填写结束日期。", ItemsLoader,
    ),
    Template(
        "uses", "服务使用记录", "service uses", USE_COLUMNS,
        "一行是一个人一次使用，即一人次。人次记在本人当天会籍所在的地方。", UsesLoader,
    ),
)  # fmt: skip
