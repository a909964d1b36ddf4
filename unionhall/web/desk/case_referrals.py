"""Referrals at the desk: choosing what of a matter somebody else may read; reading what was given to oneself, and answering."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.cases import referral_moves, referring
from unionhall.cases.models import Case
from unionhall.cases.note_moves import LONGEST
from unionhall.cases.reach import may_handle
from unionhall.cases.referral_models import Referral
from unionhall.cases.referral_moves import To
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.models import Account, Place, PostHeld
from unionhall.organisations.roles import LAWYER, ROLES
from unionhall.web import gate, words
from unionhall.web.acting import actor_of
from unionhall.web.desk import case_handling, cases
from unionhall.web.desk.detail import Table
from unionhall.web.desk.forms import Done, carry_out
from unionhall.web.desk.moves import Move, Moves, RowForm
from unionhall.web.refusals import in_words

RIGHT = "cases.change"
MOST = 50
"""Referrals a page lists."""


class ReferForm(RowForm):
    to = forms.ChoiceField(label=_("转介给谁"))
    fields_chosen = forms.MultipleChoiceField(
        label=_("给对方看哪几项"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只选办这件事用得着的。没有选的，对方看不到。"),
    )
    asked = forms.CharField(
        label=_("请对方做什么"),
        max_length=referral_moves.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "data-secret": ""}),
    )
    until = forms.DateField(label=_("看到哪一天为止"), help_text=_("最长 90 天；过期自动看不到，也可以随时撤回。"))

    def fit(self) -> None:
        to: Any = self.fields["to"]
        chosen: Any = self.fields["fields_chosen"]
        to.choices = [("", "—"), *_receivers()]
        if self.row is not None:
            chosen.choices = [(key, _t(title)) for key, title in referring.choices(self.row).items()]


class AnswerForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(max_length=LONGEST)


def _receivers() -> list[tuple[str, str]]:
    """Posts at their places, each once, and every lawyer by name."""
    held = PostHeld.objects.on(timezone.localdate()).filter(role__in=referring.may_receive(), account__is_active=True)
    at = sorted(set(held.exclude(role=LAWYER).values_list("path", "role")))
    places = dict(Place.objects.filter(path__in=[one for one, _role in at], until=None).values_list("path", "name"))
    posts = [(f"{role}@{where}", f"{places[where]} · {_t(ROLES[role])}") for where, role in at if where in places]
    lawyers = sorted(set(held.filter(role=LAWYER).values_list("account", "account__name")))
    return posts + [(f"account:{number}", f"{name} · {_t(ROLES[LAWYER])}") for number, name in lawyers]


def _to(text: str) -> To:
    if text.startswith("account:"):
        return To(account=int(text.removeprefix("account:")))
    role, _at, where = text.partition("@")
    return To(role=role, path=where)


def _refer(row: Case, by: Actor, said: Mapping[str, Any]) -> Done:
    referral_moves.refer(
        row.pk, _to(said["to"]), said["fields_chosen"], asked=said["asked"], until=said["until"], by=by
    )
    return Done(_t("已转介；对方每看一次都有记录，职工能查到。"))


def _withdraw(row: Referral, by: Actor, said: Mapping[str, Any]) -> Done:
    referral_moves.withdraw(row.pk, by=by)
    return Done(_t("已撤回，对方看不到了。"), then=reverse("desk-case", args=[row.case_id]))


def find_sent(actor: Actor, number: int) -> Referral:
    """A referral of a matter this actor handles; 404 otherwise."""
    row: Referral | None = Referral.objects.visible_to(actor).select_related("case").filter(pk=number).first()
    if row is None or not may_handle(actor, row.case.service, row.case.path):
        raise Http404(f"referral {number}")
    return row


MOVES = Moves("case", "desk/cases/", _("服务事项"), case_handling.find, (
    Move(key="refer", title=_("转介"), right=RIGHT, form=ReferForm, act=_refer, icon="send", button=_("转介"),
         intro=_("请别的部门或者律师看一看、给个意见。事项仍由您办，对方只看到您选的几项。")),
), back="desk-cases", named=lambda row: row.number)  # fmt: skip
SENT = Moves("sent-referral", "desk/sent-referrals/", _("服务事项"), find_sent, (
    Move(key="withdraw", title=_("撤回转介"), right=RIGHT, act=_withdraw, icon="arrow-back-up", danger=True,
         why_not=lambda row, by: _t("这份转介已经撤回。") if row.withdrawn_at is not None else "",
         facts=lambda row: ((_("编号"), row.case.number), (_("转介给谁"), receiver(row)))),
), back="desk-cases", named=lambda row: row.case.number)  # fmt: skip


def receiver(row: Referral) -> str:
    """Who it was given to, in words."""
    if row.to_account_id is not None:
        return Account.objects.filter(pk=row.to_account_id).values_list("name", flat=True).first() or "—"
    place = Place.objects.filter(path=row.to_path).values_list("name", flat=True).first() or ""
    return f"{place} · {_t(ROLES.get(row.to_role, row.to_role))}"


def table(row: Case, *, mine: bool) -> Table | None:
    """What of a matter was given to whom; for who handles it."""
    rows = list(Referral.objects.filter(case=row).order_by("-pk")[:MOST]) if mine else []
    if not rows:
        return None
    titles = referring.choices(row)
    lines = [
        [receiver(one), "、".join(_t(titles[key]) for key in one.fields if key in titles), one.expires_on, one.read_at or "—", one.answered_at or "—",
         _t("已撤回") if one.withdrawn_at else (_t("撤回"), reverse("desk-sent-referral-withdraw", args=[one.pk]))]
        for one in rows
    ]  # fmt: skip
    heads = (_("转介给谁"), _("给对方看哪几项"), _("看到哪一天为止"), _("看过"), _("答复"), _("办理"))
    return Table(_("转介"), heads, lines)


@gate.right("cases.change")
@never_cache
@require_safe
def sent(request: HttpRequest, number: int) -> HttpResponse:
    """A referral one made has no page but its matter's."""
    return HttpResponseRedirect(reverse("desk-case", args=[find_sent(actor_of(request), number).case_id]))


@gate.signed_in
@never_cache
@require_safe
def referrals(request: HttpRequest) -> HttpResponse:
    """What was given to me to read and still may be."""
    rows = Referral.objects.given_to(actor_of(request)).open_on(timezone.localdate()).select_related("case", "by")
    shown = [
        {"row": one, "service": words.title(cases.SERVICES[one.case.service])}
        for one in rows.order_by("expires_on", "pk")[:MOST]
    ]
    return render(request, "web/desk/business/referrals.html", {"referrals": shown})


@gate.signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def referral(request: HttpRequest, number: int) -> HttpResponse:
    """Exactly what was chosen for me; every look is written down first. Not there once it ran out or was withdrawn."""
    by, refused = actor_of(request), None
    if request.method == "POST":
        form = AnswerForm(request.POST)
        try:
            if not form.is_valid():
                raise Refused(_t("请写下意见，最多 %(most)d 个字。") % {"most": LONGEST}, code="text")
            here = reverse("desk-referral", args=[number])
            return HttpResponseRedirect(
                carry_out(request, form.cleaned_data, lambda by, said: _answer(number, by, said), here)
            )
        except NotYours:
            raise Http404(f"referral {number}") from None
        except Refused as no:
            refused = no
    try:
        row, asked, said = referral_moves.read(number, by=by)
    except NotYours:
        raise Http404(f"referral {number}") from None
    told = {
        "row": row, "asked": asked, "said": [(_t(one.title), one.text) for one in said], "refused": refused, "longest": LONGEST,
        "typed": request.POST.get("text", ""), "service": words.title(cases.SERVICES[row.case.service]),
        "crumbs": ((_("转介给我的"), reverse("desk-referrals")),),
        "problems": [("text", in_words(refused))] if refused is not None else [],
    }  # fmt: skip
    return render(request, "web/desk/business/referral.html", told, status=422 if refused else 200)


def _answer(number: int, by: Actor, said: Mapping[str, Any]) -> Done:
    referral_moves.answer(number, said["text"], by=by)
    return Done(_t("意见已送给承办人。"))


urlpatterns = [
    *MOVES.addresses(),
    path("desk/sent-referrals/<int:number>/", sent, name="desk-sent-referral"),
    *SENT.addresses(),
    path("desk/referrals/", referrals, name="desk-referrals"),
    path("desk/referrals/<int:number>/", referral, name="desk-referral"),
]
