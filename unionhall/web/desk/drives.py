"""Donations at the desk: the drives, their gifts, what was handed to the family, and the balance."""

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
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.cases import drive_moves
from unionhall.cases.drive_models import WAYS, Drive, Gift, Handover
from unionhall.cases.drives import Sums, sums
from unionhall.cases.helped import AID
from unionhall.cases.models import Case
from unionhall.kernel.actor import Actor
from unionhall.kernel.money import yuan
from unionhall.organisations.roles import holders
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import cases, chronicle
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Detail, Fact, State, Step, Table, render_detail
from unionhall.web.desk.filters import Days, Picked, PlaceFilter
from unionhall.web.desk.finding import ByPrefix, ByText
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.moves import Move, Moves, RowForm
from unionhall.web.desk.register import Register
from unionhall.web.desk.standing_words import titles
from unionhall.web.desk.yuan import YuanField
from unionhall.web.sudo import sudo

TITLE = _("募捐")


def _beside(rows: Sequence[Drive]) -> Mapping[int, Sums]:
    return sums([row.pk for row in rows])


def _sum(name: str) -> Any:
    return lambda row: getattr(row.beside or Sums(), name)


register = Register(
    key="drives", title=TITLE, model=Drive, right="drives.see", icon="gift", unit=_("项"),
    rows=lambda actor: Drive.objects.visible_to(actor),
    columns=(
        Column("number", _("编号"), link=True),
        Column("title", _("公开用的名称")),
        Column("path", _("地方"), show="place", phone=""),
        Column("opened_on", _("发起"), show="day", phone=""),
        Column("closed_on", _("结束"), show="day", phone=""),
        Column("fen_target", _("目标（元）"), show="yuan", phone=""),
        Column("given", _("已捐（元）"), show="yuan", value=_sum("given"), phone="end"),
        Column("left", _("余额（元）"), show="yuan", value=_sum("left"), phone=""),
    ),
    search=(ByPrefix("number"), ByText("title")), search_hint=_("编号或名称"),
    filters=(
        Picked("going", _("进度"), {"open": (_("正在募捐"), Q(closed_on=None)), "closed": (_("已结束"), Q(closed_on__isnull=False))}),
        PlaceFilter(), Days("opened_on", _("发起日期")),
    ),
    default_sort="-opened_on", sorts=("opened_on", "closed_on", "number"), detail="desk-drive", beside=_beside,
    views=((_("正在募捐"), "going=open"),),
    empty=_("还没有募捐。在一件救助事项的页面上发起。"),
)  # fmt: skip


def _find(actor: Actor, number: int) -> Drive:
    row: Drive | None = register.visible(actor).select_related("case__person", "fund").filter(pk=number).first()
    if row is None:
        raise Http404(f"drive {number}")
    return row


class GiftForm(RowForm):
    amount = YuanField(label=_("金额（元）"))
    way = forms.ChoiceField(label=_("方式"), choices=titles(WAYS), widget=forms.RadioSelect, initial="bank")
    voucher = forms.CharField(label=_("凭证号"), max_length=24, help_text=_("收据或银行回单的编号，一笔一号。"))
    donor = forms.CharField(
        label=_("捐赠人"), max_length=64, required=False, widget=forms.TextInput(attrs={"data-secret": "", "autocomplete": "off"}),
        help_text=_("密封保存，任何公开页面都不显示。"),
    )  # fmt: skip
    anonymous = forms.BooleanField(label=_("不公开姓名"), required=False)
    on = forms.DateField(label=_("收款日期"), initial=timezone.localdate)


class HandForm(RowForm):
    amount = YuanField(label=_("转交金额（元）"))
    voucher = forms.CharField(label=_("凭证号"), max_length=24, help_text=_("同一凭证只转交一次。"))
    on = forms.DateField(label=_("转交日期"), initial=timezone.localdate)


class CloseForm(RowForm):
    on = forms.DateField(label=_("结束日期"), initial=timezone.localdate)
    reason = forms.CharField(label=_("为什么结束"), max_length=200)


class VoidForm(DeskForm):
    reason = forms.CharField(label=_("为什么作废"), max_length=200)


def _receive(row: Drive, by: Actor, said: Mapping[str, Any]) -> Done:
    drive_moves.receive(
        row.pk, said["amount"] or 0, way=said["way"], voucher=said["voucher"], donor=said["donor"], anonymous=said["anonymous"],
        on=said["on"], by=by,
    )  # fmt: skip
    return Done(_t("捐款已登记入账。"))


def _hand(row: Drive, by: Actor, said: Mapping[str, Any]) -> Done:
    drive_moves.hand_over(row.pk, said["amount"] or 0, voucher=said["voucher"], on=said["on"], by=by)
    return Done(_t("已转交，余额随之减少。"))


def _close(row: Drive, by: Actor, said: Mapping[str, Any]) -> Done:
    drive_moves.close_drive(row.pk, reason=said["reason"], on=said["on"], by=by)
    return Done(_t("募捐已结束，不再收款；余额仍可转交。"))


def _open(row: Drive, by: Actor) -> str:
    return "" if row.closed_on is None else _t("已经结束。")


def _left(row: Drive, by: Actor) -> str:
    return "" if sums([row.pk])[row.pk].left else _t("没有余额可以转交。")


def _told(row: Drive) -> tuple[tuple[Any, Any], ...]:
    one = sums([row.pk])[row.pk]
    return ((_("募捐"), row.title), (_("已捐（元）"), _yuan(one.given)), (_("余额（元）"), _yuan(one.left)))


MOVES = Moves("drive", "desk/drives/", TITLE, _find, (
    Move(key="gift", title=_("登记捐款"), right="drives.receive", form=GiftForm, act=_receive, why_not=_open, facts=_told, icon="plus"),
    Move(key="hand", title=_("转交给家庭"), right="funds.change", form=HandForm, act=_hand, why_not=_left, facts=_told, icon="cash", wrap=sudo),
    Move(key="close", title=_("结束募捐"), right="drives.change", form=CloseForm, act=_close, why_not=_open, facts=_told, icon="x", danger=True),
), back="desk-drives", named=lambda row: row.number)  # fmt: skip


@gate.right("drives.see")
@never_cache
@require_safe
def drive(request: HttpRequest, number: int) -> HttpResponse:
    actor = actor_of(request)
    row = _find(actor, number)
    one = sums([row.pk])[row.pk]
    lines = chronicle.lines_of(row.subject)
    mine = actor.reaches(row.path, *holders("funds.change"))
    sees = Case.objects.visible_to(actor).filter(pk=row.case_id).exists()
    detail = Detail(
        title=row.title, number=row.number, state=State(_t("已结束"), "off") if row.closed_on else State(_t("正在募捐"), "go"),
        facts=[
            Fact(_("事项"), row.case.number if sees else "", reverse("desk-case", args=[row.case_id]) if sees else ""),
            Fact(_("目标（元）"), _yuan(row.fen_target)), Fact(_("已捐（元）"), _yuan(one.given)),
            Fact(_("已转交（元）"), _yuan(one.handed)), Fact(_("余额（元）"), _yuan(one.left)),
            Fact(_("发起"), row.opened_on), Fact(_("结束"), row.closed_on), *_donors(row),
        ],
        steps=MOVES.steps(row, actor), related=[_gifts(row, mine), _handed(row, mine)],
        timeline=chronicle.events(row.subject, lines), counted_in=chronicle.counted_in(lines, actor),
    )  # fmt: skip
    return render_detail(request, detail, register=register, row=row)


def _donors(row: Drive) -> list[Fact]:
    """Who gave, sealed, gift by gift: opened one by one, with a reason."""
    gifts = row.gifts.filter(void_because="").exclude(donor=None).order_by("-on", "-pk")[:20]
    return [Fact(_t("捐赠人 · %(voucher)s") % {"voucher": one.voucher}, "", secret=one.donor) for one in gifts]


def _gifts(row: Drive, mine: bool) -> Table:
    heads = (_("日期"), _("金额（元）"), _("方式"), _("凭证号"), _("捐赠人"), "")
    rows = [
        [one.on, _yuan(one.fen), _t(WAYS[one.way]), one.voucher, _t("匿名") if one.anonymous or one.donor is None else str(one.donor),
         _way(one.void_because, mine, "desk-gift-void", one.pk)]
        for one in row.gifts.order_by("-on", "-pk")[:200]
    ]  # fmt: skip
    return Table(_("捐款"), heads, rows, _("还没有捐款。"))


def _handed(row: Drive, mine: bool) -> Table:
    heads = (_("日期"), _("金额（元）"), _("凭证号"), "")
    rows = [
        [one.on, _yuan(one.fen), one.voucher, _way(one.void_because, mine, "desk-handover-void", one.pk)]
        for one in row.handovers.order_by("-on", "-pk")
    ]
    return Table(_("转交给家庭"), heads, rows, _("还没有转交。"))


def _way(void: str, mine: bool, name: str, number: int) -> Any:
    if void:
        return _t("已作废：%(reason)s") % {"reason": void}
    return (_t("作废"), reverse(name, args=[number])) if mine else ""


def _yuan(fen: int) -> str:
    return f"{yuan(fen):,}"


class DriveForm(DeskForm):
    title = forms.CharField(
        label=_("公开用的名称"),
        max_length=60,
        help_text=_("公开页面显示，不写姓名、单位和病情，如“为一位职工的孩子筹医疗费”。"),
    )
    amount = YuanField(label=_("目标金额（元）"))
    on = forms.DateField(label=_("发起日期"), initial=timezone.localdate)


@gate.right("drives.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for money for one matter."""
    row, actor = cases.row_of(request, number), actor_of(request)
    if not row.service.startswith(AID) or not actor.reaches(row.path, *holders("drives.change")):
        raise Http404(f"case {number} takes no donations")

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        made = drive_moves.open_drive(number, said["title"], said["amount"] or 0, on=said["on"], by=by)
        return Done(_t("募捐已发起，公开页面随即显示。"), then=reverse("desk-drive", args=[made.pk]))

    back = reverse("desk-case", args=[number])
    crumbs = ((cases.register.title, reverse("desk-cases")), (row.number, back))
    return answer(request, DriveForm, Drawn(_("发起募捐"), button=_("发起"), crumbs=crumbs, icon="gift"), act, back)


def steps(row: Case, actor: Actor) -> list[Step]:
    """On the page of a matter: open a drive for it, or go to the one there is."""
    found = Drive.objects.visible_to(actor).filter(case=row).values_list("pk", flat=True).first()
    if found is not None:
        return [Step("drive", _("募捐"), True, "", reverse("desk-drive", args=[found]), "gift")]
    if row.service.startswith(AID) and row.person_id and actor.reaches(row.path, *holders("drives.change")):
        return [Step("drive", _("发起募捐"), True, "", reverse("desk-case-drive", args=[row.pk]), "gift")]
    return []


def _void(kind: type[Gift] | type[Handover], action: Any, title: Any) -> Any:
    """The page that voids a gift or a hand-over."""

    @gate.right("funds.change")
    @sudo
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def void(request: HttpRequest, number: int) -> HttpResponse:
        actor = actor_of(request)
        row = kind.objects.visible_to(actor).select_related("drive").filter(pk=number, void_because="").first()
        if row is None or not actor.reaches(row.path, *holders("funds.change")):
            raise Http404(f"{kind.__name__} {number}")

        def act(by: Actor, said: Mapping[str, Any]) -> Done:
            action(number, reason=said["reason"], by=by)
            return Done(_t("已作废，账上以一笔冲销抵回。"))

        back = reverse("desk-drive", args=[row.drive_id])
        facts = ((_("金额（元）"), _yuan(row.fen)), (_("凭证号"), row.voucher))
        crumbs = ((TITLE, reverse("desk-drives")), (row.drive.number, back))
        drawn = Drawn(title, button=_("作废"), crumbs=crumbs, facts=facts, icon="x", danger=True)
        return answer(request, VoidForm, drawn, act, back)

    return void


urlpatterns = [
    path("desk/cases/<int:number>/drive/", add, name="desk-case-drive"),
    path("desk/drives/<int:number>/", drive, name="desk-drive"),
    *MOVES.addresses(),
    path("desk/gifts/<int:number>/void/", _void(Gift, drive_moves.void_gift, _("作废捐款")), name="desk-gift-void"),
    path(
        "desk/handovers/<int:number>/void/",
        _void(Handover, drive_moves.void_handover, _("作废转交")),
        name="desk-handover-void",
    ),
]
