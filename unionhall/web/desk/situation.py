"""The situation at the desk: what workers bring by cause, trade, place and month, each number opening into its matters."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.cases import situation
from unionhall.cases.models import Case
from unionhall.cases.situation import GATHERS, GREW, MANY, Part
from unionhall.exchange.export import Mark, xlsx_bytes
from unionhall.journal import audit
from unionhall.kernel.paths import STEP
from unionhall.kernel.period import Period
from unionhall.organisations.models import Place
from unionhall.organisations.roles import holders
from unionhall.web import gate, words
from unionhall.web.acting import actor_of
from unionhall.web.desk import cases
from unionhall.web.desk.employers import INDUSTRIES
from unionhall.web.monthly import attached

RIGHT = "cases.see"


class Line(NamedTuple):
    """A line of a table: its title, its numbers, and the list of its matters ("" where there are none)."""

    title: str
    matters: int
    workers: int
    href: str
    before: int | None = None


class Table(NamedTuple):
    key: str
    title: Any
    head: Any
    lines: list[Line]

    @property
    def compared(self) -> bool:
        return any(line.before is not None for line in self.lines)


class Asked:
    """What an address asks: a year or a quarter of it, at a place of one's own; else the newest quarter, at the first of them."""

    def __init__(self, request: HttpRequest) -> None:
        self.actor = actor_of(request)
        self.rows = Case.objects.visible_to(self.actor)
        first, newest = situation.known(self.rows, timezone.localdate())
        self.years = range(newest.year, first.year - 1, -1)
        self.year = _number(request.GET.get("year", ""), newest.year, first.year, newest.year)
        whole = "year" in request.GET and not request.GET.get("quarter")
        self.quarter = 0 if whole else _number(request.GET.get("quarter", ""), (newest.month + 2) // 3, 1, 4)
        mine = [one for one in sorted(self.actor.paths(*holders(RIGHT))) if one]
        self.path = request.GET.get("place", "") or (mine[0] if mine else "")
        near = Q(path__in=[*mine, self.path, self.path[:-STEP]]) | Q(parent__path=self.path, parent__until=None)
        found = list(Place.objects.filter(near, until=None).order_by("path"))
        self.place = next((one for one in found if one.path == self.path), None)
        if self.place is None or not self.actor.reaches(self.path, *holders(RIGHT)):
            raise Http404(f"place {self.path}")
        self.places = [one for one in found if self.actor.reaches(one.path, *holders(RIGHT))]
        self.below = {one.path: one.name for one in self.places if one.parent_id == self.place.pk}

    @property
    def period(self) -> Period:
        return Period.quarter(self.year, self.quarter) if self.quarter else Period.year(self.year)

    @property
    def title(self) -> str:
        return words.period(self.period)

    def to(self, period: Period | None = None, **more: str) -> str:
        """The list of matters a number counts."""
        when = period or self.period
        asked = {
            "picture": "in", "place": self.path, "opened_on-from": when.start.isoformat(), "opened_on-to": when.last.isoformat(),
        }  # fmt: skip
        return f"{reverse('desk-cases')}?{urlencode(asked | more)}"


def _number(text: str, otherwise: int, least: int, most: int) -> int:
    return (
        int(text) if text.isascii() and text.isdigit() and len(text) < 5 and least <= int(text) <= most else otherwise
    )


class Seen:
    """What is counted for it: the tables, the employers that come up again, and the warnings."""

    def __init__(self, asked: Asked) -> None:
        found = situation.picture(asked.rows, asked.path, asked.period)
        before = situation.by_cause(situation.picture(asked.rows, asked.path, asked.period.a_year_earlier()))
        self.last = min(asked.period.last, timezone.localdate())
        self.causes = situation.by_cause(found)
        self.tables = list(_tables(asked, found, self.causes, before))
        self.again = situation.employers(found)
        self.gathering = situation.gathering(asked.rows, asked.path, self.last)
        self.collective = situation.collective(found)
        self.grown = situation.grown(self.causes, before)


def _tables(asked: Asked, found: Any, causes: list[Part], before: list[Part]) -> Iterator[Table]:
    was = {part.key: part.matters for part in before}
    yield Table("causes", _("按事由"), _("业务和事由"), [
        Line(_cause(*part.key), part.matters, part.workers, _of_cause(asked, *part.key), was.get(part.key, 0)) for part in causes
    ])  # fmt: skip
    yield Table("trades", _("按行业"), _("用人单位的行业"), [
        Line(_trade(*part.key), part.matters, part.workers, asked.to(industry=part.key[0] or "none"))
        for part in situation.by_trade(found)
    ])  # fmt: skip
    yield Table("places", _("按地方"), _("登记的地方"), [
        Line(_at(asked, *part.key), part.matters, part.workers, _of_place(asked, *part.key))
        for part in situation.by_place(found, asked.path)
    ])  # fmt: skip
    yield Table("months", _("按月"), _("登记的月份"), [
        Line(part.key[0], part.matters, part.workers, asked.to(Period.month(*map(int, part.key[0].split("-")))) if part.matters else "")
        for part in situation.by_month(found, asked.period)
    ])  # fmt: skip


def _cause(service: str, cause: str) -> str:
    return f"{words.title(cases.SERVICES[service])} · {cases.cause_title(Case(service=service, cause=cause)) or _t('没有写明')}"


def _dispute(row: Case) -> str:
    """A dispute of many in the workbook, where no link says which it is."""
    return f"{row.number} {row.employer.name if row.employer else ''} · {_cause(row.service, row.cause)}"


def _of_cause(asked: Asked, service: str, cause: str) -> str:
    return asked.to(service=service, **({"cause": cause} if cause else {"blank": "cause"}))


def _trade(letter: str) -> str:
    return str(INDUSTRIES.get(letter, "")) or _t("没有单位或行业不明")


def _at(asked: Asked, at: str) -> str:
    if at == asked.path:
        return _t("%(place)s直接办理") % {"place": asked.place.name if asked.place else ""}
    return asked.below.get(at) or _t("已撤并的地方")


def _of_place(asked: Asked, at: str) -> str:
    return asked.to(at=at) if at == asked.path else asked.to(place=at)


@gate.right("cases.see")
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Tables and warnings of one span at one place."""
    asked = Asked(request)
    seen = Seen(asked)
    lately = situation.lately(seen.last)
    context = {
        "asked": asked, "tables": seen.tables, "years": asked.years,
        "quarters": (1, 2, 3, 4), "matters": sum(part.matters for part in seen.causes), "workers": sum(part.workers for part in seen.causes),
        "all": asked.to(), "again": [(one, asked.to(employer=str(one.employer))) for one in seen.again],
        "gathering": [
            (one, asked.to(lately, employer=str(one.employer))) for one in seen.gathering
        ],
        "collectives": asked.to(many="collective"), "collective": [(one, _cause(one.service, one.cause)) for one in seen.collective],
        "grown": [(_cause(one.service, one.cause), one, _of_cause(asked, one.service, one.cause)) for one in seen.grown],
        "rules": (GATHERS, MANY, GREW), "query": f"?{request.GET.urlencode()}" if request.GET else "",
    }  # fmt: skip
    return render(request, "web/desk/business/situation.html", context)


@gate.right("cases.see")
@never_cache
@require_safe
def file(request: HttpRequest) -> HttpResponse:
    """The tables as a workbook, with the employers that come up again and the warnings."""
    asked = Asked(request)
    seen, by = Seen(asked), asked.actor
    lines: list[list[Any]] = [
        [str(table.title), line.title, line.matters, line.workers, line.before if line.before is not None else ""]
        for table in seen.tables
        for line in table.lines
    ]
    lines += [[_t("反复发生的单位"), one.name, one.matters, one.workers, ""] for one in seen.again]
    lines += [[_t("集中"), one.name, one.matters, one.workers, ""] for one in seen.gathering]
    lines += [[_t("集体"), _dispute(one), 1, one.headcount, ""] for one in seen.collective]
    lines += [[_t("上升"), _cause(one.service, one.cause), one.now, "", one.before] for one in seen.grown]
    heads = [_t("表"), _t("项"), _t("件"), _t("人"), _t("上年同期（件）")]
    content = xlsx_bytes(heads, lines, mark=Mark(by.name, timezone.now(), by.trace))
    audit.write("situation.file", by=by, path=asked.path, note=f"{asked.period} {len(lines)} rows")
    return attached(content, f"{_t('形势研判')}-{asked.place}-{asked.period.start}", "xlsx")


urlpatterns = [
    path("desk/situation/", page, name="desk-situation"),
    path("desk/situation/file/", file, name="desk-situation-file"),
]
