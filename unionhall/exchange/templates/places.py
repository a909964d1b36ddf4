"""The tree of places: 区划树."""

from collections.abc import Hashable, Sequence
from datetime import date
from typing import NamedTuple

from unionhall.exchange import kinds
from unionhall.exchange.keyed import KeyedLoader, Remarks, Standing, check_span, refuse_with_parents, standing_of
from unionhall.exchange.template import Column, Judged, Row, Template
from unionhall.kernel.actor import Actor
from unionhall.organisations import actions
from unionhall.organisations.models import Place, PlaceBecame
from unionhall.organisations.vocabulary import PLACE_KINDS

COLUMNS = (
    Column("code", "地方代码", kinds.code(12), required=True, aliases=("区划代码", "代码"), example="110000001000",
           explain="国家统计局或民政部门的代码；本列须为文本格式"),
    Column("name", "名称", kinds.text(64), required=True, aliases=("地方名称",), example="某某街道"),
    Column("kind", "类别", kinds.words(PLACE_KINDS), required=True, aliases=("地方类别",), words=PLACE_KINDS, example="街道"),
    Column("parent", "上级代码", kinds.code(12), aliases=("上级地方代码",), explain="最上级（区）不填；上级可以排在后面的行"),
    Column("since", "启用日期", kinds.day(), required=True, aliases=("起始日期", "设立日期"), example="2010-07-01"),
    Column("until", "撤销日期", kinds.day(), explain="从这一天起不再使用"),
    Column("tile_row", "图上行", kinds.whole(1, 99), explain="在拼块地图上的第几行，不画图可不填"),
    Column("tile_column", "图上列", kinds.whole(1, 99)),
    Column("into", "并入代码", kinds.code(12), explain="撤销后并入哪个地方；并入代码、日期、原因要一起填"),
    Column("into_on", "并入日期", kinds.day(), explain="从这一天起属于并入的地方"),
    Column("into_because", "并入原因", kinds.text(200)),
)  # fmt: skip


class _Was(NamedTuple):
    parent: str
    into: str
    into_on: date | None


class TreeLoader(KeyedLoader):
    """The whole tree at once: a parent may stand later in the file."""

    model = Place
    key_column = "code"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        became = {old: (new, on) for old, new, on in PlaceBecame.objects.values_list("old__code", "new__code", "on")}
        self.was = {
            code: _Was(parent or "", *became.get(code, ("", None)))
            for code, parent in Place.objects.values_list("code", "parent__code")
        }
        self.coming: dict[str, Row] = {}

    def key(self, row: Row) -> Hashable:
        return row.code

    def standing(self, rows: Sequence[Row]) -> Standing:
        return standing_of(Place.objects.all(), "code")

    def prepare(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self.coming.setdefault(row.code, row)

    def judge(self, rows: Sequence[Row]) -> list[Judged]:
        judged = super().judge(rows)
        refuse_with_parents(judged, "parent", self.was)
        return judged

    def look(self, row: Row, remarks: Remarks, number: int | None) -> None:
        check_span(remarks, "until", row.since, row.until, "启用日期")
        self._look_above(row, remarks)
        self._look_merger(row, remarks)
        was = self.was.get(row.code)
        if was is not None and was.parent != row.parent:
            remarks.refuse("parent", "已有的地方不能改上级；请新设一个地方，再把原来的并入")

    def _look_above(self, row: Row, remarks: Remarks) -> None:
        if not row.parent:
            roots = {code for code, was in self.was.items() if not was.parent}
            roots |= {other.code for other in self.coming.values() if not other.parent and other.number < row.number}
            if row.kind != "district":
                remarks.refuse("parent", f"{PLACE_KINDS[row.kind]}要有上级代码，只有区不填")
            elif roots - {row.code}:
                remarks.refuse("parent", f"最上级已是 {min(roots - {row.code})}，一棵树只能有一个；请填上级代码")
            return
        if row.parent not in self.coming and row.parent not in self.was:
            remarks.refuse("parent", f"上级代码 {row.parent} 不在表里，也不在区划树里，请核对")
            return
        passed, at = {row.code}, row.parent
        while at:
            if at in passed:
                remarks.refuse("parent", "上级绕回了自己，请核对上级代码")
                return
            passed.add(at)
            at = self.coming[at].parent if at in self.coming else self.was[at].parent if at in self.was else ""

    def _look_merger(self, row: Row, remarks: Remarks) -> None:
        given = [bool(row.into), row.into_on is not None, bool(row.into_because)]
        if not any(given):
            if row.code in self.was and self.was[row.code].into:
                remarks.refuse("into", f"这个地方已并入 {self.was[row.code].into}，不能取消；请填原来的并入代码")
            return
        if not all(given):
            remarks.refuse("into", "并入代码、并入日期、并入原因要一起填")
            return
        if row.into not in self.coming and row.into not in self.was:
            remarks.refuse("into", f"并入代码 {row.into} 不在表里，也不在区划树里，请核对")
        elif row.into == row.code:
            remarks.refuse("into", "不能并入自己")
        if row.until is not None and row.until != row.into_on:
            remarks.refuse("into_on", f"并入日期与撤销日期 {row.until.isoformat()} 不同，请核对")
        check_span(remarks, "into_on", row.since, row.into_on, "启用日期")
        was = self.was.get(row.code)
        if was is not None and was.into and (was.into, was.into_on) != (row.into, row.into_on):
            remarks.refuse("into", f"这个地方已并入 {was.into}，不能再改")

    def add(self, new: Sequence[tuple[Row, None]], batch: int) -> None:
        actions.record_places([_place(row) for row, _ in new], by=self.actor, batch=batch)
        self._merge([row for row, _ in new], batch)

    def change(self, changed: Sequence[tuple[int, Row, None]], batch: int) -> None:
        actions.change_places([(number, _place(row)) for number, row, _ in changed], by=self.actor, batch=batch)
        self._merge([row for _, row, _ in changed], batch)

    def _merge(self, rows: Sequence[Row], batch: int) -> None:
        merging = [row for row in rows if row.into and not (row.code in self.was and self.was[row.code].into)]
        for row in sorted(merging, key=lambda row: row.into_on):
            actions.merge_places(
                row.code,
                row.into,
                on=row.into_on,
                reason=row.into_because,
                by=self.actor,
                batch=batch,
                digest=row.digest,
            )


def _place(row: Row) -> actions.PlaceRow:
    return actions.PlaceRow(
        row.code,
        row.name,
        row.kind,
        row.parent,
        row.since,
        row.until or row.into_on,
        row.tile_row,
        row.tile_column,
        row.digest,
    )


TEMPLATES = (
    Template(
        "tree", "区划树", "places", COLUMNS,
        "从区到街道、社区、网格，一行一个地方。同级的先后就是表里的先后。撤并的地方保留在表里，填写并入的三列，历史数字不变。",
        TreeLoader, whole=True,
    ),
)  # fmt: skip
