"""Answer templates at the desk: which hold, a new one or a new version of one from a day on, one that is used no more."""

from collections.abc import Mapping
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

from unionhall.cases import answer_moves, answers, merge_fields
from unionhall.cases.models import AnswerText
from unionhall.cases.reach import may_lay_down, may_see
from unionhall.kernel.actor import Actor
from unionhall.web import gate, words
from unionhall.web.acting import actor_of
from unionhall.web.desk.cases import SERVICES
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer

TITLE = _("答复模板")


def _body() -> forms.CharField:
    return forms.CharField(
        label=_("正文"), max_length=answers.LONGEST["body"], widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("花括号里的合并字段在选用时换成那件事的内容；姓名在发送时换上。"),
    )  # fmt: skip


def _since() -> forms.DateField:
    return forms.DateField(label=_("自哪一天起用"), initial=timezone.localdate)


class NewForm(DeskForm):
    service = forms.ChoiceField(label=_("业务"))
    title = forms.CharField(
        label=_("模板名称"), max_length=answers.LONGEST["title"], help_text=_("选用时看到的名称，例如：已转单位办理。")
    )
    body = _body()
    since = _since()


class VersionForm(DeskForm):
    body = _body()
    since = _since()


class EndForm(DeskForm):
    until = forms.DateField(label=_("从哪一天起停用"), initial=timezone.localdate)


def _mine(actor: Actor) -> list[str]:
    """The services whose templates this account lays down."""
    return [one.key for one in answers.answered() if may_lay_down(actor, one.key)]


@gate.right("cases.see")
@never_cache
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """What holds today or begins later, of the services this account sees."""
    actor, today = actor_of(request), timezone.localdate()
    seen = [one.key for one in answers.answered() if may_see(actor, one.key)]
    rows = AnswerText.objects.filter(service__in=seen).order_by("service", "title", "since")
    lines = [
        {"row": row, "service": words.title(SERVICES[row.service]), "ahead": row.since > today}
        for row in rows
        if row.until is None or row.until > max(today, row.since)
    ]
    told = {
        "title": TITLE, "lines": lines, "crumbs": ((_("服务事项"), reverse("desk-cases")),),
        "add": reverse("desk-answer-text-add") if _mine(actor) else "",
    }  # fmt: skip
    return render(request, "web/desk/business/answer_texts.html", told)


def _more() -> dict[str, Any]:
    return {"fields": [(f"{{{name}}}", merge.meaning) for name, merge in answers.fields().items()]}


def _crumbs() -> tuple[tuple[Any, str], ...]:
    return (_("服务事项"), reverse("desk-cases")), (TITLE, reverse("desk-answer-texts"))


@gate.right("cases.limits")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    mine = _mine(actor_of(request))
    if not mine:
        raise Http404("no service of this post answers anybody")

    def form(*args: Any, **kwargs: Any) -> DeskForm:
        made = NewForm(*args, **kwargs)
        made.fields["service"].choices = [("", "—"), *((key, words.title(SERVICES[key])) for key in mine)]
        return made

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        made = answer_moves.lay_down(said["service"], said["title"], said["body"], since=said["since"], by=by)
        then = reverse("desk-answer-text", args=[made])
        return Done(_t("模板已定，从 %(since)s 起可以选用。") % {"since": said["since"]}, then=then)

    drawn = Drawn(_("添加答复模板"), button=_("添加"), icon="plus", crumbs=_crumbs(), more=_more())
    back = reverse("desk-answer-texts")
    initial = {"service": mine[0]} if len(mine) == 1 else {}
    return answer(request, form, drawn, act, back, initial=initial, template="web/desk/business/answer_text.html")


def _row(actor: Actor, number: int) -> AnswerText:
    row = AnswerText.objects.filter(pk=number).first()
    if row is None or row.service not in SERVICES or not may_see(actor, row.service):
        raise Http404(f"answer text {number}")
    return row


@gate.right("cases.see")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, number: int) -> HttpResponse:
    """One template, as it will look, and its other versions; for who may, the form of a new version."""
    actor, today = actor_of(request), timezone.localdate()
    row = _row(actor, number)
    mine = may_lay_down(actor, row.service)
    others = AnswerText.objects.filter(service=row.service, title=row.title).exclude(pk=row.pk).order_by("-since")
    more = _more() | {
        "row": row, "others": others, "shown": merge_fields.fill(row.body, answers.examples(today)),
        "end": reverse("desk-answer-text-end", args=[number]) if mine and row.until is None else "",
    }  # fmt: skip
    drawn = Drawn(
        row.title, button=_("定为新的一版"), icon="check", crumbs=_crumbs(), more=more,
        facts=((_("业务"), words.title(SERVICES[row.service])), (_("自哪一天起用"), row.since), *(((_("停用"), row.until),) if row.until else ())),
    )  # fmt: skip
    if not mine:
        if request.method == "POST":
            raise Http404(f"answer text {number} is another department's")
        return render(request, "web/desk/business/answer_look.html", {"drawn": drawn})

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        made = answer_moves.lay_down(row.service, row.title, said["body"], since=said["since"], by=by)
        then = reverse("desk-answer-text", args=[made])
        return Done(_t("模板已定，从 %(since)s 起可以选用。") % {"since": said["since"]}, then=then)

    back = reverse("desk-answer-texts")
    template = "web/desk/business/answer_text.html"
    return answer(request, VersionForm, drawn, act, back, initial={"body": row.body}, template=template)


@gate.right("cases.limits")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, number: int) -> HttpResponse:
    """A template nobody is to use any more."""
    row = _row(actor_of(request), number)
    if not may_lay_down(actor_of(request), row.service):
        raise Http404(f"answer text {number} is another department's")

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        answer_moves.end(number, until=said["until"], by=by)
        return Done(_t("模板从 %(until)s 起停用；已经发出的答复不变。") % {"until": said["until"]})

    crumbs = (*_crumbs(), (row.title, reverse("desk-answer-text", args=[number])))
    drawn = Drawn(_("停用模板"), button=_("停用"), icon="x", danger=True, crumbs=crumbs)
    return answer(request, EndForm, drawn, act, reverse("desk-answer-texts"))


urlpatterns = [
    path("desk/answer-texts/", texts, name="desk-answer-texts"),
    path("desk/answer-texts/add/", add, name="desk-answer-text-add"),
    path("desk/answer-texts/<int:number>/", text, name="desk-answer-text"),
    path("desk/answer-texts/<int:number>/end/", end, name="desk-answer-text-end"),
]
