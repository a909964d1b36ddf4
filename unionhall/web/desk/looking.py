"""Opening one sealed value with a reason, and the second officer's yes to large exports."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.access import approvals, reveal
from unionhall.access.models import Approval
from unionhall.access.sensitive import REVEALABLE, RIGHT, Sensitive
from unionhall.cases import service as services
from unionhall.cases.models import Case
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.secret import Secret
from unionhall.organisations.roles import holders
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.columns import place_names
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer, problems
from unionhall.web.desk.todo import Waiting
from unionhall.web.refusals import in_words
from unionhall.web.sudo import sudo

_SALT = "unionhall.desk.reveal"
GOOD_FOR = 12 * 3600
"""Seconds an address that opens a value is good, for the account it was made for."""
OTHER = "other"
REASONS: dict[str, Any] = {
    "contact": _("联系本人"),
    "check": _("核对身份"),
    "handle": _("办理本人的业务"),
    "correct": _("更正登记"),
    OTHER: _("其他（请写明）"),
}
STATES: dict[str, tuple[Any, str]] = {
    "waiting": (_("等待审批"), "wait"), "approved": (_("已同意"), "go"), "refused": (_("未同意"), "bad"),
    "used": (_("已导出"), "ok"), "lapsed": (_("已过期"), "off"),
}  # fmt: skip
_LATEST = 50


class WhyForm(forms.Form):
    """Why a value is opened: one of the usual reasons, and in words where that does not say it."""

    reason = forms.ChoiceField(label=_("查看原因"), choices=[("", _("请选择")), *REASONS.items()])
    words = forms.CharField(label=_("说明"), max_length=150, required=False)
    back = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["reason"].error_messages |= {
            "required": _("请选择“查看原因”。"),
            "invalid_choice": _("请在列出的选项里选择。"),
        }
        self.fields["words"].error_messages["max_length"] = _("说明最多 150 个字，请缩短。")

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("reason") == OTHER and not said.get("words", "").strip():
            self.add_error("words", _("选“其他”时请写明原因。"))
        return said

    @property
    def purpose(self) -> str:
        """In words, as the book of looks keeps it."""
        title = _t("其他") if self.cleaned_data["reason"] == OTHER else str(REASONS[self.cleaned_data["reason"]])
        words = self.cleaned_data["words"].strip()
        return f"{title}：{words}" if words else title


def address(request: HttpRequest, sensitive: Sensitive, row: int) -> str:
    """Where this value of this row is opened, by the signed-in account and nobody else."""
    named = [REVEALABLE.index(sensitive), row]
    return reverse("desk-reveal", args=[signing.dumps(named, salt=f"{_SALT}.{actor_of(request).account}")])


@gate.right(RIGHT)
@sudo
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: HttpRequest, token: str) -> HttpResponse:
    """Ask why, then show the value once. As a fragment for htmx, in place of the mask; else as a page."""
    sensitive, row = _named(request, token)
    by = actor_of(request)
    context = {"title": sensitive.title, "mask": _mask(sensitive, row, by), "here": request.path}
    sent = WhyForm(request.POST) if request.method == "POST" else WhyForm(initial={"back": _back(request)})
    if sent.is_bound and sent.is_valid():
        try:
            plain = reveal.reveal(sensitive.field, row, by=by, purpose=sent.purpose)
        except Refused as refused:
            sent.add_error(None, in_words(refused))
        except NotYours as lost:
            raise Http404(str(lost)) from None
        else:
            shown = {"plain": _told(sensitive, row, plain), "back": _within(request, sent.cleaned_data["back"])}
            return render(request, _template(request, "opened"), context | shown)
    context |= {"form": sent, "problems": problems(sent) if sent.is_bound else []}
    context["back"] = _within(request, sent["back"].value() or "")
    status = 422 if sent.is_bound else 200
    return render(request, _template(request, "opening"), context, status=status)


def _template(request: HttpRequest, name: str) -> str:
    return f"web/desk/looking/{'_' if request.headers.get('HX-Request') else ''}{name}.html"


def _named(request: HttpRequest, token: str) -> tuple[Sensitive, int]:
    """The field and the row of an address; 404 for one that was not made for this account, or too long ago."""
    try:
        place, row = signing.loads(token, salt=f"{_SALT}.{actor_of(request).account}", max_age=GOOD_FOR)
        return REVEALABLE[place], row
    except (signing.BadSignature, ValueError, TypeError, IndexError):
        raise Http404("reveal") from None


def _mask(sensitive: Sensitive, row: int, by: Actor) -> str:
    """The mask, of a row the actor sees; 404 otherwise."""
    manager: Any = sensitive.model._default_manager
    found = manager.visible_to(by).filter(pk=row).first()
    secret = getattr(found, sensitive.field.rpartition(".")[2], None)
    if not isinstance(secret, Secret):
        raise Http404(f"{sensitive.field} {row}")
    return str(secret)


def _told(sensitive: Sensitive, row: int, plain: str) -> list[tuple[Any, str]]:
    """The value with its title; the sealed answers of a case one by one, with the titles of its service's form."""
    if sensitive.field == "cases.issuedpaper.content":
        said = json.loads(plain)
        return [(f"{said['title']} {said['number']}", said["body"])]
    if sensitive.field != "cases.case.sealed_details":
        return [(sensitive.title, plain)]
    form = services.find(Case.objects.values_list("service", flat=True).get(pk=row)).form
    titles = {field.key: field.title for field in form}
    return [(titles.get(key, key), str(value)) for key, value in json.loads(plain).items()]


def _back(request: HttpRequest) -> str:
    return request.headers.get("Referer", "")


def _within(request: HttpRequest, to: str) -> str:
    """An address of this house; the desk for any other."""
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if to and safe else reverse("desk")


# --- the second officer -----------------------------------------------------------------------------------------------


class NoForm(DeskForm):
    """Why an export is not allowed."""

    because = forms.CharField(label=_("不同意的理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


@gate.right(approvals.ASKS, approvals.DECIDES)
@never_cache
@require_safe
def approval_list(request: HttpRequest) -> HttpResponse:
    """What waits for my yes, and what became of mine."""
    actor = actor_of(request)
    now = datetime.now(UTC)
    theirs = Approval.objects.at(*actor.paths(*holders(approvals.DECIDES))).exclude(asked_by=actor.account)
    mine = Approval.objects.filter(asked_by=actor.account)
    shown = {
        "waiting": [_line(row, now) for row in theirs.open_on(now).order_by("asked_at")],
        "decided": [_line(row, now) for row in theirs.exclude(state="waiting").order_by("-pk")[:_LATEST]],
        "mine": [_line(row, now) for row in mine.order_by("-pk")[:_LATEST]],
    }
    names = place_names(line["row"].path for lines in shown.values() for line in lines)
    for lines in shown.values():
        for line in lines:
            line["place"] = names.get(line["row"].path, "")
    deciding = actor.holds(*holders(approvals.DECIDES))
    return render(request, "web/desk/looking/approvals.html", {**shown, "deciding": deciding})


@gate.right(approvals.ASKS, approvals.DECIDES)
@never_cache
@require_safe
def approval_page(request: HttpRequest, number: int) -> HttpResponse:
    """One request: what is to leave the house, for what; yes or no, for who may say it."""
    row, may_decide = _approval(request, number)
    line = _line(row, datetime.now(UTC)) | {"place": place_names([row.path]).get(row.path, "")}
    return render(request, "web/desk/looking/approval.html", {"line": line, "row": row, "may_decide": may_decide})


@gate.right(approvals.DECIDES)
@sudo
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """Say yes, after a look at what it is."""
    row, _may = _approval(request, number)

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        approvals.approve(number, by=by)
        return Done(_t("已同意。申请人可在 24 小时内导出一次。"))

    return answer(request, DeskForm, _drawn(row, _("同意导出"), _("同意")), act, reverse("desk-approvals"))


@gate.right(approvals.DECIDES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, number: int) -> HttpResponse:
    """Say no, and why."""
    row, _may = _approval(request, number)

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        approvals.refuse(number, because=said["because"], by=by)
        return Done(_t("已答复：不同意。"))

    return answer(
        request, NoForm, _drawn(row, _("不同意导出"), _("不同意"), danger=True), act, reverse("desk-approvals")
    )


def _approval(request: HttpRequest, number: int) -> tuple[Approval, bool]:
    """The request, if it is mine or at a place where I decide, and whether I may decide on it now."""
    actor = actor_of(request)
    row = Approval.objects.visible_to(actor, *holders(approvals.DECIDES)).filter(pk=number).first()
    if row is None:
        raise Http404(f"approval {number}")
    decides = actor.reaches(row.path, *holders(approvals.DECIDES)) and row.asked_by != actor.account
    return row, decides and row.state == "waiting" and not row.lapsed(datetime.now(UTC))


def _drawn(row: Approval, title: Any, button: Any, *, danger: bool = False) -> Drawn:
    facts = (
        (_("导出内容"), row.title), (_("人数"), f"{row.people:,}"), (_("申请人"), row.asked_name), (_("用途"), row.reason),
    )  # fmt: skip
    crumbs = ((_("导出审批"), reverse("desk-approvals")),)
    return Drawn(title=title, button=button, crumbs=crumbs, facts=facts, danger=danger)


def _line(row: Approval, now: datetime) -> dict[str, Any]:
    word, tone = STATES["lapsed" if row.lapsed(now) else row.state]
    return {"row": row, "word": word, "tone": tone, "asked": timezone.localtime(row.asked_at), "place": ""}


def _waiting(actor: Actor) -> int:
    theirs = Approval.objects.at(*actor.paths(*holders(approvals.DECIDES))).exclude(asked_by=actor.account)
    return theirs.open_on(datetime.now(UTC)).count()


WAITING = (Waiting(_("等待审批的导出"), _("份"), approvals.DECIDES, _waiting, lambda actor: reverse("desk-approvals")),)

urlpatterns = [
    path("desk/reveal/<str:token>/", opening, name="desk-reveal"),
    path("desk/approvals/", approval_list, name="desk-approvals"),
    path("desk/approvals/<int:number>/", approval_page, name="desk-approval"),
    path("desk/approvals/<int:number>/approve/", approve, name="desk-approval-yes"),
    path("desk/approvals/<int:number>/refuse/", refuse, name="desk-approval-no"),
]
