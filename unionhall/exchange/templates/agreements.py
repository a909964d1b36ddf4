"""Agreements and the employers they cover: 集体合同与工资协议, 协议覆盖单位."""

from collections.abc import Hashable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from unionhall.agreements import actions
from unionhall.agreements.models import Agreement, AgreementCover
from unionhall.agreements.vocabulary import KINDS, LEVELS
from unionhall.exchange import before, kinds
from unionhall.exchange.keyed import KeyedLoader, Remarks, Standing, check_past, check_span, overlaps, standing_of
from unionhall.exchange.references import Employers, Places, Unions
from unionhall.exchange.template import Column, Row, Template
from unionhall.kernel.actor import Actor

AGREEMENT_COLUMNS = (
    Column("code", "编号", kinds.code(40), required=True, aliases=("协议编号", "合同编号"), explain="同一种类内不重复"),
    Column("kind", "种类", kinds.words(KINDS), required=True, words=KINDS, example="工资专项协议"),
    Column("title", "名称", kinds.text(128), required=True, aliases=("协议名称", "合同名称")),
    Column("level", "层级", kinds.words(LEVELS), words=LEVELS, example="企业"),
    Column("union", "工会编号", kinds.code(20), explain="签订的工会"),
    Column("place", "地方代码", kinds.code(12), explain="不填时随工会"),
    Column("signed_on", "签订日期", kinds.day(), required=True, example="2014-06-20"),
    Column("filed_on", "备案日期", kinds.day()),
    Column("filing_no", "备案号", kinds.text(40)),
    Column("since", "生效日期", kinds.day(), required=True, example="2014-07-01"),
    Column("last", "届满日期", kinds.day(), explain="有效的最后一天；提前终止的填最后有效的一天并填终止原因"),
    Column("ended_because", "终止原因", kinds.text(64), explain="提前终止的填写；正常届满不填"),
    Column("workers", "覆盖职工数", kinds.whole(0, 10_000_000)),
    Column("renews", "续签自编号", kinds.code(40), explain="同一种类的上一份协议的编号"),
)

COVER_COLUMNS = (
    Column("code", "编号", kinds.code(40), required=True, aliases=("协议编号", "合同编号")),
    Column("kind", "种类", kinds.words(KINDS), required=True, words=KINDS, example="工资专项协议"),
    Column("uscc", "统一社会信用代码", kinds.uscc_shape(), required=True, aliases=("单位代码", "用人单位代码")),
    Column("since", "覆盖起始日期", kinds.day(), required=True, example="2014-07-01"),
    Column("last", "覆盖终止日期", kinds.day(), explain="覆盖的最后一天；不填时随协议"),
)
_DAY = timedelta(days=1)


class _Found(NamedTuple):
    path: str
    union: int | None


class AgreementsLoader(KeyedLoader):
    """Agreements, found by kind and number; the whole file at once, for one may renew another of it."""

    model = Agreement
    key_column = "code"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.places, self.unions = Places(), Unions()
        self.numbers = {(kind, code): pk for pk, kind, code in Agreement.objects.values_list("pk", "service", "number")}
        self.coming: dict[tuple[str, str], Row] = {}

    def key(self, row: Row) -> Hashable:
        return row.kind, row.code

    def standing(self, rows: Sequence[Row]) -> Standing:
        return standing_of(Agreement.objects.all(), "service", "number")

    def prepare(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self.coming.setdefault((row.kind, row.code), row)

    def look(self, row: Row, remarks: Remarks, number: int | None) -> _Found:
        check_past(remarks, "signed_on", row.signed_on, self.today)
        check_past(remarks, "filed_on", row.filed_on, self.today)
        check_span(remarks, "filed_on", row.signed_on, row.filed_on, "签订日期")
        check_span(remarks, "last", row.since, row.last, "生效日期")
        if row.ended_because and row.last is None:
            remarks.refuse("last", "填了终止原因就要填届满日期（最后有效的一天）")
        if row.renews:
            self._look_renewed(row, remarks)
        union = self.unions.find(row.union, remarks)
        path = self.places.path(row.place, row.signed_on, remarks)
        if not row.place and union is not None:
            path = union.path
        return _Found(path, union.id if union is not None else None)

    def _look_renewed(self, row: Row, remarks: Remarks) -> None:
        key = (row.kind, row.renews)
        earlier = self.coming.get(key)
        if row.renews == row.code:
            remarks.refuse("renews", "不能续签自己，请核对")
        elif earlier is None and key not in self.numbers:
            remarks.refuse("renews", f"没有编号为 {row.renews} 的{KINDS[row.kind]}，请核对")
        elif earlier is not None and earlier.since >= row.since:
            remarks.refuse("renews", f"续签自的协议生效于 {earlier.since.isoformat()}，不早于这一份，请核对")

    def add(self, new: Sequence[tuple[Row, _Found]], batch: int) -> None:
        # By day of effect: what is renewed is written before what renews it.
        left = sorted(new, key=lambda one: one[0].since)
        while left:
            ready = [one for one in left if self._renewed_is_there(one[0])] or left
            rows = [self._agreement(row, found) for row, found in ready]
            numbers = actions.record_agreements(rows, by=self.actor, batch=batch)
            self.numbers |= {(row.kind, row.code): pk for (row, _), pk in zip(ready, numbers, strict=True)}
            done = {row.number for row, _ in ready}
            left = [one for one in left if one[0].number not in done]

    def change(self, changed: Sequence[tuple[int, Row, _Found]], batch: int) -> None:
        numbers = [number for number, _, _ in changed]
        for at in range(0, len(numbers), 500):
            covers = AgreementCover.objects.filter(agreement__in=numbers[at : at + 500])
            before.keep(batch, AgreementCover, covers.values_list("pk", flat=True))
        rows = [(number, self._agreement(row, found)) for number, row, found in changed]
        actions.change_agreements(rows, by=self.actor, batch=batch)

    def _renewed_is_there(self, row: Row) -> bool:
        return not row.renews or (row.kind, row.renews) in self.numbers

    def _agreement(self, row: Row, found: _Found) -> actions.AgreementRow:
        return actions.AgreementRow(
            service=row.kind, number=row.code, title=row.title, path=found.path, signed_on=row.signed_on, since=row.since,
            until=row.last + _DAY if row.last is not None else None, level=row.level, union_id=found.union,
            filed_on=row.filed_on, filing_no=row.filing_no, workers=row.workers or 0,
            renews_id=self.numbers.get((row.kind, row.renews)) if row.renews else None,
            ended_because=row.ended_because, digest=row.digest,
        )  # fmt: skip


class _Standing(NamedTuple):
    id: int
    since: date
    until: date | None


class _Pair(NamedTuple):
    agreement: int
    employer: int
    path: str
    until: date | None


class AgreementCoverLoader(KeyedLoader):
    """Covers, found by agreement, employer and first day."""

    model = AgreementCover
    key_column = "uscc"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.employers = Employers()
        rows = Agreement.objects.values_list("service", "number", "pk", "since", "until")
        self.agreements = {(kind, code): _Standing(*rest) for kind, code, *rest in rows}
        self.there: Standing | None = None
        self.spans: dict[tuple[str, str, str], dict[date, date | None]] = {}

    def key(self, row: Row) -> Hashable:
        return row.kind, row.code, row.uscc, row.since

    def standing(self, rows: Sequence[Row]) -> Standing:
        if self.there is None:
            names = ("service", "agreement__number", "employer__uscc", "since")
            self.there = standing_of(AgreementCover.objects.all(), *names)
            for kind, code, uscc, since, until in AgreementCover.objects.values_list(*names, "until"):
                self.spans.setdefault((kind, code, uscc), {})[since] = until
        return self.there

    def look(self, row: Row, remarks: Remarks, number: int | None) -> _Pair | None:
        employer = self.employers.find(row.uscc, remarks)
        agreement = self.agreements.get((row.kind, row.code))
        check_span(remarks, "last", row.since, row.last, "覆盖起始日期")
        if agreement is None:
            remarks.refuse("code", f"没有编号为 {row.code} 的{KINDS[row.kind]}，请核对，或先导入集体合同与工资协议")
        if agreement is None or employer is None:
            return None
        if row.since < agreement.since:
            remarks.refuse("since", f"覆盖起始日期早于协议的生效日期 {agreement.since.isoformat()}，请核对")
        until = row.last + _DAY if row.last is not None else agreement.until
        if agreement.until is not None:
            expiry = (agreement.until - _DAY).isoformat()
            if row.since >= agreement.until:
                remarks.refuse("since", f"协议已于 {expiry} 届满，请核对")
            elif until is not None and until > agreement.until:
                remarks.refuse("last", f"覆盖终止日期晚于协议的届满日期 {expiry}，请核对")
        spans = self.spans.setdefault((row.kind, row.code, row.uscc), {})
        other = overlaps(list(spans.items()), row.since, until)
        if other is not None:
            remarks.refuse("since", f"这份协议自 {other.isoformat()} 起已覆盖这家单位，时间重叠，请核对")
        elif not remarks.refused:
            spans[row.since] = until
        return _Pair(agreement.id, employer.id, employer.path, until)

    def add(self, new: Sequence[tuple[Row, _Pair]], batch: int) -> None:
        actions.record_covers([_cover(row, pair) for row, pair in new], by=self.actor, batch=batch)

    def change(self, changed: Sequence[tuple[int, Row, _Pair]], batch: int) -> None:
        actions.change_covers(
            [(number, _cover(row, pair)) for number, row, pair in changed], by=self.actor, batch=batch
        )


def _cover(row: Row, pair: _Pair) -> actions.AgreementCoverRow:
    return actions.AgreementCoverRow(
        row.kind, pair.agreement, pair.employer, pair.path, row.since, pair.until, row.digest
    )


TEMPLATES = (
    Template(
        "agreements", "集体合同与工资协议", "collective agreements", AGREEMENT_COLUMNS,
        "一行一份文本（份）。生效日期至届满日期之间有效，首尾两天都算。续签另起一行，填写续签自编号。", AgreementsLoader, whole=True,
    ),
    Template(
        "agreement_cover", "协议覆盖单位", "employers covered by agreements", COVER_COLUMNS,
        "哪份协议覆盖哪家单位（家）。企业自己签的也要有一行；区域、行业协议覆盖几家填几行。", AgreementCoverLoader,
    ),
)  # fmt: skip
