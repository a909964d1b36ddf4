"""Redeeming: the eight digits of a member's card, and the green or red page they lead to; taking back within five minutes."""

import re
import uuid
from datetime import datetime
from typing import Any, NamedTuple

from csp.decorators import csp_update
from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhall.access.actions import tries
from unionhall.access.tries import SHOWN, SHOWN_A_DAY, Try
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.identifiers import narrow
from unionhall.kernel.money import yuan
from unionhall.offers import attendance_moves
from unionhall.offers.attendance_moves import UNDO_WITHIN
from unionhall.offers.codes import DIGITS
from unionhall.offers.eligibility import left_of
from unionhall.offers.models import ATTENDED, Counter, Participation
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.refusals import in_words

_BETWEEN = re.compile(r"[\s\-–—·]+")
_CODE = re.compile(rf"[0-9]{{{DIGITS}}}")
_NOT_MET = gettext_lazy("这位会员不符合这个项目的条件。")
"""Which condition is not met is the member's own: it is said on their own page, and not at a counter."""
_ADVICE: dict[str, str | Promise] = {
    "code": gettext_lazy("刷新以后再扫一次，或输入卡上新的 8 位数字。"),
    "eligibility": gettext_lazy("请不要提供这项优惠。会员可在自己的手机上看到原因，也可以打 12351 询问。"),
    "limit": gettext_lazy("请不要再提供这项优惠。下一期开始以后，会员可以再用。"),
    "place": gettext_lazy("这个项目要先报名。请会员在自己的手机上核对报名的场次和时间。"),
    "closed": gettext_lazy("请核对选的项目；有疑问请联系开放这个项目的工会。"),
}
LATEST = 3


class CodeForm(forms.Form):
    """The digits of a card, and for which item. `key` is drawn with the form: sent twice, it is redeemed once."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": gettext_lazy("请刷新页面后重试。")})
    item = forms.ChoiceField(
        label=gettext_lazy("核销哪个项目"), widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("请先选择项目。"), "invalid_choice": gettext_lazy("这个账号现在不办理这个项目，请在列出的项目里选择。")
        },
    )  # fmt: skip
    code = forms.CharField(
        label=gettext_lazy("会员电子卡上的 8 位数字"), max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "code", "aria-describedby": "code-help"}),
        error_messages={
            "required": gettext_lazy("请扫码，或输入会员电子卡上的 8 位数字。"), "max_length": gettext_lazy("应是 8 位数字，请核对。")
        },
    )  # fmt: skip

    def __init__(self, *args: Any, stands: list[Counter], **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        chosen: Any = self.fields["item"]
        chosen.choices = [(str(one.offer_id), one.offer.title) for one in stands]

    def clean_code(self) -> str:
        return _digits(self.cleaned_data["code"])


class SentForm(forms.Form):
    """The same as it comes back; whether the item is one of the account's is for the rule to say."""

    key = forms.UUIDField()
    item = forms.IntegerField(min_value=1, max_value=2**53)
    code = forms.CharField(max_length=40)

    def clean_code(self) -> str:
        return _digits(self.cleaned_data["code"])


def _digits(typed: str) -> str:
    code = _BETWEEN.sub("", narrow(typed))
    if not _CODE.fullmatch(code):
        raise forms.ValidationError(_("应是 8 位数字，请核对。"))
    return code


class Seen(NamedTuple):
    """A redemption as the counter sees it. `left`: in words, how often the person may still come."""

    row: Participation
    yuan: str
    standing: bool
    left: str = ""


def seen(row: Participation, left: str = "") -> Seen:
    return Seen(row, f"{yuan(row.fen):,}" if row.fen else "", row.state == ATTENDED, left)


@gate.merchant
@csp_update({"script-src": ["'wasm-unsafe-eval'"]})
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """The counter: which item, and the digits. Sent, it leads to the green page, or is the red one."""
    by = actor_of(request)
    if request.method == "POST":
        return _sent(request, by)
    stands = _stands(by)
    item = str(stands[0].offer_id) if len(stands) == 1 else request.GET.get("item", "")
    return _counter(request, by, stands, CodeForm(initial={"key": uuid.uuid4, "item": item}, stands=stands), 200)


def _sent(request: HttpRequest, by: Actor) -> HttpResponse:
    """Redeem. Which items there are to choose from is asked only when a page has to show them: most are redeemed."""
    form, now = SentForm(request.POST), timezone.now()
    if not form.is_valid():
        return _given_back(request, by)
    reserved = tries.reserve_within(SHOWN, SHOWN_A_DAY, str(by.account), by=by, now=now)
    if reserved.at is None:
        return _refused(request, by, _("试的次数太多，为了安全先停一停。"), _in_minutes(reserved.wait), 429)
    try:
        row = _redeemed(form, reserved, by, now)
    except NotYours:
        return _given_back(request, by)
    except Refused as refused:
        said = _NOT_MET if refused.code == "eligibility" else in_words(refused)
        return _refused(request, by, said, _ADVICE.get(refused.code or "", ""), 422)
    return redirect("shop-use", row.pk)


def _redeemed(form: SentForm, reserved: Try, by: Actor, now: datetime) -> Participation:
    """Redeem; a code that nobody shows counts against the account, any other answer does not."""
    said, whose = form.cleaned_data, str(by.account)
    try:
        with transaction.atomic():
            row = attendance_moves.redeem_shown(said["item"], said["code"], key=said["key"].hex, now=now, by=by)
            tries.settle(SHOWN, whose, reserved, by=by, now=now)
            return row
    except (NotYours, Refused) as wrong:
        if isinstance(wrong, Refused) and wrong.code == "code":
            tries.reserve(SHOWN_A_DAY, whose, by=by, now=now)
        else:
            tries.settle(SHOWN, whose, reserved, by=by, now=now)
        raise


def _given_back(request: HttpRequest, by: Actor) -> HttpResponse:
    """The form with what is wrong with it."""
    stands = _stands(by)
    form = _again(request, stands)
    return _counter(request, by, stands, form, 422 if stands else 200)


def _again(request: HttpRequest, stands: list[Counter]) -> CodeForm:
    """What was sent, to be sent again as another tap."""
    form = CodeForm(request.POST, stands=stands)
    form.full_clean()
    form.data = form.data.copy()
    form.data["key"] = str(uuid.uuid4())
    return form


def _in_minutes(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return _("请过 %(minutes)d 分钟再试，并核对会员的电子卡。") % {"minutes": minutes}


def _stands(by: Actor) -> list[Counter]:
    """The counters this account stands at today, of items that are open."""
    today = timezone.localdate()
    is_open = Q(offer__until=None) | Q(offer__until__gt=today)
    found = Counter.objects.of(by).on(today).filter(is_open, offer__since__lte=today)
    return list(found.select_related("offer").order_by("offer__title", "pk"))


def _counter(request: HttpRequest, by: Actor, stands: list[Counter], form: CodeForm, status: int) -> HttpResponse:
    mine = Participation.objects.redeemed_by(by).filter(on=timezone.localdate())
    latest = mine.select_related("offer", "person").order_by("-verified_at", "-pk")[:LATEST]
    told = {
        "tab": "counter", "form": form, "stands": stands, "latest": [seen(row) for row in latest],
        "count": mine.filter(state=ATTENDED).count(),
    }  # fmt: skip
    return render(request, "web/shop/counter.html", told, status=status)


def _refused(request: HttpRequest, by: Actor, why: Any, advice: Any, status: int) -> HttpResponse:
    form = _again(request, _stands(by))
    item = form.cleaned_data.get("item", "")
    told = {
        "tab": "counter", "form": form, "why": why, "advice": advice, "item": dict(form.fields["item"].choices).get(item, ""),
        "again": reverse("shop") + (f"?item={item}" if item else ""),
    }  # fmt: skip
    return render(request, "web/shop/refused.html", told, status=status)


@gate.merchant
@never_cache
@require_safe
def use(request: HttpRequest, number: int) -> HttpResponse:
    """What became of a redemption of mine: green while it stands."""
    row = _mine(request, number)
    now = timezone.now()
    until = row.verified_at + UNDO_WITHIN if row.verified_at else now
    told = {
        "tab": "counter", "use": seen(row, _left(row) if row.state == ATTENDED else ""), "until": until,
        "may_undo": row.state == ATTENDED and row.posting is None and now <= until,
        "again": f"{reverse('shop')}?item={row.offer_id}",
    }  # fmt: skip
    return render(request, "web/shop/use.html", told)


@gate.merchant
@require_POST
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Take a redemption of mine back, within five minutes."""
    row = _mine(request, number)
    try:
        attendance_moves.undo(number, now=timezone.now(), by=actor_of(request))
    except Refused as refused:
        messages.warning(request, in_words(refused))
        return redirect("shop-use", number)
    messages.success(
        request, _("已撤销 %(number)s，不计入对账单。要重新核销，请会员刷新电子卡。") % {"number": row.number}
    )
    return redirect(f"{reverse('shop')}?item={row.offer_id}")


def _mine(request: HttpRequest, number: int) -> Participation:
    mine = Participation.objects.redeemed_by(actor_of(request)).select_related("offer", "person")
    row: Participation | None = mine.filter(pk=number).first()
    if row is None:
        raise Http404(f"participation {number}")
    return row


_LEFT = {
    "day": gettext_lazy("今天还可以用 %(left)d 次"), "month": gettext_lazy("本月还可以用 %(left)d 次"),
    "quarter": gettext_lazy("本季度还可以用 %(left)d 次"), "year": gettext_lazy("今年还可以用 %(left)d 次"),
    "ever": gettext_lazy("还可以用 %(left)d 次"),
}  # fmt: skip


def _left(row: Participation) -> str:
    left = left_of(row.offer, row.person_id, row.on)
    return _("不限次数") if left is None else str(_LEFT[row.offer.per]) % {"left": left}
