"""Papers at the desk: the register of what was made, making one about a matter, taking it out as Word or PDF, declaring it void."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhall.access import reveal
from unionhall.cases import merge_fields, paper_moves, paper_values
from unionhall.cases.models import Case, IssuedPaper
from unionhall.cases.papers import LONGEST_WRITTEN, Paper
from unionhall.cases.reach import may_handle
from unionhall.exchange.export import Mark
from unionhall.exchange.papers.letter import letter, parts_of
from unionhall.exchange.papers.letter_forms import FORMS
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.roles import holders
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import cases
from unionhall.web.desk.cases import SERVICES, TITLES
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Detail, Event, Fact, State, Step, Table, render_detail
from unionhall.web.desk.filters import Choice, Days, Picked, PlaceFilter
from unionhall.web.desk.finding import ByText
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.moves import Move, Moves, RowForm
from unionhall.web.desk.register import Add, Register
from unionhall.web.monthly import attached
from unionhall.web.sudo import sudo

FIELD = "cases.issuedpaper.content"
STATES = {"valid": _("有效"), "void": _("已作废")}
KINDS = {paper.key: _(paper.title) for service in SERVICES.values() for paper in service.papers}

register = Register(
    key="papers", title=_("文书登记簿"), model=IssuedPaper, right="cases.see", icon="file-text", unit=_("份"),
    rows=lambda actor: IssuedPaper.objects.visible_to(actor),
    columns=(
        Column("number", _("文号"), link=True), Column("paper", _("文书"), words=KINDS),
        Column("state", _("状态"), value=lambda row: "void" if row.void_at else "valid", show="state", words=STATES,
               tones={"valid": "ok", "void": "off"}, phone="end"),
        Column("case", _("事项"), value=lambda row: row.case.number if row.case else _t("%(n)d 件") % {"n": row.people}),
        Column("service", _("业务"), words=TITLES, phone=""), Column("made_on", _("制作"), show="day"),
        Column("made_by", _("制作人"), value=lambda row: row.made_by.name if row.made_by else "", phone=""),
    ),
    search=(ByText("number"),), search_hint=_("文号"),
    filters=(
        Choice("paper", KINDS, _("文书")),
        Picked("valid", _("状态"), {"yes": (_("有效"), Q(void_at=None)), "no": (_("已作废"), Q(void_at__isnull=False))}),
        PlaceFilter(), Days("made_on", _("制作日期")),
    ),
    default_sort="-made_on", sorts=("made_on",), related=("case", "made_by"), detail="desk-paper",
    links=(Add(_("文书文本"), "desk-paper-texts", "cases.see"),),
    empty=_("还没有制作过文书。在事项的页面按它的状态制作。"),
)  # fmt: skip


def of_case(row: Case) -> Table:
    """The papers made about a matter, the latest first, for its page."""
    made = IssuedPaper.objects.filter(case=row).select_related("made_by").order_by("-made_at", "-pk")
    cells = [
        [(one.number, reverse("desk-paper", args=[one.pk])), _t(one.title), one.made_on, one.made_by.name if one.made_by else "", _state(one)]
        for one in made
    ]  # fmt: skip
    return Table(_("文书"), (_("文号"), _("文书"), _("制作"), _("制作人"), _("状态")), cells, _("还没有制作文书。"))


def steps_of_case(row: Case, actor: Actor) -> list[Step]:
    """The papers that may be made in the state the matter is in."""
    if not may_handle(actor, row.service, row.path):
        return []
    lawful = [one for one in SERVICES[row.service].papers if not one.many and row.state in one.states]
    return [
        Step(f"paper-{one.key}", _t("制作%(paper)s") % {"paper": _t(one.title)}, True, "",
             reverse("desk-case-paper", args=[row.pk, one.key]), "file-text")
        for one in lawful
    ]  # fmt: skip


def _state(row: IssuedPaper) -> State:
    return State(STATES["void"], "off") if row.void_at is not None else State(STATES["valid"], "ok")


def _form(kind: Paper) -> type[DeskForm]:
    """What only the officer knows; fields are named by their place, their merge fields are Chinese words."""
    fields = {
        f"w{at}": forms.CharField(
            label=name, max_length=LONGEST_WRITTEN, help_text=hint, widget=forms.Textarea(attrs={"rows": 4, "data-secret": ""})
        )
        for at, (name, hint) in enumerate(kind.asks.items())
    }  # fmt: skip
    return type("PaperForm", (DeskForm,), fields)


@gate.right("cases.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """Make a paper out; what it will say stands below, with blanks for what is still to be written."""
    row, actor = cases.row_of(request, number), actor_of(request)
    kind = SERVICES[row.service].paper(key)
    if kind is None or kind.many or not may_handle(actor, row.service, row.path):
        raise Http404(f"paper {key} of case {number}")
    back = reverse("desk-case", args=[number])

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        written = {name: said[f"w{at}"] for at, name in enumerate(kind.asks)}
        made = paper_moves.issue(number, key, written, by=by)
        then = reverse("desk-paper", args=[made.pk])
        return Done(_t("文书已制作，文号 %(number)s。") % {"number": made.number}, then=then)

    today = timezone.localdate()
    text = paper_values.wording(kind, today)
    values = paper_values.values(row, _t("（制作时编号）"), today, maker=actor.name, masked=True)
    values |= {name: f"〔{name}〕" for name in kind.asks}
    drawn = Drawn(
        _t("制作%(paper)s") % {"paper": _t(kind.title)}, button=_("制作并编号"), icon="file-text",
        crumbs=((cases.register.title, reverse("desk-cases")), (row.number, back)),
        intro=_("制作后不能改动，写错了就作废重做；文号一份一个，作废的也保留。"),
        more={"parts": parts_of(merge_fields.fill(text.body, values)), "heading": text.title, "number": values["文号"]},
    )  # fmt: skip
    return answer(request, _form(kind), drawn, act, back, template="web/desk/business/paper_make.html")


def _row(actor: Actor, number: int) -> IssuedPaper:
    row = register.visible(actor).select_related("case", "made_by", "void_by").filter(pk=number).first()
    if row is None or row.service not in SERVICES:
        raise Http404(f"paper {number}")
    found: IssuedPaper = row
    return found


@gate.right("cases.see")
@never_cache
@require_safe
def paper(request: HttpRequest, number: int) -> HttpResponse:
    """One paper: what it is of, when and by whom it was made; and the ways to take it out."""
    actor = actor_of(request)
    row = _row(actor, number)
    made_from = _t("%(since)s 起的文本") % {"since": row.text.since} if row.text is not None else _t("系统自带的文本")
    facts = [
        Fact(_("文号"), row.number),
        Fact(_("事项"), row.case.number, reverse("desk-case", args=[row.case_id])) if row.case else Fact(_("件数"), f"{row.people:,}"),
        Fact(_("业务"), TITLES[row.service]), Fact(_("制作"), row.made_on), Fact(_("制作人"), row.made_by.name if row.made_by else ""),
        Fact(_("依据的文本"), made_from), Fact(_("内容"), "", secret=row.content),
    ]  # fmt: skip
    events = [Event(timezone.localtime(row.made_at), row.made_by.name if row.made_by else _t("系统"), _t("制作文书"))]
    if row.void_at is not None:
        told = _t("作废：%(why)s") % {"why": row.void_reason}
        events.insert(0, Event(timezone.localtime(row.void_at), row.void_by.name if row.void_by else "", told))
    detail = Detail(
        title=_t(row.title), number=row.number, state=_state(row), facts=facts, steps=_steps(row, actor),
        timeline=events,
    )  # fmt: skip
    return render_detail(request, detail, register=register, row=row)


def _steps(row: IssuedPaper, actor: Actor) -> list[Step]:
    opens = actor.reaches(row.path, *holders(reveal.RIGHT))
    why = "" if opens else _t("由能查看密封信息的岗位办理。")
    why = why or (_t("已经作废，不再打印。") if row.void_at is not None else "")
    at = [row.pk]
    files = [
        Step(form, title, not why, why, reverse("desk-paper-file", args=[*at, form]), "printer", post=True)
        for form, title in (("pdf", "PDF"), ("docx", "Word"))
    ]
    return [*files, *MOVES.steps(row, actor)]


@gate.right(reveal.RIGHT)
@sudo
@never_cache
@require_POST
def file(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """The paper to print and to hand over. It is written down as a look at what it says, before the first byte."""
    actor = actor_of(request)
    row = _row(actor, number)
    if form not in FORMS:
        raise Http404(f"form {form!r}")
    if row.void_at is not None:
        raise Refused(_t("这份文书已经作废，不再打印。"))
    purpose = f"打印送达：{row.title} {row.number}"
    try:
        content = json.loads(reveal.reveal(FIELD, number, by=actor, purpose=purpose))
    except NotYours as lost:
        raise Http404(str(lost)) from None
    mark = str(Mark(actor.name, timezone.now(), actor.trace))
    return attached(FORMS[form](letter(content, mark)), f"{row.title}-{row.number}", form)


class VoidForm(RowForm):
    reason = forms.CharField(label=_("作废理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


def _find(actor: Actor, number: int) -> IssuedPaper:
    row = _row(actor, number)
    if not may_handle(actor, row.service, _place(row)):
        raise Http404(f"paper {number} is not this post's")
    return row


def _place(row: IssuedPaper) -> str:
    return row.case.path if row.case is not None else row.path


def _void(row: IssuedPaper, by: Actor, said: Mapping[str, Any]) -> Done:
    paper_moves.void(row.pk, reason=said["reason"], by=by)
    return Done(_t("文书已作废，文号保留。"))


def _is_void(row: IssuedPaper, by: Actor) -> str:
    return _t("已经作废。") if row.void_at is not None else ""


MOVES = Moves("paper", "desk/papers/", _("文书登记簿"), _find, (
    Move(key="void", title=_("作废"), right="cases.change", form=VoidForm, act=_void, why_not=_is_void, place=_place, icon="x", danger=True,
         intro=_("作废的文书不再打印，文号不再用于别的文书。")),
), back="desk-papers", named=lambda row: row.number)  # fmt: skip

urlpatterns = [
    path("desk/cases/<int:number>/papers/<str:key>/", make, name="desk-case-paper"),
    path("desk/papers/<int:number>/", paper, name="desk-paper"),
    path("desk/papers/<int:number>/file.<str:form>", file, name="desk-paper-file"),
    *MOVES.addresses(),
]
