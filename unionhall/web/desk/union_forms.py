"""Forms for one union: founded, renamed, put under another, re-elected, marked, ended, covering more employers."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Count, Model, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from unionhall.kernel.actor import Actor
from unionhall.organisations.actions import covering, union_life
from unionhall.organisations.actions.union_life import Founding
from unionhall.organisations.models import Cover, Union, UnionTag
from unionhall.organisations.roles import holders
from unionhall.organisations.vocabulary import FEDERATIONS, UNION_KINDS, UNION_TAGS
from unionhall.people import union_moves as closing
from unionhall.people.models import Membership
from unionhall.web.acting import actor_of
from unionhall.web.desk import picking
from unionhall.web.desk.forms import Done
from unionhall.web.desk.moves import Move, Moves, RowForm, new_view
from unionhall.web.desk.pickers import EmployersField, PlaceField, UnionField
from unionhall.web.desk.standing_words import titles
from unionhall.web.desk.undo import Inverse, TakeBack

RIGHT = "unions.change"


def find(actor: Actor, number: int) -> Union:
    """The union, when the actor may see it; with how many open covers, members and unions below it there are, and its
    open marks: `covers_open`, `members_open`, `lower_open`, `marks_open`.
    """
    seen = Union.objects.visible_to(actor)
    counted = {
        "covers_open": _open(Cover, "union"),
        "members_open": _open(Membership, "union"),
        "lower_open": _open(Union, "upper"),
        "marks_open": _open(UnionTag, "union"),
    }
    row = seen.select_related("upper").annotate(**counted).filter(pk=number).first()
    if row is None:
        raise Http404(f"union {number}")
    found: Union = row
    return found


def _open(model: type[Model], key: str) -> Any:
    """How many rows of a register point at the union and have no end."""
    there = model._default_manager.filter(**{key: OuterRef("pk"), "until": None}).order_by().values(key)
    return Coalesce(Subquery(there.annotate(n=Count("pk")).values("n")), 0)


def today() -> Any:
    return timezone.localdate()


class FoundForm(RowForm):
    name = forms.CharField(label=_("名称"), max_length=128)
    kind = forms.ChoiceField(label=_("类别"), choices=[("", _("请选择")), *titles(UNION_KINDS)])
    path = PlaceField(right=RIGHT)
    since = forms.DateField(label=_("批准建会日期"), initial=today)
    upper = UnionField(label=_("上级工会"), required=False)
    employers = EmployersField(label=_("覆盖单位"), required=False)
    term_until = forms.DateField(label=_("本届任期至"), required=False)
    approval_no = forms.CharField(label=_("批准文号"), max_length=40, required=False)
    code = forms.CharField(label=_("编号"), max_length=20, required=False, help_text=_("留空由系统编号"))
    uscc = forms.CharField(
        label=_("统一社会信用代码"), max_length=40, required=False, help_text=_("工会法人的代码，没有可不填")
    )


class RenameForm(RowForm):
    name = forms.CharField(label=_("新名称"), max_length=128)
    on = forms.DateField(label=_("更名日期"), initial=today)


class UpperForm(RowForm):
    upper = UnionField(label=_("新的上级工会"))
    on = forms.DateField(label=_("变更日期"), initial=today)


class TermForm(RowForm):
    held_on = forms.DateField(label=_("换届日期"), initial=today)
    until = forms.DateField(label=_("本届任期至"), help_text=_("一届最长五年"))


class MarkForm(RowForm):
    tag = forms.ChoiceField(label=_("标记"), choices=[("", _("请选择")), *titles(UNION_TAGS)])
    since = forms.DateField(label=_("标记日期"), initial=today)


class UnmarkForm(RowForm):
    mark = forms.TypedChoiceField(label=_("标记"), coerce=int)
    on = forms.DateField(label=_("取消日期"), initial=today)

    def fit(self) -> None:
        field = self.fields["mark"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _t("请选择")), *((str(one.pk), _t(UNION_TAGS[one.tag])) for one in _marks(self.row))]


class CoverForm(RowForm):
    employers = EmployersField()
    since = forms.DateField(label=_("覆盖起始日期"), initial=today)


class EndForm(RowForm):
    how = forms.ChoiceField(
        label=_("怎样终止"),
        choices=[("abolished", _("撤销")), ("merged", _("并入另一个工会"))],
        widget=forms.RadioSelect,
    )
    into = UnionField(label=_("并入哪个工会"), required=False)
    members_go = forms.BooleanField(label=_("在册会员一并转到那个工会"), required=False)
    on = forms.DateField(label=_("终止日期"), initial=today)
    reason = forms.CharField(label=_("原因和批准文号"), max_length=80)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("how") == "merged" and not said.get("into") and "into" not in self.errors:
            self.add_error("into", _t("请填写并入哪个工会。"))
        return said


def _found(by: Actor, said: Mapping[str, Any]) -> Done:
    stated = Founding(
        said["name"], said["kind"], said["path"], said["since"], said["upper"], said["code"], said["approval_no"],
        said["uscc"], said["term_until"], tuple(said["employers"]),
    )  # fmt: skip
    number = union_life.found_union(stated, by=by)
    return Done(_t("工会已登记。"), then=reverse("desk-union", args=[number]))


def _start(request: HttpRequest) -> dict[str, Any]:
    """The upper union most new ones have: the lowest federation over the officer's places."""
    paths = actor_of(request).paths(*holders(RIGHT))
    above = {path[:end] for path in paths for end in range(3, len(path) + 1, 3)}
    over = Union.objects.filter(kind__in=FEDERATIONS, path__in=above, until=None)
    return {"upper": picking.shown(over.order_by("-path").first()), "since": today()}


found_a_union = new_view(
    _("新建工会"), RIGHT, FoundForm, _found, back="desk-unions", crumb=_("工会组织"), initial=_start,
    intro=_("以上级工会的批准为准。独立基层工会填它所在的一家单位；联合工会可以现在填覆盖单位，也可以以后再加。"),
)  # fmt: skip


def _rename(row: Union, by: Actor, said: Mapping[str, Any]) -> Done:
    before = union_life.rename_union(row.pk, said["name"], on=said["on"], by=by)
    return Done(_t("已更名。"), undo=Inverse("union.rename", {"union": row.pk, "name": before}))


def _under(row: Union, by: Actor, said: Mapping[str, Any]) -> Done:
    before = union_life.move_union(row.pk, said["upper"], on=said["on"], by=by)
    return Done(_t("上级工会已变更。"), undo=Inverse("union.under", {"union": row.pk, "upper": before}))


def _renew(row: Union, by: Actor, said: Mapping[str, Any]) -> Done:
    before = union_life.renew_term(row.pk, said["until"], held_on=said["held_on"], by=by)
    until = before.isoformat() if before else ""
    return Done(_t("换届已登记。"), undo=Inverse("union.term", {"union": row.pk, "until": until}))


def _mark(row: Union, by: Actor, said: Mapping[str, Any]) -> Done:
    mark = union_life.mark_union(row.pk, said["tag"], since=said["since"], by=by)
    since = said["since"].isoformat()
    return Done(_t("标记已加上。"), undo=Inverse("union.mark", {"union": row.pk, "mark": mark, "on": since}))


def _unmark(row: Union, by: Actor, said: Mapping[str, Any]) -> Done:
    union_life.unmark_union(said["mark"], on=said["on"], by=by)
    return Done(_t("标记已取消。"))


def _cover(row: Union, by: Actor, said: Mapping[str, Any]) -> Done:
    covers = covering.cover_employers(row.pk, said["employers"], since=said["since"], by=by)
    done = ngettext("%(count)d 家单位已纳入。", "%(count)d 家单位已纳入。", len(covers)) % {"count": len(covers)}
    return Done(done, undo=Inverse("union.cover", {"union": row.pk, "covers": covers}))


def _end(row: Union, by: Actor, said: Mapping[str, Any]) -> Done:
    into = said["into"] if said["how"] == "merged" else None
    went, undo = closing.end_union(
        row.pk, on=said["on"], reason=said["reason"], into=into, members_go=said["members_go"], by=by
    )
    done = _t("工会已终止，%(count)d 名会员已转出。") % {"count": went} if went else _t("工会已终止。")
    return Done(done, undo=Inverse("union.end", undo) if undo else None)


def _ended(row: Union, by: Actor) -> str:
    return _t("工会已经终止。") if row.until is not None else ""


def _no_marks(row: Any, by: Actor) -> str:
    return _ended(row, by) or ("" if row.marks_open else _t("现在没有标记。"))


def _marks(row: Union) -> list[UnionTag]:
    return list(UnionTag.objects.filter(union=row.pk, until=None).order_by("since"))


def _has_lower(row: Any, by: Actor) -> str:
    lower = _t("下面还有 %(count)d 个工会，请先变更它们的上级。") % {"count": row.lower_open} if row.lower_open else ""
    return _ended(row, by) or lower


def _at_stake(row: Any) -> tuple[tuple[Any, Any], ...]:
    """What ends with the union, said before it does."""
    return ((_("在册会员"), f"{row.members_open:,}"), (_("覆盖单位"), f"{row.covers_open:,}"))


def _named(row: Union) -> tuple[tuple[Any, Any], ...]:
    return ((_("现在的名称"), row.name),)


def _has_upper(row: Union) -> tuple[tuple[Any, Any], ...]:
    return ((_("现在的上级"), picking.shown(row.upper)),)


MOVES = Moves("union", "desk/unions/", _("工会组织"), find, (
    Move(key="cover", title=_("纳入单位"), right="employers.change", form=CoverForm, act=_cover, why_not=_ended, icon="plus",
         button=_("纳入"), intro=_("新纳入的单位计入新增工会组织；从别的工会转来的，请在单位页面用“转到另一个工会”。")),
    Move(key="term", title=_("登记换届"), right=RIGHT, form=TermForm, act=_renew, why_not=_ended, icon="refresh"),
    Move(key="rename", title=_("更名"), right=RIGHT, form=RenameForm, act=_rename, why_not=_ended, facts=_named,
         intro=_("从更名之日起用新名称；以前的名称留在经过里。")),
    Move(key="upper", title=_("变更上级"), right=RIGHT, form=UpperForm, act=_under, why_not=_ended, icon="sitemap", facts=_has_upper),
    Move(key="mark", title=_("加标记"), right=RIGHT, form=MarkForm, act=_mark, why_not=_ended, icon="tag"),
    Move(key="unmark", title=_("取消标记"), right=RIGHT, form=UnmarkForm, act=_unmark, why_not=_no_marks, icon="x"),
    Move(key="end", title=_("撤销或合并"), right=RIGHT, form=EndForm, act=_end, why_not=_has_lower, icon="archive", danger=True,
         facts=_at_stake, initial=lambda row: {"how": "abolished"},
         intro=_("撤销后，没有终止的覆盖一并终止；合并的，覆盖单位转到并入的工会，不算新增。还有在册会员的，要一并转出。")),
), "desk-unions")  # fmt: skip


def _page(number: int) -> str:
    return reverse("desk-union", args=[number])


def _undo_rename(by: Actor, kept: Mapping[str, Any]) -> str:
    union_life.rename_union(kept["union"], kept["name"], on=timezone.localdate(), by=by)
    return _page(kept["union"])


def _undo_under(by: Actor, kept: Mapping[str, Any]) -> str:
    union_life.move_union(kept["union"], kept["upper"], on=timezone.localdate(), by=by)
    return _page(kept["union"])


def _undo_term(by: Actor, kept: Mapping[str, Any]) -> str:
    until = forms.DateField(required=False).clean(kept["until"])
    union_life.restore_term(kept["union"], until, by=by)
    return _page(kept["union"])


def _undo_mark(by: Actor, kept: Mapping[str, Any]) -> str:
    union_life.unmark_union(kept["mark"], on=forms.DateField().clean(kept["on"]), by=by)
    return _page(kept["union"])


def _undo_cover(by: Actor, kept: Mapping[str, Any]) -> str:
    for cover in kept["covers"]:
        covering.withdraw_cover(cover, by=by)
    return _page(kept["union"])


def _undo_end(by: Actor, kept: Mapping[str, Any]) -> str:
    union_life.restore_union(kept["union"], covers=kept["covers"], opened=kept["opened"], marks=kept["marks"], by=by)
    return _page(kept["union"])


INVERSES: Mapping[str, TakeBack] = {
    "union.rename": _undo_rename, "union.under": _undo_under, "union.term": _undo_term, "union.mark": _undo_mark,
    "union.cover": _undo_cover, "union.end": _undo_end,
}  # fmt: skip
