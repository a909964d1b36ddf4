"""The dated lists of employers that rates are counted over: each as it was on its day, for reading only."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from unionhall.organisations.models import Cover, RegisterEntry
from unionhall.organisations.models import Register as DatedList
from unionhall.organisations.vocabulary import OWNERSHIP, REGISTER_USES
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.columns import Column
from unionhall.web.desk.filters import Choice, Option, PlaceFilter, Scope
from unionhall.web.desk.finding import ByPrefix
from unionhall.web.desk.register import Register


class AsOf:
    """Which list: the newest one unless another is asked for. Entries of two lists are never shown together."""

    name = "as-of"
    title: Any = _("名单")
    kind = "one"

    def options(self, scope: Scope, chosen: Sequence[str]) -> list[Option]:
        lists = list(DatedList.objects.order_by("-as_of", "serves"))
        now = chosen[0] if chosen else str(lists[0].pk) if lists else ""
        return [
            Option(
                str(one.pk),
                f"{one.as_of.isoformat()} {one.name}（{_t(REGISTER_USES[one.serves])}）",
                str(one.pk) == now,
            )
            for one in lists
        ]

    def valid(self, values: Sequence[str]) -> list[str]:
        last = values[-1] if values else ""
        return [last] if last.isascii() and last.isdigit() and len(last) < 16 and last != self._newest() else []

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        wanted = values[0] if values else self._newest()
        return rows.filter(register=int(wanted)) if wanted else rows.none()

    def _newest(self) -> str:
        newest = DatedList.objects.order_by("-as_of", "serves").values_list("pk", flat=True).first()
        return str(newest) if newest is not None else ""


def _beside(rows: Sequence[RegisterEntry]) -> Mapping[int, str]:
    """Entry -> the unions that covered its employer on the list's own day."""
    if not rows:
        return {}
    day = rows[0].register.as_of
    found: dict[int, list[str]] = {}
    covers = Cover.objects.on(day).filter(employer__in=[row.employer_id for row in rows]).select_related("union")
    for cover in covers.order_by("since"):
        found.setdefault(cover.employer_id, []).append(cover.union.name)
    return {row.pk: "、".join(found.get(row.employer_id, ())) for row in rows}


register = Register(
    key="lists", title=_("法人单位名单"), model=RegisterEntry, right="employers.see", icon="clipboard-list", unit=_("家"),
    rows=lambda actor: RegisterEntry.objects.visible_to(actor),
    columns=(
        Column("employer__name", _("单位"), link=True),
        Column("employer__uscc", _("统一社会信用代码"), phone=""),
        Column("beside", _("当日覆盖的工会")),
        Column("workers", _("当日职工人数"), show="number", phone="end"),
        Column("path", _("当日地方"), show="place", phone=""),
        Column("employer__ownership", _("经济类型"), words=OWNERSHIP, phone=""),
    ),
    search=(ByPrefix("employer__name"), ByPrefix("employer__uscc", str.upper)), search_hint=_("名称开头几个字，或信用代码"),
    filters=(AsOf(), PlaceFilter(), Choice("ownership", OWNERSHIP, _("经济类型"), field="employer__ownership")),
    default_sort="employer__name", sorts=("employer__name", "workers"), related=("employer", "register"), beside=_beside,
    detail="desk-list-entry", export=True, empty=_("还没有法人单位名单。名单从“导入”里的法人单位名册带入。"),
)  # fmt: skip


@gate.right("employers.see")
@require_safe
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """An entry is read only: its way leads to the employer."""
    row = register.visible(actor_of(request)).filter(pk=number).values_list("employer", flat=True).first()
    if row is None:
        raise Http404(f"entry {number}")
    return HttpResponseRedirect(reverse("desk-employer", args=[row]))


urlpatterns = [path("desk/lists/<int:number>/", entry, name="desk-list-entry")]
