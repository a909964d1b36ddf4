"""The books at the desk: the trial balance of any day, on paper and as a workbook, and the closing of months."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.exchange import spoken
from unionhall.exchange.export import Mark, xlsx_bytes
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.money import yuan
from unionhall.ledger import books, closing_moves
from unionhall.ledger.actions import CASH
from unionhall.ledger.models import Closing, Fund
from unionhall.organisations.models import Account, Place
from unionhall.organisations.roles import holders
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.detail import Detail, Event, Fact, State, Step, render_detail
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.funds_shown import money
from unionhall.web.desk.todo import Waiting
from unionhall.web.monthly import attached
from unionhall.web.sudo import sudo

TITLE = _("试算平衡表")
CLOSINGS = _("结账")
SHOWN = 60
"""Closings listed: five years of months."""


class Asked:
    """What an address asks: the day (today), and the fund (all that one sees)."""

    def __init__(self, request: HttpRequest) -> None:
        self.funds: QuerySet[Fund] = Fund.objects.visible_to(actor_of(request)).order_by("name")
        self.fund = None
        if (number := request.GET.get("fund", "")).isdecimal():
            self.fund = self.funds.filter(pk=int(number)).first()
            if self.fund is None:
                raise Http404(f"fund {number}")
        try:
            self.day = date.fromisoformat(request.GET.get("on", ""))
        except ValueError:
            self.day = timezone.localdate()
        self.lines = books.trial(self.funds.filter(pk=self.fund.pk) if self.fund else self.funds.all(), self.day)
        self.whole = books.together(self.lines)

    @property
    def name(self) -> str:
        return self.fund.name if self.fund else _t("全部资金")


def account(name: str) -> str:
    """ "paid:aid.medical" is 支出：医疗救助; "in:市总拨款" is 收入：市总拨款."""
    if name == CASH:
        return _t("现金")
    first, _colon, rest = name.partition(":")
    way = _t("收入") if first == "in" else _t("支出")
    return f"{way}：{spoken.service(rest)}"


@gate.right("funds.see")
@never_cache
@require_safe
def trial(request: HttpRequest) -> HttpResponse:
    """Account by account what went in and out up to the end of a day; debits equal credits, or the page says they do not."""
    asked = Asked(request)
    lines = [(account(one.account), money(one.debit), money(one.credit), money(one.balance)) for one in asked.lines]
    whole = asked.whole
    context = {
        "asked": asked, "lines": lines, "whole": (money(whole.debit), money(whole.credit), money(whole.balance)),
        "even": not whole.balance, "until": books.closed_until(_top(actor_of(request))),
        "query": f"?on={asked.day}{f'&fund={asked.fund.pk}' if asked.fund else ''}",
    }  # fmt: skip
    return render(request, "web/desk/business/trial.html", context)


@gate.right("funds.see")
@never_cache
@require_safe
def trial_file(request: HttpRequest) -> HttpResponse:
    asked, by = Asked(request), actor_of(request)
    heads = [_t("科目"), _t("借方合计（元）"), _t("贷方合计（元）"), _t("余额（元）")]
    rows: list[list[Any]] = [
        [account(one.account), yuan(one.debit), yuan(one.credit), yuan(one.balance)] for one in asked.lines
    ]
    rows.append([_t("合计"), yuan(asked.whole.debit), yuan(asked.whole.credit), yuan(asked.whole.balance)])
    content = xlsx_bytes(heads, rows, mark=Mark(by.name, timezone.now(), by.trace))
    audit.write("books.file", by=by, path=_top(by), note=f"{asked.day} {len(rows)} rows")
    return attached(content, f"{_t('试算平衡表')}-{asked.name}-{asked.day}", "xlsx")


def _top(actor: Actor) -> str:
    """The place whose books this actor sees: the first of those their posts stand at."""
    return next(iter(actor.paths(*holders("funds.see"))), "")


class MonthForm(DeskForm):
    month = forms.DateField(label=_("结账到哪个月末"), input_formats=["%Y-%m"], help_text=_("年和月，如 2015-06。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].widget = forms.TextInput(attrs={"placeholder": "2015-06"})
        self.fields["month"].error_messages["invalid"] = _("请按 2015-06 这样填写月份。")


class WhyForm(DeskForm):
    reason = forms.CharField(label=_("反结账的理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


@gate.right("funds.see")
@never_cache
@require_safe
def closings(request: HttpRequest) -> HttpResponse:
    """What is closed and what was opened again, the latest first."""
    actor = actor_of(request)
    rows = list(Closing.objects.visible_to(actor).order_by("-until", "-pk")[:SHOWN])
    places = dict(Place.objects.filter(path__in={row.path for row in rows}).values_list("path", "name"))
    lines = [
        {
            "href": reverse("desk-closing", args=[row.pk]), "until": _last(row), "place": places.get(row.path, ""), "state": _state(row),
            "postings": row.postings, "fen": money(row.fen),
        }
        for row in rows
    ]  # fmt: skip
    context = {"lines": lines, "may": bool(actor.paths(*holders("funds.change")))}
    return render(request, "web/desk/business/closings.html", context)


def _last(row: Closing) -> str:
    return f"{row.last:%Y-%m}"


def _state(row: Closing) -> State:
    if row.reopened_at is not None:
        return State(_("已反结账"), "off")
    return State(_("申请反结账"), "wait") if row.asked_by is not None else State(_("已结账"), "ok")


@gate.right("funds.see")
@never_cache
@require_safe
def closing(request: HttpRequest, number: int) -> HttpResponse:
    row = _row(request, number)
    actor = actor_of(request)
    names = dict(
        Account.objects.filter(pk__in={row.by, row.asked_by, row.reopened_by} - {None}).values_list("pk", "name")
    )
    told = [(row.reopened_at, row.reopened_by, _t("反结账")), (row.asked_at, row.asked_by, f"{_t('申请反结账')}：{row.reason}"),
            (row.at, row.by, _t("结账"))]  # fmt: skip
    events = [Event(timezone.localtime(at), names.get(who or 0, _t("系统")), what) for at, who, what in told if at]
    first = _t("开始") if row.since is None else row.since.isoformat()
    facts = [
        Fact(_("期间"), f"{first} — {row.last}"), Fact(_("笔数"), f"{row.postings:,}"),
        Fact(_("发生额（元）"), money(row.fen)),
    ]  # fmt: skip
    detail = Detail(
        title=_t("结账到 %(month)s") % {"month": _last(row)}, number=f"{_t('第')} {row.pk} {_t('号')}", state=_state(row), facts=facts,
        steps=_steps(row, actor), timeline=events, crumbs=((CLOSINGS, reverse("desk-closings")),),
    )  # fmt: skip
    return render_detail(request, detail)


def _steps(row: Closing, actor: Actor) -> list[Step]:
    keeps, decides = (actor.reaches(row.path, *holders(right)) for right in ("funds.change", "funds.approve"))
    over = _t("已经反结账。") if row.reopened_at is not None else ""
    asked, own = row.asked_by is not None, row.asked_by is not None and row.asked_by == actor.account
    ask = over or ("" if keeps else _t("由财务部办理。")) or (_t("已经申请，等另一位同事办理。") if asked else "")
    decide = over or ("" if decides else _t("由财务部或区总领导办理。")) or ("" if asked else _t("要先申请。"))
    decide = decide or (_t("自己的申请要由另一位同事办理。") if own else "")
    at = [row.pk]
    return [
        Step("ask", _("申请反结账"), not ask, ask, reverse("desk-closing-ask", args=at), "send"),
        Step("reopen", _("同意反结账"), not decide, decide, reverse("desk-closing-reopen", args=at), "check"),
        Step("keep", _("不同意"), not decide, decide, reverse("desk-closing-keep", args=at), "x", danger=True),
    ]


@gate.right("funds.change")
@sudo
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    at = next(iter(actor_of(request).paths(*holders("funds.change"))))

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        month = said["month"]
        number = closing_moves.close_month(at, month.year, month.month, by=by)
        return Done(_t("已结账。"), then=reverse("desk-closing", args=[number]))

    until = books.closed_until(at)
    facts = ((_("已结账到"), (until - timedelta(days=1)).isoformat() if until else _t("还没有结过账")),)
    intro = _("结账以后，到这个月末为止的日子不能再记账；要冲销的，冲销记在当天。结账前请先核对试算平衡表。")
    drawn = Drawn(
        CLOSINGS, button=CLOSINGS, intro=intro, crumbs=((CLOSINGS, reverse("desk-closings")),), facts=facts, icon="lock"
    )
    return answer(request, MonthForm, drawn, act, reverse("desk-closings"))


@gate.right("funds.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, number: int) -> HttpResponse:
    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        closing_moves.ask_to_reopen(number, reason=said["reason"], by=by)
        return Done(_t("已申请，等另一位同事办理。"))

    return _form(request, number, WhyForm, _("申请反结账"), act, "funds.change")


@gate.right("funds.approve")
@sudo
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        closing_moves.reopen(number, by=by)
        return Done(_t("已反结账，可以补记。补记完请再结账。"))

    return _form(request, number, DeskForm, _("同意反结账"), act, "funds.approve")


@gate.right("funds.approve")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, number: int) -> HttpResponse:
    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        closing_moves.keep_closed(number, by=by)
        return Done(_t("没有同意，账仍然结着。"))

    return _form(request, number, DeskForm, _("不同意"), act, "funds.approve")


def _form(request: HttpRequest, number: int, form: type[DeskForm], title: Any, act: Any, right: str) -> HttpResponse:
    row = _row(request, number)
    actor_of(request).must_reach(row.path, *holders(right))
    back = reverse("desk-closing", args=[number])
    facts = [(_("结账到"), _last(row)), (_("发生额（元）"), money(row.fen))]
    if row.reason:
        facts.append((_("反结账的理由"), row.reason))
    crumbs = ((CLOSINGS, reverse("desk-closings")), (_last(row), back))
    return answer(request, form, Drawn(title, button=title, crumbs=crumbs, facts=tuple(facts)), act, back)


def _row(request: HttpRequest, number: int) -> Closing:
    row: Closing | None = Closing.objects.visible_to(actor_of(request)).filter(pk=number).first()
    if row is None:
        raise Http404(f"closing {number}")
    return row


def _for_me(actor: Actor) -> int:
    asked = Closing.objects.at(*actor.paths(*holders("funds.approve"))).filter(reopened_at=None)
    return asked.exclude(asked_by=None).exclude(asked_by=actor.account).count()


WAITING = (
    Waiting(_("反结账待同意"), _("件"), "funds.approve", _for_me, lambda _actor: reverse("desk-closings")),
)  # fmt: skip
_ONE = "desk/closings/<int:number>/"
urlpatterns = [
    path("desk/trial/", trial, name="desk-trial"),
    path("desk/trial/file/", trial_file, name="desk-trial-file"),
    path("desk/closings/", closings, name="desk-closings"),
    path("desk/closings/close/", close, name="desk-closing-add"),
    path(_ONE, closing, name="desk-closing"),
    path(f"{_ONE}ask/", ask, name="desk-closing-ask"),
    path(f"{_ONE}reopen/", reopen, name="desk-closing-reopen"),
    path(f"{_ONE}keep/", keep, name="desk-closing-keep"),
]
