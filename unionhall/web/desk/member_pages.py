"""The pages that do something with a member: admit, confirm, transfer, retain, resume, correct, end; two who may be one."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhall.exchange.membersheet import SEXES
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations.roles import holders
from unionhall.people import membership_moves as moves
from unionhall.people.models import Duplicate, Membership
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer, carry_out
from unionhall.web.desk.member_forms import AdmitForm, ConfirmForm, CorrectForm, EndForm, OnForm, TransferForm, work
from unionhall.web.desk.undo import Inverse, TakeBack
from unionhall.web.refusals import in_words

REASONS = {"transferred": _("会籍已转出。"), "left": _("已登记退会。"), "deceased": _("已登记去世。")}
_UNDO = {
    "member.admission": moves.undo_admission,
    "member.move": moves.undo_move,
    "member.end": moves.undo_end,
}

Doing = Callable[[Membership, Actor, Mapping[str, Any]], Done]


def _row(request: HttpRequest, number: int) -> Membership:
    """The membership, when the actor may change it: one may see members at one place and change them at another."""
    by = actor_of(request)
    rows = Membership.objects.visible_to(by).select_related("person", "union", "employer")
    row: Membership | None = rows.filter(pk=number).first()
    if row is None or not by.reaches(row.path, *holders("members.change")):
        raise Http404(f"membership {number}")
    return row


def _address(number: int) -> str:
    return reverse("desk-member", args=[number])


def _page(
    form: type[DeskForm], title: Any, doing: Doing, *, button: Any, intro: Any = "", icon: str = "check", danger: bool = False
) -> Callable[..., HttpResponse]:  # fmt: skip
    """A page with one form about one member."""

    @gate.right("members.change")
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def desk_member_step(request: HttpRequest, number: int) -> HttpResponse:
        row = _row(request, number)
        here = _address(number)
        drawn = Drawn(
            title, button=button, intro=intro, icon=icon, danger=danger,
            crumbs=((_("会员"), reverse("desk-members")), (row.person.name, here)),
            facts=((_("姓名"), row.person.name), (_("工会"), row.union.name), (_("单位"), row.employer or "")),
        )  # fmt: skip
        made = partial(form, row=row) if form is CorrectForm else form
        initial = CorrectForm.initial_of(row) if form is CorrectForm else {}
        return answer(request, made, drawn, lambda by, said: doing(row, by, said), here, initial=initial)

    return desk_member_step


@gate.right("members.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def admit(request: HttpRequest) -> HttpResponse:
    """A new member, or one who comes back."""
    drawn = Drawn(
        _("登记会员"), button=_("登记入会"), icon="user-plus", crumbs=((_("会员"), reverse("desk-members")),),
        intro=_("证件号码是识别人的依据，会密封保存。多人请用会员实名制登记表导入。"),
    )  # fmt: skip

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        number = moves.admit(said["form"].identity, said["union"].pk, work(said), by=by, since=said["since"])
        return Done(_t("会员已登记。"), Inverse("member.admission", {"membership": number}), _address(number))

    return answer(request, AdmitForm, drawn, act, reverse("desk-members"))


def _confirm(row: Membership, by: Actor, said: Mapping[str, Any]) -> Done:
    moves.confirm(row.pk, by=by, on=said["on"], source=said["source"])
    before = row.confirmed_on.isoformat() if row.confirmed_on else None
    return Done(_t("会籍已确认。"), Inverse("member.confirmation", {"membership": row.pk, "before": before}))


def _moved(number: int, said: str) -> Done:
    return Done(said, Inverse("member.move", {"membership": number}), _address(number))


def _transfer(row: Membership, by: Actor, said: Mapping[str, Any]) -> Done:
    employer = said["employer"].pk if said["employer"] else None
    return _moved(moves.transfer(row.pk, said["union"].pk, employer, by=by, on=said["on"]), _t("已转会。"))


def _retain(row: Membership, by: Actor, said: Mapping[str, Any]) -> Done:
    return _moved(moves.retain(row.pk, by=by, on=said["on"]), _t("会籍已保留。"))


def _resume(row: Membership, by: Actor, said: Mapping[str, Any]) -> Done:
    return _moved(moves.resume(row.pk, by=by, on=said["on"]), _t("会籍已恢复。"))


def _correct(row: Membership, by: Actor, said: Mapping[str, Any]) -> Done:
    number = moves.correct(row.pk, said["form"].identity, work(said), by=by, since=said["since"])
    return Done(_t("已更正。"), then=_address(number))


def _end(row: Membership, by: Actor, said: Mapping[str, Any]) -> Done:
    moves.end(row.pk, by=by, on=said["on"], because=said["because"])
    return Done(str(REASONS[said["because"]]), Inverse("member.end", {"membership": row.pk}))


def confirm_one(number: int, by: Actor, said: Mapping[str, Any]) -> None:
    moves.confirm(number, by=by, on=said["on"], source=said["source"])


def retain_one(number: int, by: Actor, said: Mapping[str, Any]) -> None:
    moves.retain(number, by=by, on=said["on"])


def transfer_one(number: int, by: Actor, said: Mapping[str, Any]) -> None:
    employer = said["employer"].pk if said["employer"] else None
    moves.transfer(number, said["union"].pk, employer, by=by, on=said["on"])


# --- two who may be one -----------------------------------------------------------------------------------------------


def duplicates_of(actor: Actor) -> Any:
    """Pairs to be decided, both of whom have a membership where the actor may merge."""
    mine = Membership.objects.at(*actor.paths(*holders("members.merge")))
    return Duplicate.objects.filter(
        Exists(mine.filter(person=OuterRef("one"))), Exists(mine.filter(person=OuterRef("other"))), state="offered"
    )


@gate.right("members.merge")
@never_cache
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """The pairs that wait, oldest first."""
    rows = duplicates_of(actor_of(request)).select_related("one", "other").order_by("pk")
    return render(request, "web/desk/duplicates.html", {"rows": rows[:100], "count": rows.count()})


@gate.right("members.merge")
@never_cache
@require_safe
def duplicate(request: HttpRequest, number: int) -> HttpResponse:
    """Two persons side by side, and the three things one may decide."""
    pair = duplicates_of(actor_of(request)).select_related("one", "other").filter(pk=number).first()
    if pair is None:
        raise Http404(f"pair {number}")
    people = [pair.one, pair.other]
    found = Membership.objects.visible_to(actor_of(request)).filter(person__in=people)
    held = list(found.select_related("union", "employer").order_by("-since"))
    context = {
        "pair": pair, "people": [(one, [row for row in held if row.person_id == one.pk], SEXES.get(one.sex, "")) for one in people],
        "same": {
            "name": pair.one.name == pair.other.name, "birth": pair.one.birth == pair.other.birth,
            "mobile": pair.one.mobile_index is not None and pair.one.mobile_index == pair.other.mobile_index,
        },
    }  # fmt: skip
    return render(request, "web/desk/duplicate.html", context)


@gate.right("members.merge")
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Merge into one of the two, or keep them apart."""
    if not duplicates_of(actor_of(request)).filter(pk=number).exists():
        raise Http404(f"pair {number}")
    keep = request.POST.get("keep", "")

    def act(by: Actor, _said: Mapping[str, Any]) -> Done:
        if keep == "apart":
            moves.keep_apart(number, by=by)
            return Done(_t("已记为两个人。"))
        if not (keep.isascii() and keep.isdigit() and len(keep) < 16):
            raise Refused(_t("请在这两个人中选择保留哪一个。"))
        kept = moves.merge(number, int(keep), by=by)
        row = Membership.objects.filter(person=kept).order_by("-since", "-id").values_list("pk", flat=True).first()
        return Done(_t("已合并为一个人。"), then=_address(row) if row else "")

    try:
        return HttpResponseRedirect(carry_out(request, {}, act, reverse("desk-duplicates")))
    except Refused as refused:
        messages.error(request, in_words(refused))
        return HttpResponseRedirect(reverse("desk-duplicate", args=[number]))


# --- taking back ------------------------------------------------------------------------------------------------------


def _take_back(undo: Callable[..., Any]) -> TakeBack:
    def take_back(by: Actor, arguments: Mapping[str, Any]) -> str:
        stands = undo(int(arguments["membership"]), by=by)
        return _address(stands if isinstance(stands, int) else int(arguments["membership"]))

    return take_back


def _take_back_confirmation(by: Actor, arguments: Mapping[str, Any]) -> str:
    before = date.fromisoformat(arguments["before"]) if arguments["before"] else None
    moves.undo_confirmation(int(arguments["membership"]), before, by=by)
    return _address(int(arguments["membership"]))


INVERSES: dict[str, TakeBack] = {
    **{name: _take_back(undo) for name, undo in _UNDO.items()},
    "member.confirmation": _take_back_confirmation,
}

_STEPS = {
    "confirm": _page(ConfirmForm, _("确认会籍"), _confirm, button=_("确认"), icon="user-check"),
    "transfer": _page(TransferForm, _("转会"), _transfer, button=_("转会"), icon="arrows-exchange",
                      intro=_("原会籍在转会日终止，新会籍从这一天接续；转入不算新发展会员。")),
    "retain": _page(OnForm, _("保留会籍"), _retain, button=_("保留会籍"), icon="bookmark",
                    intro=_("失业或停薪期间会籍保留，仍计入在册会员。")),
    "resume": _page(OnForm, _("恢复会籍"), _resume, button=_("恢复会籍"), icon="user-plus"),
    "correct": _page(CorrectForm, _("更正"), _correct, button=_("更正"), icon="edit",
                     intro=_("只改写错了的内容。换了单位请从今天起另记一段，换了工会请办理转会。")),
    "end": _page(EndForm, _("终止会籍"), _end, button=_("终止会籍"), icon="user-x", danger=True,
                 intro=_("会籍从这一天起终止，24 小时内可以撤销。")),
}  # fmt: skip

urlpatterns = [
    path("desk/members/new/", admit, name="desk-member-new"),
    path("desk/members/same/", duplicates, name="desk-duplicates"),
    path("desk/members/same/<int:number>/", duplicate, name="desk-duplicate"),
    path("desk/members/same/<int:number>/decide/", decide, name="desk-duplicate-decide"),
    *(path(f"desk/members/<int:number>/{key}/", view, name=f"desk-member-{key}") for key, view in _STEPS.items()),
]
