"""Mutual insurance: the yearly enrolment lists 互助投保名单, and the claims that were paid 互助理赔登记."""

from collections.abc import Hashable, Sequence
from datetime import date
from typing import NamedTuple

from unionhall.cases import actions, registers
from unionhall.cases.models import Case
from unionhall.exchange import kinds
from unionhall.exchange.keyed import KeyedLoader, Remarks, Standing, check_past, check_span, standing_of
from unionhall.exchange.references import Employers, People, Places
from unionhall.exchange.template import Column, Row, Template
from unionhall.kernel.actor import Actor
from unionhall.ledger.models import Fund
from unionhall.offers import policy_moves
from unionhall.offers.models import Offer
from unionhall.offers.policies import MEDICAL, PLANS, in_force
from unionhall.offers.policy_models import PAYERS, Policy
from unionhall.people.models import Card

_AT_ONCE = 10_000
_NO_PLAN = "没有编号为 {code} 的互助保障计划，请核对，或先在服务项目里开设"

_NUMBER = Column("code", "编号", kinds.code(24), required=True, explain="同一计划内不重复；本列须为文本格式")
_PLAN = Column("plan", "计划编号", kinds.code(24), required=True, example="BF2015-01")
_NAME = Column("name", "姓名", kinds.person_name(), required=True)
_DOCUMENT = Column(
    "document",
    "证件号码",
    kinds.document(),
    required=True,
    aliases=("身份证号", "身份证号码"),
    explain="本列须为文本格式",
)
_EMPLOYER = Column(
    "uscc",
    "用人单位代码",
    kinds.uscc_shape(),
    aliases=("统一社会信用代码", "单位代码"),
    explain="18位；本列须为文本格式",
)
_PLACE = Column("place", "地方代码", kinds.code(12), explain="办理的地方；不填为全区")

POLICY_COLUMNS = (
    _NUMBER, _PLAN, _NAME, _DOCUMENT, _EMPLOYER, _PLACE,
    Column("payer", "缴费方", kinds.words(PAYERS), required=True, words=PAYERS, example="工会"),
    Column("premium", "保费", kinds.money(), required=True, explain="元", example="30"),
    Column("since", "保障起始日期", kinds.day(), required=True, example="2015-01-01"),
    Column("until", "保障终止日期", kinds.day(), explain="从这一天起不再保障；不填同计划"),
)  # fmt: skip

CLAIM_COLUMNS = (
    _NUMBER, _PLAN, _NAME, _DOCUMENT, _EMPLOYER, _PLACE,
    Column("event_on", "出险日期", kinds.day(), required=True, example="2015-03-02"),
    Column("filed_on", "报案日期", kinds.day()),
    Column("approved_on", "核定日期", kinds.day()),
    Column("paid_on", "赔付日期", kinds.day(), required=True, example="2015-04-01"),
    Column("claimed", "申请金额", kinds.money(), explain="元"),
    Column("agreed", "核定金额", kinds.money(), explain="元；不填同赔付金额"),
    Column("paid", "赔付金额", kinds.money(), required=True, explain="元", example="253"),
    Column("fund", "资金来源", kinds.text(40), required=True, explain="“资金”表里的资金名称", example="互助保障"),
)  # fmt: skip


class _Insured(KeyedLoader):
    """What both share: plans, places, employers, and people who must be registered."""

    key_column = "code"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.places, self.employers, self.people = Places(), Employers(), People()
        self.plans = {plan.code: plan for plan in Offer.objects.filter(service=PLANS)}

    def key(self, row: Row) -> Hashable:
        return row.plan, row.code

    def prepare(self, rows: Sequence[Row]) -> None:
        self.people.prepare(row.document for row in rows)

    def _plan(self, row: Row, remarks: Remarks) -> Offer | None:
        plan = self.plans.get(row.plan)
        if plan is None:
            remarks.refuse("plan", _NO_PLAN.format(code=row.plan))
        return plan

    def _employer(self, row: Row, remarks: Remarks) -> int | None:
        employer = self.employers.find(row.uscc, remarks)
        return employer.id if employer is not None else None


class PoliciesLoader(_Insured):
    """Enrolments, found by plan and number; a person once under a plan."""

    model = Policy

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.held = {
            (offer, person): number
            for number, offer, person in Policy.objects.values_list("pk", "offer_id", "person_id")
        }

    def standing(self, rows: Sequence[Row]) -> Standing:
        return standing_of(Policy.objects.filter(offer__in=self.plans.values()), "offer__code", "number")

    def look(self, row: Row, remarks: Remarks, number: int | None) -> policy_moves.PolicyRow | None:
        plan, person = self._plan(row, remarks), self.people.known(row.document, row.name, remarks, "document")
        path = self.places.path(row.place, row.since, remarks)
        employer = self._employer(row, remarks)
        check_span(remarks, "until", row.since, row.until, "保障起始日期")
        if plan is None or person is None:
            return None
        if not in_force(plan, row.since):
            remarks.refuse("since", f"{row.since.isoformat()} 不在计划的保障期内，请核对")
        if self.held.setdefault((plan.pk, person), number or -row.number) != (number or -row.number):
            remarks.refuse("document", "这个人在这个计划下已经投保，一人一个计划只投保一次")
        return policy_moves.PolicyRow(
            plan.pk,
            person,
            path,
            row.code,
            row.since,
            row.until or plan.until,
            row.payer,
            row.premium,
            employer,
            row.digest,
        )

    def add(self, new: Sequence[tuple[Row, policy_moves.PolicyRow]], batch: int) -> None:
        policy_moves.record_policies([found for _, found in new], by=self.actor, batch=batch)

    def change(self, changed: Sequence[tuple[int, Row, policy_moves.PolicyRow]], batch: int) -> None:
        rows = [(number, found) for number, _, found in changed]
        policy_moves.change_policies(rows, by=self.actor, batch=batch)


class _Span(NamedTuple):
    since: date
    until: date | None

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)


class ClaimsLoader(_Insured):
    """Claims that were paid, found by plan and number; one event once under a plan, by somebody insured that day."""

    model = Case

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.funds = dict(Fund.objects.values_list("name", "pk"))
        self.policies: dict[tuple[int, int], _Span] = {}
        self.cards: dict[int, list[_Span]] = {}
        paid = Case.objects.filter(
            service__startswith="insurance.", event_on__isnull=False, state__in=("approved", "paid")
        )
        self.events = {
            tuple(event): number for number, *event in paid.values_list("pk", "cause", "person_id", "event_on")
        }

    def key(self, row: Row) -> Hashable:
        return self._service(row), row.code

    def standing(self, rows: Sequence[Row]) -> Standing:
        return standing_of(Case.objects.filter(service__startswith="insurance."), "service", "number")

    def _service(self, row: Row) -> str:
        plan = self.plans.get(row.plan)
        return "insurance.medical" if plan is not None and plan.kind == MEDICAL else "insurance.premium"

    def prepare(self, rows: Sequence[Row]) -> None:
        super().prepare(rows)
        people = sorted({person.id for person in self.people.found.values()})
        self.policies, self.cards = {}, {}
        for at in range(0, len(people), _AT_ONCE):
            part = people[at : at + _AT_ONCE]
            for offer, person, *span in Policy.objects.filter(person__in=part).values_list(
                "offer", "person", "since", "until"
            ):
                self.policies[offer, person] = _Span(*span)
            for person, *span in Card.objects.filter(person__in=part, made_on__isnull=False).values_list(
                "person", "made_on", "until"
            ):
                self.cards.setdefault(person, []).append(_Span(*span))

    def look(self, row: Row, remarks: Remarks, number: int | None) -> registers.Claim | None:
        plan, person = self._plan(row, remarks), self.people.known(row.document, row.name, remarks, "document")
        path, employer = self.places.path(row.place, row.paid_on, remarks), self._employer(row, remarks)
        steps = (row.event_on, row.filed_on, row.approved_on, row.paid_on)
        for column, before, after in zip(("filed_on", "approved_on", "paid_on"), steps, steps[1:], strict=False):
            check_span(remarks, column, before, after, "上一步")
        check_past(remarks, "paid_on", row.paid_on, self.today)
        agreed = row.agreed or row.paid
        if not row.paid or row.paid > agreed:
            remarks.refuse("paid", "赔付金额应大于零，也不能超过核定金额")
        if row.claimed is not None and agreed > row.claimed:
            remarks.refuse("agreed", "核定金额不能超过申请金额")
        fund = self.funds.get(row.fund)
        if fund is None:
            remarks.refuse("fund", f"没有“{row.fund}”这项资金，请核对，或先导入资金")
        if plan is None or person is None or fund is None:
            return None
        self._check_covered(row, plan, person, remarks)
        mine = number or -row.number
        if self.events.setdefault((plan.code, person, row.event_on), mine) != mine:
            remarks.refuse("event_on", "同一计划同一出险日的理赔已经登记，同一事件只赔付一次")
        return registers.Claim(
            self._service(row), row.code, path, plan.code, row.event_on, row.paid_on, row.paid, fund, person, employer, row.filed_on,
            row.approved_on, row.claimed, agreed,
        )  # fmt: skip

    def _check_covered(self, row: Row, plan: Offer, person: int, remarks: Remarks) -> None:
        if not in_force(plan, row.event_on):
            remarks.refuse("event_on", f"{row.event_on.isoformat()} 不在计划的保障期内，请核对")
        elif plan.kind == MEDICAL:
            if not any(card.holds(row.event_on) for card in self.cards.get(person, ())):
                remarks.refuse("event_on", "出险日本人没有有效的京卡，不在医疗互助保障之内")
        elif (plan.pk, person) not in self.policies or not self.policies[plan.pk, person].holds(row.event_on):
            remarks.refuse("event_on", "出险日本人没有投保这个计划，请核对，或先导入互助投保名单")

    def add(self, new: Sequence[tuple[Row, registers.Claim]], batch: int) -> None:
        actions.record([registers.claim(found, row.digest) for row, found in new], by=self.actor, batch=batch)

    def change(self, changed: Sequence[tuple[int, Row, registers.Claim]], batch: int) -> None:
        matters = [(number, registers.claim(found, row.digest)) for number, row, found in changed]
        actions.correct(matters, by=self.actor, batch=batch)


TEMPLATES = (
    Template(
        "policies", "互助投保名单", "insurance enrolments", POLICY_COLUMNS,
        "一行是一个人投保一个计划，即一人次。计划先在服务项目里开设。缴费方和保费分开登记。", PoliciesLoader,
    ),
    Template(
        "claims", "互助理赔登记", "insurance claims", CLAIM_COLUMNS,
        "一行是一次赔付。申请、核定、赔付三个金额分开；同一计划同一出险日只赔付一次。", ClaimsLoader,
    ),
)  # fmt: skip
