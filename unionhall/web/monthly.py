"""A month of redemptions as a table, a workbook and a PDF: the merchant's own, and an item's as the desk pays it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from unionhall.exchange.export import Mark, xlsx_bytes
from unionhall.exchange.papers.pdf import pdf_of_table
from unionhall.exchange.papers.wording import Table
from unionhall.kernel.actor import Actor
from unionhall.kernel.money import yuan
from unionhall.kernel.period import Period
from unionhall.offers.models import Participation

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_ON_PAPER = 400
"""So many redemptions are printed one by one, in three seconds of a core; more are printed by day, and are in the workbook."""


class Month(NamedTuple):
    """What one month comes to."""

    period: Period
    uses: int
    quantity: int
    fen: int
    unpaid: int

    @property
    def yuan(self) -> str:
        return money(self.fen)

    @property
    def unpaid_yuan(self) -> str:
        return money(self.unpaid)

    @property
    def name(self) -> str:
        return f"{self.period.start:%Y-%m}"


def money(fen: int) -> str:
    return f"{yuan(fen):,}"


def month_of(year: int, month: int) -> Period:
    """A month that has begun; 404 for any other."""
    if not (1950 <= year <= 2199 and 1 <= month <= 12):
        raise Http404(f"month {year}-{month}")
    period = Period.month(year, month)
    if period.start > timezone.localdate():
        raise Http404("a month that has not begun")
    return period


def months(rows: "QuerySet[Participation]") -> list[Month]:
    """The months these redemptions lie in, the latest first."""
    unpaid = Sum("fen", filter=_not_paid())
    found = rows.annotate(month=TruncMonth("on")).values("month").order_by("-month")
    told = found.annotate(uses=Count("pk"), heads=Sum("quantity"), cost=Sum("fen"), left=unpaid)
    return [
        Month(Period.month(one["month"].year, one["month"].month), one["uses"], one["heads"], one["cost"], one["left"] or 0)
        for one in told
    ]  # fmt: skip


def total(rows: "QuerySet[Participation]", period: Period) -> Month:
    found = rows.aggregate(
        uses=Count("pk"), heads=Sum("quantity"), cost=Sum("fen"), left=Sum("fen", filter=_not_paid())
    )
    return Month(period, found["uses"], found["heads"] or 0, found["cost"] or 0, found["left"] or 0)


def by_item(rows: "QuerySet[Participation]") -> list[tuple[str, int, int, str]]:
    """(title, uses, quantity, yuan) of each item."""
    found = rows.values("offer__title").annotate(uses=Count("pk"), heads=Sum("quantity"), cost=Sum("fen"))
    return [
        (one["offer__title"], one["uses"], one["heads"], money(one["cost"])) for one in found.order_by("offer__title")
    ]


class Columns(NamedTuple):
    """What of a redemption a table shows: heads, and the cells of a row."""

    heads: Sequence[str]
    cells: Any


def for_merchants() -> Columns:
    heads = [_("时间"), _("项目"), _("流水号"), _("会员"), _("数量"), _("金额（元）")]
    return Columns(
        heads,
        lambda row: [row.verified_at, row.offer.title, row.number, row.person.masked, row.quantity, yuan(row.fen)],
    )


def download(
    rows: "QuerySet[Participation]", columns: Columns, title: str, facts: Sequence[tuple[str, str]], whole: Month, form: str,
    *, by: Actor,
) -> HttpResponse:  # fmt: skip
    """The file: a key of TYPES. In the workbook a line a redemption; on paper by day when they are many."""
    if form not in TYPES:
        raise Http404(f"form {form!r}")
    ordered = rows.select_related("offer", "person").order_by("verified_at", "pk")
    mark = Mark(by.name, timezone.now(), by.trace)
    if form == "xlsx":
        content = xlsx_bytes(columns.heads, (columns.cells(row) for row in ordered.iterator(1_000)), mark=mark)
    else:
        content = _paper(columns, ordered, title, facts, whole, mark)
    return attached(content, f"{title}-{whole.name}", form)


def attached(content: bytes, name: str, form: str) -> HttpResponse:
    """A file to be kept, of a form of TYPES or Word, under a name that may be Chinese; no browser keeps a copy of its own."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{name}.{form}')}", "Cache-Control": "no-store",
    }  # fmt: skip
    return HttpResponse(content, content_type=TYPES.get(form, DOCX), headers=headers)


def _paper(
    columns: Columns,
    rows: "QuerySet[Participation]",
    title: str,
    facts: Sequence[tuple[str, str]],
    whole: Month,
    mark: Mark,
) -> bytes:
    heads, lines = columns.heads, _lines(columns, rows)
    note = ""
    if whole.uses > MOST_ON_PAPER:
        heads, lines = [_("日期"), _("项目"), _("笔数"), _("数量"), _("金额（元）")], _days(rows)
        note = _("笔数较多，这里按天合计；逐笔明细见同月的 Excel 对账单。")
    sums = [
        (_("笔数"), f"{whole.uses:,}"),
        (_("金额合计（元）"), whole.yuan),
        (_("其中未支付（元）"), whole.unpaid_yuan),
    ]
    table = Table(title, (*facts, *sums), tuple(heads), tuple(tuple(line) for line in lines), note, str(mark))
    return pdf_of_table(table)


def _lines(columns: Columns, rows: Iterable[Participation]) -> Iterator[list[str]]:
    for row in rows:
        moment, *rest = columns.cells(row)
        yield [f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else str(row.on), *map(str, rest)]


def _days(rows: "QuerySet[Participation]") -> Iterator[list[str]]:
    found = rows.order_by("on", "offer__title").values_list("on", "offer__title")
    for on, title, uses, heads, cost in found.annotate(uses=Count("pk"), heads=Sum("quantity"), cost=Sum("fen")):
        yield [f"{on:%Y-%m-%d}", title, f"{uses:,}", f"{heads:,}", money(cost)]


def _not_paid() -> Any:
    return Q(posting=None)
