"""What the aid department lays down by the day: caps of a household and year, the lines of hardship, the days of a notice."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.cases import aid_moves, helped
from unionhall.cases.aid_models import RULES, AidRule
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.money import fen, yuan
from unionhall.organisations.roles import holders
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.family import spoken_cap
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.standing_words import titles

MONEY = ("cap", "allowance")
TITLE = _("救助规定")


class RuleForm(DeskForm):
    kind = forms.ChoiceField(label=_("规定哪一项"), choices=[("", "—"), *titles(RULES)])
    service = forms.ChoiceField(
        label=_("哪项救助的限额"), required=False, help_text=_("只有限额要选；不选就是各项救助合计。")
    )
    amount = forms.CharField(
        label=_("数额"), max_length=20, required=False,
        help_text=_("金额填元，倍数、百分数和天数填数。不填就是从那天起不再规定。"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    since = forms.DateField(label=_("自哪一天起施行"), initial=timezone.localdate)
    reason = forms.CharField(label=_("依据"), max_length=200, help_text=_("文件名称和文号。"))


def said_of(row: AidRule) -> str:
    """A rule's amount as people say it."""
    if row.amount is None:
        return _t("不再规定")
    if row.kind in MONEY:
        return _t("%(yuan)s 元") % {"yuan": f"{yuan(row.amount):,}"}
    if row.kind == "relative":
        return _t("%(n)s 倍") % {"n": f"{row.amount / 100:g}"}
    return f"{row.amount}%" if row.kind == "loss" else _t("%(n)s 个工作日") % {"n": row.amount}


@gate.right("households.see")
@never_cache
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Everything that was laid down, item by item, the latest first; which of it holds today."""
    today, groups = timezone.localdate(), dict[tuple[str, str], list[dict[str, Any]]]()
    for row in AidRule.objects.order_by("kind", "service", "-since"):
        told = groups.setdefault((row.kind, row.service), [])
        now = row.since <= today and not any(one["now"] for one in told)
        told.append({"row": row, "said": said_of(row), "now": now})
    shown = [
        {
            "title": _t(RULES[kind]) + (f" · {spoken_cap(service)}" if kind == "cap" else ""),
            "rows": groups[kind, service],
        }
        for kind, service in sorted(groups, key=lambda key: (list(RULES).index(key[0]), key[1]))
    ]
    missing = [_t(title) for kind, title in RULES.items() if all(kind != one for one, _service in groups)]
    mine = actor_of(request).holds(*holders("aid.rules"))
    told_all = {"groups": shown, "missing": missing, "href": reverse("desk-aid-rule-add") if mine else ""}
    return render(request, "web/desk/business/aid_rules.html", told_all)


@gate.right("aid.rules")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    def form(*args: Any, **kwargs: Any) -> DeskForm:
        made = RuleForm(*args, **kwargs)
        made.fields["service"].choices = [
            ("", _t("各项救助合计")),
            *((key, spoken_cap(key)) for key in helped.grants()),
        ]
        return made

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        aid_moves.lay_down(
            said["kind"], amount_of(said["kind"], said["amount"]), service=said["service"] if said["kind"] == "cap" else "",
            since=said["since"], reason=said["reason"], by=by,
        )  # fmt: skip
        return Done(_t("已规定，自施行之日起按新的办理。"))

    back = reverse("desk-aid-rules")
    drawn = Drawn(_("另行规定"), button=_("规定"), crumbs=((TITLE, back),), icon="scale")
    return answer(request, form, drawn, act, back)


def amount_of(kind: str, typed: str) -> int | None:
    """What was typed as it is kept: fen, hundredths, percent or days; None for nothing."""
    typed = typed.strip()
    if not typed:
        return None
    if kind in (*MONEY, "relative"):
        try:
            return fen(typed)
        except Refused as refused:
            raise refused.at("amount") from None
    if not typed.isascii() or not typed.isdecimal() or int(typed) > 1000:
        raise Refused("请填写 0 到 1000 的整数。", code="amount")
    return int(typed)


urlpatterns = [
    path("desk/aid-rules/", rules, name="desk-aid-rules"),
    path("desk/aid-rules/add/", add, name="desk-aid-rule-add"),
]
