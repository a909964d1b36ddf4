"""Cards: asked for, sent to the bank in batches, handed over, activated, replaced, cancelled. Never a key, never a pin."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.kernel.actor import Actor
from unionhall.kernel.identifiers import name_key, parse_bankcard, parse_mobile
from unionhall.organisations.roles import holders
from unionhall.people import card_moves
from unionhall.people.card_moves import OPEN, REPLACED_BECAUSE, STATES
from unionhall.people.models import Card, Membership, Person
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import chronicle
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Detail, Fact, State, Step, Table, render_detail
from unionhall.web.desk.filters import Choice, Days, PlaceFilter
from unionhall.web.desk.finding import ByIndex, ByPrefix
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.register import Add, Bulk, Register
from unionhall.web.desk.todo import Waiting
from unionhall.web.desk.undo import Inverse, TakeBack

TONES = {
    "requested": "wait", "sent": "go", "made": "look", "delivered": "ok", "active": "ok",
    "replaced": "off", "cancelled": "off", "rejected": "bad",
}  # fmt: skip


class DayForm(DeskForm):
    """A day, today unless told otherwise."""

    on = forms.DateField(label=_("日期"), initial=timezone.localdate)


class DeliverForm(DayForm):
    pass


class ReasonForm(DayForm):
    reason = forms.CharField(label=_("原因"), max_length=100)


class ReplaceForm(DayForm):
    because = forms.ChoiceField(label=_("换发原因"), choices=[("", "—"), *REPLACED_BECAUSE.items()])


class AskForm(DeskForm):
    consented_on = forms.DateField(label=_("会员同意办卡的日期"), help_text=_("办卡自愿，须经会员本人同意。"))
    on = forms.DateField(label=_("申请日期"), initial=timezone.localdate)


def deliver_one(card: int, by: Actor, said: Mapping[str, Any]) -> None:
    card_moves.deliver(card, by=by, on=said["on"])


def activate_one(card: int, by: Actor, said: Mapping[str, Any]) -> None:
    card_moves.activate(card, by=by, on=said["on"])


def recall_one(card: int, by: Actor, said: Mapping[str, Any]) -> None:
    card_moves.recall(card, by=by, on=said["on"], reason=said["reason"])


def ask_one(membership: int, by: Actor, said: Mapping[str, Any]) -> None:
    """For the members' list: ask for a card for each."""
    card_moves.ask(membership, by=by, consented_on=said["consented_on"], on=said["on"])


ASK = Bulk(
    "card-ask", _("申请京卡"), ask_one, "cards.change", AskForm,
    _("为选中的会员申请京卡：须是在册会员、还没有卡，并经本人同意。"),
)  # fmt: skip
"""What the members' list offers for many members at once."""

register = Register(
    key="cards", title=_("京卡"), model=Card, right="cards.see", icon="id-badge-2", unit=_("张"),
    rows=lambda actor: Card.objects.visible_to(actor),
    columns=(
        Column("person__name", _("姓名"), link=True),
        Column("state", _("状态"), words=STATES, show="state", tones=TONES, phone="end"),
        Column("number", _("卡号"), show="masked"),
        Column("path", _("地方"), show="place"),
        Column("requested_on", _("申请"), show="day", phone=""),
        Column("made_on", _("制卡"), show="day", phone=""),
        Column("delivered_on", _("发放"), show="day", phone=""),
        Column("activated_on", _("激活"), show="day", phone="", chosen=False),
        Column("until", _("停用"), show="day", phone="", chosen=False),
    ),
    search=(
        ByIndex("number", parse_bankcard, of=Card, title=_("卡号")),
        ByIndex("mobile", parse_mobile, of=Person, title=_("手机号"), via="person"),
        ByPrefix("name_key", name_key, of=Person, via="person"),
    ),
    search_hint=_("姓名、手机号或卡号"),
    filters=(
        Choice("state", STATES, _("状态")), PlaceFilter(), Days("requested_on", _("申请日期")), Days("made_on", _("制卡日期")),
    ),
    default_sort="-requested_on", sorts=("requested_on", "made_on", "delivered_on"), related=("person",),
    detail="desk-card", people=True, export=True,
    bulk=(
        Bulk("deliver", _("登记发放"), deliver_one, "cards.change", DeliverForm, _("选中的卡登记为已发到会员手中。")),
        Bulk("activate", _("登记激活"), activate_one, "cards.change", DayForm, _("选中的卡登记为会员已在银行激活。")),
        Bulk("recall", _("撤回送银行"), recall_one, "cards.change", ReasonForm, _("银行没有收到的，回到“已申请”，可再进下一批。")),
    ),
    views=(
        (_("等送银行"), "state=requested"), (_("等回盘"), "state=sent"), (_("等发放"), "state=made"), (_("银行退回"), "state=rejected"),
    ),
    links=(Add(_("送银行办卡"), "desk-card-batch", "cards.change"), Add(_("发放签收表"), "desk-card-roster", "cards.see")),
    empty=_("还没有京卡。可在会员列表里勾选会员，办理“申请京卡”。"),
)  # fmt: skip


def may_change(actor: Actor, card: Card) -> bool:
    return actor.reaches(card.path, *holders("cards.change"))


@gate.right("cards.see")
@never_cache
@require_safe
def card(request: HttpRequest, number: int) -> HttpResponse:
    row = _row(request, number)
    actor, lines = actor_of(request), chronicle.lines_of(f"card:{number}")
    others = Card.objects.visible_to(actor).filter(person=row.person_id).exclude(pk=number).order_by("-requested_on")
    facts = [
        Fact(_("会员"), row.person.name, _member_of(actor, row)),
        Fact(_("卡号"), "" if row.number is not None else _("银行尚未回盘"), secret=row.number),
        Fact(_("同意办卡"), row.consented_on), Fact(_("申请"), row.requested_on), Fact(_("制卡"), row.made_on),
        Fact(_("发放"), row.delivered_on), Fact(_("激活"), row.activated_on),
    ]  # fmt: skip
    if row.until:
        facts.append(Fact(_("停用"), row.until))
    if row.rejected_because:
        facts.append(Fact(_("退回原因"), row.rejected_because))
    table = Table(
        _("这位会员的其他卡"), (_("状态"), _("申请"), _("制卡"), _("停用")),
        [(_t(STATES[one.state]), one.requested_on, one.made_on or "", one.until or "") for one in others], _("没有其他卡。"),
    )  # fmt: skip
    counted = chronicle.in_stock(("card.made", "card.making"), row.path, actor) if row.made_on and not row.until else []
    detail = Detail(
        title=row.person.name, number=f"{_t('京卡')} {row.pk}", state=State(_t(STATES[row.state]), TONES[row.state]), facts=facts,
        steps=_steps(row, may_change(actor, row)), timeline=chronicle.events(f"card:{number}", lines),
        related=[table], counted_in=counted,
    )  # fmt: skip
    return render_detail(request, detail, register=register, row=row)


def _row(request: HttpRequest, number: int) -> Card:
    row: Card | None = register.visible(actor_of(request)).select_related("person").filter(pk=number).first()
    if row is None:
        raise Http404(f"card {number}")
    return row


def _member_of(actor: Actor, row: Card) -> str:
    if not actor.holds(*holders("members.see")):
        return ""
    held = (
        Membership.objects.visible_to(actor)
        .filter(person=row.person_id)
        .order_by("-since", "-pk")
        .values_list("pk", flat=True)
    )
    number = held.first()
    return reverse("desk-member", args=[number]) if number else ""


def _steps(row: Card, mine: bool) -> list[Step]:
    """What may be done with this card; what may not says why."""
    if row.state not in OPEN:
        return []
    said = {
        "deliver": (_("登记发放"), ("made",), _("银行制成以后才能发放。") if row.made_on is None else _("已经发放。"), "user-check"),
        "activate": (_("登记激活"), ("made", "delivered"), _("银行制成以后才能激活。") if row.made_on is None else _("已经激活。"), "check"),
        "recall": (_("撤回送银行"), ("sent",), _("只有已送银行、还没有回盘的可以撤回。"), "arrow-back-up"),
        "replace": (_("换发"), ("made", "delivered", "active"), _("制成以后才能换发。"), "refresh"),
        "cancel": (_("注销"), OPEN, "", "x"),
    }  # fmt: skip
    steps = []
    for key, (title, states, why, icon) in said.items():
        lawful = row.state in states
        reason = why if not lawful else _("您的岗位不办理这里的京卡。")
        if lawful or key not in ("recall",):
            steps.append(
                Step(
                    key,
                    title,
                    lawful and mine,
                    reason,
                    reverse(f"desk-card-{key}", args=[row.pk]),
                    icon,
                    danger=key == "cancel",
                )
            )
    return steps


Made = Callable[[int, Actor, Mapping[str, Any]], Done]


def _delivered(number: int, by: Actor, said: Mapping[str, Any]) -> Done:
    card_moves.deliver(number, by=by, on=said["on"])
    return Done(_t("京卡已登记发放。"), Inverse("card-take-back", {"card": number}))


def _activated(number: int, by: Actor, said: Mapping[str, Any]) -> Done:
    card_moves.activate(number, by=by, on=said["on"])
    return Done(_t("京卡已登记激活。"), Inverse("card-take-back", {"card": number}))


def _recalled(number: int, by: Actor, said: Mapping[str, Any]) -> Done:
    recall_one(number, by, said)
    return Done(_t("京卡已撤回，可再进下一批。"))


def _replaced(number: int, by: Actor, said: Mapping[str, Any]) -> Done:
    fresh = card_moves.replace(number, by=by, on=said["on"], because=said["because"])
    return Done(_t("原卡已停用，新卡已申请。"), then=reverse("desk-card", args=[fresh]))


def _cancelled(number: int, by: Actor, said: Mapping[str, Any]) -> Done:
    card_moves.cancel(number, by=by, on=said["on"], reason=said["reason"])
    return Done(_t("京卡已注销。"))


def _form_page(
    key: str, form: type[DeskForm], title: Any, made: Made, *, danger: bool = False
) -> Callable[..., HttpResponse]:
    @gate.right("cards.change")
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def desk_card_form(request: HttpRequest, number: int) -> HttpResponse:
        row = _row(request, number)
        if not may_change(actor_of(request), row):
            raise Http404(f"card {number}")
        back = reverse("desk-card", args=[number])
        facts = ((_("会员"), row.person.name), (_("卡号"), row.number or "—"), (_("状态"), _t(STATES[row.state])))
        crumbs = ((register.title, reverse("desk-cards")), (row.person.name, back))
        drawn = Drawn(title, button=title, crumbs=crumbs, facts=facts, danger=danger)
        return answer(request, form, drawn, lambda by, said: made(number, by, said), back)

    desk_card_form.__name__ = f"desk_card_{key}"
    return desk_card_form


@gate.right("cards.see")
@never_cache
@require_safe
def roster(request: HttpRequest) -> HttpResponse:
    """The list to sign when cards are handed over: those made and not yet delivered, of one place, to be printed."""
    actor = actor_of(request)
    chosen = request.GET.get("place", "")
    spots = PlaceFilter().options(register.scope(actor), [chosen] if chosen else [])
    rows = (
        register.visible(actor).filter(state="made").select_related("person").order_by("path", "person__name_key", "pk")
    )
    valid = PlaceFilter().valid([chosen]) if chosen else []
    if valid:
        rows = PlaceFilter().narrow(rows, valid)
    found = list(rows[: MOST_ON_A_ROSTER + 1])
    context = {
        "rows": found[:MOST_ON_A_ROSTER], "more": len(found) > MOST_ON_A_ROSTER, "most": MOST_ON_A_ROSTER, "spots": spots, "chosen": chosen,
        "today": timezone.localdate(), "crumbs": ((register.title, reverse("desk-cards")),),
        "place": next((spot.title for spot in spots if spot.on), ""),
    }  # fmt: skip
    return render(request, "web/desk/business/card_roster.html", context)


MOST_ON_A_ROSTER = 300


def _take_back(by: Actor, arguments: Mapping[str, Any]) -> str:
    card_moves.take_back(arguments["card"], by=by)
    return reverse("desk-card", args=[arguments["card"]])


def waiting_for(state: str) -> Callable[[Actor], int]:
    """How many cards of a state wait for an actor who may change them; for the to-do list."""

    def count(actor: Actor) -> int:
        reached = actor.paths(*holders("cards.change"))
        return Card.objects.at(*reached).filter(state=state).count() if reached else 0

    return count


def _listed(state: str) -> str:
    return reverse("desk-cards") + f"?state={state}"


WAITING = (
    Waiting(_("京卡等送银行"), _("张"), "cards.change", waiting_for("requested"), lambda actor: _listed("requested")),
    Waiting(_("京卡等发放"), _("张"), "cards.change", waiting_for("made"), lambda actor: _listed("made")),
)

INVERSES: dict[str, TakeBack] = {"card-take-back": _take_back}

urlpatterns = [
    path("desk/cards/roster/", roster, name="desk-card-roster"),
    path("desk/cards/<int:number>/", card, name="desk-card"),
    path(
        "desk/cards/<int:number>/deliver/",
        _form_page("deliver", DeliverForm, _("登记发放"), _delivered),
        name="desk-card-deliver",
    ),
    path(
        "desk/cards/<int:number>/activate/",
        _form_page("activate", DayForm, _("登记激活"), _activated),
        name="desk-card-activate",
    ),
    path(
        "desk/cards/<int:number>/recall/",
        _form_page("recall", ReasonForm, _("撤回送银行"), _recalled),
        name="desk-card-recall",
    ),
    path(
        "desk/cards/<int:number>/replace/",
        _form_page("replace", ReplaceForm, _("换发"), _replaced),
        name="desk-card-replace",
    ),
    path(
        "desk/cards/<int:number>/cancel/",
        _form_page("cancel", ReasonForm, _("注销"), _cancelled, danger=True),
        name="desk-card-cancel",
    ),
]
