"""Members: the register of memberships, and the page of one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.exchange.membersheet import CONTRACTS, HUKOU, SEXES, STATES
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.identifiers import KINDS, name_key, parse_document, parse_mobile
from unionhall.organisations.models import Union
from unionhall.organisations.roles import holders
from unionhall.people.card_moves import STATES as CARD_STATES
from unionhall.people.membership_moves import UNDONE
from unionhall.people.models import Card, Duplicate, Membership, Person
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import cards, chronicle, member_pages, payees
from unionhall.web.desk.columns import Column, place_names
from unionhall.web.desk.detail import Detail, Fact, Figure, State, Step, Table, lines_of, render_detail
from unionhall.web.desk.filters import Choice, Days, Of, Open, Picked, PlaceFilter
from unionhall.web.desk.finding import ByIndex, ByPrefix
from unionhall.web.desk.member_forms import ConfirmForm, OnForm, TransferForm
from unionhall.web.desk.register import Add, Bulk, Register
from unionhall.web.desk.todo import Waiting

TONES = {"active": "ok", "retained": "look", "transferred": "off", "left": "off", "deceased": "off", UNDONE: "bad"}
SHOWN = {**STATES, UNDONE: "已撤销"}
_STANDING = {key: STATES[key] for key in ("active", "retained")}


def state_of(row: Membership) -> str:
    """The state in one word: why it ended, or how it stands."""
    return row.ended_because or row.state


def _number(text: str) -> str:
    return parse_document(text, today=timezone.localdate()).number


def _ended() -> Q:
    """Of memberships that ended, those nothing goes on from: a transfer within the district did not end one."""
    followed = Membership.objects.filter(follows=OuterRef("pk")).exclude(ended_because=UNDONE)
    return Q(ended_because__in=("left", "deceased")) | Q(ended_because="transferred") & ~Exists(followed)


def _this_year() -> date:
    return timezone.localdate().replace(month=1, day=1)


register = Register(
    key="members", title=_("会员"), model=Membership, right="members.see", icon="users", unit=_("人"),
    rows=lambda actor: Membership.objects.visible_to(actor),
    columns=(
        Column("person__name", _("姓名"), link=True),
        Column("state", _("会籍"), words=SHOWN, show="state", tones=TONES, value=state_of, phone="end"),
        Column("union__name", _("工会")),
        Column("employer__name", _("单位"), phone=""),
        Column("path", _("地方"), show="place", phone="", chosen=False),
        Column("person__mobile", _("手机"), show="masked", phone=""),
        Column("person__number", _("证件号码"), show="masked", phone="", chosen=False),
        Column("job", _("岗位"), phone="", chosen=False),
        Column("since", _("入会"), show="day", phone=""),
        Column("confirmed_on", _("确认"), show="day", phone=""),
        Column("until", _("终止"), show="day", phone="", chosen=False),
    ),
    search=(
        ByIndex("mobile", parse_mobile, of=Person, title=_("手机号"), via="person"),
        ByIndex("number", _number, of=Person, title=_("证件号码"), via="person"),
        ByPrefix("name_key", name_key, of=Person, via="person"),
    ),
    search_hint=_("姓名、手机号或证件号码"),
    filters=(
        PlaceFilter(),
        Choice("state", _STANDING, _("会籍")),
        Picked("confirmed", _("确认"), {
            "year": (_("今年已确认"), lambda: Q(confirmed_on__gte=_this_year())),
            "before": (_("今年还没确认"), lambda: Q(confirmed_on=None) | Q(confirmed_on__lt=_this_year())),
        }),
        Open(ended=_ended, exact=True),
        Days("since", _("入会")),
        Of("union", _("工会"), Union),
    ),
    default_sort="-since", sorts=("since",), related=("person", "union", "employer"), detail="desk-member", people=True,
    bulk=(
        Bulk("confirm", _("确认会籍"), member_pages.confirm_one, "members.change", ConfirmForm,
             _("确认这些会员的会籍与登记一致。今天已经确认过的会跳过。")),
        Bulk("retain", _("保留会籍"), member_pages.retain_one, "members.change", OnForm,
             _("这些会员失业或停薪期间，会籍保留，仍计入在册会员。")),
        Bulk("transfer", _("转会"), member_pages.transfer_one, "members.change", TransferForm,
             _("这些会员转到另一个工会，原会籍在转会日终止。")),
        cards.ASK,
    ),
    export=True, add=Add(_("登记会员"), "desk-member-new", "members.change"),
    empty=_("您的岗位范围内还没有会员。可以逐个登记，也可以导入会员实名制登记表。"),
)  # fmt: skip


@gate.right("members.see")
@never_cache
@require_safe
def member(request: HttpRequest, number: int) -> HttpResponse:
    actor = actor_of(request)
    row = register.visible(actor).select_related("person", "union", "employer").filter(pk=number).first()
    if row is None:
        raise Http404(f"membership {number}")
    person = row.person
    memberships = list(
        Membership.objects.visible_to(actor)
        .filter(person=person)
        .select_related("union", "employer")
        .order_by("-since", "-id")
    )
    cards = list(Card.objects.visible_to(actor).filter(person=person).order_by("-requested_on", "-id"))
    detail = Detail(
        title=person.name, number=str(row.pk), state=State(_t(SHOWN[state_of(row)]), TONES[state_of(row)]),
        facts=[*_facts(row), *payees.facts(row.person_id, actor)], steps=[*_steps(row, actor), *payees.steps(row, actor)],
        related=(_memberships(memberships, row), _cards(cards)),
        timeline=lines_of(_subjects(memberships, cards), by=actor, right="members.see"),
        counted_in=_figures(row, cards, actor),
    )  # fmt: skip
    return render_detail(request, detail, register=register, row=row)


def _facts(row: Membership) -> list[Fact]:
    person = row.person
    names = place_names([row.path])
    return [
        Fact(_("证件"), _t(KINDS[person.document])), Fact(_("证件号码"), "", secret=person.number),
        Fact(_("手机"), "", secret=person.mobile) if person.mobile is not None else Fact(_("手机"), ""),
        Fact(_("性别"), _t(SEXES[person.sex]) if person.sex else ""), Fact(_("出生日期"), person.birth),
        Fact(_("工会"), row.union.name), Fact(_("单位"), row.employer.name if row.employer else ""),
        Fact(_("地方"), names.get(row.path, "")), Fact(_("岗位"), row.job),
        Fact(_("合同类型"), _t(CONTRACTS[row.contract]) if row.contract else ""),
        Fact(_("批准入会日期"), row.since), Fact(_("最近确认"), row.confirmed_on),
        Fact(_("民族"), person.ethnicity), Fact(_("学历"), person.education),
        Fact(_("户籍性质"), _t(HUKOU[person.hukou]) if person.hukou else ""),
    ]  # fmt: skip


def _steps(row: Membership, actor: Actor) -> list[Step]:
    """Every step a membership can take; the reason why one cannot be taken now, or by me."""
    mine = actor.reaches(row.path, *holders("members.change"))
    merging = actor.reaches(row.path, *holders("members.merge"))
    not_mine = _t("您的岗位在这里没有办理会籍的权限。")
    ended = _t("这段会籍已经终止。") if row.until is not None else ""
    pair = Duplicate.objects.filter(Q(one=row.person_id) | Q(other=row.person_id), state="offered").first()
    today = timezone.localdate()
    confirmed = row.confirmed_on is not None and row.confirmed_on >= today

    def step(key: str, title: Any, why_not: str, icon: str, *, danger: bool = False) -> Step:
        why = ended or (not_mine if not mine else why_not)
        return Step(key, title, not why, why, reverse(f"desk-member-{key}", args=[row.pk]), icon, danger)

    retained = row.state == "retained"
    return [
        step("confirm", _("确认会籍"), _t("今天已经确认过。") if confirmed else "", "user-check"),
        step("transfer", _("转会"), "", "arrows-exchange"),
        step("resume", _("恢复会籍"), "", "user-plus") if retained else step("retain", _("保留会籍"), "", "bookmark"),
        step("correct", _("更正"), "", "edit"),
        step("end", _("终止会籍"), "", "user-x", danger=True),
        Step("merge", _("合并"), pair is not None and merging,
             _t("没有与此人疑似重复的人。") if pair is None else _t("您的岗位没有合并人员的权限。"),
             reverse("desk-duplicate", args=[pair.pk]) if pair else "", "users-group"),
    ]  # fmt: skip


def _memberships(rows: Sequence[Membership], here: Membership) -> Table:
    cells = [
        (
            (row.union.name, reverse("desk-member", args=[row.pk])) if row.pk != here.pk else row.union.name,
            row.employer.name if row.employer else "", row.since, row.until or "",
            State(_t(SHOWN[state_of(row)]), TONES[state_of(row)]),
        )
        for row in rows
    ]  # fmt: skip
    return Table(_("会籍经历"), (_("工会"), _("单位"), _("起"), _("止"), _("会籍")), cells)


def _cards(rows: Sequence[Card]) -> Table:
    cells = [
        (str(row.number) if row.number else "", _t(CARD_STATES[row.state]), row.requested_on, row.made_on or "",
         row.delivered_on or "")
        for row in rows
    ]  # fmt: skip
    heads = (_("卡号"), _("状态"), _("申请"), _("制卡"), _("发放"))
    return Table(_("京卡"), heads, cells, empty=_("没有办过卡，或卡不在您的岗位范围内。"))


def _subjects(memberships: Sequence[Membership], cards: Sequence[Card]) -> list[str]:
    return [f"membership:{row.pk}" for row in memberships] + [f"card:{row.pk}" for row in cards]


def _figures(row: Membership, cards: Sequence[Card], actor: Actor) -> list[Figure]:
    """The figures this membership and the person's cards are counted in, today and by what the journal says of them."""
    stock = [
        *(("member.members",) if row.until is None else ()),
        *(("card.made", "card.making") if any(card.made_on and not card.until for card in cards) else ()),
    ]
    lines = Line.objects.filter(subject__in=_subjects([row], cards)).exclude(act="void").order_by("-on", "-pk")
    return [*chronicle.in_stock(stock, row.path, actor), *chronicle.counted_in(lines, actor)]


def _pairs(actor: Actor) -> int:
    return member_pages.duplicates_of(actor).count()


WAITING = (
    Waiting(_("疑似重复的人"), _("对"), "members.merge", _pairs, lambda _actor: reverse("desk-duplicates"),
            _("请判断是不是同一个人")),
)  # fmt: skip

urlpatterns = [*member_pages.urlpatterns, path("desk/members/<int:number>/", member, name="desk-member")]
INVERSES = member_pages.INVERSES
