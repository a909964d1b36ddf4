"""Agreements: collective contracts, wage agreements and women's special contracts, and the employers they cover, dated."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.agreements import agreement_moves
from unionhall.agreements.actions import AgreementRow
from unionhall.agreements.models import Agreement, AgreementCover
from unionhall.agreements.vocabulary import KINDS, LEVELS
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.models import Union
from unionhall.organisations.roles import holders
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import chronicle
from unionhall.web.desk.choosing import chosen_employers
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Detail, Fact, State, Step, Table, render_detail
from unionhall.web.desk.filters import Choice, Days, Open, Picked, PlaceFilter
from unionhall.web.desk.finding import ByPrefix, ByText
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.register import Add, Register
from unionhall.web.desk.standing_words import titles
from unionhall.web.desk.todo import Waiting

SOON = timedelta(days=90)
"""An agreement that runs out within so many days is asked for its renewal."""


def running_out() -> Q:
    today = timezone.localdate()
    return Q(until__gt=today, until__lte=today + SOON, renewed_by=None)


def _beside(rows: Sequence[Agreement]) -> dict[int, int]:
    """Agreement -> how many employers it covers today."""
    today, found = timezone.localdate(), dict[int, int]()
    covers = AgreementCover.objects.on(today).filter(agreement__in=[row.pk for row in rows])
    for agreement, count in covers.values_list("agreement").annotate(n=Count("employer", distinct=True)):
        found[agreement] = count
    return found


def state_of(row: Agreement) -> State:
    today = timezone.localdate()
    if row.ended_because:
        return State(_("提前终止"), "off")
    if row.since > today:
        return State(_("尚未生效"), "wait")
    if row.until is not None and row.until <= today:
        return State(_("已届满"), "off")
    if row.until is not None and row.until <= today + SOON:
        return State(_("快到期"), "look")
    return State(_("有效"), "ok")


register = Register(
    key="agreements", title=_("协议"), model=Agreement, right="agreements.see", icon="file-text", unit=_("份"),
    rows=lambda actor: Agreement.objects.visible_to(actor),
    columns=(
        Column("title", _("名称"), link=True),
        Column("number", _("编号"), phone=""),
        Column("service", _("类别"), words=KINDS),
        Column("level", _("层级"), words=LEVELS, phone=""),
        Column("path", _("地方"), show="place", phone=""),
        Column("since", _("生效"), show="day", phone=""),
        Column("until", _("届满"), show="day", phone="end"),
        Column("covered", _("覆盖单位"), show="number", value=lambda row: row.beside or 0),
        Column("filed_on", _("备案"), show="day", phone="", chosen=False),
    ),
    search=(ByText("title"), ByPrefix("number")), search_hint=_("名称或编号"),
    filters=(
        Choice("service", KINDS, _("类别")), Choice("level", LEVELS, _("层级")), PlaceFilter(), Open(title=_("是否有效")),
        Picked("due", _("期限"), {"soon": (_("90 天内届满"), running_out)}), Days("until", _("届满日期")),
    ),
    default_sort="-since", sorts=("since", "until", "number"), detail="desk-agreement", beside=_beside, export=True,
    add=Add(_("登记协议"), "desk-agreement-add", "agreements.change"),
    views=((_("90 天内届满"), "due=soon"),),
    empty=_("还没有协议。可登记一份，或从导入页导入协议登记表。"),
)  # fmt: skip


class RecordForm(DeskForm):
    """A new agreement with the employers it covers, one unified code a line."""

    service = forms.ChoiceField(label=_("类别"), choices=[("", "—"), *titles(KINDS)])
    level = forms.ChoiceField(label=_("层级"), choices=[("", "—"), *titles(LEVELS)])
    number = forms.CharField(label=_("编号"), max_length=40)
    title = forms.CharField(label=_("名称"), max_length=128)
    union = forms.CharField(label=_("签订的工会"), max_length=20, help_text=_("工会编号，在工会列表里可以看到。"))
    signed_on = forms.DateField(label=_("签订日期"))
    since = forms.DateField(label=_("生效日期"))
    until = forms.DateField(label=_("届满日期"), help_text=_("届满日当天不再有效。期限一年至三年。"))
    workers = forms.IntegerField(label=_("覆盖职工人数"), min_value=0, max_value=10_000_000)
    filed_on = forms.DateField(label=_("备案日期"), required=False)
    filing_no = forms.CharField(label=_("备案号"), max_length=40, required=False)
    employers = forms.CharField(
        label=_("覆盖的单位"), widget=forms.Textarea(attrs={"rows": 5}), max_length=40_000,
        help_text=_("每行一个统一社会信用代码，可从名册里粘贴。"),
    )  # fmt: skip
    wide = ("title", "employers")


class CoverForm(DeskForm):
    since = forms.DateField(label=_("从哪天起覆盖"), initial=timezone.localdate)
    employers = forms.CharField(
        label=_("增加的单位"), widget=forms.Textarea(attrs={"rows": 5}), max_length=40_000,
        help_text=_("每行一个统一社会信用代码，可从名册里粘贴。"),
    )  # fmt: skip


class UncoverForm(DeskForm):
    on = forms.DateField(label=_("从哪天起不再覆盖"), initial=timezone.localdate)


class RenewForm(DeskForm):
    number = forms.CharField(label=_("新协议编号"), max_length=40)
    signed_on = forms.DateField(label=_("签订日期"), initial=timezone.localdate)
    since = forms.DateField(label=_("生效日期"))
    until = forms.DateField(label=_("届满日期"))
    workers = forms.IntegerField(label=_("覆盖职工人数"), min_value=0, max_value=10_000_000)


class EndForm(DeskForm):
    on = forms.DateField(label=_("终止日期"), initial=timezone.localdate)
    because = forms.CharField(label=_("终止原因"), max_length=64)


class FileForm(DeskForm):
    on = forms.DateField(label=_("备案日期"), initial=timezone.localdate)
    filing_no = forms.CharField(label=_("备案号"), max_length=40)


@gate.right("agreements.see")
@never_cache
@require_safe
def agreement(request: HttpRequest, number: int) -> HttpResponse:
    row = _row(request, number)
    actor = actor_of(request)
    mine = actor.reaches(row.path, *holders("agreements.change"))
    lines = chronicle.lines_of(row.subject)
    covers = list(
        AgreementCover.objects.filter(agreement=number).select_related("employer").order_by("since", "employer__name")
    )
    following = Agreement.objects.filter(renews=number).first()
    facts = [
        Fact(_("编号"), row.number), Fact(_("类别"), _t(KINDS.get(row.service, row.service))), Fact(_("层级"), _t(LEVELS.get(row.level, row.level))),
        Fact(_("工会"), row.union.name if row.union else ""), Fact(_("签订"), row.signed_on), Fact(_("生效"), row.since),
        Fact(_("届满"), row.until), Fact(_("覆盖职工"), f"{row.workers:,}"),
        Fact(_("备案"), f"{row.filed_on:%Y-%m-%d} {row.filing_no}".strip() if row.filed_on else _("未备案")),
    ]  # fmt: skip
    if row.renews_id and row.renews is not None:
        facts.append(Fact(_("续自"), row.renews.number, reverse("desk-agreement", args=[row.renews_id])))
    if following is not None:
        facts.append(Fact(_("续签为"), following.number, reverse("desk-agreement", args=[following.pk])))
    if row.ended_because:
        facts.append(Fact(_("终止原因"), row.ended_because))
    detail = Detail(
        title=row.title, number=row.number, state=state_of(row), facts=facts, steps=_steps(row, mine, following),
        timeline=chronicle.events(row.subject, lines), related=[_covered(covers, mine and state_of(row).tone in ("ok", "look", "wait"))],
        counted_in=chronicle.in_stock(_counting(row), row.path, actor),
    )  # fmt: skip
    return render_detail(request, detail, register=register, row=row)


def _row(request: HttpRequest, number: int) -> Agreement:
    found = register.visible(actor_of(request)).select_related("union", "renews").filter(pk=number)
    row: Agreement | None = found.first()
    if row is None:
        raise Http404(f"agreement {number}")
    return row


def _counting(row: Agreement) -> tuple[str, ...]:
    if row.service == "agreement.women":
        return (f"{row.service}.in_force", f"{row.service}.employers")
    rate = "bargaining.wage_rate" if row.service == "agreement.wage" else "bargaining.collective_rate"
    return (f"{row.service}.in_force", f"{row.service}.employers", "bargaining.in_force", "bargaining.employers", rate)


def _covered(covers: Sequence[AgreementCover], may: bool) -> Table:
    today = timezone.localdate()
    rows = []
    for one in covers:
        holds = one.since <= today and (one.until is None or one.until > today)
        way: Any = (_t("结束覆盖"), reverse("desk-agreement-uncover", args=[one.pk])) if may and holds else ""
        rows.append((one.employer.name, one.since, one.until or "", _t("是") if holds else _t("否"), way))
    return Table(_("覆盖的单位"), (_("单位"), _("起"), _("止"), _("今天有效"), ""), rows, _("没有登记覆盖的单位。"))


def _steps(row: Agreement, mine: bool, following: Agreement | None) -> list[Step]:
    not_mine, ended = _("您的岗位不办理这里的协议。"), _("这份协议已提前终止。")
    over = row.until is not None and row.until <= timezone.localdate()
    standing = not row.ended_because and not over
    why_over = ended if row.ended_because else _("这份协议已届满。")
    said = (
        ("renew", _("续签"), not row.ended_because and following is None, ended if row.ended_because else _("已经续签过。"), "refresh"),
        ("cover", _("增加覆盖"), standing, why_over, "plus"),
        ("file", _("登记备案"), row.filed_on is None, _("已经备案。"), "archive"),
        ("end", _("提前终止"), standing, why_over, "x"),
    )  # fmt: skip
    return [
        Step(
            key,
            title,
            lawful and mine,
            why if not lawful else not_mine,
            reverse(f"desk-agreement-{key}", args=[row.pk]),
            icon,
            danger=key == "end",
        )
        for key, title, lawful, why, icon in said
    ]


@gate.right("agreements.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    drawn = Drawn(_("登记协议"), button=_("登记"), crumbs=((register.title, reverse("desk-agreements")),), icon="check")
    return answer(request, RecordForm, drawn, _record, reverse("desk-agreements"))


def _record(by: Actor, said: Mapping[str, Any]) -> Done:
    union = Union.objects.visible_to(by).filter(code=said["union"].strip()).first()
    if union is None:
        raise Refused(_t("没有这个编号的工会，或不在您的岗位范围内。"), code="union")
    row = AgreementRow(
        said["service"], said["number"].strip(), said["title"].strip(), union.path, said["signed_on"], said["since"], said["until"],
        said["level"], union.pk, said["filed_on"], said["filing_no"].strip(), said["workers"],
    )  # fmt: skip
    number = agreement_moves.record(row, chosen_employers(said["employers"], by), by=by)
    return Done(_t("协议已登记。"), then=reverse("desk-agreement", args=[number]))


def _cover(number: int, by: Actor, said: Mapping[str, Any]) -> Done:
    count = agreement_moves.cover(number, chosen_employers(said["employers"], by), by=by, since=said["since"])
    return Done(_t("增加了 %(count)d 个单位。") % {"count": count})


def _renew(number: int, by: Actor, said: Mapping[str, Any]) -> Done:
    fresh = agreement_moves.renew(
        number, by=by, number=said["number"].strip(), signed_on=said["signed_on"], since=said["since"], until=said["until"],
        workers=said["workers"],
    )  # fmt: skip
    return Done(_t("已续签，下一期协议已登记。"), then=reverse("desk-agreement", args=[fresh]))


def _end(number: int, by: Actor, said: Mapping[str, Any]) -> Done:
    agreement_moves.end(number, by=by, on=said["on"], because=said["because"])
    return Done(_t("协议已提前终止。"))


def _file(number: int, by: Actor, said: Mapping[str, Any]) -> Done:
    agreement_moves.file(number, by=by, on=said["on"], filing_no=said["filing_no"])
    return Done(_t("备案已登记。"))


Made = Callable[[int, Actor, Mapping[str, Any]], Done]


def _form_page(
    key: str,
    form: type[DeskForm],
    title: Any,
    made: Made,
    *,
    danger: bool = False,
    initial: Callable[[Agreement], Mapping[str, Any]] | None = None,
) -> Callable[..., HttpResponse]:
    @gate.right("agreements.change")
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def desk_agreement_form(request: HttpRequest, number: int) -> HttpResponse:
        row = _row(request, number)
        if not actor_of(request).reaches(row.path, *holders("agreements.change")):
            raise NotYours(row.path)
        back = reverse("desk-agreement", args=[number])
        term = f"{row.since:%Y-%m-%d} — {row.until:%Y-%m-%d}" if row.until else f"{row.since:%Y-%m-%d} —"
        drawn = Drawn(
            title, button=title, crumbs=((register.title, reverse("desk-agreements")), (row.title, back)),
            facts=((_("编号"), row.number), (_("期限"), term)), danger=danger,
        )  # fmt: skip
        return answer(
            request,
            form,
            drawn,
            lambda by, said: made(number, by, said),
            back,
            initial=initial(row) if initial else None,
        )

    desk_agreement_form.__name__ = f"desk_agreement_{key}"
    return desk_agreement_form


def _next_term(row: Agreement) -> Mapping[str, Any]:
    """The term that follows is as long as the one before, and begins when it ends."""
    since = row.until or timezone.localdate()
    length = since - row.since
    try:
        until = since.replace(year=since.year + round(length.days / 365.25))
    except ValueError:  # 29 February
        until = since + length
    return {"since": since, "until": until, "workers": row.workers}


@gate.right("agreements.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def uncover(request: HttpRequest, number: int) -> HttpResponse:
    """End the cover of one employer: `number` is the cover's."""
    actor = actor_of(request)
    row = AgreementCover.objects.visible_to(actor).select_related("agreement", "employer").filter(pk=number).first()
    if row is None or not actor.reaches(row.path, *holders("agreements.change")):
        raise Http404(f"agreement cover {number}")
    back = reverse("desk-agreement", args=[row.agreement_id])

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        agreement_moves.uncover(number, by=by, on=said["on"])
        return Done(_t("这个单位不再受这份协议覆盖。"))

    drawn = Drawn(
        _("结束覆盖"), button=_("结束覆盖"), crumbs=((register.title, reverse("desk-agreements")), (row.agreement.title, back)),
        facts=((_("单位"), row.employer.name), (_("起"), row.since)), danger=True,
    )  # fmt: skip
    return answer(request, UncoverForm, drawn, act, back)


def waiting(actor: Actor) -> int:
    """How many agreements run out within 90 days and are not renewed, where this actor may renew them."""
    reached = actor.paths(*holders("agreements.change"))
    return Agreement.objects.at(*reached).filter(running_out()).count() if reached else 0


WAITING = (
    Waiting(
        _("协议 90 天内届满"),
        _("份"),
        "agreements.change",
        waiting,
        lambda actor: reverse("desk-agreements") + "?due=soon",
    ),
)

_AT = "desk/agreements/<int:number>/"
urlpatterns = [
    path("desk/agreements/add/", add, name="desk-agreement-add"),
    path("desk/agreements/covers/<int:number>/end/", uncover, name="desk-agreement-uncover"),
    path(_AT, agreement, name="desk-agreement"),
    path(f"{_AT}cover/", _form_page("cover", CoverForm, _("增加覆盖"), _cover), name="desk-agreement-cover"),
    path(
        f"{_AT}renew/",
        _form_page("renew", RenewForm, _("续签"), _renew, initial=_next_term),
        name="desk-agreement-renew",
    ),
    path(f"{_AT}file/", _form_page("file", FileForm, _("登记备案"), _file), name="desk-agreement-file"),
    path(f"{_AT}end/", _form_page("end", EndForm, _("提前终止"), _end, danger=True), name="desk-agreement-end"),
]
