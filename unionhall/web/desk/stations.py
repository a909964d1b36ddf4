"""Service stations: the list, one station with its posts and people, and what can become of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.kernel.actor import Actor
from unionhall.organisations.actions import station_life
from unionhall.organisations.actions.station_life import MOST_POSTS, Stated
from unionhall.organisations.models import Establishment, Staff, Station
from unionhall.organisations.roles import holders
from unionhall.organisations.vocabulary import STAFF_KINDS
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import chronicle, columns, station_cases
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Detail, Fact, State, Table, lines_of, render_detail
from unionhall.web.desk.filters import Open, Picked, PlaceFilter
from unionhall.web.desk.finding import ByPrefix, ByText
from unionhall.web.desk.forms import Done
from unionhall.web.desk.moves import Move, Moves, RowForm, new_view
from unionhall.web.desk.pickers import PlaceField
from unionhall.web.desk.register import Add, Register
from unionhall.web.desk.standing_words import titles
from unionhall.web.desk.undo import Inverse, TakeBack

RIGHT = "stations.change"
STANDS_IN = ("district", "street", "town")


def vacancies(stations: Sequence[int]) -> dict[int, dict[str, tuple[int, int]]]:
    """Station -> kind -> (posts granted, people on post), today."""
    today = timezone.localdate()
    granted = Establishment.objects.on(today).filter(station__in=stations).values_list("station", "kind", "posts")
    there = Counter(Staff.objects.on(today).filter(station__in=stations).values_list("station", "kind"))
    found: dict[int, dict[str, tuple[int, int]]] = {number: {} for number in stations}
    for station, kind, posts in granted:
        found[station][kind] = (posts, there.pop((station, kind), 0))
    for (station, kind), people in there.items():
        found[station][kind] = (0, people)
    return found


def _beside(rows: Sequence[Station]) -> Mapping[int, str]:
    """Station -> "7 / 9 缺 2": on post and granted."""
    said = {}
    for number, kinds in vacancies([row.pk for row in rows]).items():
        granted, there = (sum(pair[at] for pair in kinds.values()) for at in (0, 1))
        missing = granted - there
        said[number] = f"{there} / {granted}" + (_t("，缺 %(count)d") % {"count": missing} if missing > 0 else "")
    return said


register = Register(
    key="stations", title=_("工会服务站"), model=Station, right="stations.see", icon="home", unit=_("个"),
    rows=lambda actor: Station.objects.visible_to(actor),
    columns=(
        Column("name", _("站名"), link=True),
        Column("code", _("编号")),
        Column("path", _("地方"), show="place", phone=""),
        Column("beside", _("在岗 / 编制"), phone="end"),
        Column("accepted_on", _("验收"), show="day", phone=""),
        Column("star_declared_on", _("星级申报"), show="day", phone=""),
        Column("area", _("面积（平方米）"), show="number", phone=""),
        Column("since", _("成立"), show="day", phone="", chosen=False),
        Column("address", _("地址"), phone="", chosen=False),
    ),
    search=(ByText("name"), ByPrefix("code", str.upper)), search_hint=_("站名或编号"),
    filters=(
        PlaceFilter(),
        Picked("accepted", _("验收"), {"yes": (_("已验收"), Q(accepted_on__isnull=False)), "no": (_("未验收"), Q(accepted_on=None))}),
        Picked("star", _("星级"), {"yes": (_("已申报"), Q(star_declared_on__isnull=False)), "no": (_("未申报"), Q(star_declared_on=None)), **station_cases.STAR_FILTER}),
        Open(title=_("是否在用")),
    ),
    default_sort="code", sorts=("name", "code", "accepted_on", "area"), beside=_beside, detail="desk-station", export=True,
    add=Add(_("新设服务站"), "desk-station-new", RIGHT),
)  # fmt: skip


def find(actor: Actor, number: int) -> Station:
    """The station, when the actor may see it."""
    row = station_cases.found(register.visible(actor)).filter(pk=number).first()
    if row is None:
        raise Http404(f"station {number}")
    found: Station = row
    return found


@gate.right("stations.see")
@never_cache
@require_safe
def station(request: HttpRequest, number: int) -> HttpResponse:
    """One station: what it is, its posts and who holds them, what may be done next."""
    by = actor_of(request)
    row = find(by, number)
    figures = ["station.open", *(["station.accepted"] if row.accepted_on else [])] if row.until is None else []
    figures += ["station.star.held"] if row.until is None and row.stars_held else []  # type: ignore[attr-defined]
    lines = chronicle.lines_of(f"station:{number}")
    detail = Detail(
        title=row.name, number=row.code,
        state=State(_("在用"), "ok") if row.until is None else State(_("已撤销"), "off"),
        facts=_facts(row), steps=MOVES.steps(row, by),
        timeline=lines_of([f"station:{number}"], by=by, right="stations.see"), related=(station_cases.of_station(row, by), _posts(row), _people(row, by)),
        counted_in=[*chronicle.counted_in(lines, by), *chronicle.in_stock(figures, row.path, by)],
    )  # fmt: skip
    return render_detail(request, detail, register=register, row=row)


def _facts(row: Station) -> list[Fact]:
    return [
        Fact(_("地方"), columns.place_names([row.path]).get(row.path, row.path)),
        Fact(_("地址"), row.address),
        Fact(_("面积（平方米）"), f"{row.area:,}" if row.area else ""),
        Fact(_("功能室"), "、".join(row.rooms)),
        Fact(_("服务窗口"), "、".join(row.windows)),
        Fact(_("开放时间"), row.hours),
        Fact(_("成立"), row.since.isoformat()),
        Fact(_("验收"), row.accepted_on.isoformat() if row.accepted_on else ""),
        Fact(_("星级申报"), row.star_declared_on.isoformat() if row.star_declared_on else ""),
        *station_cases.facts_of_station(row),
        *([Fact(_("撤销"), row.until.isoformat())] if row.until else []),
    ]


def _posts(row: Station) -> Table:
    rows = [
        (_t(STAFF_KINDS[kind]), str(granted), str(there), str(granted - there) if granted > there else _t("超编 %(count)d") % {"count": there - granted} if there > granted else "0")
        for kind, (granted, there) in sorted(vacancies([row.pk])[row.pk].items())
    ]  # fmt: skip
    return Table(_("编制"), (_("类别"), _("编制"), _("在岗"), _("空缺")), rows, empty=_("还没有核定编制。"))


def _people(row: Station, by: Actor) -> Table:
    mine = Staff.objects.visible_to(by).on(timezone.localdate()).filter(station=row.pk).order_by("kind", "since")
    rows = [
        (
            (one.name, reverse("desk-staff-one", args=[one.pk])),
            one.number,
            _t(STAFF_KINDS[one.kind]),
            one.since.isoformat(),
        )
        for one in mine[:100]
    ]
    may = by.reaches(row.path, *holders("staff.change")) and row.until is None
    link = (_("办理到岗"), f"{reverse('desk-staff-new')}?station={row.pk}") if may else None
    return Table(_("在岗人员"), (_("姓名"), _("工号"), _("类别"), _("到岗")), rows, empty=_("没有人在岗。"), link=link)


class StationForm(RowForm):
    name = forms.CharField(label=_("站名"), max_length=64)
    path = PlaceField(right=RIGHT, kinds=STANDS_IN)
    since = forms.DateField(label=_("成立日期"), initial=timezone.localdate)
    address = forms.CharField(label=_("地址"), max_length=128, required=False)
    area = forms.IntegerField(label=_("面积（平方米）"), min_value=1, max_value=100_000, required=False)
    rooms = forms.CharField(label=_("功能室"), max_length=200, required=False, help_text=_("几间之间用顿号"))
    windows = forms.CharField(
        label=_("服务窗口"), max_length=200, required=False, help_text=_("几个之间用顿号；写在对外的服务站页面上")
    )
    hours = forms.CharField(
        label=_("开放时间"), max_length=100, required=False, help_text=_("例如：周一至周五 9:00—17:30，节假日休息")
    )
    accepted_on = forms.DateField(label=_("验收日期"), required=False)
    star_declared_on = forms.DateField(label=_("星级申报日期"), required=False, help_text=_("申报不等于评定"))
    code = forms.CharField(label=_("编号"), max_length=20, required=False, help_text=_("留空由系统编号"))

    def fit(self) -> None:
        if self.row is not None:
            del self.fields["code"]


class GrantForm(RowForm):
    kind = forms.ChoiceField(label=_("人员类别"), choices=[("", _("请选择")), *titles(STAFF_KINDS)])
    posts = forms.IntegerField(label=_("编制数"), min_value=0, max_value=MOST_POSTS)
    since = forms.DateField(label=_("起始日期"), initial=timezone.localdate)


class CloseForm(RowForm):
    on = forms.DateField(label=_("撤销日期"), initial=timezone.localdate, help_text=_("从这一天起不再使用"))
    reason = forms.CharField(label=_("原因"), max_length=100)


def _stated(said: Mapping[str, Any]) -> Stated:
    return Stated(said["name"], said["path"], said["since"], said.get("code", ""), said["address"], said["area"], _several(said["rooms"]),
                  said["accepted_on"], said["star_declared_on"], said["hours"], _several(said["windows"]))  # fmt: skip


def _several(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.replace("，", "、").replace(",", "、").split("、") if one.strip())


def _open(by: Actor, said: Mapping[str, Any]) -> Done:
    number = station_life.open_station(_stated(said), by=by)
    return Done(_t("服务站已登记。"), then=_page(number))


def _correct(row: Station, by: Actor, said: Mapping[str, Any]) -> Done:
    station_life.correct_station(row.pk, _stated(said), by=by)
    return Done(_t("已更正。"))


def _grant(row: Station, by: Actor, said: Mapping[str, Any]) -> Done:
    station_life.grant_posts(row.pk, said["kind"], said["posts"], since=said["since"], by=by)
    return Done(_t("编制已核定。"))


def _close(row: Station, by: Actor, said: Mapping[str, Any]) -> Done:
    station_life.close_station(row.pk, on=said["on"], reason=said["reason"], by=by)
    return Done(_t("服务站已撤销。"), undo=Inverse("station.close", {"station": row.pk}))


def _closed(row: Station, by: Actor) -> str:
    return _t("服务站已经撤销。") if row.until is not None else ""


def _still_used(row: Station, by: Actor) -> str:
    there = Staff.objects.filter(station=row.pk, until=None).count()
    return _closed(row, by) or (_t("还有 %(count)d 人在岗，请先办理离岗或调站。") % {"count": there} if there else "")


def _as_it_is(row: Station) -> dict[str, Any]:
    kept = {name: getattr(row, name) for name in Stated._fields}
    return kept | {"rooms": "、".join(row.rooms), "windows": "、".join(row.windows)}


MOVES = Moves("station", "desk/stations/", _("工会服务站"), find, (
    Move(key="grant", title=_("核定编制"), right=RIGHT, form=GrantForm, act=_grant, why_not=_closed, icon="users-group",
         intro=_("从起始日期起按这个数；以前的编制保留到那一天。")),
    Move(key="correct", title=_("更正登记"), right=RIGHT, form=StationForm, act=_correct, initial=_as_it_is,
         intro=_("换了地方的，编制和在岗人员一并过去；以前离岗的人留在原来的地方。")),
    Move(key="close", title=_("撤销服务站"), right=RIGHT, form=CloseForm, act=_close, why_not=_still_used, icon="archive",
         danger=True, button=_("撤销")),
    *station_cases.BEGIN,
), "desk-stations")  # fmt: skip

open_a_station = new_view(
    _("新设服务站"), RIGHT, StationForm, _open, back="desk-stations", crumb=_("工会服务站"),
    initial=lambda request: {"since": timezone.localdate()},
)  # fmt: skip


def _page(number: int) -> str:
    return reverse("desk-station", args=[number])


def _reopen(by: Actor, kept: Mapping[str, Any]) -> str:
    station_life.reopen_station(kept["station"], by=by)
    return _page(kept["station"])


INVERSES: Mapping[str, TakeBack] = {"station.close": _reopen}

urlpatterns = [
    path("desk/stations/new/", open_a_station, name="desk-station-new"),
    path("desk/stations/<int:number>/", station, name="desk-station"),
    *MOVES.addresses(),
]
