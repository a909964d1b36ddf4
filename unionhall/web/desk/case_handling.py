"""The handling of a matter at the desk: writing down what was done, who does it, passing it on, papers, twins, opening again."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from unionhall.cases import handling_moves, note_moves
from unionhall.cases import service as services
from unionhall.cases.models import Case
from unionhall.cases.note_moves import LONGEST, WRITTEN
from unionhall.cases.reach import LEVELS, may_handle
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations.models import Account, Place
from unionhall.web.desk.forms import Done
from unionhall.web.desk.moves import Move, Moves, RowForm
from unionhall.web.desk.standing_words import titles

RIGHT = "cases.change"


def _reason(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=500, help_text=hint, widget=forms.Textarea(attrs={"rows": 3, "data-secret": ""})
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, initial=timezone.localdate)


class NoteForm(RowForm):
    kind = forms.ChoiceField(label=_("哪一种"), choices=titles(WRITTEN), widget=forms.RadioSelect, initial="note")
    text = forms.CharField(
        label=_("记一笔"), max_length=LONGEST, help_text=_("做了什么、下一步、约了何时。加密保存；别人要看，须写明理由。"),
        widget=forms.Textarea(attrs={"rows": 5, "data-secret": ""}),
    )  # fmt: skip


class AssignForm(RowForm):
    account = forms.TypedChoiceField(label=_("由谁办理"), coerce=int, required=False, empty_value=None)

    def fit(self) -> None:
        if self.actor is None or self.row is None:
            return
        accounts = handling_moves.handlers(self.row, by=self.actor)
        names = Account.objects.filter(pk__in=accounts).order_by("name", "pk").values_list("pk", "name")
        self.fields["account"].choices = [("", _t("不指定，岗位上的人都可以办")), *names]  # type: ignore[attr-defined]


class PassForm(RowForm):
    path = forms.ChoiceField(label=_("转到哪里"))
    reason = _reason(_("理由"), _("接办的人会看到。"))

    def fit(self) -> None:
        rows = Place.objects.filter(until=None).exclude(kind="district").order_by("path").values_list("path", "name")
        self.fields["path"].choices = [("", "—"), *rows]  # type: ignore[attr-defined]


class RiseForm(RowForm):
    reason = _reason(_("为什么要上报"))


class BackForm(RowForm):
    on = _day(_("退回日期"))
    reason = _reason(_("缺什么、哪里要改"), _("一次说全。职工会在自己的通知里看到这段话。"))


class CompleteForm(RowForm):
    on = _day(_("补齐日期"))
    text = forms.CharField(
        label=_("补了什么"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3, "data-secret": ""})
    )


class MergeForm(RowForm):
    into = forms.CharField(label=_("并入哪个事项"), max_length=40, help_text=_("那个事项的编号；须是同一项业务。"))
    reason = _reason(_("为什么是同一件事"))


class ReopenForm(RowForm):
    on = _day(_("重新办理日期"))
    reason = _reason(_("为什么重新办理"))


def find(actor: Actor, number: int) -> Case:
    """The matter, if this actor sees and handles it; 404 otherwise."""
    row: Case | None = Case.objects.visible_to(actor).select_related("person", "handler").filter(pk=number).first()
    if row is None or not may_handle(actor, row.service, row.path):
        raise Http404(f"case {number}")
    return row


def _write(row: Case, by: Actor, said: Mapping[str, Any]) -> Done:
    note_moves.write_down(row.pk, said["kind"], said["text"], by=by)
    return Done(_t("已记下。"))


def _assign(row: Case, by: Actor, said: Mapping[str, Any]) -> Done:
    handling_moves.assign(row.pk, said["account"], by=by)
    return Done(_t("已指定承办人。") if said["account"] else _t("已改为不指定承办人。"))


def _pass_on(row: Case, by: Actor, said: Mapping[str, Any]) -> Done:
    handling_moves.pass_on(row.pk, said["path"], reason=said["reason"], by=by)
    place = Place.objects.get(path=said["path"])
    there = may_handle(by, row.service, said["path"])
    return Done(
        _t("已转到%(place)s办理，法定期限照常计算。") % {"place": place.name},
        then="" if there else reverse("desk-cases"),
    )


def _rise(row: Case, by: Actor, said: Mapping[str, Any]) -> Done:
    handling_moves.take_up(row.pk, reason=said["reason"], by=by)
    return Done(_t("已上报，法定期限照常计算。"))


def _back(row: Case, by: Actor, said: Mapping[str, Any]) -> Done:
    handling_moves.give_back(row.pk, reason=said["reason"], on=said["on"], by=by)
    return Done(_t("已退回补充材料，并已通知职工。"))


def _complete(row: Case, by: Actor, said: Mapping[str, Any]) -> Done:
    handling_moves.complete(row.pk, on=said["on"], text=said["text"], by=by)
    return Done(_t("材料已补齐，期限继续计算。"))


def _merge(row: Case, by: Actor, said: Mapping[str, Any]) -> Done:
    same = Case.objects.visible_to(by).filter(service=row.service, number=said["into"].strip()).first()
    if same is None:
        raise Refused(_t("没有这个编号的同类事项，请核对。"), code="into")
    handling_moves.merge(row.pk, same.pk, reason=said["reason"], by=by)
    return Done(_t("已并入 %(number)s，只计一件。") % {"number": same.number})


def _reopen(row: Case, by: Actor, said: Mapping[str, Any]) -> Done:
    handling_moves.reopen(row.pk, on=said["on"], reason=said["reason"], by=by)
    return Done(_t("已重新办理；原来的办结不再计数。"))


def closed(row: Case, by: Actor) -> str:
    return "" if row.closed_on is None else _t("已经办结；需要时请先重新办理。")


def _stays(row: Case, by: Actor) -> str:
    why = services.stays(row)
    return closed(row, by) or (_t(why) if why else "")


def _not_waiting(row: Case, by: Actor) -> str:
    return closed(row, by) or (_t("没有在等补充材料。") if row.waiting_since is None else "")


def _waiting(row: Case, by: Actor) -> str:
    return closed(row, by) or (_t("已经退回，正在等补充材料。") if row.waiting_since is not None else "")


def _at_the_top(row: Case, by: Actor) -> str:
    return closed(row, by) or (_t("已经由区总工会承办。") if row.level == "district" else "")


def _open(row: Case, by: Actor) -> str:
    if row.closed_on is None:
        return _t("还没有办结。")
    if why := services.stands(row):
        return _t(why)
    return _t("款项已经发放，要先由财务冲销。") if row.state == "paid" else ""


def _handled(row: Case) -> tuple[tuple[Any, Any], ...]:
    return (
        (_("编号"), row.number),
        (_("现在承办"), _t(LEVELS[row.level])),
        (_("承办人"), row.handler.name if row.handler else "—"),
    )


MOVES = Moves("case", "desk/cases/", _("服务事项"), find, (
    Move(key="note", title=_("记一笔"), right=RIGHT, form=NoteForm, act=_write, icon="message", button=_("记下")),
    Move(key="assign", title=_("指定承办人"), right=RIGHT, form=AssignForm, act=_assign, why_not=closed, facts=_handled, icon="user-check",
         button=_("指定"), initial=lambda row: {"account": row.handler_id}),
    Move(key="back", title=_("退回补正"), right=RIGHT, form=BackForm, act=_back, why_not=_waiting, icon="arrow-back-up",
         intro=_("能暂停的期限在等材料时暂停，其余照常计算。")),
    Move(key="complete", title=_("材料已补齐"), right=RIGHT, form=CompleteForm, act=_complete, why_not=_not_waiting, icon="check"),
    Move(key="pass", title=_("转到别处办理"), right=RIGHT, form=PassForm, act=_pass_on, why_not=_stays, facts=_handled, icon="arrows-exchange",
         intro=_("法定期限照常计算。已经计入的数留在原处，以后的计到新的地方。")),
    Move(key="rise", title=_("上报"), right=RIGHT, form=RiseForm, act=_rise, why_not=_at_the_top, facts=_handled, icon="chevron-up",
         intro=_("服务站办不下来的，由街道承办；街道办不下来的，由区总工会的业务部门承办。期限照常计算。")),
    Move(key="merge", title=_("并入重复事项"), right=RIGHT, form=MergeForm, act=_merge, why_not=_stays, icon="users", danger=True),
    Move(key="reopen", title=_("重新办理"), right=RIGHT, form=ReopenForm, act=_reopen, why_not=_open, icon="refresh"),
), back="desk-cases", named=lambda row: row.number)  # fmt: skip
urlpatterns = MOVES.addresses()
