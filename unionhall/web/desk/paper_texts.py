"""The texts of papers: which hold today, and a new one laid down from a day on, seen before it counts."""

import hashlib
from collections.abc import Mapping
from datetime import date
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

from unionhall.cases import merge_fields, paper_moves, paper_values
from unionhall.cases.models import PaperText
from unionhall.cases.papers import LONGEST, Paper, wrong_text
from unionhall.cases.reach import may_lay_down, may_see
from unionhall.exchange.papers.letter import parts_of
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations import places
from unionhall.web import gate, words
from unionhall.web.acting import actor_of
from unionhall.web.desk.cases import SERVICES
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer

PAPERS: dict[str, Paper] = {paper.key: paper for service in SERVICES.values() for paper in service.papers}
TITLE = _("文书文本")


def _served(paper: Paper) -> list[str]:
    """The services that make it."""
    return [key for key, service in SERVICES.items() if service.paper(paper.key) is not None]


def _mine(actor: Actor, paper: Paper) -> bool:
    return any(may_lay_down(actor, service) for service in _served(paper))


@gate.right("cases.see")
@never_cache
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """Every paper of the services this account sees, with the text that holds today."""
    actor, today = actor_of(request), timezone.localdate()
    seen = [paper for paper in PAPERS.values() if any(may_see(actor, service) for service in _served(paper))]
    holds = paper_values.wordings(seen, today)
    ahead = dict(PaperText.objects.filter(since__gt=today).values_list("paper", "since"))
    lines = [
        {"paper": paper, "title": holds[paper.key].title, "services": "、".join(words.title(SERVICES[key]) for key in _served(paper)),
         "text": holds[paper.key], "ahead": ahead.get(paper.key), "href": reverse("desk-paper-text", args=[paper.key])}
        for paper in seen
    ]  # fmt: skip
    crumbs = ((_("文书登记簿"), reverse("desk-papers")),)
    return render(request, "web/desk/business/paper_texts.html", {"lines": lines, "crumbs": crumbs, "title": TITLE})


class TextForm(DeskForm):
    """A new text. `seen` is the digest of the text whose preview was looked at."""

    title = forms.CharField(label=_("标题"), max_length=LONGEST["title"])
    numbering = forms.CharField(
        label=_("编号格式"), max_length=LONGEST["numbering"], help_text=_("要有 {年} 和 {号}，例如：工调字〔{年}〕{号}号。格式相同的文书一起编号。"),
    )  # fmt: skip
    body = forms.CharField(
        label=_("正文"), max_length=LONGEST["body"], widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_("一行一段。花括号里的合并字段在制作时换成内容；以“|”分开的一行是表格的一行。"),
    )  # fmt: skip
    since = forms.DateField(label=_("自哪一天起施行"), initial=timezone.localdate)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


@gate.right("cases.see")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, key: str) -> HttpResponse:
    """The text that holds and those before it; for who may, the form of a new one. Sent, it is shown as it will look;
    sent again unchanged, it counts from its day on.
    """
    actor, kind, today = actor_of(request), PAPERS.get(key), timezone.localdate()
    if kind is None or not any(may_see(actor, service) for service in _served(kind)):
        raise Http404(f"paper {key}")
    holds, mine = paper_values.wording(kind, today), _mine(actor, kind)
    examples = paper_values.examples(kind, paper_values.issuer(places.top()), today)
    if not mine:
        if request.method == "POST":
            raise Http404(f"paper {key} is another department's")
        return _page(request, kind, _shown(holds.title, holds.numbering, holds.body, examples, today), None, "read")
    if request.method == "POST" and (form := TextForm(request.POST, actor=actor)).is_valid():
        said = form.cleaned_data
        _part, wrong = wrong_text(kind, said["title"].strip(), said["numbering"].strip(), said["body"].strip())
        if not wrong and said["seen"] != _digest(said):
            again = TextForm({**request.POST.dict(), "seen": _digest(said)}, actor=actor)
            return _page(
                request, kind, _shown(said["title"], said["numbering"], said["body"], examples, today), again, "look"
            )
    back = reverse("desk-paper-texts")

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        if said["seen"] != _digest(said):
            part, wrong = wrong_text(kind, said["title"].strip(), said["numbering"].strip(), said["body"].strip())
            raise Refused(wrong or _t("文本又改过，请再看一次预览。"), code=part)
        paper_moves.lay_down(key, said["title"], said["numbering"], said["body"], since=said["since"], by=by)
        return Done(_t("文本已定，从 %(since)s 起施行；已经制作的文书不变。") % {"since": said["since"]})

    more = {
        "fields": [(f"{{{name}}}", merge.meaning) for name, merge in kind.fields().items()], "earlier": _earlier(kind),
        "shown": _shown(holds.title, holds.numbering, holds.body, examples, today),
    }  # fmt: skip
    drawn = Drawn(
        _t(kind.title), button=_("预览"), icon="eye", crumbs=((TITLE, back),), more=more,
        facts=((_("业务"), "、".join(words.title(SERVICES[one]) for one in _served(kind))), (_("现在的文本"), holds.since or _t("系统自带"))),
    )  # fmt: skip
    initial = {"title": holds.title, "numbering": holds.numbering, "body": holds.body}
    return answer(request, TextForm, drawn, act, back, initial=initial, template="web/desk/business/paper_text.html")


def _digest(said: Mapping[str, Any]) -> str:
    whole = "\0".join((said["title"], said["numbering"], said["body"], str(said["since"])))
    return hashlib.sha256(whole.encode()).hexdigest()


def _shown(title: str, numbering: str, body: str, examples: Mapping[str, str], today: date) -> dict[str, Any]:
    """A text with made-up values, as a page shows it."""
    number = paper_values.number_of(numbering, today.year, 12)
    filled = merge_fields.fill(body, {**examples, "文号": number})
    return {
        "heading": title,
        "number": number,
        "parts": parts_of(filled),
        "signed": examples["工会"],
        "on": examples["今天"],
    }


def _earlier(kind: Paper) -> list[PaperText]:
    return list(PaperText.objects.filter(paper=kind.key).order_by("-since", "-pk"))


def _page(request: HttpRequest, kind: Paper, shown: Mapping[str, Any], form: TextForm | None, how: str) -> HttpResponse:
    """`how`: "look", the preview of a new text with the button that makes it count; "read", the one that holds."""
    context = {
        "title": _t(kind.title), "shown": shown, "form": form, "how": how, "crumbs": ((TITLE, reverse("desk-paper-texts")),),
        "earlier": _earlier(kind), "back": request.path,
    }  # fmt: skip
    return render(request, "web/desk/business/paper_look.html", context)


urlpatterns = [
    path("desk/paper-texts/", texts, name="desk-paper-texts"),
    path("desk/paper-texts/<str:key>/", text, name="desk-paper-text"),
]
