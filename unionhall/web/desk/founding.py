"""Founding a union, at the desk: where a matter of it begins, what its steps ask, and what came of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from unionhall.cases.models import Case
from unionhall.cases.reach import may_handle
from unionhall.cases.union_building import FOUNDING, JOINING, under_way, union_for
from unionhall.cases.vocabulary import CHAIRS, TERMS_OF_OFFICE, WAYS_TO_FOUND, WHY_NO_UNION
from unionhall.kernel.actor import Actor
from unionhall.kernel.workflow import Move
from unionhall.organisations.models import Employer, Union
from unionhall.people.models import Membership
from unionhall.web.desk.detail import Fact, Step
from unionhall.web.desk.pickers import UnionField
from unionhall.web.desk.standing_words import titles

SERVICES = (FOUNDING, JOINING)


def _count(label: Any, hint: Any = "", initial: int | None = None) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=1_000_000, help_text=hint, initial=initial)


def _one_of(label: Any, words: Mapping[str, str], hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", "—"), *titles(words)], help_text=hint)


def fields(row: Case, move: Move) -> dict[str, forms.Field]:
    """What a step of founding a union asks, as fields."""
    if row.service != FOUNDING:
        return {}
    name = row.employer.name if row.employer is not None else ""
    found = {key: title for key, title in WHY_NO_UNION.items() if key != "unknown"}
    if move.target == "given_up":
        found.pop("willing")
    made: dict[str, forms.Field] = {
        "cause": _one_of(_("没有建会的原因"), found) if move.target == "given_up" else _one_of(_("联系的结果"), found),
        "contact": forms.CharField(
            label=_("和谁谈的、谈了什么"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4, "data-secret": ""}),
            help_text=_("加密保存。有职工提出建会的，不要向单位说出是谁。"),
        ),
        "headcount": _count(
            _("职工人数"), _("新增职工按“用人单位”里登记的人数计；不一样的，请先在那里更正。"), row.employer.workers if row.employer else None
        ),
        "way": _one_of(_("怎样建会"), WAYS_TO_FOUND, _("会员满二十五人，应当建立基层工会委员会；不足的，可以单独建，也可以几家联合建（工会法第十一条）。")),
        "approval_no": forms.CharField(label=_("批准文号"), max_length=40),
        "entitled": _count(_("应到人数")),
        "present": _count(_("实到人数"), _("不少于应到的三分之二，选举有效。")),
        "votes": _count(_("主席得票"), _("超过应到人数的半数，始得当选。")),
        "chair": forms.CharField(label=_("主席姓名"), max_length=40),
        "chair_is": _one_of(_("主席的身份"), CHAIRS, _("法定代表人不得担任，主要负责人的近亲属不得作为人选；主管劳动、工资、人事的负责人不宜担任。")),
        "term": _one_of(_("本届任期"), TERMS_OF_OFFICE, _("自选举之日起算。")),
        "union": UnionField(label=_("由哪个联合工会覆盖")),
        "union_name": forms.CharField(label=_("工会名称"), max_length=128, initial=f"{name}工会" if name else ""),
    }  # fmt: skip
    return {key: made[key] for key in move.asks if key in made}


def facts(row: Case, actor: Actor) -> list[Fact]:
    """What the steps were told, and what came of them."""
    if row.service not in SERVICES:
        return []
    said, found = row.details, []
    words: dict[str, Mapping[str, str]] = {"way": WAYS_TO_FOUND, "chair_is": CHAIRS, "term": TERMS_OF_OFFICE}
    for key, title in (
        ("way", _("怎样建会")), ("approval_no", _("批准文号")), ("entitled", _("应到人数")), ("present", _("实到人数")),
        ("votes", _("主席得票")), ("chair", _("主席姓名")), ("chair_is", _("主席的身份")), ("term", _("本届任期")),
    ):  # fmt: skip
        if said.get(key) not in (None, ""):
            text = str(said[key])
            found.append(Fact(title, _t(words[key][text]) if text in words.get(key, {}) else text))
    if row.service == JOINING and row.closed_on is None:
        union = union_for(row.employer_id, row.opened_on)
        found.append(Fact(_("要加入的工会"), union.name if union is not None else _t("现在没有工会覆盖这家单位")))
    made = Union.objects.filter(pk=said.get("union")).first()
    if made is not None:
        seen = Union.objects.visible_to(actor).filter(pk=made.pk).exists()
        found.append(Fact(_("工会"), made.name, reverse("desk-union", args=[made.pk]) if seen else ""))
    if said.get("membership") and Membership.objects.visible_to(actor).filter(pk=said["membership"]).exists():
        found.append(Fact(_("会籍"), _t("打开"), reverse("desk-member", args=[said["membership"]])))
    return found


def begun_with(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with: the employer an address names by its code, on the way from its page."""
    code = request.GET.get("employer", "")[:18]
    return {"employer": code, "cause_key": "unknown"} if code.isalnum() else {}


def step_of_employer(row: Employer, actor: Actor, *, covered: bool) -> list[Step]:
    """On the page of an employer without a union: to begin, or to go on with what was begun."""
    first = under_way(FOUNDING, employer=row.pk)
    if first is not None and Case.objects.visible_to(actor).filter(pk=first.pk).exists():
        return [
            Step("founding", _("组建工会的事项"), True, "", reverse("desk-case", args=[first.pk]), "clipboard-list")
        ]
    if covered or first is not None or not may_handle(actor, FOUNDING, row.path):
        return []
    url = f"{reverse('desk-case-open', args=[FOUNDING])}?employer={row.uscc}"
    return [Step("founding", _("登记建会线索"), True, "", url, "plus")]


def why_not(rows: Sequence[Employer]) -> dict[int, str]:
    """Employer -> why it has no union, by its last matter of founding one; of those that have such a matter."""
    matters = Case.objects.filter(service=FOUNDING, employer__in=[row.pk for row in rows]).order_by("pk")
    causes = dict(matters.values_list("employer", "cause"))
    return {number: _t(WHY_NO_UNION[cause]) for number, cause in causes.items() if cause in WHY_NO_UNION}


def _last_cause(cause: str) -> Q:
    """Employers whose last matter of founding says so."""
    of_it = Case.objects.filter(service=FOUNDING, employer=OuterRef("pk"))
    later = Case.objects.filter(service=FOUNDING, employer=OuterRef("employer"), pk__gt=OuterRef("pk"))
    return Q(Exists(of_it.filter(~Exists(later), cause=cause)))


WHY: dict[str, tuple[Any, Any]] = {
    key: (title, lambda key=key: _last_cause(key)) for key, title in WHY_NO_UNION.items()
} | {"none": (_("还没有登记线索"), lambda: ~Q(Exists(Case.objects.filter(service=FOUNDING, employer=OuterRef("pk")))))}
"""Why an employer has no union, as questions of a list of employers."""
