"""The tree of places: by level with what lies in each, as a list, one place, and what can become of it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Count
from django.db.models.functions import Substr
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall import catalogue
from unionhall.cases.reach import COMMUNITY, on_duty
from unionhall.kernel.actor import Actor
from unionhall.kernel.paths import above, length, level
from unionhall.kernel.period import Period
from unionhall.organisations.models import Account, Place, PlaceBecame, Station, Union
from unionhall.organisations.roles import holders
from unionhall.organisations.vocabulary import PLACE_KINDS
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.counted import Reading
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Detail, Fact, State, Table, lines_of, render_detail
from unionhall.web.desk.filters import Choice, Of, Open, PlaceFilter
from unionhall.web.desk.finding import ByPrefix, ByText
from unionhall.web.desk.place_forms import MOVES, find
from unionhall.web.desk.register import Add, Register

FIGURES = (("union.employers", _("建会单位")), ("member.members", _("在册会员")))
"""What is counted of each place besides its unions and stations: as the catalogue counts it, reorganisations included."""


def _beside(rows: Sequence[Place]) -> Mapping[int, int]:
    """Place -> how many places stand right below it."""
    below = Place.objects.filter(parent__in=[row.pk for row in rows], until=None).values_list("parent")
    return dict(below.annotate(n=Count("pk")))


register = Register(
    key="places", title=_("区划"), model=Place, right="places.see", icon="map-2", unit=_("个"),
    rows=lambda actor: Place.objects.visible_to(actor),
    columns=(
        Column("name", _("名称"), link=True),
        Column("code", _("代码")),
        Column("kind", _("类别"), words=PLACE_KINDS, phone="end"),
        Column("parent__name", _("上级")),
        Column("beside", _("下级"), show="number", phone=""),
        Column("since", _("启用"), show="day", phone=""),
        Column("until", _("撤销"), show="day", phone="", chosen=False),
    ),
    search=(ByText("name"), ByPrefix("code", str.upper)), search_hint=_("名称或代码"),
    filters=(Choice("kind", PLACE_KINDS, _("类别")), PlaceFilter(), Open(title=_("是否在用")), Of("parent", _("上级"), Place)),
    default_sort="code", sorts=("name", "code", "since"), related=("parent",), beside=_beside, detail="desk-place",
    export=True, links=(Add(_("按层级看"), "desk-tree", "places.see"),), views=((_("街道和镇"), "kind=street&kind=town"), (_("网格"), "kind=cell")),
)  # fmt: skip


class Row(NamedTuple):
    """A place in a table of the tree: its counts in the order of the heads, and the names of those below it."""

    place: Place
    href: str
    counts: tuple[str, ...]
    below: tuple[tuple[str, str], ...]


@gate.right("places.see")
@never_cache
@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """The places below one's own, or below `?at=`, with what lies in each."""
    by = actor_of(request)
    at = _asked(by, request.GET.get("at", ""))
    rows = _rows(at, by)
    ways = [
        (one.name, f"{reverse('desk-tree')}?at={one.path}")
        for one in Place.objects.visible_to(by).filter(path__in=above(at.path)).order_by("path")
    ]
    tops = [(one.name, f"{reverse('desk-tree')}?at={one.path}", one.pk == at.pk) for one in _tops(by)]
    context = {"at": at, "rows": rows, "ways": ways, "tops": tops if len(tops) > 1 else [], "counted": _counted(by, at.path),
               "heads": _heads(), "kind": PLACE_KINDS[at.kind], "total": len(rows)}  # fmt: skip
    return render(request, "web/desk/standing/tree.html", context)


def _tops(by: Actor) -> list[Place]:
    """The highest places the actor's posts stand at."""
    paths = by.paths(*holders("places.see"))
    if "" in paths:
        return list(Place.objects.filter(parent=None))
    return list(Place.objects.filter(path__in=paths).order_by("path"))


def _asked(by: Actor, path_: str) -> Place:
    if not path_:
        tops = _tops(by)
        if not tops:
            raise Http404("no tree")
        return tops[0]
    row = Place.objects.visible_to(by).filter(path=path_).first()
    if row is None:
        raise Http404(f"place {path_!r}")
    found: Place = row
    return found


def _heads() -> list[Any]:
    return [_("工会"), _("服务站"), *(title for _key, title in FIGURES)]


def _counted(by: Actor, path_: str) -> bool:
    """Are counts shown? Who keeps the machine sees the tree and nothing of who lives in it."""
    return by.reaches(path_, *holders("board.see"))


def _rows(at: Place, by: Actor) -> list[Row]:
    """The places right below, each with its counts and the names of those below it."""
    children = list(Place.objects.filter(parent=at, until=None).order_by("path"))
    grand: dict[int, list[tuple[str, str]]] = {}
    for number, name, parent in (
        Place.objects.filter(parent__in=children, until=None).order_by("path").values_list("pk", "name", "parent")
    ):
        grand.setdefault(parent, []).append((name, reverse("desk-place", args=[number])))
    counts = _counts(at.path) if _counted(by, at.path) else {}
    return [
        Row(one, reverse("desk-place", args=[one.pk]), counts.get(one.path, ("0",) * (2 + len(FIGURES)) if counts else ()),
            tuple(grand.get(one.pk, ())))
        for one in children
    ]  # fmt: skip


def _counts(above: str) -> dict[str, tuple[str, ...]]:
    """Path of each place right below -> its counts today, in the order of the heads."""
    today, digits = timezone.localdate(), length(level(above) + 1)
    parts = [
        dict(
            model.objects.on(today)
            .at(above)
            .annotate(part=Substr("path", 1, digits))
            .order_by()
            .values_list("part")
            .annotate(n=Count("pk"))
        )
        for model in (Union, Station)
    ]
    reading, day = Reading(), Period.day(today)
    for key, _title in FIGURES:
        shares = reading.by_place(catalogue.figure(key), above, day)
        parts.append({where.path: value for where, value in shares if where is not None})
    paths = set().union(*parts)
    return {one: tuple(f"{part.get(one, 0):,}" for part in parts) for one in paths | {""}}


@gate.right("places.see")
@never_cache
@require_safe
def place(request: HttpRequest, number: int) -> HttpResponse:
    """One place: where it lies, what lies in it, what it was and became."""
    by = actor_of(request)
    row = find(by, number)
    rows, counted = _rows(row, by), _counted(by, row.path)
    heads = [_("名称"), _("类别"), *(_heads() if counted else ())]
    below = [((one.place.name, one.href), _t(PLACE_KINDS[one.place.kind]), *one.counts) for one in rows]
    ways = [(_t("区划"), reverse("desk-tree"))]
    seen = Place.objects.visible_to(by).filter(path__in=above(row.path)).order_by("path")
    ways += [(one.name, reverse("desk-place", args=[one.pk])) for one in seen]
    table = Table(_("下级（%(count)s）") % {"count": f"{len(rows):,}"}, heads, below, empty=_("没有下级。"),
                  link=(_("全部"), f"{reverse('desk-places')}?parent={row.pk}") if rows else None)  # fmt: skip
    detail = Detail(
        title=row.name, number=row.code, state=State(_("在用"), "ok") if row.until is None else State(_("已撤销"), "off"),
        facts=_facts(row, by), steps=MOVES.steps(row, by), crumbs=tuple(ways),
        timeline=lines_of([f"place:{number}"], by=by, right="places.see"), related=(table,),
    )  # fmt: skip
    return render_detail(request, detail, register=register, row=row)


def _facts(row: Place, by: Actor) -> list[Fact]:
    facts = [
        Fact(_("类别"), _t(PLACE_KINDS[row.kind])),
        Fact(_("代码"), row.code),
        Fact(_("启用"), row.since.isoformat()),
        *([Fact(_("撤销"), row.until.isoformat())] if row.until else []),
    ]
    if row.until is None and level(row.path) >= COMMUNITY and by.reaches(row.path, *holders("accounts.see")):
        keeper = on_duty(row.path, timezone.localdate())
        facts.append(Fact(_("网格责任人"), Account.objects.get(pk=keeper).name if keeper else _t("无，由服务站受理")))
    links = PlaceBecame.objects.select_related("old", "new")
    for link in links.filter(old=row).union(links.filter(new=row)).order_by("on"):
        other, title = (link.new, _("并入")) if link.old_id == row.pk else (link.old, _("由此并来"))
        href = reverse("desk-place", args=[other.pk]) if by.reaches(other.path, *holders("places.see")) else ""
        facts.append(Fact(title, f"{other.name}（{link.on.isoformat()}）", href=href))
    return facts


urlpatterns = [
    path("desk/places/tree/", tree, name="desk-tree"),
    path("desk/places/<int:number>/", place, name="desk-place"),
    *MOVES.addresses(),
]
