"""Who has a place at which session: ticked off when they came, taken off when they asked."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.kernel.actor import Actor
from unionhall.kernel.identifiers import name_key, parse_mobile
from unionhall.offers import attendance_moves, queue_moves
from unionhall.offers.models import (
    ABSENT,
    ATTENDED,
    CANCELLED,
    EXPIRED,
    OFFERED,
    SIGNED,
    UNDONE,
    WAITING,
    Participation,
    Session,
)
from unionhall.organisations.roles import holders
from unionhall.people.models import Person
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import chronicle
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Detail, Fact, State, Step, render_detail
from unionhall.web.desk.filters import Choice, Days, Of, PlaceFilter
from unionhall.web.desk.finding import ByIndex, ByPrefix
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.register import Bulk, Register

PLACES = {
    SIGNED: _("已报名"), WAITING: _("候补"), OFFERED: _("保留名额"), ATTENDED: _("已到场"), ABSENT: _("未到场"), CANCELLED: _("已取消"),
    EXPIRED: _("保留过期"), UNDONE: _("已撤销"),
}  # fmt: skip
PLACE_TONES = {SIGNED: "go", WAITING: "wait", OFFERED: "look", ATTENDED: "ok", ABSENT: "off", CANCELLED: "off"}


def come(number: int, by: Actor, said: Mapping[str, Any]) -> None:
    """One person of a roster came."""
    row = _place(number, by)
    attendance_moves.attend(row.session_id or 0, [number], verified_by="roster", now=timezone.now(), by=by)


def give_back(number: int, by: Actor, said: Mapping[str, Any]) -> None:
    """One place is given back for its person."""
    _place(number, by)
    queue_moves.give_back(number, now=timezone.now(), by=by, reason=said["reason"])


def _place(number: int, by: Actor) -> Participation:
    row: Participation | None = register.visible(by).filter(pk=number).first()
    if row is None:
        raise Http404(f"participation {number}")
    return row


class WhyForm(DeskForm):
    reason = forms.CharField(label=_("原因"), max_length=200)


register = Register(
    key="roster", title=_("名册"), model=Participation, right="offers.see", icon="checklist", unit=_("人"),
    rows=lambda actor: Participation.objects.visible_to(actor).filter(session__isnull=False),
    columns=(
        Column("person", _("会员"), link=True), Column("session__offer__title", _("项目")), Column("session__starts_at", _("时间"), show="moment"),
        Column("state", _("状态"), show="state", words=PLACES, tones=PLACE_TONES, phone="end"),
        Column("needs", _("名额"), show="number", phone=""), Column("asked_at", _("报名时间"), show="moment", phone=""),
        Column("verified_at", _("到场时间"), show="moment", phone="", chosen=False), Column("number", _("流水号"), phone="", chosen=False),
    ),
    search=(
        ByIndex("mobile", parse_mobile, of=Person, title=_("手机号"), via="person"),
        ByPrefix("name_key", name_key, of=Person, via="person"), ByPrefix("number"),
    ),
    search_hint=_("会员姓名、手机号或流水号"),
    filters=(Choice("state", PLACES, _("状态")), Of("session", _("场次"), Session), PlaceFilter(), Days("day", _("日期"), field="session__starts_at", moment=True)),
    default_sort="asked_at", sorts=("asked_at",), related=("person", "session__offer"), detail="desk-roster-one", people=True, export=True,
    bulk=(
        Bulk("come", _("登记到场"), come, "offers.change", None, _("选中的人登记为已到场，计入人次。")),
        Bulk("give-back", _("代为取消"), give_back, "offers.change", WhyForm, _("选中的名额退回，候补的人依次递补。")),
    ),
    empty=_("还没有人报名。"),
)  # fmt: skip


@gate.right("offers.see")
@never_cache
@require_safe
def place(request: HttpRequest, number: int) -> HttpResponse:
    """One person's place at a session."""
    actor = actor_of(request)
    row = Participation.objects.filter(pk=_place(number, actor).pk).select_related("offer", "session", "person").get()
    assert row.session is not None  # the roster has no others
    lines = chronicle.lines_of(row.subject)
    mine = actor.reaches(row.path, *holders("offers.change"))
    waits = row.state in (SIGNED, WAITING, OFFERED) and row.session.held_at is None
    detail = Detail(
        title=str(row.person), number=row.number, state=State(PLACES[row.state], PLACE_TONES.get(row.state, "off")),
        facts=[
            Fact(_("项目"), row.offer.title, reverse("desk-offer", args=[row.offer_id])),
            Fact(_("场次"), row.session.number, reverse("desk-session", args=[row.session_id])), Fact(_("时间"), row.session.starts_at),
            Fact(_("同去的成人"), row.adults), Fact(_("同去的儿童"), row.children), Fact(_("报名时间"), row.asked_at),
            *([Fact(_("保留到"), row.held_until)] if row.state == OFFERED else []),
            *([Fact(_("到场时间"), row.verified_at)] if row.verified_at else []),
        ],
        steps=[
            Step("back", _("代为取消"), mine and waits, _("由主办单位办理。") if not mine else _("这个名额不能再取消。"),
                 reverse("desk-roster-back", args=[number]), "arrow-back-up", danger=True),
        ],
        timeline=chronicle.events(row.subject, lines), counted_in=chronicle.counted_in(lines, actor),
    )  # fmt: skip
    return render_detail(request, detail, register=register, row=row)


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def back(request: HttpRequest, number: int) -> HttpResponse:
    """Give a place back for its person, who told us."""
    row = _place(number, actor_of(request))
    actor_of(request).must_reach(row.path, *holders("offers.change"))

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        give_back(number, by, said)
        return Done(_t("名额已经退回。"))

    to = reverse("desk-roster-one", args=[number])
    drawn = Drawn(
        _("代为取消"),
        button=_("取消这个名额"),
        crumbs=((register.title, reverse("desk-roster")), (row.number, to)),
        danger=True,
    )
    return answer(request, WhyForm, drawn, act, to)


urlpatterns = [
    path("desk/roster/<int:number>/", place, name="desk-roster-one"),
    path("desk/roster/<int:number>/back/", back, name="desk-roster-back"),
]
