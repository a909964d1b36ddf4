"""A station brought to the standard, at the desk: where its matters begin, the checklist of one, what its steps ask and made."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unionhall.cases import case_moves, station_moves, station_rules
from unionhall.cases.models import Case
from unionhall.cases.station_models import ItemCheck, StarHeld
from unionhall.cases.station_moves import CHECKS_BY, LONGEST, Found
from unionhall.cases.station_rules import DISTRICT, SELF, STAGES, STANDARD, STAR, Item
from unionhall.exchange.casefile_models import CaseFile
from unionhall.kernel import workflow
from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Account, Station
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import case_files, cases
from unionhall.web.desk.detail import Fact, State, Step, Table
from unionhall.web.desk.forms import Done, Drawn, answer
from unionhall.web.desk.moves import Move, RowForm
from unionhall.web.desk.sheet import TEMPLATE, Sheet
from unionhall.web.stations import in_one

STARS = {1: _("一星"), 2: _("二星"), 3: _("三星"), 4: _("四星"), 5: _("五星")}
MET = (("", "—"), ("yes", _("达标")), ("no", _("没有达标")))


class UntilField(forms.DateField):
    """A day as a matter keeps it: "2029-01-01"."""

    def clean(self, value: Any) -> str:
        day = super().clean(value)
        return day.isoformat() if day is not None else ""


def fields(row: Case, move: workflow.Move) -> dict[str, forms.Field]:
    """What a step of a station's matter asks, as fields."""
    if row.service not in station_rules.SERVICES:
        return {}
    made: dict[str, forms.Field] = {
        "accepted_no": forms.CharField(label=_("验收文号"), max_length=60, help_text=_("市总工会验收意见的文号。验收日期填市里验收通过的那一天。")),
        "review_no": forms.CharField(label=_("评审意见文号"), max_length=60),
        "stars": forms.TypedChoiceField(label=_("星级"), choices=[("", "—"), *((str(one), title) for one, title in STARS.items())], coerce=int),
        "star_until": UntilField(label=_("有效期至"), help_text=_("从这一天起不再有效；到期前要复核。")),
        "award_no": forms.CharField(label=_("授星或复核文号"), max_length=60),
    }  # fmt: skip
    return {key: made[key] for key in move.asks if key in made}


def facts(row: Case, actor: Actor) -> list[Fact]:
    """Which station it is, and what its steps were told."""
    if row.station is None:
        return []
    seen = Station.objects.visible_to(actor).filter(pk=row.station_id).exists()
    href = reverse("desk-station", args=[row.station_id]) if seen else ""
    titles = (
        ("accepted_no", _("验收文号")),
        ("declared_on", _("申报")),
        ("review_no", _("评审意见文号")),
        ("award_no", _("授星或复核文号")),
    )
    told = [Fact(title, row.details[key]) for key, title in titles if row.details.get(key)]
    return [Fact(_("服务站"), row.station.name, href), *told]


def tables(row: Case) -> list[Table]:
    """The checklist of the matter: each item as the station and the district found it last."""
    if row.service == STAR:
        return [_stars(row.stars.order_by("-pk"))]
    if row.service != STANDARD:
        return []
    found, items = station_rules.checks_of(row), station_rules.items_on(row.closed_on or timezone.localdate())
    names = dict(Account.objects.filter(pk__in={one.by for one in found.values()}).values_list("pk", "name"))
    rows = [
        [
            _title(item),
            *(_said(found.get((item.key, stage))) for stage in STAGES), _evidence(found, item),
            "、".join(dict.fromkeys(names.get(one.by, "—") for stage in STAGES if (one := found.get((item.key, stage))))),
        ]
        for item in items
    ]  # fmt: skip
    heads = (_("项目"), _t(STAGES[SELF]), _t(STAGES[DISTRICT]), _("依据"), _("谁查的"))
    return [
        Table(_("规范化清单"), heads, rows, _("现在没有要查的项目。"), (_("清单怎样定"), reverse("desk-station-items")))
    ]


def _stars(rows: Iterable[StarHeld]) -> Table:
    """Stars given, and until when; those that have run out are not held."""
    today = timezone.localdate()
    cells = [
        [STARS[one.stars], one.since, one.until, State(_("有效"), "ok") if one.since <= today < one.until else State(_("已过期或已变更"), "off")]
        for one in rows
        if one.until is not None
    ]  # fmt: skip
    return Table(_("星级"), (_("星级"), _("授予"), _("有效期至"), _("状态")), cells, empty=_("还没有授予过星级。"))


def _title(item: Item) -> str:
    """What is shipped is in the catalogue of translations; what an officer laid down is said as it was written."""
    return _t(item.title) if item.required else _t("%(title)s（选项）") % {"title": _t(item.title)}


def _said(one: ItemCheck | None) -> State:
    if one is None:
        return State(_("未查"), "wait")
    return State(_("达标"), "ok") if one.met else State(_("没有达标"), "bad")


def _evidence(found: Mapping[tuple[str, str], ItemCheck], item: Item) -> str:
    told = []
    for stage in STAGES:
        if (one := found.get((item.key, stage))) is not None:
            told += [one.evidence] if one.evidence else []
            told += [_t("材料 %(number)d") % {"number": one.file}] if one.file else []
    return "；".join(told)


def _may_check(row: Case, actor: Actor) -> bool:
    stage = station_rules.stage_of(row)
    return bool(stage) and actor.reaches(row.path, *CHECKS_BY[stage])


def steps(row: Case, actor: Actor) -> list[Step]:
    """On the matter's page: to check the items, for whose turn it is."""
    if not _may_check(row, actor):
        return []
    title = _("逐项自查") if station_rules.stage_of(row) == SELF else _("逐项核查")
    return [Step("check", title, True, "", reverse("desk-case-check", args=[row.pk]), "checklist")]


def _form(row: Case, stage: str) -> type[Sheet]:
    """Three questions of each item: is it met, what shows it, which file."""
    made: dict[str, Any] = {}
    files = [
        (str(one.pk), case_files.named(one))
        for one in CaseFile.objects.filter(case=row).exclude(token="").order_by("pk")
    ]
    lines, found = [], station_rules.checks_of(row)
    for item in station_rules.items_on(timezone.localdate()):
        held, mine = station_rules.holds(found, item.key, stage), found.get((item.key, SELF))
        hint = _t(item.evidence) if stage == SELF else _evidence(found, item) or _t(item.evidence)
        made[f"met_{item.key}"] = forms.ChoiceField(
            label=_("是否达标"),
            choices=MET,
            required=False,
            initial={True: "yes", False: "no"}.get(held.met, "") if held else "",
        )
        made[f"evidence_{item.key}"] = forms.CharField(
            label=_("依据；没有达标的写缺什么"), max_length=LONGEST["evidence"], required=False, initial=held.evidence if held else "", help_text=hint,
            widget=forms.TextInput(attrs={"data-wide": ""}),
        )  # fmt: skip
        names = [f"met_{item.key}", f"evidence_{item.key}"]
        if files and (stage == SELF or mine is not None):
            made[f"file_{item.key}"] = forms.ChoiceField(
                label=_("材料"),
                choices=[("", "—"), *files],
                required=False,
                initial=str(held.file) if held and held.file else "",
            )
            names.append(f"file_{item.key}")
        lines.append((_title(item), tuple(names)))
    return type("CheckForm", (Sheet,), made | {"sheet": tuple(lines)})


@gate.right("cases.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, number: int) -> HttpResponse:
    """The items, one line each; those left empty are left for another time."""
    row, actor = cases.row_of(request, number), actor_of(request)
    if not _may_check(row, actor):
        raise Http404(f"case {number} has nothing for this post to check")
    stage, back = station_rules.stage_of(row), reverse("desk-case", args=[number])

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        found = {
            name.removeprefix("met_"): Found(
                met == "yes",
                said[f"evidence_{name.removeprefix('met_')}"],
                int(said.get(f"file_{name.removeprefix('met_')}") or 0) or None,
            )
            for name, met in said.items()
            if name.startswith("met_") and met
        }
        count = station_moves.check(number, found, by=by)
        return Done(_t("已记下 %(count)d 项。") % {"count": count})

    title = _("逐项自查") if stage == SELF else _("逐项核查")
    intro = _("查一项填一项，可以分几次填；没有查的不选。照片先在“添加材料”里传到这件事项，再在这里选。")
    drawn = Drawn(
        title, button=_("记下"), intro=intro, crumbs=((cases.register.title, reverse("desk-cases")), (row.number, back)),
        facts=((_("服务站"), row.station.name if row.station else ""),), icon="checklist",
    )  # fmt: skip
    return answer(request, _form(row, stage), drawn, act, back, template=TEMPLATE)


class BeginForm(RowForm):
    on = forms.DateField(label=_("登记日期"), initial=timezone.localdate)


def _begin(service: str) -> Any:
    def act(row: Station, by: Actor, said: Mapping[str, Any]) -> Done:
        opened = case_moves.open_one(
            service, path=row.path, on=said["on"], values={}, by=by, person=None, employer=None, station=row.pk
        )
        told = _t("事项已登记，编号 %(number)s。") % {"number": opened.number}
        return Done(told, then=reverse("desk-case", args=[opened.pk]))

    return act


def _no_standard(row: Any, by: Actor) -> str:
    if row.until is not None:
        return _t("服务站已经撤销。")
    if row.accepted_on is not None:
        return _t("已经通过验收。")
    return _t("正在办理。") if row.standard_going else ""


def _no_star(row: Any, by: Actor) -> str:
    if row.until is not None:
        return _t("服务站已经撤销。")
    if row.accepted_on is None:
        return _t("还没有通过规范化验收。")
    return _t("正在办理。") if row.star_going else ""


BEGIN = (
    Move(key="standard", title=_("办理规范化验收"), right="stations.change", form=BeginForm, act=_begin(STANDARD), why_not=_no_standard,
         icon="clipboard-list", button=_("登记"), intro=_("从筹建、自查、区级核查到市级验收，逐项按清单办。")),
    Move(key="star", title=_("准备星级申报"), right="stations.change", form=BeginForm, act=_begin(STAR), why_not=_no_star, icon="star",
         button=_("登记"), intro=_("先准备材料，再申报；市里评审以后登记授予的星级和有效期。")),
)  # fmt: skip
"""What may be begun on the page of a station."""


def found(rows: QuerySet[Station]) -> QuerySet[Station]:
    """Stations with what their page asks besides the register: is a matter of each kind under way, which stars are held."""
    today = timezone.localdate()
    going = {
        service: Case.objects.filter(service=service, station=OuterRef("pk"), closed_on=None)
        for service in station_rules.SERVICES
    }
    stars = StarHeld.objects.on(today).filter(station=OuterRef("pk")).order_by("-pk")
    return rows.annotate(
        standard_going=Exists(going[STANDARD]), star_going=Exists(going[STAR]), stars_held=Subquery(stars.values("stars")[:1]),
        stars_until=Subquery(stars.values("until")[:1]), in_one=in_one(),
    )  # fmt: skip


def facts_of_station(row: Any) -> list[Fact]:
    """Its stars, and whether it is union, station and home in one."""
    if row.stars_held is None:
        told = _("没有") if row.star_declared_on else ""
    else:
        told = _t("%(stars)s，有效期至 %(until)s") % {
            "stars": STARS[row.stars_held],
            "until": row.stars_until.isoformat(),
        }
    return [Fact(_("星级"), told), *([Fact(_("标记"), _t("会站家合一"))] if row.in_one else [])]


def of_station(row: Station, actor: Actor) -> Table:
    """The matters of a station, on its page."""
    mine = (
        Case.objects.visible_to(actor)
        .filter(service__in=station_rules.SERVICES, station=row.pk)
        .order_by("-opened_on", "-pk")
    )
    rows = [
        [(one.number, reverse("desk-case", args=[one.pk])), cases.TITLES[one.service], State(cases.state_title(one), cases.tone(one)), one.opened_on]
        for one in mine[:50]
    ]  # fmt: skip
    return Table(_("验收和星级"), (_("编号"), _("业务"), _("状态"), _("登记")), rows, empty=_("还没有办过。"))


def _holds(held: bool) -> Q:
    stars = StarHeld.objects.filter(station=OuterRef("pk"))
    now = Exists(stars.on(timezone.localdate()))
    return Q(now) if held else Q(Exists(stars)) & ~Q(now)


STAR_FILTER = {
    "held": (_("现有星级"), lambda: _holds(held=True)), "over": (_("星级已过期或取消"), lambda: _holds(held=False)),
}  # fmt: skip
"""Whether a station holds stars today, as questions of the list of stations."""


urlpatterns = [path("desk/cases/<int:number>/check/", check, name="desk-case-check")]
