"""The household of whoever asks for help: who belongs to it, everything it was given, and what it may still be given."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unionhall.cases import helped
from unionhall.cases.drive_models import Handover
from unionhall.cases.models import Case
from unionhall.cases.vocabulary import HARDSHIPS
from unionhall.exchange import spoken
from unionhall.kernel.actor import Actor
from unionhall.kernel.money import yuan
from unionhall.offers.models import ATTENDED, Participation
from unionhall.organisations.roles import holders
from unionhall.people import household_moves
from unionhall.people.household_models import RELATIONS, HouseholdMember
from unionhall.people.households import Belongs, household_of, people_of
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import cases
from unionhall.web.desk.detail import Fact, State, Step, Table
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.standing_words import titles

GOODS = ("goods.cooling", "goods.warming")
"""Services whose packs are shown beside the money."""
DEPARTMENTS = (helped.AID, helped.CLAIMS)


def of_a_household(row: Case) -> bool:
    """Is the household looked at in matters of this service?"""
    return row.service.startswith(DEPARTMENTS) and row.person_id is not None


def tables(row: Case, actor: Actor, *, on: date | None = None) -> list[Table]:
    """What a decider looks at: the household, what it was given by whatever way, and the caps of the year.

    So many questions to the database as there are ways, however much was given. Who decides sees all of it, wherever in
    the district it was given: an overlap lies where one does not look.
    """
    if not of_a_household(row) or not actor.holds(*holders("households.see")):
        return []
    day = on or timezone.localdate()
    members = household_of(row.person_id or 0, day)
    people = people_of(members)
    helps = helped.given(people, but=row.pk)
    donated = _donated(people)
    return [_members(row, members, actor), _caps(helps, donated, day), _given(helps, donated, people, actor)]


def facts(row: Case, actor: Actor) -> list[Fact]:
    """Names of those the union has no register of, and how the income was reckoned: sealed, opened with a reason."""
    if not of_a_household(row) or not actor.holds(*holders("households.see")):
        return []
    found = []
    for one in household_of(row.person_id or 0, timezone.localdate()):
        if one.row is not None and one.row.name is not None:
            title = _t("家庭成员 · %(relation)s") % {"relation": _t(RELATIONS[one.relation])}
            found.append(Fact(title, "", secret=one.row.name))
            if one.row.number is not None:
                found.append(Fact(_("证件号码"), "", secret=one.row.number))
    for told in row.reckonings.order_by("-on"):
        level = _t(HARDSHIPS[told.level]) if told.level else _t("不符合")
        title = _t("收入核算 %(on)s · %(level)s") % {"on": told.on.isoformat(), "level": level}
        found.append(Fact(title, "", secret=told.told))
    return found


def steps(row: Case, actor: Actor) -> list[Step]:
    if not of_a_household(row) or not actor.reaches(row.path, *holders("households.change")):
        return []
    return [Step("family", _("登记家庭成员"), True, "", reverse("desk-case-family", args=[row.pk]), "users")]


def _members(row: Case, members: Sequence[Belongs], actor: Actor) -> Table:
    mine = actor.reaches(row.path, *holders("households.change"))
    rows = []
    for one in members:
        way: Any = ""
        if mine and one.row is not None and one.relation != "self" and actor.reaches(one.row.household.path):
            way = (_t("不再是家庭成员"), reverse("desk-family-end", args=[one.row.pk]))
        since = one.row.since if one.row is not None else ""
        rows.append([_name(one), _t(RELATIONS[one.relation]), since, way])
    title = _t("这一户（%(n)d 人）") % {"n": len(members)}
    return Table(title, (_("姓名"), _("关系"), _("自"), ""), rows)


def _name(one: Belongs) -> str:
    return one.person.masked if one.person is not None else str(one.row.name if one.row else "")


def _caps(helps: Sequence[helped.Help], donated: Sequence[Handover], day: date) -> Table:
    rows = []
    for cap in helped.caps(helps, day):
        left = State(_yuan(0), "bad") if not cap.left else _yuan(cap.left)
        rows.append([spoken_cap(cap.service), _yuan(cap.most), _yuan(cap.used), left])
    whole = sum(one.fen for one in helped.in_year(helps, day.year))
    whole += sum(one.fen for one in donated if one.on.year == day.year)
    title = _t("%(year)d 年已得帮助合计 %(yuan)s 元") % {"year": day.year, "yuan": _yuan(whole)}
    heads = (_("业务"), _("一户一年最多（元）"), _("已有（元）"), _("还可以给（元）"))
    return Table(title, heads, rows, _("没有规定限额。"), (_("救助规定"), reverse("desk-aid-rules")))


def spoken_cap(service: str) -> str:
    return spoken.service(service) if service else _t("各项救助合计")


def _given(
    helps: Sequence[helped.Help], donated: Sequence[Handover], people: Sequence[int], actor: Actor
) -> Table:  # fmt: skip
    """Grants, claims, goods and donations, member by member, the latest first."""
    seen = set(
        Case.objects.visible_to(actor).filter(pk__in=[one.case.pk for one in helps]).values_list("pk", flat=True)
    )
    # Which purse it was is for those who see the money, and for who decides.
    purses = actor.holds(*holders("funds.see"), *holders("aid.rules"))
    rows: list[tuple[date, list[Any]]] = []
    for one in helps:
        who = one.case.beneficiary or one.case.person
        number: Any = one.case.number
        if one.case.pk in seen:
            number = (number, reverse("desk-case", args=[one.case.pk]))
        state = _t("已发放") if one.paid else _t("待发放")
        told = [spoken.service(one.case.service), (purses and one.fund) or "—", _yuan(one.fen), state, number]
        rows.append((one.on, [who.masked if who is not None else "—", one.on, *told]))
    for use in _packs(people):
        what = f"{spoken.service(use.offer.service)} · {use.offer.title} × {use.quantity}"
        fund = use.offer.fund.name if purses and use.offer.fund else "—"
        rows.append(
            (
                use.on,
                [use.person.masked, use.on, what, fund, _yuan(use.fen) if use.fen else "—", _t("已领取"), use.number],
            )
        )
    for gift in donated:
        person = gift.drive.case.person
        told = [_t("募捐"), gift.drive.fund.name if purses else "—", _yuan(gift.fen), _t("已转交"), gift.drive.number]
        rows.append((gift.on, [person.masked if person else "—", gift.on, *told]))
    rows.sort(key=lambda one: one[0], reverse=True)
    heads = (_("成员"), _("日期"), _("业务"), _("资金"), _("金额（元）"), _("状态"), _("编号"))
    return Table(_("这一户得到的全部帮助"), heads, [row for _day, row in rows], _("这一户还没有得到过帮助。"))


def _packs(people: Sequence[int]) -> list[Participation]:
    rows = Participation.objects.filter(person__in=people, offer__service__in=GOODS, state=ATTENDED)
    return list(rows.select_related("person", "offer__fund").order_by("-on"))


def _donated(people: Sequence[int]) -> list[Handover]:
    rows = Handover.objects.filter(drive__case__person__in=people, void_because="")
    return list(rows.select_related("drive__case__person", "drive__fund").order_by("-on"))


def _yuan(fen: int) -> str:
    return f"{yuan(fen):,}"


class MemberForm(DeskForm):
    name = forms.CharField(
        label=_("姓名"), max_length=64, widget=forms.TextInput(attrs={"data-secret": "", "autocomplete": "off"})
    )
    relation = forms.ChoiceField(
        label=_("与职工的关系"), choices=[("", "—"), *[one for one in titles(RELATIONS) if one[0] != "self"]]
    )
    number = forms.CharField(
        label=_("证件号码"), max_length=20, required=False, widget=forms.TextInput(attrs={"data-secret": "", "autocomplete": "off"}),
        help_text=_("居民身份证号码；在册的人按号码认出，不在册的，姓名和号码密封保存。还没有号码的幼儿可以不填。"),
    )  # fmt: skip
    on = forms.DateField(label=_("从哪天起"), initial=timezone.localdate)


class EndForm(DeskForm):
    on = forms.DateField(label=_("从哪天起不再是"), initial=timezone.localdate)


@gate.right("households.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, number: int) -> HttpResponse:
    """Write down who lives in the household of the matter's worker."""
    row, actor = cases.row_of(request, number), actor_of(request)
    if not of_a_household(row) or not actor.reaches(row.path, *holders("households.change")):
        raise Http404(f"case {number} has no household")

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        household_moves.add_member(
            row.person_id or 0, name=said["name"], number=said["number"], relation=said["relation"], on=said["on"],
            path=row.path, by=by,
        )  # fmt: skip
        return Done(_t("家庭成员已登记。"))

    back = reverse("desk-case", args=[number])
    crumbs = ((cases.register.title, reverse("desk-cases")), (row.number, back))
    drawn = Drawn(_("登记家庭成员"), button=_("登记"), crumbs=crumbs, facts=((_("职工"), row.person),), icon="users")
    return answer(request, MemberForm, drawn, act, back)


@gate.right("households.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody belongs to the household no more."""
    actor = actor_of(request)
    rows = HouseholdMember.objects.visible_to(actor).select_related("household", "person")
    row = rows.filter(pk=number, until=None).exclude(relation="self").first()
    if row is None or not actor.reaches(row.household.path, *holders("households.change")):
        raise Http404(f"household member {number}")

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        household_moves.end_member(number, on=said["on"], by=by)
        return Done(_t("已登记；以前得到的帮助仍然可查。"))

    back = reverse("desk-cases")
    facts_ = ((_("姓名"), row.person or row.name), (_("关系"), _t(RELATIONS[row.relation])))
    drawn = Drawn(
        _("不再是家庭成员"), button=_("登记"), crumbs=((cases.register.title, back),), facts=facts_, icon="users"
    )
    return answer(request, EndForm, drawn, act, back)


urlpatterns = [
    path("desk/cases/<int:number>/family/", add, name="desk-case-family"),
    path("desk/family/<int:number>/end/", end, name="desk-family-end"),
]
