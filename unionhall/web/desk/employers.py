"""Employers and whom they are covered by; the dated lists that rates are counted over."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.organisations import vocabulary
from unionhall.organisations.models import Cover, Employer, RegisterEntry, Union
from unionhall.organisations.roles import holders
from unionhall.organisations.vocabulary import OWNERSHIP, REGISTER_USES
from unionhall.people.models import Membership
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import chronicle, columns, employer_forms, founding
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Detail, Fact, State, Table, lines_of, render_detail
from unionhall.web.desk.employer_forms import COVER_MOVES, MOVES, find
from unionhall.web.desk.filters import Choice, Of, Picked, PlaceFilter
from unionhall.web.desk.finding import ByPrefix
from unionhall.web.desk.register import Add, Bulk, Register
from unionhall.web.desk.standing_words import titles

INDUSTRIES = dict(titles(vocabulary.INDUSTRIES))

SIZES = {
    "micro": (_("不到 25 人"), Q(workers__lt=25)),
    "small": (_("25 至 99 人"), Q(workers__gte=25, workers__lt=100)),
    "middle": (_("100 至 299 人"), Q(workers__gte=100, workers__lt=300)),
    "large": (_("300 人以上"), Q(workers__gte=300)),
}
"""25 workers: below it a union may do without a committee (工会法 第十一条)."""


def _covered() -> Exists:
    return Exists(Cover.objects.on(timezone.localdate()).filter(employer=OuterRef("pk")))


def _beside(rows: Sequence[Employer]) -> Mapping[int, str]:
    """Employer -> the unions that cover it today; of one without, why it has none, where that was found out."""
    found: dict[int, list[str]] = {}
    covers = (
        Cover.objects.on(timezone.localdate()).filter(employer__in=[row.pk for row in rows]).select_related("union")
    )
    for cover in covers.order_by("since"):
        found.setdefault(cover.employer_id, []).append(cover.union.name)
    return founding.why_not([row for row in rows if row.pk not in found]) | {
        number: "、".join(names) for number, names in found.items()
    }


register = Register(
    key="employers", title=_("用人单位"), model=Employer, right="employers.see", icon="building-factory", unit=_("家"),
    rows=lambda actor: Employer.objects.visible_to(actor),
    columns=(
        Column("name", _("名称"), link=True),
        Column("uscc", _("统一社会信用代码"), phone=""),
        Column("beside", _("覆盖的工会，或未建会的原因")),
        Column("workers", _("职工人数"), show="number", phone="end"),
        Column("ownership", _("经济类型"), words=OWNERSHIP, phone=""),
        Column("industry", _("行业"), phone=""),
        Column("path", _("地方"), show="place", phone=""),
    ),
    search=(ByPrefix("name"), ByPrefix("uscc", str.upper)), search_hint=_("名称开头几个字，或信用代码"),
    filters=(
        Picked("covered", _("建会"), {"yes": (_("已建会"), lambda: Q(_covered())), "no": (_("未建会"), lambda: ~Q(_covered()))}),
        PlaceFilter(),
        Picked("why", _("未建会的原因"), founding.WHY),
        Choice("ownership", OWNERSHIP, _("经济类型")),
        Picked("industry", _("行业"), {key: (title, Q(industry__startswith=key)) for key, title in INDUSTRIES.items()}),
        Picked("size", _("规模"), SIZES),
        Of("union", _("工会"), Union, field="covers__union"),
    ),
    default_sort="name", sorts=("name", "workers"), beside=_beside, detail="desk-employer", export=True,
    bulk=(
        Bulk("cover", _("纳入工会"), employer_forms.cover_one, "employers.change", employer_forms.BulkCoverForm,
             _("从起始日期起，这些单位由所选的工会覆盖。已在别的工会的会跳过，并说明原因。")),
        Bulk("uncover", _("终止覆盖"), employer_forms.uncover_one, "employers.change", employer_forms.BulkUncoverForm,
             _("从终止日期起，这些单位不再由任何工会覆盖。没有覆盖的会跳过。")),
    ),
    add=Add(_("登记单位"), "desk-employer-new", "employers.change"),
    links=(Add(_("法人单位名单"), "desk-lists", "employers.see"),),
    views=(
        (_("25 人以上未建会"), "covered=no&size=small&size=middle&size=large"),
        (_("单位不愿建会"), "covered=no&why=unwilling"),
    ),
)  # fmt: skip


@gate.right("employers.see")
@never_cache
@require_safe
def employer(request: HttpRequest, number: int) -> HttpResponse:
    """One employer: what is written of it, the unions that cover or covered it, the lists it stands on."""
    by = actor_of(request)
    row = find(by, number)
    covers = list(Cover.objects.filter(employer=number).select_related("union").order_by("-since", "-pk")[:50])
    held = [cover for cover in covers if _holds(cover)]
    figures = ["union.employers"] if held else []
    subjects = [f"employer:{number}", *(f"cover:{cover.pk}" for cover in covers)]
    lines = Line.objects.visible_to(by, *holders("employers.see")).standing().filter(subject__in=subjects)
    detail = Detail(
        title=row.name, number=row.uscc, state=State(_("已建会"), "ok") if held else State(_("未建会"), "look"),
        facts=_facts(row, by), steps=[*MOVES.steps(row, by), *founding.step_of_employer(row, by, covered=bool(held))], timeline=lines_of(subjects, by=by, right="employers.see"),
        related=(_covers(covers, by), _lists(row)),
        counted_in=[*chronicle.counted_in(lines.order_by("-on", "-pk"), by), *chronicle.in_stock(figures, row.path, by)],
    )  # fmt: skip
    return render_detail(request, detail, register=register, row=row)


def _holds(cover: Cover) -> bool:
    return cover.until is None or cover.until > timezone.localdate()


def _facts(row: Employer, by: Actor) -> list[Fact]:
    here = columns.place_names([row.path])
    members = Membership.objects.filter(employer=row.pk, until=None).count()
    return [
        Fact(_("统一社会信用代码"), row.uscc),
        *([Fact(_("代码例外说明"), row.uscc_override)] if row.uscc_override else []),
        Fact(_("地方"), here.get(row.path, row.path)),
        Fact(_("经济类型"), _t(OWNERSHIP.get(row.ownership, row.ownership))),
        Fact(
            _("行业"),
            f"{row.industry} {INDUSTRIES[row.industry[0]]}" if row.industry[:1] in INDUSTRIES else row.industry,
        ),
        Fact(_("职工人数"), f"{row.workers:,}"),
        Fact(_("在册会员"), f"{members:,}"),
    ]


def _covers(covers: Sequence[Cover], by: Actor) -> Table:
    rows = []
    seen = set(
        Union.objects.visible_to(by).filter(pk__in=[cover.union_id for cover in covers]).values_list("pk", flat=True)
    )
    for cover in covers:
        if cover.until == cover.since:
            continue  # written by mistake and taken back
        name: Any = cover.union.name
        union = (name, reverse("desk-union", args=[cover.union_id])) if cover.union_id in seen else name
        may = cover.until is None and by.reaches(cover.path, *holders("employers.change"))
        way = (_t("转移或终止"), reverse("desk-cover", args=[cover.pk])) if may else ""
        rows.append((union, cover.since.isoformat(), cover.until.isoformat() if cover.until else "", way))
    return Table(_("工会覆盖"), (_("工会"), _("起"), _("止"), _("办理")), rows, empty=_("还没有工会覆盖这家单位。"))


def _lists(row: Employer) -> Table:
    entries = RegisterEntry.objects.filter(employer=row.pk).select_related("register").order_by("-register__as_of")
    rows = [
        ((entry.register.name, f"{reverse('desk-lists')}?list-of={entry.register_id}"), entry.register.as_of.isoformat(),
         _t(REGISTER_USES[entry.register.serves]), f"{entry.workers:,}")
        for entry in entries[:20]
    ]  # fmt: skip
    return Table(_("所在名单"), (_("名单"), _("日期"), _("用途"), _("职工人数")), rows, empty=_("不在任何名单上。"))


@gate.right("employers.see")
@never_cache
@require_safe
def cover(request: HttpRequest, number: int) -> HttpResponse:
    """One cover: an employer under a union, and what may become of it."""
    by = actor_of(request)
    row = employer_forms.find_cover(by, number)
    home = reverse("desk-employer", args=[row.employer_id])
    detail = Detail(
        title=row.employer.name, state=State(_("覆盖中"), "ok") if _holds(row) else State(_("已终止"), "off"),
        facts=[
            Fact(_("单位"), row.employer.name, href=home), Fact(_("工会"), row.union.name), Fact(_("起"), row.since.isoformat()),
            Fact(_("止"), row.until.isoformat() if row.until else ""), Fact(_("职工人数"), f"{row.employer.workers:,}"),
        ],
        steps=COVER_MOVES.steps(row, by), timeline=lines_of([f"cover:{number}"], by=by, right="employers.see"),
        crumbs=((register.title, reverse("desk-employers")), (row.employer.name, home)),
    )  # fmt: skip
    return render_detail(request, detail)


urlpatterns = [
    path("desk/employers/new/", employer_forms.add_an_employer, name="desk-employer-new"),
    path("desk/employers/<int:number>/", employer, name="desk-employer"),
    path("desk/covers/<int:number>/", cover, name="desk-cover"),
    *MOVES.addresses(),
    *COVER_MOVES.addresses(),
]
