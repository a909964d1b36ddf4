"""The files of a matter at the desk: added, opened for a reason, taken away."""

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
from django.views.decorators.http import require_http_methods

from unionhall.access import reveal
from unionhall.cases.models import Case
from unionhall.cases.reach import may_handle
from unionhall.exchange import casefile_guard, casefile_moves
from unionhall.exchange.casefile_models import CaseFile
from unionhall.exchange.casefile_moves import MOST, MOST_AT_ONCE
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.roles import holders
from unionhall.web import filing, gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import cases
from unionhall.web.desk.detail import State, Step, Table
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer, problems
from unionhall.web.desk.looking import WhyForm
from unionhall.web.refusals import in_words
from unionhall.web.sudo import sudo


class Chosen(forms.ClearableFileInput):
    """A field that takes several files."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"accept": filing.ACCEPT, "multiple": True})


class FilesField(forms.FileField):
    """Several files: they are judged by the guard, by their bytes."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return data or []


class AddForm(DeskForm):
    file = FilesField(label=_("文件"), widget=Chosen, required=False)


def of_case(row: Case, actor: Actor) -> Table:
    """The files of a matter, the latest first, for its page. What they are called is shown to who opens them."""
    opens = actor.reaches(row.path, *holders(reveal.RIGHT))
    rows = CaseFile.objects.filter(case=row).select_related("by").order_by("-at", "-pk")
    cells = [
        [
            (named(one), reverse("desk-case-file", args=[one.pk])) if opens and one.token else named(one), f"{one.size / 1024:,.0f} KB",
            one.at, one.by.name if one.by else _t("职工本人"),
            State(_("有效"), "ok") if one.token else State(_t("已撤下：%(why)s") % {"why": one.away_reason}, "off"),
        ]
        for one in rows
    ]  # fmt: skip
    heads = (_("材料"), _("大小"), _("时间"), _("谁加的"), _("状态"))
    return Table(_("材料"), heads, cells, _("还没有材料。"))


def named(row: CaseFile) -> str:
    kind = "PDF" if row.form == "pdf" else _t("照片")
    return _t("%(kind)s %(number)d") % {"kind": kind, "number": row.pk}


def steps_of_case(row: Case, actor: Actor) -> list[Step]:
    if row.closed_on is not None or not may_handle(actor, row.service, row.path):
        return []
    return [Step("file", _("添加材料"), True, "", reverse("desk-case-file-add", args=[row.pk]), "paperclip")]


@gate.right("cases.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, number: int) -> HttpResponse:
    row, actor = cases.row_of(request, number), actor_of(request)
    if not may_handle(actor, row.service, row.path):
        raise Http404(f"case {number} is not this post's")
    back = reverse("desk-case", args=[number])

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        count = filing.put(number, request.FILES.getlist("file"), by=by)
        return Done(_t("已添加 %(n)d 个文件，加密保存。") % {"n": count})

    intro = _t("照片（JPG、PNG）或 PDF，一个最多 %(size)d 兆，一次最多 %(once)d 个，一件事最多 %(most)d 个。加密保存；打开要写明理由。") % {
        "size": casefile_guard.LARGEST // 2**20, "once": MOST_AT_ONCE, "most": MOST,
    }  # fmt: skip
    crumbs = ((cases.register.title, reverse("desk-cases")), (row.number, back))
    drawn = Drawn(_("添加材料"), button=_("添加"), intro=intro, crumbs=crumbs, icon="paperclip")
    return answer(request, AddForm, drawn, act, back)


def _row(actor: Actor, number: int) -> CaseFile:
    row: CaseFile | None = CaseFile.objects.visible_to(actor).select_related("case").filter(pk=number).first()
    if row is None:
        raise Http404(f"casefile {number}")
    return row


@gate.right(reveal.RIGHT)
@sudo
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_one(request: HttpRequest, number: int) -> HttpResponse:
    """Ask why, then give the file out: one line in the book of looks, which its worker reads."""
    actor = actor_of(request)
    row = _row(actor, number)
    if not actor.reaches(row.case.path, *holders(reveal.RIGHT)):
        raise Http404(f"casefile {number}")
    sent = WhyForm(request.POST) if request.method == "POST" else WhyForm()
    if sent.is_bound and sent.is_valid():
        try:
            return filing.given_out(*casefile_moves.open_file(number, by=actor, purpose=sent.purpose))
        except Refused as refused:
            sent.add_error(None, in_words(refused))
        except NotYours as lost:
            raise Http404(str(lost)) from None
    away = (
        reverse("desk-case-file-away", args=[number])
        if row.token and may_handle(actor, row.case.service, row.case.path)
        else ""
    )
    context = {
        "row": row, "named": named(row), "form": sent, "problems": problems(sent) if sent.is_bound else [], "away": away,
        "crumbs": ((cases.register.title, reverse("desk-cases")), (row.case.number, reverse("desk-case", args=[row.case_id]))),
    }  # fmt: skip
    return render(request, "web/desk/business/case_file.html", context, status=422 if sent.is_bound else 200)


class AwayForm(DeskForm):
    reason = forms.CharField(label=_("为什么撤下"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


@gate.right("cases.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def away(request: HttpRequest, number: int) -> HttpResponse:
    """Take a file away that does not belong there."""
    actor = actor_of(request)
    row = _row(actor, number)
    if not may_handle(actor, row.case.service, row.case.path):
        raise Http404(f"casefile {number} is not this post's")
    back = reverse("desk-case", args=[row.case_id])

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        casefile_moves.take_away(number, reason=said["reason"], by=by)
        return Done(_t("材料已撤下，文件内容已删除。"))

    crumbs = ((cases.register.title, reverse("desk-cases")), (row.case.number, back))
    drawn = Drawn(
        _("撤下材料"), button=_("撤下"), crumbs=crumbs, icon="trash", danger=True, facts=((_("材料"), named(row)), (_("时间"), f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}")),
        intro=_("传错了、不是这件事的材料才撤下。文件内容随即删除，撤下的记录保留。"),
    )  # fmt: skip
    return answer(request, AwayForm, drawn, act, back)


urlpatterns = [
    path("desk/cases/<int:number>/files/add/", add, name="desk-case-file-add"),
    path("desk/case-files/<int:number>/", open_one, name="desk-case-file"),
    path("desk/case-files/<int:number>/away/", away, name="desk-case-file-away"),
]
