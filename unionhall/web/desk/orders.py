"""Payments on their way to the bank at the desk: gathered, decided by a second person, sent as a file, answered by the bank."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.exchange import bank_reply, guard, spoken
from unionhall.jobs.queue import enqueue
from unionhall.jobs.tasks.orders import FORMS, payment_file
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.ledger import actions, order_moves, orders, payables
from unionhall.ledger.models import Order, OrderLine
from unionhall.ledger.order_models import APPROVED, CANCELLED, DONE, DROPPED, MADE, PAID, RETURNED, SENT, WAITING
from unionhall.ledger.payables import Payable
from unionhall.organisations.models import Account
from unionhall.organisations.roles import holders
from unionhall.people.payees import accounts_of
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Detail, Event, Fact, State, Step, Table, render_detail
from unionhall.web.desk.filters import Choice
from unionhall.web.desk.finding import ByText
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.funds_shown import FUNDS, fund_of, money
from unionhall.web.desk.register import Add, Register
from unionhall.web.desk.todo import Waiting
from unionhall.web.desk.yuan import YuanField
from unionhall.web.refusals import in_words
from unionhall.web.sudo import sudo

STATES = {MADE: _("待办"), APPROVED: _("已同意"), SENT: _("已送银行"), DONE: _("已回盘"), CANCELLED: _("已取消")}
TONES = {MADE: "wait", APPROVED: "go", SENT: "look", DONE: "ok", CANCELLED: "off"}
LINES = {
    WAITING: (_("等回盘"), "wait"),
    PAID: (_("已支付"), "ok"),
    RETURNED: (_("银行退回"), "bad"),
    DROPPED: (_("没有送出"), "off"),
}

register = Register(
    key="orders", title=_("支付批次"), model=Order, right="funds.see", icon="building-bank", unit=_("批"),
    rows=lambda actor: Order.objects.visible_to(actor),
    columns=(
        Column("id", _("批号"), link=True, value=lambda row: _t("第 %(number)d 批") % {"number": row.pk}),
        Column("state", _("状态"), words=STATES, show="state", tones=TONES, phone="end"), Column("fund__name", _("资金")),
        Column("count", _("笔数"), phone=""), Column("fen", _("金额（元）"), show="yuan", phone="end"),
        Column("made_at", _("制单"), show="moment", phone=""),
    ),
    search=(ByText("fund__name"),), search_hint=_("资金名称"), filters=(Choice("state", STATES, _("状态")),),
    default_sort="-id", sorts=("fen",), related=("fund",), detail="desk-order", empty=_("还没有支付批次。在资金的页面办理“支付给银行”。"),
    links=(Add(_("双人支付限额"), "desk-order-threshold", "funds.allow"),),
)  # fmt: skip


class MakeForm(DeskForm):
    sel = forms.MultipleChoiceField(label=_("选择要支付的款项"), widget=forms.CheckboxSelectMultiple)


class SendForm(DeskForm):
    kind = forms.ChoiceField(label=_("文件格式"), choices=list(FORMS.items()), initial="xlsx")


class WhyForm(DeskForm):
    because = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class RuleForm(DeskForm):
    amount = YuanField(label=_("超过多少元要两人（元）"))
    since = forms.DateField(label=_("从哪天起"), initial=timezone.localdate)
    reason = forms.CharField(label=_("依据或理由"), max_length=200)


class ReplyForm(DeskForm):
    on = forms.DateField(label=_("银行支付日期"), initial=timezone.localdate)
    file = forms.FileField(
        label=_("银行回盘文件"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        help_text=_("要有“序号”和“结果”两列，结果写成功或退回；退回的写原因代码或原因。同一份文件登记两次不会重复。"),
        error_messages={"empty": _("文件是空的，请重新选择文件。")},
    )  # fmt: skip

    def clean_file(self) -> Any:
        """What the bank says in it, read by the guarded reader; nothing of the file is kept."""
        sent = self.cleaned_data["file"]
        with TemporaryDirectory() as folder:
            kept = Path(folder) / "reply"
            with kept.open("wb") as out:
                out.writelines(sent.chunks())
            try:
                guard.check_upload(kept, sent.name)
                return bank_reply.read(kept)
            except Refused as refused:
                raise forms.ValidationError(in_words(refused)) from None


@gate.right("funds.see")
@never_cache
@require_safe
def order(request: HttpRequest, number: int) -> HttpResponse:
    row, actor = _row(request, number), actor_of(request)
    lines = list(row.lines.select_related("payee").order_by("pk"))
    cells = [
        [line.pk, line.title, spoken.service(line.service), f"{line.payee.number} {line.payee.bank}", money(line.fen),
         State(*LINES[line.state]), " ".join(part for part in (line.code, line.reason) if part)]
        for line in lines
    ]  # fmt: skip
    paid = sum(line.fen for line in lines if line.state == PAID)
    two = _t("要两人") if row.two else _t("不超过限额，一人可送")
    facts = [
        Fact(_("资金"), row.fund.name, reverse("desk-fund", args=[row.fund_id])), Fact(_("笔数"), f"{row.count:,}"),
        Fact(_("金额（元）"), money(row.fen)), Fact(_("已支付（元）"), money(paid)), Fact(_("双人支付"), two),
    ]  # fmt: skip
    heads = (_("序号"), _("编号"), _("业务"), _("收款账户"), _("金额（元）"), _("状态"), _("银行的原因"))
    detail = Detail(
        title=_t("第 %(number)d 批") % {"number": number}, number=str(number), state=State(STATES[row.state], TONES[row.state]),
        facts=facts, steps=_steps(row, actor), timeline=_events(row), related=[Table(_("逐笔"), heads, cells)],
    )  # fmt: skip
    return render_detail(request, detail, register=register, row=row)


def _events(row: Order) -> list[Event]:
    told = [
        (row.done_at, None, _t("银行逐笔回盘完毕")), (row.sent_at, row.sent_by, _t("送银行")),
        (row.decided_at, row.decided_by, _t("退回") if row.state == CANCELLED else _t("同意")), (row.made_at, row.made_by, _t("制单")),
    ]  # fmt: skip
    names = dict(Account.objects.filter(pk__in={who for _at, who, _what in told if who}).values_list("pk", "name"))
    events = [Event(timezone.localtime(at), names.get(who or 0, _t("系统")), what) for at, who, what in told if at]
    if row.because:
        events.insert(0, Event(events[0].on, "", _t("原因：%(why)s") % {"why": row.because}))
    return events


def _steps(row: Order, actor: Actor) -> list[Step]:
    """The next ones, and why the others are not lawful now."""
    keeps, decides = (actor.reaches(row.path, *holders(right)) for right in ("funds.change", "funds.approve"))
    finance, state = "" if keeps else _t("由财务部办理。"), row.state
    decide = "" if decides else _t("由财务部或区总领导办理。")
    decide = decide or (_t("自己做的支付批次要由另一位同事同意。") if row.made_by == actor.account else "")
    done = _t("已经取消。") if state == CANCELLED else _t("已经送银行。") if state in (SENT, DONE) else ""
    approve = decide or done or (_t("已经同意。") if state == APPROVED else "")
    send = finance or done or (_t("要先由另一位同事同意。") if row.two and state != APPROVED else "")
    reply = finance or ("" if state in (SENT, DONE) else _t("送银行以后才有回盘。"))
    recall = finance or ("" if state == SENT else _t("只有已送银行、还没有回盘的可以撤回。"))
    at = [row.pk]
    return [
        Step("approve", _("同意"), not approve, approve, reverse("desk-order-approve", args=at), "check"),
        Step("send", _("送银行"), not send, send, reverse("desk-order-send", args=at), "send"),
        Step("reply", _("登记银行回盘"), not reply, reply, reverse("desk-order-reply", args=at), "upload"),
        Step("refuse", _("退回"), not (decide or done), decide or done, reverse("desk-order-refuse", args=at), "arrow-back-up", danger=True),
        Step("cancel", _("取消"), not (finance or done), finance or done, reverse("desk-order-cancel", args=at), "x", danger=True),
        Step("recall", _("撤回送银行"), not recall, recall, reverse("desk-order-recall", args=at), "arrow-back-up", danger=True),
    ]  # fmt: skip


@gate.right("funds.change")
@sudo
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, number: int) -> HttpResponse:
    row = fund_of(request, number, "funds.change")
    mine = [one for one in payables.owed(actor_of(request)) if one.fund in (None, number)]
    offered = _choices(mine)

    def form(*args: Any, **kwargs: Any) -> DeskForm:
        made = MakeForm(*args, **kwargs)
        made.fields["sel"].choices = offered
        return made

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        made = order_moves.make(number, said["sel"], by=by)
        return Done(_t("支付批次已做好。"), then=reverse("desk-order", args=[made]))

    left = actions.balance(number) - orders.waiting_fen(number)
    limit = orders.threshold(row.path, timezone.localdate())
    rule = _t("每一批都要两人") if limit is None else _t("超过 %(yuan)s 元要两人") % {"yuan": money(limit)}
    facts = ((_("资金"), row.name), (_("余额，除去在途（元）"), money(left)), (_("双人支付"), rule))
    intro = _("已经批准、还没有发放的款项。") if offered else _("现在没有可以从这项资金支付的款项。")
    crumbs = ((FUNDS, reverse("desk-funds")), (row.name, reverse("desk-fund", args=[number])))
    drawn = Drawn(
        _("支付给银行"), button=_("做支付批次"), intro=intro, crumbs=crumbs, facts=facts, icon="building-bank"
    )
    return answer(request, form, drawn, act, reverse("desk-fund", args=[number]))


def _choices(mine: list[Payable]) -> list[tuple[str, str]]:
    """Each payable in a line: its number, service, sum and account, masked."""
    accounts = accounts_of(one.person for one in mine if one.person is not None)
    found = []
    for one in mine[: order_moves.MOST]:
        account = accounts.get(one.person or 0)
        where = f"{account.number} {account.bank}" if account is not None else _t("没有收款账户")
        found.append((one.subject, f"{one.title} · {spoken.service(one.service)} · {money(one.fen)} · {where}"))
    return found


def _step(name: str, right: str, form: type[DeskForm], title: Any, done: Any, *, danger: bool = False) -> Any:
    """A page with one form about one order: it calls order_moves.<name>."""

    @gate.right(right)
    @sudo
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def desk_order_step(request: HttpRequest, number: int) -> HttpResponse:
        def act(by: Actor, said: Mapping[str, Any]) -> Done:
            given = {key: said[key] for key in said if key == "because"}
            getattr(order_moves, name)(number, **given, by=by)
            return Done(str(done))

        return _form(request, number, right, form, title, act, danger=danger)

    return desk_order_step


@gate.right("funds.change")
@sudo
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, number: int) -> HttpResponse:
    row = _row(request, number)

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        if row.two and row.state != APPROVED:
            raise Refused(_t("这一批要先由另一位同事同意，才能送银行。"))
        if row.state not in (MADE, APPROVED):
            raise Refused(_t("这一批已经办到别的步骤，请刷新页面看看。"))
        title = _t("第 %(number)d 批支付送银行") % {"number": number}
        job = enqueue(payment_file, by=by, title=title, place=row.path, order=number, form=said["kind"])
        return Done(_t("送银行的文件正在生成，好了可以在这里下载。"), then=reverse("desk-job", args=[job.pk]))

    return _form(request, number, "funds.change", SendForm, _("送银行"), act)


@gate.right("funds.change")
@sudo
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, number: int) -> HttpResponse:
    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        new = order_moves.answer(number, said["file"], on=said["on"], by=by)
        if not new:
            return Done(_t("这份回盘以前登记过，没有新的结果。"))
        return Done(_t("已登记银行回盘 %(count)d 笔。") % {"count": new})

    return _form(request, number, "funds.change", ReplyForm, _("登记银行回盘"), act)


@gate.right("funds.allow")
@sudo
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def threshold(request: HttpRequest) -> HttpResponse:
    at = next(iter(actor_of(request).paths(*holders("funds.allow"))))

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        order_moves.set_threshold(at, said["amount"], since=said["since"], reason=said["reason"], by=by)
        return Done(_t("双人支付限额已定。"))

    limit = orders.threshold(at, timezone.localdate())
    now = _t("没有定过，每一批都要两人") if limit is None else _t("超过 %(yuan)s 元要两人") % {"yuan": money(limit)}
    drawn = Drawn(
        _("双人支付限额"), button=_("定限额"), crumbs=((register.title, reverse("desk-orders")),), facts=((_("现在"), now),),
        icon="shield-check",
    )  # fmt: skip
    return answer(request, RuleForm, drawn, act, reverse("desk-orders"))


def _form(
    request: HttpRequest, number: int, right: str, form: type[DeskForm], title: Any, act: Any, *, danger: bool = False
) -> HttpResponse:  # fmt: skip
    row = _row(request, number)
    actor_of(request).must_reach(row.path, *holders(right))
    back = reverse("desk-order", args=[number])
    facts = ((_("资金"), row.fund.name), (_("笔数"), f"{row.count:,}"), (_("金额（元）"), money(row.fen)))
    crumbs = ((register.title, reverse("desk-orders")), (_t("第 %(number)d 批") % {"number": number}, back))
    return answer(request, form, Drawn(title, button=title, crumbs=crumbs, facts=facts, danger=danger), act, back)


def _row(request: HttpRequest, number: int) -> Order:
    row: Order | None = register.visible(actor_of(request)).select_related("fund").filter(pk=number).first()
    if row is None:
        raise Http404(f"order {number}")
    return row


def _to_decide(actor: Actor) -> int:
    made = Order.objects.at(*actor.paths(*holders("funds.approve"))).filter(state=MADE, two=True)
    return made.exclude(made_by=actor.account).count()


def _came_back(actor: Actor) -> int:
    """Payments the bank returned of late that were not sent again since."""
    mine = OrderLine.objects.filter(order__in=Order.objects.at(*actor.paths(*holders("funds.change"))), state=RETURNED)
    later = OrderLine.objects.filter(state__in=(WAITING, PAID)).values("cause")
    return mine.exclude(cause__in=later).values("cause").distinct().count()


WAITING_HERE = (
    Waiting(_("支付批次待同意"), _("批"), "funds.approve", _to_decide, lambda _actor: f"{reverse('desk-orders')}?state={MADE}"),
    Waiting(_("银行退回的款"), _("笔"), "funds.change", _came_back, lambda _actor: reverse("desk-orders")),
)  # fmt: skip
_ONE = "desk/orders/<int:number>/"
urlpatterns = [
    path("desk/orders/threshold/", threshold, name="desk-order-threshold"),
    path("desk/orders/make/<int:number>/", make, name="desk-order-make"),
    path(_ONE, order, name="desk-order"),
    path(f"{_ONE}approve/", _step("approve", "funds.approve", DeskForm, _("同意"), _("已同意，可以送银行。")), name="desk-order-approve"),
    path(f"{_ONE}refuse/", _step("refuse", "funds.approve", WhyForm, _("退回"), _("已退回。"), danger=True), name="desk-order-refuse"),
    path(f"{_ONE}cancel/", _step("cancel", "funds.change", WhyForm, _("取消"), _("已取消。"), danger=True), name="desk-order-cancel"),
    path(f"{_ONE}recall/", _step("recall", "funds.change", WhyForm, _("撤回送银行"), _("已撤回，可以重新送银行。"), danger=True), name="desk-order-recall"),
    path(f"{_ONE}send/", send, name="desk-order-send"),
    path(f"{_ONE}reply/", reply, name="desk-order-reply"),
]  # fmt: skip
