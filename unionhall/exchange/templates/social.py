"""The union's base for social organisations, and the rooms kept for workers: 社会组织, 关爱室."""

from collections.abc import Hashable, Sequence
from datetime import date

from unionhall.exchange import kinds
from unionhall.exchange.keyed import KeyedLoader, Remarks, Standing, check_past, check_span, standing_of
from unionhall.exchange.references import Employers, Places
from unionhall.exchange.template import Column, Row, Template
from unionhall.kernel.actor import Actor
from unionhall.organisations import actions
from unionhall.organisations.models import CareRoom, SocialOrganisation
from unionhall.organisations.vocabulary import ROOM_KINDS, SOCIAL_FIELDS, SOCIAL_KINDS

_PLACE = Column("place", "地方代码", kinds.code(12), explain="不填为全区")
_USCC = Column("uscc", "单位代码", kinds.uscc_shape(), aliases=("统一社会信用代码",), explain="18位；本列须为文本格式")

SOCIAL_COLUMNS = (
    Column("code", "编号", kinds.code(24), required=True),
    Column("name", "名称", kinds.text(128), required=True, aliases=("组织名称", "社会组织")),
    Column("kind", "类别", kinds.words(SOCIAL_KINDS), required=True, words=SOCIAL_KINDS, example="协会"),
    Column("field", "领域", kinds.words(SOCIAL_FIELDS), words=SOCIAL_FIELDS, explain="协会的填写", example="文化"),
    _USCC,
    _PLACE,
    Column("since", "入驻日期", kinds.day(), required=True, example="2014-03-01"),
    Column("until", "退出日期", kinds.day(), explain="从这一天起不再入驻"),
)

ROOM_COLUMNS = (
    Column("code", "编号", kinds.code(24), required=True),
    Column("name", "名称", kinds.text(128), required=True),
    Column("kind", "类别", kinds.words(ROOM_KINDS), required=True, words=ROOM_KINDS, example="母婴关爱室"),
    Column("address", "地址", kinds.text(128)),
    _USCC,
    _PLACE,
    Column("since", "启用日期", kinds.day(), required=True, example="2014-03-01"),
    Column("until", "停用日期", kinds.day(), explain="从这一天起不再使用"),
)


class SocialLoader(KeyedLoader):
    """Social organisations, found by number."""

    model = SocialOrganisation
    key_column = "code"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.places = Places()
        self.names = {name: code for code, name in SocialOrganisation.objects.values_list("code", "name")}

    def key(self, row: Row) -> Hashable:
        return row.code

    def standing(self, rows: Sequence[Row]) -> Standing:
        return standing_of(SocialOrganisation.objects.all(), "code")

    def look(self, row: Row, remarks: Remarks, number: int | None) -> str:
        check_past(remarks, "since", row.since, self.today)
        check_span(remarks, "until", row.since, row.until, "入驻日期")
        if self.names.setdefault(row.name, row.code) != row.code:
            remarks.refuse("name", f"编号 {self.names[row.name]} 已用这个名称，请核对")
        if bool(row.field) != (row.kind == "association"):
            remarks.refuse("field", "协会要填领域，中心不填")
        return self.places.path(row.place, row.since, remarks)

    def add(self, new: Sequence[tuple[Row, str]], batch: int) -> None:
        actions.record_social([_social(row, path) for row, path in new], by=self.actor, batch=batch)

    def change(self, changed: Sequence[tuple[int, Row, str]], batch: int) -> None:
        rows = [(number, _social(row, path)) for number, row, path in changed]
        actions.change_social(rows, by=self.actor, batch=batch)


class RoomsLoader(KeyedLoader):
    """Rooms, found by number."""

    model = CareRoom
    key_column = "code"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.places, self.employers = Places(), Employers()

    def key(self, row: Row) -> Hashable:
        return row.code

    def standing(self, rows: Sequence[Row]) -> Standing:
        return standing_of(CareRoom.objects.all(), "code")

    def look(self, row: Row, remarks: Remarks, number: int | None) -> tuple[str, int | None]:
        check_past(remarks, "since", row.since, self.today)
        check_span(remarks, "until", row.since, row.until, "启用日期")
        employer = self.employers.find(row.uscc, remarks)
        return self.places.path(row.place, row.since, remarks), employer.id if employer is not None else None

    def add(self, new: Sequence[tuple[Row, tuple[str, int | None]]], batch: int) -> None:
        actions.record_rooms([_room(row, *found) for row, found in new], by=self.actor, batch=batch)

    def change(self, changed: Sequence[tuple[int, Row, tuple[str, int | None]]], batch: int) -> None:
        rows = [(number, _room(row, *found)) for number, row, found in changed]
        actions.change_rooms(rows, by=self.actor, batch=batch)


def _social(row: Row, path: str) -> actions.SocialRow:
    return actions.SocialRow(row.code, row.name, row.kind, path, row.since, row.until, row.field, row.uscc, row.digest)


def _room(row: Row, path: str, employer: int | None) -> actions.RoomRow:
    return actions.RoomRow(row.code, row.name, row.kind, path, row.since, row.until, row.address, employer, row.digest)


TEMPLATES = (
    Template(
        "social", "社会组织", "social organisations", SOCIAL_COLUMNS,
        "工会社会组织基地的中心和协会，一行一个。退出的保留在表里，填写退出日期。", SocialLoader,
    ),
    Template(
        "rooms", "关爱室", "care rooms", ROOM_COLUMNS, "母婴关爱室等，一行一间。停用的保留在表里，填写停用日期。", RoomsLoader,
    ),
)  # fmt: skip
