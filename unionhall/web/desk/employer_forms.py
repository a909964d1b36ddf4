"""Forms for one employer and for one cover: written in, put right, brought under a union, gone on, ended."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations.actions import covering, employer_book
from unionhall.organisations.actions.employer_book import MOST_WORKERS, Stated
from unionhall.organisations.models import Cover, Employer
from unionhall.organisations.vocabulary import OWNERSHIP
from unionhall.web.desk.forms import DeskForm, Done
from unionhall.web.desk.moves import Move, Moves, RowForm, new_view
from unionhall.web.desk.pickers import PlaceField, UnionField
from unionhall.web.desk.standing_words import titles
from unionhall.web.desk.undo import Inverse, TakeBack
from unionhall.web.desk.union_forms import today

RIGHT = "employers.change"


def find(actor: Actor, number: int) -> Employer:
    """The employer, when the actor may see it."""
    row = Employer.objects.visible_to(actor).filter(pk=number).first()
    if row is None:
        raise Http404(f"employer {number}")
    found: Employer = row
    return found


def find_cover(actor: Actor, number: int) -> Cover:
    """The cover, when the actor may see its employer."""
    row = Cover.objects.visible_to(actor).select_related("employer", "union").filter(pk=number).first()
    if row is None:
        raise Http404(f"cover {number}")
    found: Cover = row
    return found


class EmployerForm(RowForm):
    name = forms.CharField(label=_("单位名称"), max_length=128)
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=40, help_text=_("18 位，按营业执照填写"))
    uscc_override = forms.CharField(
        label=_("代码例外说明"),
        required=False,
        max_length=200,
        help_text=_("只有校验码不符、但确与执照一致时才填，写明依据"),
    )
    path = PlaceField(right=RIGHT)
    ownership = forms.ChoiceField(label=_("经济类型"), required=False, choices=[("", _("不清楚")), *titles(OWNERSHIP)])
    industry = forms.CharField(
        label=_("行业代码"), required=False, max_length=8, help_text=_("国民经济行业代码，例如 C34")
    )
    workers = forms.IntegerField(label=_("职工人数"), min_value=0, max_value=MOST_WORKERS, initial=0)


class CoverForm(RowForm):
    union = UnionField(label=_("工会"))
    since = forms.DateField(label=_("覆盖起始日期"), initial=today)


class TransferForm(RowForm):
    into = UnionField(label=_("转到哪个工会"))
    on = forms.DateField(label=_("转移日期"), initial=today)


class UncoverForm(RowForm):
    on = forms.DateField(label=_("终止日期"), initial=today)
    reason = forms.CharField(label=_("原因"), max_length=100, help_text=_("例如单位注销、迁出本区"))


class BulkCoverForm(DeskForm):
    union = UnionField(label=_("工会"))
    since = forms.DateField(label=_("覆盖起始日期"), initial=today)


class BulkUncoverForm(DeskForm):
    on = forms.DateField(label=_("终止日期"), initial=today)
    reason = forms.CharField(label=_("原因"), max_length=100)


def _stated(said: Mapping[str, Any]) -> Stated:
    return Stated(said["uscc"], said["name"], said["path"], said["ownership"], said["industry"], said["workers"],
                  said["uscc_override"])  # fmt: skip


def _add(by: Actor, said: Mapping[str, Any]) -> Done:
    number = employer_book.add_employer(_stated(said), by=by)
    return Done(_t("单位已登记。"), then=_page(number))


add_an_employer = new_view(
    _("登记单位"), RIGHT, EmployerForm, _add, back="desk-employers", crumb=_("用人单位"), initial=lambda request: {"workers": 0},
)  # fmt: skip


def _correct(row: Employer, by: Actor, said: Mapping[str, Any]) -> Done:
    before = employer_book.correct_employer(row.pk, _stated(said), by=by)
    return Done(_t("已更正。"), undo=Inverse("employer.correct", {"employer": row.pk, "was": list(before)}))


def _cover(row: Employer, by: Actor, said: Mapping[str, Any]) -> Done:
    covers = covering.cover_employers(said["union"], [row.pk], since=said["since"], by=by)
    return Done(_t("已纳入工会。"), undo=Inverse("employer.cover", {"employer": row.pk, "covers": covers}))


def _transfer(row: Cover, by: Actor, said: Mapping[str, Any]) -> Done:
    opened = covering.transfer_cover(row.pk, said["into"], on=said["on"], by=by)
    kept = {"employer": row.employer_id, "ended": [row.pk], "opened": [opened]}
    return Done(_t("已转到另一个工会。"), undo=Inverse("cover.reopen", kept), then=_page(row.employer_id))


def _uncover(row: Cover, by: Actor, said: Mapping[str, Any]) -> Done:
    covering.end_cover(row.pk, on=said["on"], reason=said["reason"], by=by)
    kept = {"employer": row.employer_id, "ended": [row.pk], "opened": []}
    return Done(_t("覆盖已终止。"), undo=Inverse("cover.reopen", kept), then=_page(row.employer_id))


def cover_one(number: int, by: Actor, said: Mapping[str, Any]) -> object:
    """One of many employers comes under the chosen union."""
    return covering.cover_employers(said["union"], [number], since=said["since"], by=by)


def uncover_one(number: int, by: Actor, said: Mapping[str, Any]) -> object:
    """Whatever union covers one of many employers covers it no longer."""
    covers = list(Cover.objects.filter(employer=number, until=None).values_list("pk", flat=True))
    if not covers:
        raise Refused(_t("这家单位现在没有工会覆盖。"))
    for cover in covers:
        covering.end_cover(cover, on=said["on"], reason=said["reason"], by=by)
    return covers


def _ended(row: Cover, by: Actor) -> str:
    return _t("这条覆盖已经终止。") if row.until is not None else ""


def _as_it_is(row: Employer) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Stated._fields}


def _under(row: Cover) -> tuple[tuple[Any, Any], ...]:
    return ((_("单位"), row.employer.name), (_("现在的工会"), row.union.name), (_("起"), row.since.isoformat()))


MOVES = Moves("employer", "desk/employers/", _("用人单位"), find, (
    Move(key="cover", title=_("纳入工会"), right=RIGHT, form=CoverForm, act=_cover, icon="building-community", button=_("纳入")),
    Move(key="correct", title=_("更正登记"), right=RIGHT, form=EmployerForm, act=_correct, initial=_as_it_is,
         intro=_("已经发布的数和已有的名单不跟着变；还没有终止的覆盖随单位的地方走。")),
), "desk-employers")  # fmt: skip

COVER_MOVES = Moves("cover", "desk/covers/", _("用人单位"), find_cover, (
    Move(key="transfer", title=_("转到另一个工会"), right=RIGHT, form=TransferForm, act=_transfer, why_not=_ended,
         icon="arrows-exchange", facts=_under, intro=_("转会前后是同一家已建会单位，不算新增。")),
    Move(key="end", title=_("终止覆盖"), right=RIGHT, form=UncoverForm, act=_uncover, why_not=_ended, icon="x", danger=True,
         facts=_under),
), "desk-employers", lambda row: row.employer.name)  # fmt: skip


def _page(number: int) -> str:
    return reverse("desk-employer", args=[number])


def _undo_correct(by: Actor, kept: Mapping[str, Any]) -> str:
    employer_book.correct_employer(kept["employer"], Stated(*kept["was"]), by=by)
    return _page(kept["employer"])


def _undo_cover(by: Actor, kept: Mapping[str, Any]) -> str:
    for cover in kept["covers"]:
        covering.withdraw_cover(cover, by=by)
    return _page(kept["employer"])


def _undo_end(by: Actor, kept: Mapping[str, Any]) -> str:
    covering.reopen_covers(kept["ended"], kept["opened"], by=by)
    return _page(kept["employer"])


INVERSES: Mapping[str, TakeBack] = {
    "employer.correct": _undo_correct, "employer.cover": _undo_cover, "cover.reopen": _undo_end,
}  # fmt: skip
