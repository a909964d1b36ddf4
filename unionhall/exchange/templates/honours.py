"""The register of honours: 荣誉登记."""

from collections.abc import Hashable, Sequence
from datetime import date
from typing import NamedTuple

from unionhall.exchange import kinds
from unionhall.exchange.keyed import KeyedLoader, Remarks, Standing, check_past, check_span, standing_of
from unionhall.exchange.references import Employers, People, Places
from unionhall.exchange.template import Column, Row, Template
from unionhall.honours import actions
from unionhall.honours.models import Honour
from unionhall.honours.vocabulary import LEVELS, RECIPIENTS
from unionhall.kernel.actor import Actor

COLUMNS = (
    Column("code", "编号", kinds.code(40), required=True, aliases=("证书编号",)),
    Column(
        "title", "荣誉名称", kinds.text(64), required=True, aliases=("称号",), example="劳动奖章", explain="不带级别"
    ),
    Column("level", "级别", kinds.words(LEVELS), required=True, words=LEVELS, example="区"),
    Column("recipient", "对象类别", kinds.words(RECIPIENTS), required=True, words=RECIPIENTS, example="个人"),
    Column(
        "name",
        "获得者",
        kinds.text(128),
        required=True,
        aliases=("姓名", "名称"),
        explain="个人、班组、单位或成果的名称",
    ),
    Column(
        "document",
        "证件号码",
        kinds.document(),
        aliases=("身份证号", "身份证号码"),
        explain="个人的填写；本列须为文本格式",
    ),
    Column(
        "uscc",
        "单位代码",
        kinds.uscc_shape(),
        aliases=("统一社会信用代码", "用人单位代码"),
        explain="18位；本列须为文本格式",
    ),
    Column("since", "授予日期", kinds.day(), required=True, aliases=("授予决定日期",), example="2015-04-29"),
    Column("until", "撤销日期", kinds.day(), explain="从这一天起不再持有；撤销的不从授予数中减去"),
    Column("decided_by", "授予机关", kinds.text(64), aliases=("授予单位",)),
    Column("document_no", "文号", kinds.text(64)),
    Column("place", "地方代码", kinds.code(12), required=True),
)


class _Found(NamedTuple):
    path: str
    person: int | None
    employer: int | None


class HonoursLoader(KeyedLoader):
    """Honours, found by number."""

    model = Honour
    key_column = "code"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.places, self.employers, self.people = Places(), Employers(), People()

    def key(self, row: Row) -> Hashable:
        return row.code

    def standing(self, rows: Sequence[Row]) -> Standing:
        return standing_of(Honour.objects.filter(service=actions.SERVICE), "number")

    def prepare(self, rows: Sequence[Row]) -> None:
        self.people.prepare(row.document for row in rows)

    def look(self, row: Row, remarks: Remarks, number: int | None) -> _Found:
        check_past(remarks, "since", row.since, self.today)
        check_span(remarks, "until", row.since, row.until, "授予日期")
        person = None
        if row.document and row.recipient != "person":
            remarks.refuse("document", f"对象类别是{RECIPIENTS[row.recipient]}，不填证件号码")
        elif row.document:
            person = self.people.known(row.document, row.name, remarks, "document")
        elif row.recipient == "person":
            remarks.doubt("document", "个人荣誉没有证件号码，按人数计数时不会计入，请补填")
        employer = self.employers.find(row.uscc, remarks)
        path = self.places.path(row.place, row.since, remarks)
        return _Found(path, person, employer.id if employer is not None else None)

    def add(self, new: Sequence[tuple[Row, _Found]], batch: int) -> None:
        actions.grant([_honour(row, found) for row, found in new], by=self.actor, batch=batch)

    def change(self, changed: Sequence[tuple[int, Row, _Found]], batch: int) -> None:
        rows = [(number, _honour(row, found)) for number, row, found in changed]
        actions.change(rows, by=self.actor, batch=batch)


def _honour(row: Row, found: _Found) -> actions.HonourRow:
    return actions.HonourRow(
        number=row.code, title=row.title, level=row.level, recipient=row.recipient, recipient_name=row.name,
        path=found.path, since=row.since, until=row.until, person_id=found.person, employer_id=found.employer,
        decided_by=row.decided_by, document_no=row.document_no, digest=row.digest,
    )  # fmt: skip


TEMPLATES = (
    Template(
        "honours", "荣誉登记", "honours", COLUMNS, "一行是一次授予。个人荣誉填证件号码，须先在会员名册里。", HonoursLoader,
    ),
)  # fmt: skip
