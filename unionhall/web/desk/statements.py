"""Monthly statements at the desk: put forward by who runs the item, approved by another in finance, paid out of the fund."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.money import yuan
from unionhall.kernel.period import Period
from unionhall.ledger.actions import balance
from unionhall.ledger.models import Fund
from unionhall.offers import cost_moves, statement_moves
from unionhall.offers.models import ATTENDED, Counter, Offer, Participation
from unionhall.offers.statement_models import APPROVED, PAID, PUT, RETURNED, Statement
from unionhall.organisations.accounts import Account
from unionhall.organisations.roles import holders
from unionhall.web import gate, monthly
from unionhall.web.acting import actor_of
from unionhall.web.desk.counters import runs
from unionhall.web.desk.detail import Detail, Event, Fact, State, Step, Table, render_detail
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.todo import Waiting
from unionhall.web.frame import district
from unionhall.web.sudo import sudo

TITLE = _("对账单")
A_PAGE, SHOWN = 50, 50
STATES: dict[str, tuple[Any, str]] = {
    "": (_("未提交"), "off"), PUT: (_("待同意"), "wait"), APPROVED: (_("待支付"), "go"), RETURNED: (_("已退回"), "bad"), PAID: (_("已支付"), "ok"),
}  # fmt: skip


class WhyForm(DeskForm):
    because = forms.CharField(label=_("退回的原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class PayForm(DeskForm):
    on = forms.DateField(label=_("支付日期"), initial=timezone.localdate)


@gate.right("offers.see")
@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Months with something to pay, item by item; with `?all=1`, those that are paid, too."""
    actor, everything = actor_of(request), request.GET.get("all") == "1"
    items = Offer.objects.visible_to(actor)
    costing = Participation.objects.filter(offer__in=items, session=None, state=ATTENDED, fen__gt=0)
    found = costing.annotate(month=TruncMonth("on")).values("offer", "offer__title", "offer__provider", "month")
    found = found.annotate(
        uses=Count("pk"), cost=Sum("fen"), paid=Sum("fen", filter=Q(posting__isnull=False), default=0),
        open=Count("pk", filter=Q(posting=None)),
    )  # fmt: skip
    if not everything:
        found = found.filter(open__gt=0)
    page = Paginator(found.order_by("-month", "offer__title", "offer"), A_PAGE).get_page(request.GET.get("page"))
    shown = {one["offer"] for one in page}
    told = {(one.offer_id, one.month): one for one in Statement.objects.filter(offer__in=shown)}
    names = _names(told.values())
    lines = [_line(one, told.get((one["offer"], one["month"])), names) for one in page]
    context = {"lines": lines, "page": page, "everything": everything}
    return render(request, "web/desk/business/statements.html", context)


def _line(one: Mapping[str, Any], told: Statement | None, names: Mapping[int, str]) -> dict[str, Any]:
    month = one["month"]
    state = STATES[told.state if told else ""]
    if told is None and _running(Period.month(month.year, month.month)):
        state = (_("本月未完"), "off")
    return {
        "href": reverse("desk-statement", args=[one["offer"], month.year, month.month]), "month": f"{month:%Y-%m}",
        "title": one["offer__title"], "provider": one["offer__provider"], "uses": one["uses"], "due": monthly.money(one["cost"]),
        "paid": monthly.money(one["paid"]), "state": State(*state),
        "put_by": names.get(told.put_by, "") if told else "", "decided_by": names.get(told.decided_by or 0, "") if told else "",
        "paid_by": names.get(told.paid_by or 0, "") if told else "", "paid_at": told.paid_at if told else None,
    }  # fmt: skip


@gate.right("offers.see")
@never_cache
@require_safe
def statement(request: HttpRequest, number: int, year: int, month: int) -> HttpResponse:
    """One month of one item: what it comes to, at which counter, and how far it is on its way to being paid."""
    item, period, rows = _month(request, number, year, month)
    actor, told = actor_of(request), _told(item, period)
    whole = monthly.total(rows, period)
    state = told.state if told else ""
    running = _running(period)
    facts = [
        Fact(_("项目"), item.title, reverse("desk-offer", args=[number])), Fact(_("服务商"), item.provider), Fact(_("月份"), whole.name),
        Fact(_("笔数"), f"{whole.uses:,}"), Fact(_("金额（元）"), whole.yuan), Fact(_("未支付（元）"), whole.unpaid_yuan),
    ]  # fmt: skip
    if (fund := _fund(item, actor)) is not None:
        facts.append(Fact(_("支出资金"), fund.name, reverse("desk-fund", args=[fund.pk])))
    detail = Detail(
        title=_t("%(item)s 对账单") % {"item": item.title}, number=whole.name, facts=facts, steps=_steps(item, period, told, actor, whole.unpaid),
        state=State(_("本月未完"), "off") if running and not told else State(*STATES[state]), timeline=_events(told),
        related=[
            Table(_("按柜台"), (_("账号"), _("地点"), _("笔数"), _("金额（元）")), _by_counter(item, rows), _("没有核销。")),
            Table(_("逐笔（最近 50 笔）"), (_("时间"), _("流水号"), _("数量"), _("金额（元）")), _uses(rows), _("没有核销。")),
        ],
        crumbs=((TITLE, reverse("desk-statements")),),
        more={"files": [(form, reverse("desk-statement-file", args=[number, year, month, form])) for form in monthly.TYPES] if whole.uses else []},
    )  # fmt: skip
    return render_detail(request, detail, template="web/desk/business/statement.html")


def _steps(item: Offer, period: Period, told: Statement | None, actor: Actor, unpaid: int) -> list[Step]:
    """The next ones, and why the others are not lawful now."""
    at = [item.pk, period.start.year, period.start.month]
    keeps, own = actor.reaches(item.path, *holders("funds.change")), told is not None and told.put_by == actor.account
    state = told.state if told else ""
    over = _t("这个月还没有过完。") if _running(period) else _t("没有要支付的费用。") if not unpaid else ""
    finance, two = _t("由财务部办理。"), _t("自己提交的对账单要由另一位同事办理。")
    put = (
        over
        or ("" if runs(actor, item) else _t("由开放这个项目的单位提交。"))
        or ("" if state in ("", RETURNED) else _t("已经提交过了。"))
    )
    decide = ("" if keeps else finance) or (two if own else "")
    approve = decide or ("" if state == PUT else _t("要先提交。") if state in ("", RETURNED) else _t("已经同意。"))
    back = decide or ("" if state in (PUT, APPROVED) else _t("没有可以退回的对账单。"))
    pay = decide or ("" if state == APPROVED else _t("已经支付。") if state == PAID else _t("要先提交并同意。"))
    return [
        Step("put", _("提交对账单"), not put, put, reverse("desk-statement-put", args=at), "send"),
        Step("approve", _("同意"), not approve, approve, reverse("desk-statement-approve", args=at), "check"),
        Step("pay", _("支付"), not pay, pay, reverse("desk-statement-pay", args=at), "cash"),
        Step(
            "return", _("退回"), not back, back, reverse("desk-statement-return", args=at), "arrow-back-up", danger=True
        ),
    ]


def _events(told: Statement | None) -> list[Event]:
    if told is None:
        return []
    names = _names([told])
    found = [Event(timezone.localtime(told.put_at), names.get(told.put_by, ""), _t("提交：%(uses)s 笔，%(yuan)s 元") % {
        "uses": f"{told.uses:,}", "yuan": monthly.money(told.fen)})]  # fmt: skip
    if told.decided_at is not None:
        word = _t("退回：%(why)s") % {"why": told.because} if told.state == RETURNED else _t("同意")
        found.insert(0, Event(timezone.localtime(told.decided_at), names.get(told.decided_by or 0, ""), word))
    if told.paid_at is not None:
        found.insert(0, Event(timezone.localtime(told.paid_at), names.get(told.paid_by or 0, ""), _t("支付")))
    return found


def _by_counter(item: Offer, rows: "QuerySet[Participation]") -> list[list[Any]]:
    sums = list(rows.values("verifier").annotate(uses=Count("pk"), cost=Sum("fen")).order_by("-uses"))
    accounts = {one["verifier"] for one in sums} - {None}
    names = dict(Account.objects.filter(pk__in=accounts).values_list("pk", "name"))
    venues = dict(
        Counter.objects.filter(offer=item.pk, account__in=accounts).order_by("since").values_list("account", "venue")
    )
    return [
        [names.get(one["verifier"], _t("系统")), venues.get(one["verifier"], ""), f"{one['uses']:,}", monthly.money(one["cost"])]
        for one in sums
    ]  # fmt: skip


def _uses(rows: "QuerySet[Participation]") -> list[list[Any]]:
    latest = rows.order_by("-verified_at", "-pk")[:SHOWN]
    return [
        [one.verified_at or one.on, (one.number, reverse("desk-use", args=[one.pk])), one.quantity, monthly.money(one.fen)]
        for one in latest
    ]  # fmt: skip


@gate.right("offers.see")
@never_cache
@require_safe
def file(request: HttpRequest, number: int, year: int, month: int, form: str) -> HttpResponse:
    """The statement to file: no person stands in it, for paying asks for none."""
    item, period, rows = _month(request, number, year, month)
    whole = monthly.total(rows, period)
    if form not in monthly.TYPES or not whole.uses:
        raise Http404(f"form {form!r}")
    columns = monthly.Columns(
        [_t("时间"), _t("流水号"), _t("数量"), _t("金额（元）")],
        lambda row: [row.verified_at or row.on, row.number, row.quantity, yuan(row.fen)],
    )
    by = actor_of(request)
    facts = (
        (_t("项目"), item.title), (_t("服务商"), item.provider or "—"), (_t("月份"), whole.name), (_t("结算单位"), district()),
    )  # fmt: skip
    answer = monthly.download(rows, columns, _t("核销对账单"), facts, whole, form, by=by)
    note = f"{whole.name} {form}: {whole.uses} rows"
    audit.write("offer.statement.file", by=by, subject=f"offer:{number}", path=item.path, note=note)
    return answer


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def put(request: HttpRequest, number: int, year: int, month: int) -> HttpResponse:
    item, period, _rows = _month(request, number, year, month)
    if not runs(actor_of(request), item):
        raise Http404(f"offer {number}")

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        statement_moves.put_forward(number, year, month, now=timezone.now(), by=by)
        return Done(_t("对账单已提交，等财务部门同意。"))

    return _step(
        request,
        item,
        period,
        DeskForm,
        _("提交对账单"),
        act,
        intro=_("提交就是确认这个月的核销都是真的。弄错的请先在使用记录里作废。"),
    )


@gate.right("funds.change")
@sudo
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, number: int, year: int, month: int) -> HttpResponse:
    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        statement_moves.approve(number, year, month, now=timezone.now(), by=by)
        return Done(_t("已同意，可以支付。"))

    item, period = _kept(request, number, year, month)
    return _step(request, item, period, DeskForm, _("同意"), act)


@gate.right("funds.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, number: int, year: int, month: int) -> HttpResponse:
    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        statement_moves.send_back(number, year, month, because=said["because"], now=timezone.now(), by=by)
        return Done(_t("已退回。"))

    item, period = _kept(request, number, year, month)
    return _step(request, item, period, WhyForm, _("退回"), act, danger=True)


@gate.right("funds.change")
@sudo
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, number: int, year: int, month: int) -> HttpResponse:
    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        fen = cost_moves.pay_month(number, year, month, on=said["on"], by=by)
        return Done(_t("已从资金支付 %(yuan)s 元。") % {"yuan": monthly.money(fen)})

    item, period = _kept(request, number, year, month)
    return _step(request, item, period, PayForm, _("支付"), act)


def _step(
    request: HttpRequest, item: Offer, period: Period, form: type[DeskForm], title: Any, act: Any, *, intro: Any = "",
    danger: bool = False,
) -> HttpResponse:  # fmt: skip
    at = [item.pk, period.start.year, period.start.month]
    uses, fen = Participation.objects.redeemed_in(item.pk, period).owed()
    facts = [
        (_("项目"), item.title),
        (_("月份"), f"{period.start:%Y-%m}"),
        (_("笔数"), f"{uses:,}"),
        (_("未支付（元）"), monthly.money(fen)),
    ]
    if (fund := _fund(item, actor_of(request))) is not None:
        facts += [(_("支出资金"), fund.name), (_("余额（元）"), monthly.money(balance(fund.pk)))]
    back = reverse("desk-statement", args=at)
    crumbs = ((TITLE, reverse("desk-statements")), (f"{item.title} {period.start:%Y-%m}", back))
    drawn = Drawn(title, button=title, crumbs=crumbs, facts=tuple(facts), intro=intro, danger=danger)
    return answer(request, form, drawn, act, back)


def _month(request: HttpRequest, number: int, year: int, month: int) -> "tuple[Offer, Period, QuerySet[Participation]]":
    """The item, of a place of the actor's own, the month, and what was redeemed in it."""
    period = monthly.month_of(year, month)
    item: Offer | None = Offer.objects.visible_to(actor_of(request)).filter(pk=number).first()
    if item is None:
        raise Http404(f"offer {number}")
    return item, period, Participation.objects.redeemed_in(number, period)


def _kept(request: HttpRequest, number: int, year: int, month: int) -> tuple[Offer, Period]:
    """The same for who keeps the fund there."""
    item, period, _rows = _month(request, number, year, month)
    actor_of(request).must_reach(item.path, *holders("funds.change"))
    return item, period


def _told(item: Offer, period: Period) -> Statement | None:
    found: Statement | None = Statement.objects.filter(offer=item.pk, month=period.start).first()
    return found


def _fund(item: Offer, actor: Actor) -> Fund | None:
    """The fund that pays, for who may see it."""
    fund: Fund | None = (
        Fund.objects.visible_to(actor).filter(pk=item.fund_id).first() if item.fund_id is not None else None
    )
    return fund


def _running(period: Period) -> bool:
    return period.last >= timezone.localdate()


def _names(told: Any) -> dict[int, str]:
    accounts = {who for one in told for who in (one.put_by, one.decided_by, one.paid_by)} - {None}
    return dict(Account.objects.filter(pk__in=accounts).values_list("pk", "name"))


def _for_me(actor: Actor, state: str) -> int:
    """Statements in this state that wait for this actor, who keeps the fund and did not put them forward."""
    return (
        Statement.objects.at(*actor.paths(*holders("funds.change")))
        .filter(state=state)
        .exclude(put_by=actor.account)
        .count()
    )


def _address(actor: Actor) -> str:
    return reverse("desk-statements")


WAITING = (
    Waiting(_("对账单待同意"), _("份"), "funds.change", lambda actor: _for_me(actor, PUT), _address),
    Waiting(_("对账单待支付"), _("份"), "funds.change", lambda actor: _for_me(actor, APPROVED), _address),
    Waiting(
        _("对账单被退回"), _("份"), "offers.change",
        lambda actor: Statement.objects.visible_to(actor).filter(state=RETURNED, put_by=actor.account).count(), _address,
    ),
)  # fmt: skip
_ONE = "desk/statements/<int:number>/<int:year>/<int:month>/"
urlpatterns = [
    path("desk/statements/", overview, name="desk-statements"),
    path(_ONE, statement, name="desk-statement"),
    path(f"{_ONE}put/", put, name="desk-statement-put"),
    path(f"{_ONE}approve/", approve, name="desk-statement-approve"),
    path(f"{_ONE}return/", send_back, name="desk-statement-return"),
    path(f"{_ONE}pay/", pay, name="desk-statement-pay"),
    path(f"{_ONE}statement.<str:form>", file, name="desk-statement-file"),
]
