"""The parties of a matter at the desk: written down one by one or pasted, taken out, given amounts, named, paid."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.cases import parties, party_moves
from unionhall.cases import service as services
from unionhall.cases.models import Case
from unionhall.cases.parties import FEWEST, MOST
from unionhall.cases.party_models import APPLICANT, RESPONDENT, Party
from unionhall.cases.party_moves import ROLES, Amounts, New
from unionhall.cases.reach import may_handle
from unionhall.kernel import money
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import mask_name, narrow
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import case_handling, finding
from unionhall.web.desk.choosing import one_employer, one_member
from unionhall.web.desk.detail import State, Table
from unionhall.web.desk.forms import Done
from unionhall.web.desk.moves import Move, Moves, RowForm
from unionhall.web.desk.sheet import TEMPLATE, Sheet, shown, typed
from unionhall.web.desk.standing_words import titles
from unionhall.web.desk.yuan import YuanField
from unionhall.web.refusals import in_words

RIGHT = "cases.change"
AT_ONCE = 100
"""Lines of one paste."""
ON_PAGE = 200
"""Parties the page of a matter lists."""
_PARTS = re.compile(r"[\s，]+")
_AMOUNT = re.compile(r"[¥￥]?\d[\d,]{0,12}(\.\d{1,2})?元?")


class AddForm(RowForm):
    who = forms.CharField(
        label=_("职工"), max_length=8_000,
        help_text=_("一行一人：在册会员的手机号、证件号码或姓名，后面可以空一格写请求金额（元）。可从表格整列粘贴，一次最多 100 行。被申请人是单位的，填统一社会信用代码。"),
        widget=forms.Textarea(attrs={"rows": 8, "data-secret": "", "autocomplete": "off"}),
    )  # fmt: skip
    role = forms.ChoiceField(label=_("哪一方"), choices=titles(ROLES), initial=APPLICANT)
    by_name = forms.BooleanField(
        label=_("名册里没有的，按姓名登记"),
        required=False,
        help_text=_("只记姓名；不在名册里的人不计入按人去重的指标，也不能当代表。"),
    )
    on = forms.DateField(label=_("自哪一天起"), initial=timezone.localdate)


class RemoveForm(RowForm):
    reason = forms.CharField(
        label=_("为什么移出"), max_length=200, widget=forms.Textarea(attrs={"rows": 3, "data-secret": ""})
    )


def named(party: Party, *, whole: bool = False) -> str:
    """A party in words: a name, masked unless `whole`, or an employer's."""
    name = party.person.name if party.person is not None else party.name
    if name:
        return str(name) if whole else mask_name(name)
    return str(party.employer.name) if party.employer is not None else "—"


class SheetForm(Sheet, RowForm):
    """A line for each worker who claims; `columns` are (name, title, attribute of the party that fills it in)."""

    columns: tuple[tuple[str, Any, str], ...] = ()

    def fit(self) -> None:
        lines = []
        for at, party in enumerate(parties.applicants(self.row) if self.row is not None else (), 1):
            names = []
            for name, title, filled in self.columns:
                field = YuanField(label=title, required=False)
                field.initial = typed(getattr(party, filled)) if filled else ""
                self.fields[f"{name}_{party.pk}"] = field
                names.append(f"{name}_{party.pk}")
            lines.append((f"{at}. {named(party, whole=True)}", tuple(names)))
        self.sheet = tuple(lines)


class AmountsForm(SheetForm):
    columns = (("claimed", _("请求（元）"), "fen_claimed"), ("agreed", _("协议（元）"), "fen_agreed"))
    reason = forms.CharField(
        label=_("改动理由"), max_length=200, required=False, help_text=_("达成协议以后改动的，必须写明。")
    )


class PaidForm(SheetForm):
    columns = (("paid", _("这次付了（元）"), ""),)
    on = forms.DateField(label=_("付款日期"), initial=timezone.localdate)

    def fit(self) -> None:
        super().fit()
        for party in parties.applicants(self.row) if self.row is not None else ():
            left = (party.fen_agreed or 0) - (party.fen_paid or 0)
            self.fields[f"paid_{party.pk}"].help_text = _t("还应付 %(yuan)s 元") % {"yuan": shown(left)}


class SpeakersForm(RowForm):
    named = forms.TypedMultipleChoiceField(label=_("代表"), coerce=int, widget=forms.CheckboxSelectMultiple)

    def fit(self) -> None:
        mine = parties.applicants(self.row) if self.row is not None else []
        chosen: Any = self.fields["named"]
        chosen.choices = [
            (party.pk, f"{at}. {named(party, whole=True)}")
            for at, party in enumerate(mine, 1)
            if party.person_id is not None
        ]
        chosen.initial = [party.pk for party in mine if party.representative]


def _words(line: str) -> list[str]:
    return [word for word in _PARTS.split(narrow(line).strip()) if word]


def _read(line: str) -> tuple[str, int | None]:
    """(who, the amount after it in fen) of one pasted line."""
    words = _words(line)
    if len(words) > 1 and _AMOUNT.fullmatch(words[-1]):
        return " ".join(words[:-1]), money.fen(words[-1])
    return " ".join(words), None


def _found(who: str, said: Mapping[str, Any], claimed: int | None, by: Actor) -> New:
    if said["role"] == RESPONDENT:
        return New(employer=one_employer(who, by, field="who"), role=RESPONDENT)
    try:
        member = one_member(who, by, field="who")
    except Refused:
        if not said["by_name"] or finding.numberish(who):
            raise
        return New(name=who, role=said["role"], fen_claimed=claimed)
    assert member is not None  # an empty line was left out
    return New(member.person_id, employer=member.employer_id, role=said["role"], fen_claimed=claimed)


def _add(row: Case, by: Actor, said: Mapping[str, Any]) -> Done:
    """Each line by itself: those that can be written down are, and of each of the others it is said why not."""
    lines = [line for line in said["who"].splitlines() if _words(line)]  # what cannot be seen is no line
    if not lines:
        raise Refused("这一项不能空着，请填写。", code="who")
    if len(lines) > AT_ONCE:
        raise Refused(_t("一次最多 %(most)d 行，请分几次登记。") % {"most": AT_ONCE}, code="who")
    read: list[tuple[int, New | str]] = []
    for at, line in enumerate(lines, 1):
        try:
            who, claimed = _read(line)
            read.append((at, _found(who, said, claimed, by)))
        except Refused as refused:
            read.append((at, in_words(refused)))
    news = [(at, new) for at, new in read if isinstance(new, New)]
    wrong = {at: why for at, why in read if isinstance(why, str)}
    came = party_moves.add_many(row.pk, [new for _, new in news], on=said["on"], by=by) if news else []
    wrong |= {at: in_words(one) for (at, _), one in zip(news, came, strict=True) if isinstance(one, Refused)}
    added = len(lines) - len(wrong)
    reasons = " ".join(_t("第 %(at)d 行：%(why)s") % {"at": at, "why": wrong[at]} for at in sorted(wrong))
    if not added:
        raise Refused(reasons, code="who")
    told = _t("登记了 %(n)d 人。") % {"n": added}
    if wrong:
        told += " " + _t("没有登记的：%(lines)s") % {"lines": reasons}
    return Done(told)


def _amounts(row: Case, by: Actor, said: Mapping[str, Any]) -> Done:
    wanted = {
        party.pk: Amounts(said[f"claimed_{party.pk}"], said[f"agreed_{party.pk}"]) for party in parties.applicants(row)
    }
    party_moves.set_amounts(row.pk, wanted, reason=said["reason"], by=by)
    return Done(_t("金额已登记，合计由系统相加。"))


def _speakers(row: Case, by: Actor, said: Mapping[str, Any]) -> Done:
    party_moves.name_representatives(row.pk, said["named"], by=by)
    return Done(_t("已推举代表；职工一方的步骤由代表办理。"))


def _paid(row: Case, by: Actor, said: Mapping[str, Any]) -> Done:
    paid = {party.pk: said[f"paid_{party.pk}"] or 0 for party in parties.applicants(row)}
    after = party_moves.perform(row.pk, paid, on=said["on"], by=by)
    if after.state == "performed":
        return Done(_t("已全部付清，协议履行完毕。"))
    left = parties.left_to_pay(parties.applicants(after))
    return Done(_t("履行已登记，还有 %(yuan)s 元没有付。") % {"yuan": shown(left)})


def _remove(party: Party, by: Actor, said: Mapping[str, Any]) -> Done:
    party_moves.remove(party.case_id, party.pk, reason=said["reason"], by=by)
    return Done(_t("已移出，人数和合计随之变动；原来的登记保留可查。"), then=reverse("desk-case", args=[party.case_id]))


def _over(row: Case, by: Actor) -> str:
    if not services.find(row.service).chain:
        return _t("这项业务只为一个人办。")
    return case_handling.closed(row, by)


def _no_amounts(row: Case, by: Actor) -> str:
    if row.state == "agreed" and services.find(row.service).chain:
        return "" if parties.applicants(row) else _t("还没有登记申请人。")
    return _over(row, by) or ("" if parties.applicants(row) else _t("还没有登记申请人。"))


def _too_few(row: Case, by: Actor) -> str:
    return _over(row, by) or ("" if parties.collective(row) else _t("不满十人。"))


def _not_agreed(row: Case, by: Actor) -> str:
    owed = row.state == "agreed" and parties.left_to_pay(parties.applicants(row)) > 0
    return "" if owed else _t("没有等着履行的协议金额。")


def find_party(actor: Actor, number: int) -> Party:
    """A party of a matter this actor handles; 404 otherwise."""
    row = (
        Party.objects.visible_to(actor)
        .standing()
        .select_related("case", "person", "employer")
        .filter(pk=number)
        .first()
    )
    if row is None or not may_handle(actor, row.case.service, row.case.path):
        raise Http404(f"party {number}")
    return row


MOVES = Moves("case", "desk/cases/", _("服务事项"), case_handling.find, (
    Move(key="parties", title=_("登记当事人"), right=RIGHT, form=AddForm, act=_add, why_not=_over, icon="user-plus", button=_("登记")),
    Move(key="speakers", title=_("推举代表"), right=RIGHT, form=SpeakersForm, act=_speakers, why_not=_too_few, icon="users", button=_("登记代表"),
         intro=_("十人以上、有共同请求的是集体争议。法律规定可以推举代表；本会要求受理前登记 3 至 5 名。代表和解、变更请求，须经其他职工同意。")),
    Move(key="amounts", title=_("每人金额"), right=RIGHT, form=AmountsForm, act=_amounts, why_not=_no_amounts, icon="cash", button=_("登记"),
         template=TEMPLATE),
    Move(key="paid", title=_("登记履行"), right=RIGHT, form=PaidForm, act=_paid, why_not=_not_agreed, icon="cash", button=_("登记"), template=TEMPLATE,
         intro=_("单位这一次付给了谁、付了多少。全部付清，协议自动记为已履行。")),
), back="desk-cases", named=lambda row: row.number)  # fmt: skip
PARTY_MOVES = Moves("party", "desk/parties/", _("服务事项"), find_party, (
    Move(key="remove", title=_("移出当事人"), right=RIGHT, form=RemoveForm, act=_remove, icon="x", danger=True,
         why_not=lambda party, by: _over(party.case, by), facts=lambda party: ((_("编号"), party.case.number), (_("当事人"), named(party, whole=True)))),
), back="desk-cases", named=lambda party: party.case.number)  # fmt: skip


def table(row: Case, *, mine: bool, actor: Actor) -> Table | None:
    """Who is party to a matter, as its page shows it; None where nobody was written down singly."""
    rows = list(Party.objects.standing().filter(case=row).select_related("person", "employer").order_by("pk")[:ON_PAGE])
    if not rows:
        return None
    may = mine and not _over(row, actor)
    lines = [
        [at, named(party), State(_t("代表"), "look") if party.representative else _t(ROLES[party.role]), shown(party.fen_claimed),
         shown(party.fen_agreed), shown(party.fen_paid), (_t("移出"), reverse("desk-party-remove", args=[party.pk])) if may else ""]
        for at, party in enumerate(rows, 1)
    ]  # fmt: skip
    heads = (_("序"), _("姓名"), _("一方"), _("请求（元）"), _("协议（元）"), _("已付（元）"), _("办理"))
    return Table(_("当事人"), heads, lines)


def need_speakers(row: Case) -> str:
    """What still keeps a collective dispute from being taken up, in words; empty when nothing does."""
    if not parties.collective(row) or row.accepted_on is not None or row.closed_on is not None:
        return ""
    count = sum(party.representative for party in parties.applicants(row))
    if FEWEST <= count <= MOST:
        return ""
    return _t("集体争议：受理前须登记职工名单，并推举 %(few)d 至 %(most)d 名代表。") % {"few": FEWEST, "most": MOST}


@gate.right("cases.change")
@never_cache
@require_safe
def party(request: HttpRequest, number: int) -> HttpResponse:
    """A party has no page but its matter's."""
    return HttpResponseRedirect(reverse("desk-case", args=[find_party(actor_of(request), number).case_id]))


urlpatterns = [
    *MOVES.addresses(),
    path("desk/parties/<int:number>/", party, name="desk-party"),
    *PARTY_MOVES.addresses(),
]
