"""Hardship files: who is filed, who of them was never helped, whose file has not changed for a year or is due for review."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, Max, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unionhall.cases import aid_moves
from unionhall.cases.aid_models import Reckoning
from unionhall.cases.deciding_moves import FILE
from unionhall.cases.helped import AID
from unionhall.cases.income import EXPENSES, INCOMES
from unionhall.cases.models import Case
from unionhall.cases.promise_moves import PAID
from unionhall.cases.reach import may_handle
from unionhall.cases.vocabulary import HARDSHIPS
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import cases
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Step
from unionhall.web.desk.filters import Choice, Days, Picked, PlaceFilter
from unionhall.web.desk.finding import ByPrefix
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.register import Register
from unionhall.web.desk.yuan import YuanField

YEAR = timedelta(days=365)


def _never() -> Q:
    """Neither they nor anybody of their household was ever paid aid."""
    paid = Case.objects.filter(service__startswith=AID, state=PAID)
    own = Q(person=OuterRef("person")) | Q(beneficiary=OuterRef("person"))
    theirs = Q(person__households__until=None, person__households__household__members__person=OuterRef("person"))
    return ~Exists(paid.filter(own)) & ~Exists(paid.filter(theirs))


def _old() -> Q:
    """Filed a year ago or longer."""
    filed = Line.objects.standing().filter(service=FILE, act="filed", person=OuterRef("person"), on__lte=_year_ago())
    return Q(Exists(filed))


def _review() -> Q:
    """Neither filed nor reckoned anew within a year."""
    return _old() & ~Q(Exists(Reckoning.objects.filter(case=OuterRef("pk"), on__gt=_year_ago())))


def _unchanged() -> Q:
    """Filed for a year, and nothing reckoned since then says otherwise than the file does."""
    other = Reckoning.objects.filter(case=OuterRef("pk"), on__gt=_year_ago()).exclude(level=OuterRef("cause"))
    return _old() & ~Q(Exists(other))


def _year_ago() -> date:
    return timezone.localdate() - YEAR


def _beside(rows: Sequence[Case]) -> Mapping[int, date]:
    """File -> the day its income was reckoned last."""
    found = Reckoning.objects.filter(case__in=[row.pk for row in rows]).values_list("case")
    return dict(found.annotate(on=Max("on")))


register = Register(
    key="hardship", title=_("困难档案"), model=Case, right="households.see", icon="heart-handshake", unit=_("份"),
    rows=lambda actor: Case.objects.visible_to(actor).filter(service=FILE, state="filed"),
    columns=(
        Column("number", _("档案编号"), link=True),
        Column("person", _("职工")),
        Column("cause", _("困难类别"), words=HARDSHIPS, phone="end"),
        Column("path", _("地方"), show="place", phone=""),
        Column("opened_on", _("申请"), show="day", phone=""),
        Column("reckoned", _("最近核算"), show="day", value=lambda row: row.beside, phone=""),
    ),
    search=(ByPrefix("number"),), search_hint=_("档案编号"),
    filters=(
        Picked("look", _("要看的"), {
            "never": (_("从未受助"), _never), "unchanged": (_("一年未变"), _unchanged), "review": (_("待年审"), _review),
        }),
        Choice("cause", HARDSHIPS, _("困难类别")), PlaceFilter(), Days("opened_on", _("申请日期")),
    ),
    default_sort="-opened_on", sorts=("opened_on", "number"), related=("person",), beside=_beside, detail="desk-case", people=True,
    views=((_("从未受助"), "look=never"), (_("一年未变"), "look=unchanged"), (_("待年审"), "look=review")),
    empty=_("还没有在档的困难职工。"),
)  # fmt: skip


class IncomeForm(DeskForm):
    on = forms.DateField(label=_("核算日期"), initial=timezone.localdate)


def _form() -> type[DeskForm]:
    """A year's incomes, a year's expenses nobody can do without, and what was lost at once."""
    fields: dict[str, Any] = {}
    for items, words in ((INCOMES, _("年收入 · %(item)s（元）")), (EXPENSES, _("年支出 · %(item)s（元）"))):
        for key, title in items.items():
            fields[key] = YuanField(label=words % {"item": _t(title)}, required=False)
    fields["lost"] = YuanField(label=_("意外损失（元）"), required=False, help_text=_("没有发生意外的不填。"))
    return type("ReckonForm", (IncomeForm,), fields)


def steps(row: Case, actor: Actor) -> list[Step]:
    if row.service != FILE or row.closed_on is not None or not may_handle(actor, row.service, row.path):
        return []
    title = _("年审：重新核算收入") if row.state == "filed" else _("核算家庭收入")
    return [Step("income", title, True, "", reverse("desk-case-income", args=[row.pk]), "scale")]


@gate.right("households.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def income(request: HttpRequest, number: int) -> HttpResponse:
    """Reckon the household's income; before it is filed, and every year after."""
    row, actor = cases.row_of(request, number), actor_of(request)
    if not steps(row, actor):
        raise Http404(f"case {number} has no income to reckon")

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        sums = {key: said[key] or 0 for key in (*INCOMES, *EXPENSES)}
        made = aid_moves.reckon(number, sums, lost=said["lost"] or 0, on=said["on"], by=by)
        level = _t(HARDSHIPS[made.level]) if made.level else _t("不符合困难标准")
        return Done(_t("已核算，按当日标准为：%(level)s。各项金额密封保存。") % {"level": level})

    back = reverse("desk-case", args=[number])
    crumbs = ((cases.register.title, reverse("desk-cases")), (row.number, back))
    facts = ((_("职工"), row.person or "—"), (_("公式"), _t("（年收入 − 刚性支出）÷ 12 ÷ 人口")))
    drawn = Drawn(_("核算家庭收入"), button=_("核算"), crumbs=crumbs, facts=facts, icon="scale")
    return answer(request, _form(), drawn, act, back)


urlpatterns = [path("desk/cases/<int:number>/income/", income, name="desk-case-income")]
