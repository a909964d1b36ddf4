"""Sessions of what the union opens: the list, and one session with what may be done next."""

from datetime import date, datetime, time
from typing import Any

from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall import catalogue
from unionhall.offers import service
from unionhall.offers.models import (
    ATTENDED,
    SIGNED,
    WAITING,
    Offer,
    Session,
)
from unionhall.offers.service import OfferService
from unionhall.organisations.roles import holders
from unionhall.web import gate, words
from unionhall.web.acting import actor_of
from unionhall.web.desk import chronicle, roster
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Detail, Fact, State, Step, render_detail
from unionhall.web.desk.filters import Choice, Days, Of, Picked, PlaceFilter
from unionhall.web.desk.finding import ByPrefix, ByText
from unionhall.web.desk.register import Add, Register

SERVICES: dict[str, Any] = {
    one.key: lazy(words.title, str)(one) for one in catalogue.SERVICES if isinstance(one, OfferService)
}
STATES = {
    "coming": _("待开放"), "open": _("报名中"), "closed": _("报名截止"), "full": _("已满"), "held": _("已举办"), "cancelled": _("已取消"),
}  # fmt: skip
TONES = {"coming": "wait", "open": "go", "full": "look", "closed": "look", "held": "ok", "cancelled": "off"}


def state_of(row: Session) -> str:
    """Where a session stands now: a key of STATES."""
    now = timezone.now()
    if row.cancelled_at is not None or row.held_at is not None:
        return "cancelled" if row.held_at is None else "held"
    if row.opens_at is not None and now < row.opens_at:
        return "coming"
    if now >= row.closes_at:
        return "closed"
    return "full" if row.places is not None and row.taken >= row.places else "open"


def _ahead() -> Q:
    return Q(cancelled_at=None, held_at=None, ends_at__gt=timezone.now())


def _to_close() -> Q:
    return Q(cancelled_at=None, held_at=None, ends_at__lte=timezone.now())


register = Register(
    key="sessions", title=_("活动场次"), model=Session, right="offers.see", icon="calendar-event", unit=_("场"),
    rows=lambda actor: Session.objects.visible_to(actor),
    columns=(
        Column("offer__title", _("项目"), link=True), Column("starts_at", _("时间"), show="moment"), Column("number", _("场次"), phone=""),
        Column("offer__service", _("业务"), words=SERVICES, phone="", chosen=False), Column("venue", _("地点")),
        Column("path", _("主办单位"), show="place", phone=""),
        Column("taken", _("已占名额"), value=lambda row: f"{row.taken:,} / {row.places:,}" if row.places is not None else f"{row.taken:,}", phone=""),
        Column("state", _("状态"), value=state_of, show="state", words=STATES, tones=TONES, phone="end"),
    ),
    search=(ByText("offer__title"), ByPrefix("number"), ByText("venue")), search_hint=_("项目、场次编号或地点"),
    filters=(
        Picked("when", _("进度"), {
            "ahead": (_("还没结束"), _ahead), "to-close": (_("待登记结束"), _to_close),
            "full": (_("已满"), Q(taken__gte=F("places"), held_at=None, cancelled_at=None)),
            "held": (_("已举办"), Q(held_at__isnull=False)), "cancelled": (_("已取消"), Q(cancelled_at__isnull=False)),
        }),
        Choice("service", SERVICES, _("业务"), field="offer__service"), PlaceFilter(), Days("day", _("日期"), field="starts_at", moment=True),
        Of("offer", _("项目"), Offer),
    ),
    default_sort="-starts_at", sorts=("starts_at",), related=("offer",), detail="desk-session",
    views=((_("还没结束"), "when=ahead"), (_("待登记结束"), "when=to-close")),
    links=(Add(_("按月看"), "desk-calendar", "offers.see"),),
    empty=_("还没有场次。打开一个服务项目，可为它开放场次。"),
)  # fmt: skip


@gate.right("offers.see")
@never_cache
@require_safe
def session(request: HttpRequest, number: int) -> HttpResponse:
    """One session: what it is, what may be done next, whom it has."""
    actor, now = actor_of(request), timezone.now()
    row = session_of(request, number)
    item, stands = row.offer, row.cancelled_at is None and row.held_at is None
    runs = actor.reaches(row.path, *service.find(item.service).runs())
    pays = actor.reaches(row.path, *holders("funds.change"))
    state = state_of(row)
    over = _("这一场已经取消。") if row.cancelled_at is not None else _("这一场已经结束。")
    theirs = _("由主办单位办理。")
    why = theirs if not runs else over
    people = roster.register.visible(actor).filter(session=number)
    counts = {key: people.filter(state=key).count() for key in (SIGNED, WAITING, ATTENDED)}
    due = people.filter(state=ATTENDED, posting=None, fen__gt=0).exists()
    at = f"?session={number}"
    facts = [
        Fact(_("项目"), item.title, reverse("desk-offer", args=[item.pk])), Fact(_("场次"), row.number),
        Fact(_("开始"), row.starts_at), Fact(_("结束"), row.ends_at), Fact(_("地点"), row.venue),
        Fact(_("名额"), _t("%(taken)s / %(places)s") % {"taken": f"{row.taken:,}", "places": f"{row.places:,}" if row.places is not None else "∞"}),
        Fact(_("报名开始"), row.opens_at), Fact(_("报名截止"), row.closes_at), Fact(_("可自己取消到"), row.cancel_until),
        Fact(_("已报名"), f"{counts[SIGNED]:,}", f"{reverse('desk-roster')}{at}&state={SIGNED}"),
        Fact(_("候补"), f"{counts[WAITING]:,}", f"{reverse('desk-roster')}{at}&state={WAITING}"),
        Fact(_("已到场"), f"{counts[ATTENDED]:,}", f"{reverse('desk-roster')}{at}&state={ATTENDED}"),
        Fact(_("取消原因"), row.cancelled_because),
    ]  # fmt: skip
    steps = [
        Step("roster", _("名册"), True, "", f"{reverse('desk-roster')}{at}", "checklist"),
        Step("door", _("签到屏"), runs and stands, why, reverse("desk-session-door", args=[number]), "qrcode"),
        Step("sign", _("代人报名"), runs and stands and now < row.closes_at, why if not (runs and stands) else _("报名已经截止。"),
             reverse("desk-session-sign", args=[number]), "user-plus"),
        Step("places", _("改名额"), runs and stands and not row.shared, why if not (runs and stands) else _("名额已经分配到单位。"),
             reverse("desk-session-places", args=[number]), "edit"),
        Step("close", _("登记结束"), runs and stands and now >= row.starts_at, why if not (runs and stands) else _("开始以后才能登记结束。"),
             reverse("desk-session-close", args=[number]), "check"),
        *([Step("results", _("结果"), True, "", reverse("desk-session-results", args=[number]), "medal")] if service.find(item.service).results else []),
        *([Step("contest", _("评分和名次"), True, "", reverse("desk-contest", args=[number]), "medal")] if service.find(item.service).judged else []),
        Step("pay", _("结算费用"), pays and row.held_at is not None and due,
             _("由财务办理。") if not pays else _("没有要结算的费用，或场次还没有结束。"), reverse("desk-session-pay", args=[number]), "cash"),
        Step("cancel", _("取消场次"), runs and stands and not counts[ATTENDED], why if not (runs and stands) else _("已有人签到，不能取消。"),
             reverse("desk-session-cancel", args=[number]), "x", danger=True),
    ]  # fmt: skip
    lines = chronicle.lines_of(row.subject)
    detail = Detail(
        title=item.title, number=row.number, state=State(STATES[state], TONES[state]), facts=[fact for fact in facts if fact.text not in ("", None)],
        steps=steps, timeline=chronicle.events(row.subject, lines), counted_in=chronicle.counted_in(lines, actor),
    )  # fmt: skip
    return render_detail(request, detail, register=register, row=row)


def session_of(request: HttpRequest, number: int) -> Session:
    """A session this officer sees; 404 otherwise."""
    row: Session | None = register.visible(actor_of(request)).select_related("offer").filter(pk=number).first()
    if row is None:
        raise Http404(f"session {number}")
    return row


def midnight(day: date) -> datetime:
    """When a day begins here."""
    return timezone.make_aware(datetime.combine(day, time()))


urlpatterns = [
    path("desk/sessions/<int:number>/", session, name="desk-session"),
]
