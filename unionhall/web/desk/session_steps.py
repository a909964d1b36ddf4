"""What is done with a session: opened, copied from last year, filled, changed, closed, paid, called off."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.ledger.models import Fund
from unionhall.offers import cost_moves, place_moves, service, session_moves
from unionhall.offers.models import (
    WAITING,
    Offer,
    Session,
)
from unionhall.offers.session_moves import Slot
from unionhall.organisations.roles import holders
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import offers
from unionhall.web.desk.choosing import one_member
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.sessions import midnight, register, session_of
from unionhall.web.desk.yuan_field import YuanField

PAID_FROM = _("资金的全称，向财务核对；不填就是项目已定的那一项。")
COPIED = 60
"""Sessions copied at once."""


class Moment(forms.DateTimeField):
    """A day and a time of day, as people here read it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}))
        kwargs.setdefault("error_messages", {"invalid": _("请按 2026-03-01 09:30 这样填写日期和时间。")})
        super().__init__(**kwargs)


class SlotForm(DeskForm):
    number = forms.CharField(label=_("场次编号"), max_length=24)
    starts_at = Moment(label=_("开始"))
    ends_at = Moment(label=_("结束"))
    venue = forms.CharField(label=_("地点"), max_length=128, required=False)
    places = forms.IntegerField(
        label=_("名额"), min_value=1, max_value=1_000_000, required=False, help_text=_("不填就是不限名额。")
    )
    opens_at = Moment(label=_("报名开始"), required=False, help_text=_("不填就是马上开始。"))
    closes_at = Moment(label=_("报名截止"), required=False, help_text=_("不填就是活动开始时。"))
    cancel_until = Moment(label=_("可自己取消到"), required=False, help_text=_("不填就是活动开始时。"))
    queues = forms.BooleanField(label=_("满了可以候补"), required=False)
    hold_minutes = forms.IntegerField(
        label=_("递补名额保留几分钟"),
        min_value=0,
        max_value=20_160,
        required=False,
        help_text=_("不填或填 0，有人退出就直接给下一位。"),
    )
    most_adults = forms.IntegerField(label=_("最多带几名成人"), min_value=0, max_value=20, required=False)
    most_children = forms.IntegerField(label=_("最多带几名儿童"), min_value=0, max_value=20, required=False)
    fen_each = YuanField(
        label=_("每个名额的费用（元）"), required=False, help_text=_("由工会的资金支出；没有费用不填。")
    )
    fund = forms.CharField(label=_("从哪项资金支出"), max_length=40, required=False, help_text=PAID_FROM)


def fund_named(name: str, item: Offer) -> int | None:
    """The purse a cost is paid from, by its name; with none given, the item's own. Refused: there is none of that name.

    It is typed and not chosen: which purses there are is for those to see who see the money.
    """
    if not name.strip():
        return item.fund_id
    row = Fund.objects.filter(name=name.strip()).first()
    if row is None:
        raise Refused("没有这个名称的资金，请向财务核对全称。", code="fund")
    return row.pk


def slot_of(said: Mapping[str, Any], item: Offer) -> Slot:
    """What was typed as a session."""
    return Slot(
        said["number"], said["starts_at"], said["ends_at"], said["places"], said["venue"], said["opens_at"], said["closes_at"],
        said["cancel_until"], said["queues"], said["hold_minutes"] or 0, said["most_adults"] or 0, said["most_children"] or 0,
        said["fen_each"] or 0, fund_named(said["fund"], item) if said["fen_each"] else None,
    )  # fmt: skip


class PlacesForm(DeskForm):
    places = forms.IntegerField(
        label=_("名额"), min_value=1, max_value=1_000_000, required=False, help_text=_("不填就是不限名额。")
    )


class CancelForm(DeskForm):
    reason = forms.CharField(label=_("取消原因"), max_length=200, help_text=_("会写在给每个报名的人的通知里。"))


class PayForm(DeskForm):
    on = forms.DateField(label=_("付款日期"), initial=timezone.localdate)


class CopyForm(DeskForm):
    first = forms.DateField(
        label=_("第一场改到哪一天"), help_text=_("其余各场顺着移同样的天数，时间、名额和费用不变，报名马上开始。")
    )


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, number: int) -> HttpResponse:
    """Open a session of an item."""
    item = _run(request, number)

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        made = session_moves.open_session(number, slot_of(said, item), by=by)
        return Done(_t("场次已开放。"), then=reverse("desk-session", args=[made]))

    to = reverse("desk-offer", args=[number])
    drawn = Drawn(
        _("开放场次"), button=_("开放"), crumbs=((offers.register.title, reverse("desk-offers")), (item.title, to))
    )
    return answer(request, SlotForm, drawn, act, to, initial={"number": _next_number(item)})


def _next_number(item: Offer) -> str:
    return f"C{Session.objects.filter(offer=item.pk).count() + 1:03d}"


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, number: int) -> HttpResponse:
    """Open the sessions of an item's last year again, moved by whole days, as they were then."""
    item = _run(request, number)
    last = list(_last_year(item))

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        if not last:
            raise Refused("这个项目还没有场次可以照着开放。", code="first")
        moved = said["first"] - timezone.localdate(last[0].starts_at)
        if moved <= timedelta(0):
            raise Refused("第一场要改到比原来晚的一天。", code="first")
        at = Session.objects.filter(offer=number).count()
        for n, one in enumerate(last, at + 1):
            session_moves.open_session(number, _moved(one, moved, f"C{n:03d}"), by=by)
        then = f"{reverse('desk-sessions')}?offer={number}"
        return Done(_t("照去年开放了 %(n)d 场。") % {"n": len(last)}, then=then)

    to = reverse("desk-offer", args=[number])
    facts = tuple((f"{timezone.localtime(one.starts_at):%Y-%m-%d %H:%M}", one.venue or one.number) for one in last)
    first = timezone.localdate(last[0].starts_at) + timedelta(weeks=52) if last else None
    drawn = Drawn(
        _("照去年的场次"),
        button=_("全部开放"),
        crumbs=((offers.register.title, reverse("desk-offers")), (item.title, to)),
        facts=facts,
    )
    return answer(request, CopyForm, drawn, act, to, initial={"first": first})


def _last_year(item: Offer) -> Any:
    """The sessions of the latest year that had some, the earliest first."""
    rows = Session.objects.filter(offer=item.pk, cancelled_at=None)
    latest = rows.order_by("-starts_at").first()
    if latest is None:
        return rows
    year = timezone.localtime(latest.starts_at).year
    return rows.filter(starts_at__gte=midnight(date(year, 1, 1))).order_by("starts_at", "pk")[:COPIED]


def _moved(one: Session, by: timedelta, number: str) -> Slot:
    return Slot(
        number, one.starts_at + by, one.ends_at + by, one.places, one.venue, None, one.closes_at + by, one.cancel_until + by,
        one.queues, one.hold_minutes, one.most_adults, one.most_children, one.fen_each, one.fund_id,
    )  # fmt: skip


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def places(request: HttpRequest, number: int) -> HttpResponse:
    """More or fewer places; who waits moves up."""

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        session_moves.change_places(number, said["places"], now=timezone.now(), by=by)
        return Done(_t("名额已改。"))

    return _step(
        request,
        number,
        PlacesForm,
        Drawn(_("改名额"), button=_("改")),
        act,
        {"places": session_of(request, number).places},
    )


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Call a session off and tell everybody."""

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        told = session_moves.cancel_session(number, reason=said["reason"], now=timezone.now(), by=by)
        return Done(_t("场次已取消，通知了 %(n)d 人。") % {"n": told})

    return _step(request, number, CancelForm, Drawn(_("取消场次"), button=_("取消这一场"), danger=True), act)


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, number: int) -> HttpResponse:
    """The session was held: who did not come is absent, nobody waits any more."""

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        came = session_moves.close_session(number, now=timezone.now(), by=by)
        return Done(_t("已登记结束，到场 %(n)d 人。") % {"n": came})

    intro = _("没有登记到场的记为未到场，候补的不再等候。请先把名册登记完。")
    return _step(request, number, DeskForm, Drawn(_("登记结束"), button=_("登记结束"), intro=intro), act)


@gate.right("funds.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, number: int) -> HttpResponse:
    """Pay what the places that were used cost."""

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        fen = cost_moves.pay_session(number, on=said["on"], by=by)
        return Done(_t("已结算 %(yuan)s 元。") % {"yuan": f"{fen / 100:,.2f}"})

    return _step(request, number, PayForm, Drawn(_("结算费用"), button=_("结算")), act, right="funds.change")


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, number: int) -> HttpResponse:
    """Sign somebody up who asked at the desk: found by name or number, one at a time."""
    row = session_of(request, number)

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        member = one_member(said["member"], by)
        assert member is not None  # the field is required
        party = place_moves.Party(said["adults"] or 0, said["children"] or 0)
        made = place_moves.sign_up(
            number, now=timezone.now(), by=by, person=member.person_id, party=party, key=str(said["key"] or "")[:48]
        )
        told = _t("已报上名。") if made.state != WAITING else _t("名额已满，排进了候补。")
        return Done(told)

    facts = ((_("项目"), row.offer.title), (_("时间"), f"{timezone.localtime(row.starts_at):%Y-%m-%d %H:%M}"))
    return _step(request, number, SignForm, Drawn(_("代人报名"), button=_("报名"), facts=facts), act)


class SignForm(DeskForm):
    member = forms.CharField(
        label=_("职工"), max_length=64, help_text=_("在册会员的姓名、手机号或证件号码。号码只用来查找，不会另外保存。"),
        widget=forms.TextInput(attrs={"data-secret": "", "autocomplete": "off"}),
    )  # fmt: skip
    adults = forms.IntegerField(label=_("同去的成人"), min_value=0, max_value=20, required=False)
    children = forms.IntegerField(label=_("同去的儿童"), min_value=0, max_value=20, required=False)


def _run(request: HttpRequest, number: int) -> Offer:
    """An item this officer runs."""
    item = Offer.objects.filter(pk=number).first()
    if item is None:
        raise Http404(f"offer {number}")
    actor_of(request).must_reach(item.path, *service.find(item.service).runs())
    return item


def _step(
    request: HttpRequest, number: int, form: type[DeskForm], drawn: Drawn, act: Any, initial: Mapping[str, Any] | None = None,
    *, right: str = "",
) -> HttpResponse:  # fmt: skip
    """The page of one step of a session, for who may take it."""
    row = session_of(request, number)
    roles: Sequence[str] = tuple(holders(right)) if right else service.find(row.offer.service).runs()
    actor_of(request).must_reach(row.path, *roles)
    to = reverse("desk-session", args=[number])
    crumbs = ((register.title, reverse("desk-sessions")), (f"{row.offer.title} {row.number}", to))
    title, button, intro, facts, danger = drawn.title, drawn.button, drawn.intro, drawn.facts, drawn.danger
    return answer(
        request,
        form,
        Drawn(title, button=button, intro=intro, crumbs=crumbs, facts=facts, danger=danger),
        act,
        to,
        initial=initial,
    )


urlpatterns = [
    path("desk/sessions/<int:number>/places/", places, name="desk-session-places"),
    path("desk/sessions/<int:number>/sign/", sign, name="desk-session-sign"),
    path("desk/sessions/<int:number>/close/", close, name="desk-session-close"),
    path("desk/sessions/<int:number>/cancel/", cancel, name="desk-session-cancel"),
    path("desk/sessions/<int:number>/pay/", pay, name="desk-session-pay"),
    path("desk/offers/<int:number>/sessions/add/", add, name="desk-session-add"),
    path("desk/offers/<int:number>/sessions/copy/", copy, name="desk-session-copy"),
]
