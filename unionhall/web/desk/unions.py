"""Unions: the list, one union with whom it covers, and everything that can become of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Cover, Union, UnionTag
from unionhall.organisations.roles import holders
from unionhall.organisations.vocabulary import UNION_KINDS, UNION_TAGS
from unionhall.people.models import Membership
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import chronicle, columns
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Detail, Fact, State, Table, lines_of, render_detail
from unionhall.web.desk.filters import Choice, Days, Of, Open, Picked, PlaceFilter
from unionhall.web.desk.finding import ByPrefix, ByText
from unionhall.web.desk.register import Add, Register
from unionhall.web.desk.todo import Waiting
from unionhall.web.desk.union_forms import MOVES, find, found_a_union

SHOWN = 50
"""So many related rows stand on the page of a union; the rest are a link away."""
SOON = timedelta(days=90)


def term_due() -> Q:
    """Unions whose term ran out, or does within ninety days."""
    return Q(term_until__lte=timezone.localdate() + SOON)


def _tagged(tag: str) -> Q:
    held = UnionTag.objects.on(timezone.localdate()).filter(tag=tag)
    return Q(pk__in=held.values("union"))


def _beside(rows: Sequence[Union]) -> Mapping[int, str]:
    """Union -> "12 / 340": employers it covers and members at it, today."""
    numbers = [row.pk for row in rows]
    covers = (
        Cover.objects.on(timezone.localdate()).filter(union__in=numbers).values_list("union").annotate(n=Count("pk"))
    )
    members = Membership.objects.filter(union__in=numbers, until=None).values_list("union").annotate(n=Count("pk"))
    employers, people = Counter(dict(covers)), Counter(dict(members))
    return {number: f"{employers[number]:,} / {people[number]:,}" for number in numbers}


register = Register(
    key="unions", title=_("工会组织"), model=Union, right="unions.see", icon="building-community", unit=_("个"),
    rows=lambda actor: Union.objects.visible_to(actor),
    columns=(
        Column("name", _("名称"), link=True),
        Column("code", _("编号")),
        Column("kind", _("类别"), words=UNION_KINDS),
        Column("path", _("地方"), show="place", phone=""),
        Column("beside", _("单位 / 会员"), phone="end"),
        Column("since", _("成立"), show="day", phone=""),
        Column("term_until", _("任期至"), show="day", phone=""),
        Column("until", _("终止"), show="day", phone="", chosen=False),
        Column("upper__name", _("上级工会"), phone="", chosen=False),
        Column("approval_no", _("批准文号"), phone="", chosen=False),
    ),
    search=(ByText("name"), ByPrefix("code", str.upper)), search_hint=_("名称或编号"),
    filters=(
        Choice("kind", UNION_KINDS, _("类别")),
        PlaceFilter(),
        Picked("term", _("任期"), {"due": (_("90 天内届满或已届满"), term_due), "none": (_("没有登记"), Q(term_until=None))}),
        Picked("tag", _("标记"), {tag: (title, lambda tag=tag: _tagged(tag)) for tag, title in UNION_TAGS.items()}),
        Open(),
        Days("since", _("成立")),
        Of("upper", _("上级工会"), Union),
    ),
    default_sort="name", sorts=("name", "code", "since", "term_until"), related=("upper",), beside=_beside,
    detail="desk-union", export=True, add=Add(_("新建工会"), "desk-union-new", "unions.change"),
    empty=_("这里还没有工会。可以新建，或从“导入”批量登记。"),
    views=((_("换届到期"), "term=due"), (_("会站家合一"), "tag=three_in_one")),
)  # fmt: skip


def state_of(row: Union) -> State:
    today = timezone.localdate()
    if row.until is not None:
        return State(_("已终止"), "off")
    if row.term_until is not None and row.term_until <= today:
        return State(_("任期已届满"), "bad")
    if row.term_until is not None and row.term_until <= today + SOON:
        return State(_("即将届满"), "look")
    return State(_("在册"), "ok")


@gate.right("unions.see")
@never_cache
@require_safe
def union(request: HttpRequest, number: int) -> HttpResponse:
    """One union: what it is, whom it covers, what is below it, what may be done next."""
    by = actor_of(request)
    row = find(by, number)
    marks = list(UnionTag.objects.filter(union=number).exclude(until=F("since")).order_by("since"))
    figures = ["union.employers"] if row.covers_open else []
    if row.kind in ("community_joint", "community_workers") and row.until is None:
        figures.append(f"union.{row.kind}")
    covers = Cover.objects.filter(union=number).order_by("-since", "-pk").values_list("pk", flat=True)[:SHOWN]
    told = [f"union:{number}", *(f"cover:{cover}" for cover in covers)]
    lines = Line.objects.visible_to(by, *holders("unions.see")).standing().filter(subject__in=told)
    detail = Detail(
        title=row.name, number=row.code, state=state_of(row), facts=_facts(row, by, marks), steps=MOVES.steps(row, by),
        timeline=lines_of([f"union:{number}"], by=by, right="unions.see"),
        related=(_covers(row, by), _below(row, by), _marks(marks)),
        counted_in=[
            *chronicle.counted_in(lines.order_by("-on", "-pk"), by), *chronicle.in_stock(figures, row.path, by)
        ],
    )  # fmt: skip
    return render_detail(request, detail, register=register, row=row)


def _facts(row: Any, by: Actor, marks: Sequence[UnionTag]) -> list[Fact]:
    here = columns.place_names([row.path])
    seen = row.upper is not None and by.reaches(row.upper.path, *holders("unions.see"))
    listed = f"{reverse('desk-members')}?union={row.pk}" if by.reaches(row.path, *holders("members.see")) else ""
    open_marks = [_t(UNION_TAGS.get(mark.tag, mark.tag)) for mark in marks if mark.until is None]
    return [
        Fact(_("类别"), _t(UNION_KINDS.get(row.kind, row.kind))),
        Fact(_("地方"), here.get(row.path, row.path)),
        Fact(
            _("上级工会"),
            row.upper.name if row.upper else "",
            href=reverse("desk-union", args=[row.upper_id]) if seen else "",
        ),
        Fact(_("成立"), row.since.isoformat()),
        Fact(_("本届任期至"), row.term_until.isoformat() if row.term_until else ""),
        Fact(_("在册会员"), f"{row.members_open:,}", href=listed if row.members_open else ""),
        Fact(_("标记"), "、".join(open_marks)),
        Fact(_("批准文号"), row.approval_no),
        Fact(_("统一社会信用代码"), row.uscc),
        *([Fact(_("终止"), row.until.isoformat()), Fact(_("原因"), row.ended_because)] if row.until else []),
    ]


def _covers(row: Any, by: Actor) -> Table:
    """Whom it covers today, or covered on its last day; of employers in other places only how many they are."""
    day = timezone.localdate() if row.until is None else row.until - timedelta(days=1)
    covers = Cover.objects.on(day).filter(union=row.pk)
    mine = covers.at(*by.paths(*holders("employers.see"))).select_related("employer")
    held = list(mine.order_by("employer__name")[: SHOWN + 1])
    many = len(held) > SHOWN
    seen = mine.count() if many else len(held)
    all_of_them = row.covers_open if row.until is None else covers.count()
    rows: list[tuple[Any, ...]] = [
        ((cover.employer.name, reverse("desk-employer", args=[cover.employer_id])), cover.employer.uscc,
         f"{cover.employer.workers:,}", cover.since.isoformat())
        for cover in held[:SHOWN]
    ]  # fmt: skip
    title = _t("覆盖单位（%(count)s）") % {"count": f"{all_of_them:,}"}
    if all_of_them > seen:
        rows.append((_t("另有 %(count)d 家在别的地方") % {"count": all_of_them - seen}, "", "", ""))
    more = (_("全部"), f"{reverse('desk-employers')}?union={row.pk}")
    return Table(title, (_("单位"), _("统一社会信用代码"), _("职工人数"), _("起")), rows, empty=_("没有覆盖单位。"),
                 link=more if many else None)  # fmt: skip


def _below(row: Any, by: Actor) -> Table:
    lower = Union.objects.at(*by.paths(*holders("unions.see"))).filter(upper=row.pk, until=None).order_by("code")
    rows = [
        ((one.name, reverse("desk-union", args=[one.pk])), one.code, _t(UNION_KINDS.get(one.kind, one.kind)))
        for one in (lower[:SHOWN] if row.lower_open else ())
    ]
    more = (_("全部"), f"{reverse('desk-unions')}?upper={row.pk}")
    title = _t("下级工会（%(count)s）") % {"count": f"{row.lower_open:,}"}
    return Table(title, (_("名称"), _("编号"), _("类别")), rows, empty=_("没有下级工会。"),
                 link=more if len(rows) == SHOWN else None)  # fmt: skip


def _marks(marks: Sequence[UnionTag]) -> Table:
    rows = [
        (_t(UNION_TAGS.get(one.tag, one.tag)), one.since.isoformat(), one.until.isoformat() if one.until else "")
        for one in marks
    ]
    return Table(_("标记"), (_("标记"), _("起"), _("止")), rows, empty=_("没有标记。"))


def _due(by: Actor) -> int:
    mine = Union.objects.at(*by.paths(*holders("unions.change")))
    return mine.filter(term_due(), until=None).count()


WAITING = (
    Waiting(_("工会任期将满或已满"), _("个"), "unions.change", _due, lambda by: f"{reverse('desk-unions')}?term=due"),
)

urlpatterns = [
    path("desk/unions/new/", found_a_union, name="desk-union-new"),
    path("desk/unions/<int:number>/", union, name="desk-union"),
    *MOVES.addresses(),
]
