"""Unions and whom they cover: 工会组织, 工会覆盖单位."""

from collections.abc import Hashable, Sequence
from datetime import date
from typing import NamedTuple

from unionhall.exchange import before, kinds
from unionhall.exchange.keyed import (
    KeyedLoader,
    Remarks,
    Standing,
    check_past,
    check_span,
    overlaps,
    refuse_with_parents,
    standing_of,
)
from unionhall.exchange.references import Employers, Places, Unions
from unionhall.exchange.template import Column, Judged, Row, Template
from unionhall.kernel.actor import Actor
from unionhall.organisations import actions
from unionhall.organisations.models import Cover, Union, UnionTag
from unionhall.organisations.vocabulary import UNION_KINDS, UNION_TAGS

UNION_COLUMNS = (
    Column("code", "工会编号", kinds.code(20), required=True, aliases=("编号",), explain="工会自己的编号；本列须为文本格式"),
    Column("name", "工会名称", kinds.text(128), required=True, aliases=("工会全称",)),
    Column("kind", "类别", kinds.words(UNION_KINDS), required=True, aliases=("工会类别",), words=UNION_KINDS, example="独立基层工会"),
    Column("place", "地方代码", kinds.code(12), explain="不填时随上级工会"),
    Column("upper", "上级工会编号", kinds.code(20), aliases=("上级工会",), explain="上级可以排在后面的行"),
    Column("since", "批准建会日期", kinds.day(), required=True, aliases=("建会日期", "成立日期"), example="2014-03-01"),
    Column("until", "撤销日期", kinds.day(), explain="从这一天起不再存在"),
    Column("ended_because", "撤销原因", kinds.text(100), example="合并"),
    Column("approval_no", "批准文号", kinds.text(40)),
    Column("uscc", "统一社会信用代码", kinds.uscc(), explain="取得工会法人资格的填写"),
    Column("tags", "标记", kinds.words_many(UNION_TAGS), words=UNION_TAGS, explain="几项之间用顿号；只增加标记，不取消原有的"),
    Column("tagged_on", "标记日期", kinds.day(), explain="填了标记就要填"),
)  # fmt: skip

COVER_COLUMNS = (
    Column("union", "工会编号", kinds.code(20), required=True, aliases=("编号",)),
    Column("uscc", "统一社会信用代码", kinds.uscc_shape(), required=True, aliases=("单位代码", "用人单位代码")),
    Column("since", "覆盖起始日期", kinds.day(), required=True, aliases=("起始日期",), example="2014-03-01"),
    Column("until", "覆盖终止日期", kinds.day(), aliases=("终止日期",), explain="从这一天起不再覆盖"),
)

_AT_ONCE = 10_000


class UnionsLoader(KeyedLoader):
    """All unions of a file at once: the one above may stand later."""

    model = Union
    key_column = "code"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.places, self.unions = Places(), Unions()
        self.coming: dict[str, Row] = {}

    def key(self, row: Row) -> Hashable:
        return row.code

    def standing(self, rows: Sequence[Row]) -> Standing:
        return standing_of(Union.objects.all(), "code")

    def prepare(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self.coming.setdefault(row.code, row)

    def judge(self, rows: Sequence[Row]) -> list[Judged]:
        judged = super().judge(rows)
        refuse_with_parents(judged, "upper", self.unions.by_code)
        return judged

    def look(self, row: Row, remarks: Remarks, number: int | None) -> str:
        check_past(remarks, "since", row.since, self.today)
        check_span(remarks, "until", row.since, row.until, "批准建会日期")
        if row.ended_because and row.until is None:
            remarks.refuse("until", "填了撤销原因就要填撤销日期")
        if row.tags and row.tagged_on is None:
            remarks.refuse("tagged_on", "填了标记就要填标记日期")
        check_span(remarks, "tagged_on", row.since, row.tagged_on, "批准建会日期")
        check_span(remarks, "until", row.tagged_on, row.until, "标记日期")
        self._look_above(row, remarks)
        if row.place:
            return self.places.path(row.place, row.since, remarks)
        return self._path_above(row)

    def _look_above(self, row: Row, remarks: Remarks) -> None:
        if row.upper and row.upper not in self.coming and row.upper not in self.unions.by_code:
            remarks.refuse("upper", f"上级工会编号 {row.upper} 不在表里，也不在工会组织里，请核对")
            return
        passed, at = {row.code}, row.upper
        while at in self.coming:
            if at in passed:
                remarks.refuse("upper", "上级工会绕回了自己，请核对上级工会编号")
                return
            passed.add(at)
            at = self.coming[at].upper

    def _path_above(self, row: Row) -> str:
        passed, at = {row.code}, row.upper
        while at and at not in passed:
            passed.add(at)
            above = self.coming.get(at)
            if above is None:
                return self.unions.by_code[at].path if at in self.unions.by_code else self.places.top
            if above.place in self.places.spots:
                return self.places.spots[above.place].path
            at = above.upper
        return self.places.top

    def add(self, new: Sequence[tuple[Row, str]], batch: int) -> None:
        numbers = actions.record_unions([_union(row, path) for row, path in new], by=self.actor, batch=batch)
        self._tag([(number, row, path) for number, (row, path) in zip(numbers, new, strict=True)], batch)

    def change(self, changed: Sequence[tuple[int, Row, str]], batch: int) -> None:
        rows = [(number, _union(row, path)) for number, row, path in changed]
        for at in range(0, len(rows), _AT_ONCE):
            marks = UnionTag.objects.filter(union__in=[number for number, _ in rows[at : at + _AT_ONCE]])
            before.keep(batch, UnionTag, marks.values_list("pk", flat=True))
        actions.change_unions(rows, by=self.actor, batch=batch)
        self._tag(changed, batch)

    def _tag(self, unions: Sequence[tuple[int, Row, str]], batch: int) -> None:
        """A union has each mark once: stated again, with another day or after its union ended, it is the same mark."""
        marks = UnionTag.objects.order_by("since").values_list("union_id", "tag", "pk")
        held = {(union, tag): mark for union, tag, mark in marks}
        new: list[actions.TagRow] = []
        changed: list[tuple[int, actions.TagRow]] = []
        for number, row, path in unions:
            for tag in row.tags:
                stated = actions.TagRow(number, tag, path, row.tagged_on, row.until, row.digest)
                if (number, tag) in held:
                    changed.append((held[number, tag], stated))
                else:
                    new.append(stated)
        actions.change_tags(changed, by=self.actor, batch=batch)
        actions.tag_unions(new, by=self.actor, batch=batch)


class _Pair(NamedTuple):
    union: int
    employer: int
    path: str


class CoverLoader(KeyedLoader):
    """Covers, found by union, employer and first day."""

    model = Cover
    key_column = "uscc"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.unions, self.employers = Unions(), Employers()
        self.there: Standing | None = None
        self.spans: dict[tuple[str, str], dict[date, date | None]] = {}

    def key(self, row: Row) -> Hashable:
        return row.union, row.uscc, row.since

    def standing(self, rows: Sequence[Row]) -> Standing:
        if self.there is None:
            self.there = standing_of(Cover.objects.all(), "union__code", "employer__uscc", "since")
            held = Cover.objects.values_list("union__code", "employer__uscc", "since", "until")
            for union, uscc, since, until in held:
                self.spans.setdefault((union, uscc), {})[since] = until
        return self.there

    def look(self, row: Row, remarks: Remarks, number: int | None) -> _Pair | None:
        union = self.unions.find(row.union, remarks)
        employer = self.employers.find(row.uscc, remarks)
        check_past(remarks, "since", row.since, self.today)
        check_span(remarks, "until", row.since, row.until, "覆盖起始日期")
        if union is None or employer is None:
            return None
        if row.since < union.since:
            remarks.refuse("since", f"覆盖起始日期早于这个工会的批准建会日期 {union.since.isoformat()}，请核对")
        if union.until is not None and (row.until is None or row.until > union.until):
            remarks.refuse("until", f"这个工会已于 {union.until.isoformat()} 撤销，覆盖最晚到这一天为止")
        spans = self.spans.setdefault((row.union, row.uscc), {})
        other = overlaps(list(spans.items()), row.since, row.until)
        if other is not None:
            remarks.refuse("since", f"这家单位自 {other.isoformat()} 起已在这个工会，时间重叠，请核对")
        elif not remarks.refused:
            spans[row.since] = row.until
        return _Pair(union.id, employer.id, employer.path)

    def add(self, new: Sequence[tuple[Row, _Pair]], batch: int) -> None:
        actions.record_cover([_cover(row, pair) for row, pair in new], by=self.actor, batch=batch)

    def change(self, changed: Sequence[tuple[int, Row, _Pair]], batch: int) -> None:
        rows = [(number, _cover(row, pair)) for number, row, pair in changed]
        actions.change_cover(rows, by=self.actor, batch=batch)


def _union(row: Row, path: str) -> actions.UnionRow:
    return actions.UnionRow(
        row.code, row.name, row.kind, path, row.upper, row.since, row.until, row.uscc, row.approval_no, row.ended_because,
        row.digest,
    )  # fmt: skip


def _cover(row: Row, pair: _Pair) -> actions.CoverRow:
    return actions.CoverRow(pair.union, pair.employer, pair.path, row.since, row.until, row.digest)


TEMPLATES = (
    Template(
        "unions", "工会组织", "unions", UNION_COLUMNS,
        "各级各类工会，一行一个。成立以批准建会日期为准；撤销、合并的保留在表里，填写撤销日期和原因。", UnionsLoader, whole=True,
    ),
    Template(
        "cover", "工会覆盖单位", "employers covered by unions", COVER_COLUMNS,
        "哪个工会覆盖哪家单位、从哪天起。独立建会的单位也要有一行；联合工会覆盖几家填几行。", CoverLoader,
    ),
)  # fmt: skip
