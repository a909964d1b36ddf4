"""What came of a session: tests, certificates, follow-ups of those who came, written down together; one of them withdrawn."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import narrow
from unionhall.offers import outcome_moves, outcomes, service
from unionhall.offers.models import ATTENDED, Outcome, Participation, Session
from unionhall.offers.outcome_moves import Given
from unionhall.offers.service import OfferService, Result
from unionhall.organisations.models import Employer
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import roster
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer, carry_out, problems
from unionhall.web.desk.sessions import register, session_of
from unionhall.web.desk.yuan import YuanField
from unionhall.web.refusals import in_words

MOST = 300
"""People of a session whose results are written on one page."""


class Line(NamedTuple):
    """One person of the sheet: their place, and what was typed for them."""

    row: Participation
    choice: str = ""
    amount: str = ""
    employer: str = ""
    proof: str = ""
    ticked: bool = False


class OnForm(DeskForm):
    on = forms.DateField(label=_("日期"), initial=timezone.localdate)


class VoidForm(DeskForm):
    reason = forms.CharField(label=_("作废原因"), max_length=200)


@gate.right("offers.see")
@never_cache
@require_safe
def results(request: HttpRequest, number: int) -> HttpResponse:
    """Who came to a session and what came of it, result by result."""
    slot = session_of(request, number)
    declared, people = _declared(slot), _people(request, slot)
    runs = actor_of(request).reaches(slot.path, *declared.runs())
    told: dict[int, list[tuple[Outcome, str, bool]]] = {row.pk: [] for row in people}
    rows = list(Outcome.objects.filter(participation__in=list(told)).order_by("on", "pk"))
    stands = {row.pk for row in outcomes.standing(rows)}
    for row in rows:
        told[row.participation_id].append((row, said(declared, row), row.pk in stands))
    context = {
        "row": slot, "runs": runs, "people": [(row, told[row.pk]) for row in people],
        "kinds": [] if not runs else [(one.key, _t(one.title)) for one in declared.results.values() if one.key not in declared.judged],
        "crumbs": _crumbs(slot),
    }  # fmt: skip
    return render(request, "web/desk/business/results.html", context)


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """The sheet of one kind of result: a line for each who came; empty lines are left out."""
    slot = session_of(request, number)
    declared = _declared(slot)
    actor_of(request).must_reach(slot.path, *declared.runs())
    if kind not in declared.results or kind in declared.judged:
        raise Http404(f"result {kind!r}")
    one, to = declared.results[kind], reverse("desk-session-results", args=[number])
    posted = request.POST if request.method == "POST" else None
    form, wrong, status = OnForm(posted), list[tuple[str, str]](), 200
    lines = [_line(row, posted or {}) for row in _people(request, slot)]

    def act(by: Actor, typed: Mapping[str, Any]) -> Done:
        count = outcome_moves.record_results(number, kind, _given(one, lines), on=typed["on"], by=by)
        return Done(_t("登记了 %(count)d 人的结果。") % {"count": count})

    if posted is not None:
        if form.is_valid():
            try:
                return HttpResponseRedirect(carry_out(request, form.cleaned_data, act, to))
            except Refused as refused:
                form.add_error(refused.code if refused.code in form.fields else None, in_words(refused))
        wrong, status = problems(form), 422
    context = {
        "row": slot, "result": one, "title": _t(one.title), "choices": [(key, _t(title)) for key, title in one.choices],
        "tick": not (one.choices or one.amount or one.employer or (one.proof and not one.certificate)), "lines": lines,
        "proof": one.proof and not one.certificate, "form": form, "problems": wrong, "back": to,
        "crumbs": (*_crumbs(slot), (_("结果"), to)),
    }  # fmt: skip
    return render(request, "web/desk/business/result.html", context, status=status)


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def void(request: HttpRequest, number: int) -> HttpResponse:
    """A result that never was; a certificate that holds no longer."""
    row = (
        Outcome.objects.visible_to(actor_of(request))
        .select_related("participation__session__offer")
        .filter(pk=number)
        .first()
    )
    if row is None or row.participation.session is None:
        raise Http404(f"outcome {number}")
    slot: Session = row.participation.session
    declared = _declared(slot)
    actor_of(request).must_reach(row.path, *declared.runs())
    to = reverse("desk-session-results", args=[slot.pk])

    def act(by: Actor, typed: Mapping[str, Any]) -> Done:
        outcome_moves.withdraw_result(number, reason=typed["reason"], by=by)
        return Done(_t("这条结果已作废。"))

    facts = ((_("职工"), str(row.participation.person)), (_("结果"), said(declared, row)), (_("日期"), row.on))
    drawn = Drawn(_("作废结果"), button=_("作废"), crumbs=(*_crumbs(slot), (_("结果"), to)), facts=facts, danger=True)
    return answer(request, VoidForm, drawn, act, to)


def said(declared: OfferService, row: Outcome) -> str:
    """A result in words: "考试：合格 · 86.00"."""
    one = declared.results.get(row.kind)
    if one is None:
        return row.kind
    parts = [_t(dict(one.choices).get(row.choice, row.choice))] if row.choice else []
    if row.amount is not None and one.amount:
        parts.append(f"{row.amount:,}" if one.amount == "whole" else f"{row.amount / 100:,.2f}")
    if row.proof:
        parts.append(row.proof)
    return f"{_t(one.title)} {' · '.join(parts)}".strip()


def _declared(slot: Session) -> OfferService:
    """The session's service. There is no such page of one nothing comes of."""
    declared = service.find(slot.offer.service)
    if not declared.results:
        raise Http404(f"results of {declared.key}")
    return declared


def _people(request: HttpRequest, slot: Session) -> list[Participation]:
    rows = roster.register.visible(actor_of(request)).filter(session=slot.pk, state=ATTENDED)
    return list(rows.select_related("person").order_by("person__name_key", "pk")[:MOST])


def _line(row: Participation, posted: Mapping[str, Any]) -> Line:
    def typed(name: str) -> str:
        return str(posted.get(f"{name}-{row.pk}", ""))[:64].strip()

    return Line(row, typed("choice"), typed("amount"), typed("employer"), typed("proof"), bool(typed("tick")))


def _given(one: Result, lines: list[Line]) -> list[Given]:
    """What was typed, as the action takes it; lines nobody touched are left out."""
    touched = [line for line in lines if line.ticked or line.choice or line.amount or line.employer or line.proof]
    return [Given(line.row.pk, line.choice, _amount(one, line), _employer(one, line), line.proof) for line in touched]


def _amount(one: Result, line: Line) -> int | None:
    if not one.amount or not line.amount:
        return None
    try:
        if one.amount == "whole":
            return int(forms.IntegerField(min_value=0, max_value=1_000_000).clean(narrow(line.amount)))
        return int(YuanField().clean(narrow(line.amount)))
    except ValidationError as error:
        raise Refused(
            "{name}：“{amount}”不是数字，请核对。", code="rows", name=line.row.person.name, amount=line.amount
        ) from error


def _employer(one: Result, line: Line) -> int | None:
    if not one.employer or not line.employer:
        return None
    typed = narrow(line.employer).upper()
    found = list(Employer.objects.filter(uscc=typed).values_list("pk", flat=True)) or list(
        Employer.objects.filter(name=line.employer).values_list("pk", flat=True)[:2]
    )
    if len(found) != 1:
        raise Refused(
            "{name}：单位名册里没有“{employer}”，请填统一社会信用代码或全称。",
            code="rows",
            name=line.row.person.name,
            employer=line.employer,
        )
    return int(found[0])


def _crumbs(slot: Session) -> tuple[tuple[Any, str], ...]:
    return (register.title, reverse("desk-sessions")), (
        f"{slot.offer.title} {slot.number}",
        reverse("desk-session", args=[slot.pk]),
    )


urlpatterns = [
    path("desk/sessions/<int:number>/results/", results, name="desk-session-results"),
    path("desk/sessions/<int:number>/results/<slug:kind>/", result, name="desk-session-result"),
    path("desk/results/<int:number>/void/", void, name="desk-result-void"),
]
