"""Mutual insurance of 2015: the plans, who was enrolled under the premium ones, and the claims that were paid."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from demo.cards import Cards
from demo.chance import allocate, coprime, mix, salt, stream
from demo.people import Member
from demo.places import DISTRICT, street_code
from demo.world import World, world

POLICY_HEADERS = (
    "编号",
    "计划编号",
    "姓名",
    "证件号码",
    "用人单位代码",
    "地方代码",
    "缴费方",
    "保费",
    "保障起始日期",
    "保障终止日期",
)
CLAIM_HEADERS = ("编号", "计划编号", "姓名", "证件号码", "用人单位代码", "地方代码", "出险日期", "报案日期", "核定日期", "赔付日期", "申请金额",
                 "核定金额", "赔付金额", "资金来源")  # fmt: skip
FUND = "互助保障"
INSURED, PAID_UNDER_PREMIUM = 52_486, 854
"""Enrolments under premium plans (rows), and people who were paid under one."""
MEDICAL, MEDICAL_YUAN = 32_767, 8_290_000
_PLANS = (("BF2015-01", "职工住院医疗互助保障计划（2015）", 0.44, 30), ("BF2015-02", "职工意外伤害互助保障计划（2015）", 0.34, 15),
          ("BF2015-03", "职工重大疾病互助保障计划（2015）", 0.22, 45))  # fmt: skip
"""Code, title, share of the enrolments, premium in yuan."""
_MEDICAL_PLAN = ("YL2015", "暖·互助在职职工医疗互助保障计划（2015）")
_FIRST, _END, _LAST = date(2015, 1, 1), date(2016, 1, 1), date(2015, 11, 20)
_PAYERS = ("工会", "工会", "单位", "本人")
_DRAW = salt("insurance")
Row = tuple[object, ...]


def plan_rows() -> Iterator[Row]:
    """Rows of the `items` workbook of plans."""
    for code, title, *_ in _PLANS:
        yield "互助保障计划", code, title, "保费型", "示例互助会", DISTRICT, _FIRST, _END
    yield "互助保障计划", *_MEDICAL_PLAN, "医疗互助", "示例互助会", DISTRICT, _FIRST, _END


def policy_rows(scale: float) -> Iterator[Row]:
    """Rows of the `policies` workbook: plan by plan, each person once under a plan and many under several."""
    the = world(scale)
    counts = allocate(the.plan.thing(INSURED), [share for _, _, share, _ in _PLANS], 1)
    for (code, _, _, yuan), count in zip(_PLANS, counts, strict=True):
        for serial, one in enumerate(_members(the, count), 1):
            payer = _PAYERS[mix(_DRAW, one.key) % len(_PAYERS)]
            uscc, place = one.uscc or None, street_code(one.street)
            yield f"{code}-{serial:06d}", code, one.name, one.number, uscc, place, payer, yuan, _FIRST, _END


def claim_rows(scale: float) -> Iterator[Row]:
    """Rows of the `claims` workbook, numbered in order."""
    the = world(scale)
    for serial, row in enumerate((*_premium_claims(the), *_medical_claims(the)), 1):
        yield f"LP2015{serial:06d}", *row


def _members(the: World, count: int) -> Iterator[Member]:
    """So many members admitted before 2015, everybody from the same shuffled order: the first are under every plan."""
    step, at, found = coprime(1_600_033, the.members), 0, 0
    while found < count:
        one = the.member(at * step % the.members)
        at += 1
        if one.joined < _FIRST:
            found += 1
            yield one


def _premium_claims(the: World) -> Iterator[Row]:
    """Some were paid twice, for two events."""
    random = stream("premium claims")
    people = the.plan.thing(PAID_UNDER_PREMIUM)
    code = _PLANS[0][0]
    for place, one in enumerate(_members(the, people)):
        first = _FIRST + timedelta(days=4 + random.randrange(150))
        for event in (first, *([first + timedelta(days=60)] if place % 14 == 0 else [])):
            asked = 100 * random.randrange(5, 120)
            agreed = asked if place % 5 else asked * 4 // 5
            yield _row(code, one, event, random, asked, agreed)


def _medical_claims(the: World) -> Iterator[Row]:
    """One each, of members who held a card on the day; what was paid adds up to the yuan."""
    random = stream("medical claims")
    people = the.plan.thing(MEDICAL)
    amounts = allocate(round(MEDICAL_YUAN * the.plan.scale), [0.3 + random.random() for _ in range(people)], 1)
    for (one, made), yuan in zip(_holders(the, people), amounts, strict=True):
        first = max(made, _FIRST)
        event = first + timedelta(days=random.randrange((_LAST - first).days + 1))
        yield _row(_MEDICAL_PLAN[0], one, event, random, yuan, yuan)


def _holders(the: World, count: int) -> Iterator[tuple[Member, date]]:
    """So many members with a card, and the day it was made."""
    known = Cards(the)
    step, at, found = coprime(15_485_863, known.made), 0, 0
    while found < count:
        one = the.member(known.holder(at * step % known.made))
        card = known.card(one.key, one.joined.toordinal())
        at += 1
        if card is not None and date.fromordinal(card.made) <= _LAST:
            found += 1
            yield one, date.fromordinal(card.made)


def _row(code: str, one: Member, event: date, random: Random, asked: int, agreed: int) -> Row:
    filed = event + timedelta(days=5 + random.randrange(8))
    approved = filed + timedelta(days=5 + random.randrange(8))
    paid = approved + timedelta(days=2 + random.randrange(6))
    return (
        code, one.name, one.number, one.uscc or None, street_code(one.street), event, filed, approved, paid, asked, agreed, agreed, FUND,
    )  # fmt: skip
