"""People on post at the stations: who is there on any day, and their comings and goings."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.kernel.actor import Actor
from unionhall.organisations.actions import staffing
from unionhall.organisations.actions.staffing import Post
from unionhall.organisations.models import Staff, Station
from unionhall.organisations.vocabulary import STAFF_KINDS
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import chronicle, columns
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Detail, Fact, State, Table, lines_of, render_detail
from unionhall.web.desk.filters import ALL, Choice, Days, Of, Option, PlaceFilter, Scope
from unionhall.web.desk.finding import ByPrefix, ByText
from unionhall.web.desk.forms import Done
from unionhall.web.desk.moves import Move, Moves, RowForm, new_view
from unionhall.web.desk.pickers import StationField
from unionhall.web.desk.register import Add, Register
from unionhall.web.desk.standing_words import titles
from unionhall.web.desk.undo import Inverse, TakeBack

RIGHT = "staff.change"
COUNTED = {"social_worker": "staff.social_workers", "assistant": "staff.assistants"}


class OnPost:
    """Who was on post on a day: today unless another is asked for. Offered are ends of months and years; an address may
    name any day.
    """

    name = "on"
    title: Any = _("哪一天在岗")
    kind = "one"

    def options(self, scope: Scope, chosen: Sequence[str]) -> list[Option]:
        now = chosen[0] if chosen else ""
        offered = [day.isoformat() for day in _ends(timezone.localdate())]
        if now not in ("", ALL, *offered):
            offered.insert(0, now)
        days = [Option(day, day, day == now) for day in offered]
        return [Option("", _t("今天"), not now), *days, Option(ALL, _t("全部记录"), now == ALL)]

    def valid(self, values: Sequence[str]) -> list[str]:
        last = values[-1] if values else ""
        return [last] if last == ALL or _day(last) is not None else []

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        if values and values[0] == ALL:
            return rows.exclude(until=F("since"))  # what was written by mistake and taken back
        return rows.on(_day(values[0]) if values else timezone.localdate())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _ends(today: date) -> list[date]:
    """The last days of the twelve months before this one, and of the years before those."""
    found, at = [], today.replace(day=1)
    for _month in range(12):
        last = at - timedelta(days=1)
        found.append(last)
        at = last.replace(day=1)
    return found + [date(year, 12, 31) for year in range(today.year - 2, today.year - 12, -1)]


register = Register(
    key="staff", title=_("站工作人员"), model=Staff, right="staff.see", icon="id-badge-2", unit=_("人"),
    rows=lambda actor: Staff.objects.visible_to(actor),
    columns=(
        Column("name", _("姓名"), link=True),
        Column("number", _("工号")),
        Column("kind", _("类别"), words=STAFF_KINDS, phone="end"),
        Column("station__name", _("服务站")),
        Column("path", _("地方"), show="place", phone=""),
        Column("since", _("到岗"), show="day", phone=""),
        Column("until", _("离岗"), show="day", phone=""),
    ),
    search=(ByText("name"), ByPrefix("number", str.upper)), search_hint=_("姓名或工号"),
    filters=(OnPost(), Choice("kind", STAFF_KINDS, _("类别")), PlaceFilter(), Of("station", _("服务站"), Station), Days("since", _("到岗"))),
    default_sort="station__name", sorts=("name", "number", "since", "station__name"), related=("station",),
    detail="desk-staff-one", export=True, add=Add(_("办理到岗"), "desk-staff-new", RIGHT),
)  # fmt: skip


def find(actor: Actor, number: int) -> Staff:
    """The record, when the actor may see it."""
    row = register.visible(actor).select_related("station").filter(pk=number).first()
    if row is None:
        raise Http404(f"staff {number}")
    found: Staff = row
    return found


@gate.right("staff.see")
@never_cache
@require_safe
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One person on post, with every post they held under the same number."""
    by = actor_of(request)
    row = find(by, number)
    all_of_them = list(register.visible(by).filter(number=row.number).select_related("station").order_by("-since"))
    spans = [other for other in all_of_them if other.until != other.since]
    subjects = [f"staff:{other.pk}" for other in all_of_them]
    on_post = row.until is None or row.until > timezone.localdate()
    figures = [COUNTED[row.kind]] if on_post and row.kind in COUNTED else []
    detail = Detail(
        title=row.name, number=row.number, state=State(_("在岗"), "ok") if on_post else State(_("已离岗"), "off"),
        facts=[
            Fact(_("类别"), _t(STAFF_KINDS.get(row.kind, row.kind))),
            Fact(_("服务站"), row.station.name, href=reverse("desk-station", args=[row.station_id])),
            Fact(_("地方"), columns.place_names([row.path]).get(row.path, row.path)),
            Fact(_("到岗"), row.since.isoformat()),
            Fact(_("离岗"), row.until.isoformat() if row.until else ""),
        ],
        steps=MOVES.steps(row, by), timeline=lines_of(subjects, by=by, right="staff.see"),
        related=(Table(_("任职经历"), (_("服务站"), _("类别"), _("到岗"), _("离岗")), [_span(other) for other in spans]),),
        counted_in=chronicle.in_stock(figures, row.path, by),
    )  # fmt: skip
    return render_detail(request, detail, register=register, row=row)


def _span(row: Staff) -> tuple[Any, ...]:
    name = (row.station.name, reverse("desk-staff-one", args=[row.pk]))
    return (
        name,
        _t(STAFF_KINDS.get(row.kind, row.kind)),
        row.since.isoformat(),
        row.until.isoformat() if row.until else "",
    )


class TakeForm(RowForm):
    name = forms.CharField(label=_("姓名"), max_length=64)
    kind = forms.ChoiceField(label=_("人员类别"), choices=[("", _("请选择")), *titles(STAFF_KINDS)])
    station = StationField(right=RIGHT)
    since = forms.DateField(label=_("到岗日期"), initial=timezone.localdate)
    number = forms.CharField(
        label=_("工号"), max_length=20, required=False, help_text=_("留空由系统编号；以前在岗过的填原来的工号")
    )


class LeaveForm(RowForm):
    on = forms.DateField(label=_("离岗日期"), initial=timezone.localdate, help_text=_("从这一天起不在岗"))
    reason = forms.CharField(label=_("原因"), max_length=100, required=False)


class TransferForm(RowForm):
    station = StationField(label=_("调到哪个服务站"), right=RIGHT)
    on = forms.DateField(label=_("调站日期"), initial=timezone.localdate)


class KindForm(RowForm):
    kind = forms.ChoiceField(label=_("改任"), choices=[("", _("请选择")), *titles(STAFF_KINDS)])
    on = forms.DateField(label=_("变更日期"), initial=timezone.localdate)


def _take(by: Actor, said: Mapping[str, Any]) -> Done:
    number = staffing.take_post(Post(said["name"], said["kind"], said["station"], said["since"], said["number"]), by=by)
    return Done(_t("到岗已登记。"), undo=Inverse("staff.take", {"staff": number}), then=_page(number))


def _leave(row: Staff, by: Actor, said: Mapping[str, Any]) -> Done:
    staffing.leave_post(row.pk, on=said["on"], reason=said["reason"], by=by)
    return Done(_t("离岗已登记。"), undo=Inverse("staff.return", {"staff": row.pk, "instead_of": None}))


def _transfer(row: Staff, by: Actor, said: Mapping[str, Any]) -> Done:
    opened = staffing.transfer_staff(row.pk, said["station"], on=said["on"], by=by)
    return Done(
        _t("调站已登记。"), undo=Inverse("staff.return", {"staff": row.pk, "instead_of": opened}), then=_page(opened)
    )


def _change_kind(row: Staff, by: Actor, said: Mapping[str, Any]) -> Done:
    opened = staffing.change_kind(row.pk, said["kind"], on=said["on"], by=by)
    return Done(
        _t("人员类别已变更。"),
        undo=Inverse("staff.return", {"staff": row.pk, "instead_of": opened}),
        then=_page(opened),
    )


def _gone(row: Staff, by: Actor) -> str:
    return _t("已经离岗。") if row.until is not None else ""


def _now(row: Staff) -> tuple[tuple[Any, Any], ...]:
    return (
        (_("服务站"), row.station.name),
        (_("类别"), _t(STAFF_KINDS.get(row.kind, row.kind))),
        (_("到岗"), row.since.isoformat()),
    )


MOVES = Moves("staff-one", "desk/staff/", _("站工作人员"), find, (
    Move(key="transfer", title=_("调站"), right=RIGHT, form=TransferForm, act=_transfer, why_not=_gone, icon="arrows-exchange", facts=_now),
    Move(key="kind", title=_("变更类别"), right=RIGHT, form=KindForm, act=_change_kind, why_not=_gone, facts=_now),
    Move(key="leave", title=_("离岗"), right=RIGHT, form=LeaveForm, act=_leave, why_not=_gone, icon="user-minus", danger=True, facts=_now),
), "desk-staff")  # fmt: skip


def _start(request: HttpRequest) -> dict[str, Any]:
    return {"since": timezone.localdate()}


take_a_post = new_view(_("办理到岗"), RIGHT, TakeForm, _take, back="desk-staff", crumb=_("站工作人员"), initial=_start)


def _page(number: int) -> str:
    return reverse("desk-staff-one", args=[number])


def _undo_take(by: Actor, kept: Mapping[str, Any]) -> str:
    staffing.withdraw_post(kept["staff"], by=by)
    return reverse("desk-staff")


def _undo_return(by: Actor, kept: Mapping[str, Any]) -> str:
    staffing.return_to_post(kept["staff"], instead_of=kept["instead_of"], by=by)
    return _page(kept["staff"])


INVERSES: Mapping[str, TakeBack] = {"staff.take": _undo_take, "staff.return": _undo_return}

urlpatterns = [
    path("desk/staff/new/", take_a_post, name="desk-staff-new"),
    path("desk/staff/<int:number>/", one, name="desk-staff-one"),
    *MOVES.addresses(),
]
