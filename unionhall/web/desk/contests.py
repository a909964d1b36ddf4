"""A contest for its organiser: rounds, judges, marks as they stand, closing a round, the ranks and the honours from them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall.honours import actions as honours
from unionhall.honours.actions import HonourRow
from unionhall.honours.models import Honour
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.offers import contest_moves, service
from unionhall.offers import contests as read
from unionhall.offers.contest_models import Judge, Round, Sheet
from unionhall.offers.contest_moves import MOST, RANK, SCORE, Part
from unionhall.offers.contests import Entry, Line
from unionhall.offers.models import Outcome, Session
from unionhall.offers.outcomes import standing
from unionhall.organisations.accounts import PostHeld
from unionhall.organisations.models import Account
from unionhall.organisations.roles import SCORER, holders
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.choosing import one_member
from unionhall.web.desk.detail import Detail, Fact, State, Step, Table, render_detail
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.sessions import register, session_of
from unionhall.web.desk.yuan_field import YuanField

GRANTED = "JS"
"""How the numbers of honours from a contest begin."""


class JudgeForm(DeskForm):
    account = forms.ChoiceField(label=_("账号"), help_text=_("有“评分代表”岗位的账号才在这里列出。"))
    member = forms.CharField(
        label=_("评委本人"), max_length=64, required=False,
        help_text=_("在册会员的姓名、手机号或证件号码；登记了，同一单位的选手自动回避。不是会员的不填。"),
        widget=forms.TextInput(attrs={"data-secret": "", "autocomplete": "off"}),
    )  # fmt: skip


class RankForm(DeskForm):
    places = forms.IntegerField(label=_("取前几名"), min_value=1, max_value=1_000, initial=3)


class HonourForm(DeskForm):
    title = forms.CharField(label=_("荣誉名称"), max_length=64)
    level = forms.ChoiceField(label=_("级别"), choices=[("district", _("区"))])
    places = forms.IntegerField(label=_("授予前几名"), min_value=1, max_value=1_000, initial=1)
    on = forms.DateField(label=_("授予日期"), initial=timezone.localdate)
    document_no = forms.CharField(label=_("文号"), max_length=64, required=False)


@gate.right("offers.see")
@never_cache
@require_safe
def contest(request: HttpRequest, number: int) -> HttpResponse:
    """The contest: its rounds, its judges with how far each is, and the table of marks."""
    slot, actor = _contest(request, number), actor_of(request)
    rounds, entries = read.rounds_of(number), read.table(number)
    now, runs = read.under_way(rounds), actor.reaches(slot.path, *service.find(slot.offer.service).runs())
    judges = list(Judge.objects.filter(session=number).select_related("person").order_by("pk"))
    ranked = _ranked(entries)
    sheets = read.sheets_of(now, judges) if now is not None else {}
    owed = read.missing(sheets.values())
    why, here = _("由主办单位办理。"), lambda name: reverse(f"desk-contest-{name}", args=[number])
    title = _t("结束%(round)s") % {"round": _round(slot, now)} if now is not None else _t("结束本轮")
    scored = Sheet.objects.filter(round__session=number).exists()
    steps = [
        Step("rounds", _("设轮次"), runs and not scored, why if not runs else _("已经开始评分，不能再改轮次。"), here("rounds"), "list-details"),
        Step("judge", _("增加评委"), runs and not any(one.closed_at for one in rounds), why if not runs else _("已经有一轮结束，不能再增加评委。"), here("judge"), "user-plus"),
        Step("close", title, runs and now is not None and bool(judges) and not owed,
             why if not runs else _t("还差 %(n)d 个分数，评委打完才能结束这一轮。") % {"n": owed} if owed else _("没有正在评分的轮次，或者还没有评委。"), here("close"), "lock"),
        Step("rank", _("公布名次"), runs and bool(rounds) and now is None and not ranked,
             why if not runs else _("名次已经公布。") if ranked else _("各轮都结束以后才能公布名次。"), here("rank"), "check"),
        Step("honours", _("授予荣誉"), bool(ranked) and actor.reaches(slot.path, *holders("honours.change")),
             _("公布名次以后，由劳动和荣誉部办理。"), here("honours"), "medal"),
    ]  # fmt: skip
    detail = Detail(
        title=_t("评分和名次"), number=slot.number,
        facts=[Fact(_("竞赛"), slot.offer.title, reverse("desk-session", args=[number])), Fact(_("选手"), len(entries)), Fact(_("评委"), len(judges))],
        steps=steps, related=[_table(slot, rounds, entries), _rounds(slot, rounds, now), _judges(judges, sheets, runs)], crumbs=_crumbs(slot),
    )  # fmt: skip
    return render_detail(request, detail)


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_rounds(request: HttpRequest, number: int) -> HttpResponse:
    """Which rounds there are: the most a judge may give, the weight, and how many go on."""
    slot = _run(request, number)
    choices = service.find(slot.offer.service).results[SCORE].choices

    def form(*args: Any, **kwargs: Any) -> DeskForm:
        made = DeskForm(*args, **kwargs)
        for key, title in choices:
            name = _t(title)
            made.fields[f"top_{key}"] = YuanField(label=_t("%(round)s：满分") % {"round": name}, required=False)
            made.fields[f"weight_{key}"] = forms.IntegerField(
                label=_t("%(round)s：占总分百分之几") % {"round": name}, min_value=0, max_value=100, required=False,
                help_text=_("只用来决定谁晋级的轮次填 0。"),
            )  # fmt: skip
            made.fields[f"advance_{key}"] = forms.IntegerField(
                label=_t("%(round)s：晋级人数") % {"round": name}, min_value=1, max_value=10_000, required=False,
                help_text=_("同分的一起晋级；最后一轮不填。"),
            )  # fmt: skip
        return made

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        parts = [
            Part(key, said[f"top_{key}"], said[f"weight_{key}"] or 0, said[f"advance_{key}"])
            for key, _title in choices
            if said[f"top_{key}"] is not None
        ]
        contest_moves.set_rounds(number, parts, by=by)
        return Done(_t("轮次已定。"))

    initial = {}
    for one in read.rounds_of(number):
        initial |= {
            f"top_{one.key}": f"{one.top / 100:g}",
            f"weight_{one.key}": one.weight,
            f"advance_{one.key}": one.advance,
        }
    intro = _("按先后举行；不举行的轮次，满分不填。各轮的比重加起来等于 100。")
    return _answer(request, slot, form, Drawn(_("设轮次"), button=_("保存"), intro=intro), act, initial)


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HttpRequest, number: int) -> HttpResponse:
    """One judge more."""
    slot = _run(request, number)

    def form(*args: Any, **kwargs: Any) -> DeskForm:
        made = JudgeForm(*args, **kwargs)
        chosen: Any = made.fields["account"]
        chosen.choices = [("", _("请选择")), *_accounts(slot)]
        return made

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        member = one_member(said["member"], by)
        contest_moves.appoint(number, int(said["account"]), person=member.person_id if member else None, by=by)
        return Done(_t("评委已增加，这个账号登录后就能评分。"))

    return _answer(request, slot, form, Drawn(_("增加评委"), button=_("增加"), icon="plus"), act, {})


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dismiss(request: HttpRequest, number: int) -> HttpResponse:
    """A judge who has not judged yet does not."""
    row = Judge.objects.filter(pk=number).first()
    if row is None:
        raise Http404(f"judge {number}")
    slot = _run(request, row.session_id)

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        contest_moves.dismiss(number, by=by)
        return Done(_t("评委已取消。"))

    name = Account.objects.filter(pk=row.account).values_list("name", flat=True).first() or ""
    drawn = Drawn(_("取消评委"), button=_("取消这名评委"), facts=((_("账号"), name),), danger=True)
    return _answer(request, slot, DeskForm, drawn, act, {})


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Lock the sheets of the round under way; the marks are written."""
    slot = _run(request, number)
    now = read.under_way(read.rounds_of(number))

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        if now is None:
            raise Refused(_t("没有正在评分的轮次。"))
        count = contest_moves.close_round(now.pk, now=timezone.now(), by=by)
        return Done(_t("这一轮已结束，登记了 %(count)d 个成绩。") % {"count": count})

    intro = _("结束以后评分表锁定，成绩登记到每名选手；回避的评委不计入平均分。")
    drawn = Drawn(_t("结束%(round)s") % {"round": _round(slot, now)}, button=_("结束这一轮"), intro=intro)
    return _answer(request, slot, DeskForm, drawn, act, {})


@gate.right("offers.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rank(request: HttpRequest, number: int) -> HttpResponse:
    """Write down who came where."""
    slot = _run(request, number)

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        count = contest_moves.rank(number, said["places"], now=timezone.now(), by=by)
        return Done(_t("公布了 %(count)d 人的名次。") % {"count": count})

    return _answer(request, slot, RankForm, Drawn(_("公布名次"), button=_("公布")), act, {})


@gate.right("honours.change")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: HttpRequest, number: int) -> HttpResponse:
    """An honour for the first so many, entered into the register of honours."""
    slot = _contest(request, number)
    actor_of(request).must_reach(slot.path, *holders("honours.change"))

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        best = [(row, place) for row, place in _ranked(read.table(number)) if place <= said["places"]]
        if not best:
            raise Refused(_t("名次还没有公布。"))
        rows = [_honour(slot, row, place, said) for row, place in best]
        if Honour.objects.filter(number__in=[row.number for row in rows]).exists():
            raise Refused(_t("这几名已经按这场竞赛授予过荣誉。"))
        honours.grant(rows, by=by)
        return Done(_t("已授予 %(count)d 人，登记在荣誉名册里。") % {"count": len(rows)})

    return _answer(request, slot, HonourForm, Drawn(_("授予荣誉"), button=_("授予"), icon="medal"), act, {})


def _honour(slot: Session, row: Any, place: int, said: Mapping[str, Any]) -> HonourRow:
    return HonourRow(
        f"{GRANTED}{slot.pk}-{row.pk}", said["title"].strip(), said["level"], "person", row.person.name, row.path, said["on"],
        person_id=row.person_id, employer_id=row.employer, decided_by=f"{slot.offer.title} {place}", document_no=said["document_no"],
    )  # fmt: skip


def _ranked(entries: list[Entry]) -> list[tuple[Any, int]]:
    """Whose rank was published, the first first."""
    rows = {entry.row.pk: entry.row for entry in entries}
    told = standing(Outcome.objects.filter(participation__in=list(rows), kind=RANK))
    return sorted(((rows[one.participation_id], one.amount or 0) for one in told), key=lambda one: (one[1], one[0].pk))


def _table(slot: Session, rounds: list[Round], entries: list[Entry]) -> Table:
    lines = [
        [
            (str(entry.row.person), reverse("desk-roster-one", args=[entry.row.pk])),
            *(_mark(entry, one) for one in rounds), "" if entry.total is None else f"{entry.total / 100:,.2f}", entry.rank or "",
        ]
        for entry in entries
    ]  # fmt: skip
    heads = (_("选手"), *(_round(slot, one) for one in rounds), _("总分"), _("名次"))
    return Table(_("成绩（平均分，括号内是计入的评委数）"), heads, lines, _("还没有选手登记到场。先在名册里登记到场。"))


def _mark(entry: Entry, one: Round) -> str:
    if one.pk not in entry.marks:
        return ""
    mark = entry.marks[one.pk]
    return (
        _t("未评完")
        if mark is None
        else _t("%(mark)s（%(n)d）") % {"mark": f"{mark.mean / 100:,.2f}", "n": mark.judges}
    )


def _rounds(slot: Session, rounds: list[Round], now: Round | None) -> Table:
    lines = [
        [
            _round(slot, one), f"{one.top / 100:g}", f"{one.weight}%", one.advance or "",
            State(_("已锁定"), "ok") if one.closed_at else State(_("正在评分"), "go") if one == now else State(_("还没有开始"), "wait"),
        ]
        for one in rounds
    ]  # fmt: skip
    return Table(_("轮次"), (_("轮次"), _("满分"), _("比重"), _("晋级"), ""), lines, _("还没有设轮次。"))


def _judges(judges: list[Judge], sheets: Mapping[int, list[Line]], runs: bool) -> Table:
    names = dict(Account.objects.filter(pk__in=[one.account for one in judges]).values_list("pk", "name"))
    lines = []
    for one in judges:
        sheet = sheets.get(one.pk, [])
        done = sum(line.points is not None or bool(line.recused) for line in sheet)
        began = one.sheets.exists()
        lines.append(
            [
                names.get(one.account, ""), str(one.person) if one.person else _t("没有登记"),
                f"{done} / {len(sheet)}" if sheet else "", sum(bool(line.recused) for line in sheet) or "",
                (_t("取消"), reverse("desk-judge-dismiss", args=[one.pk])) if runs and not began else "",
            ]
        )  # fmt: skip
    return Table(_("评委"), (_("账号"), _("本人"), _("本轮已评"), _("回避"), ""), lines, _("还没有评委。"))


def _round(slot: Session, one: Round | None) -> str:
    choices = dict(service.find(slot.offer.service).results[SCORE].choices)
    return _t(choices.get(one.key, one.key)) if one is not None else ""


def _accounts(slot: Session) -> list[tuple[str, str]]:
    """Accounts with a judge's post at the contest's place, below or above it."""
    posts = PostHeld.objects.around(slot.path, (SCORER,), timezone.localdate())
    near = posts.select_related("account").order_by("account__name", "pk")
    return list({str(one.account_id): one.account.name for one in near}.items())[: 10 * MOST]


def _contest(request: HttpRequest, number: int) -> Session:
    slot = session_of(request, number)
    if SCORE not in service.find(slot.offer.service).judged:
        raise Http404(f"contest {number}")
    return slot


def _run(request: HttpRequest, number: int) -> Session:
    slot = _contest(request, number)
    actor_of(request).must_reach(slot.path, *service.find(slot.offer.service).runs())
    return slot


def _answer(
    request: HttpRequest, slot: Session, form: Any, drawn: Drawn, act: Any, initial: Mapping[str, Any]
) -> HttpResponse:
    to = reverse("desk-contest", args=[slot.pk])
    crumbs = (*_crumbs(slot), (_("评分和名次"), to))
    shown = Drawn(
        drawn.title,
        button=drawn.button,
        intro=drawn.intro,
        crumbs=crumbs,
        facts=drawn.facts,
        icon=drawn.icon,
        danger=drawn.danger,
    )
    return answer(request, form, shown, act, to, initial=initial)


def _crumbs(slot: Session) -> tuple[tuple[Any, str], ...]:
    return (register.title, reverse("desk-sessions")), (
        f"{slot.offer.title} {slot.number}",
        reverse("desk-session", args=[slot.pk]),
    )


urlpatterns = [
    path("desk/sessions/<int:number>/contest/", contest, name="desk-contest"),
    path("desk/sessions/<int:number>/contest/rounds/", set_rounds, name="desk-contest-rounds"),
    path("desk/sessions/<int:number>/contest/judge/", judge, name="desk-contest-judge"),
    path("desk/sessions/<int:number>/contest/close/", close, name="desk-contest-close"),
    path("desk/sessions/<int:number>/contest/rank/", rank, name="desk-contest-rank"),
    path("desk/sessions/<int:number>/contest/honours/", grant, name="desk-contest-honours"),
    path("desk/judges/<int:number>/dismiss/", dismiss, name="desk-judge-dismiss"),
]
