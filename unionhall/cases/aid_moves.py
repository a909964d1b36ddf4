"""What the aid department lays down by the day, and how a street reckons a household's income for its hardship file."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from unionhall.cases import helped, income
from unionhall.cases.aid_models import RULES, AidRule, Reckoning
from unionhall.cases.deciding_moves import FILE
from unionhall.cases.income import EXPENSES, INCOMES
from unionhall.cases.models import Case
from unionhall.cases.reach import may_handle
from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.actions import Entry
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.roles import holders
from unionhall.people.households import household_of
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer

MOST = 10**12
"""Fen of one item: what is more is a slip of the pen."""


def lay_down(kind: str, amount: int | None, *, service: str = "", since: date, reason: str, by: Actor) -> int:
    """A cap or a line holds from a day on; the row's id. `amount` None: from that day on there is none.

    Refused: without a reason, or twice for one day.
    """
    if not by.holds(*holders("aid.rules")):
        raise NotYours("aid rules")
    if kind not in RULES or (service and (kind != "cap" or service not in helped.grants())):
        raise Refused("请从列表中选择规定的是哪一项。", code="kind")
    if not reason.strip():
        raise Refused("请写明依据。", code="reason")
    if amount is not None and not 0 <= amount <= MOST:
        raise Refused("数额过大或为负，请核对。", code="amount")
    with transaction.atomic():
        if AidRule.objects.filter(kind=kind, service=service, since=since).exists():
            raise Refused("这一天起已有同一项规定，请换一个施行日期。", code="since")
        row = AidRule.objects.create(
            kind=kind, service=service, since=since, amount=amount, reason=reason.strip()[:200], by=by.account
        )
        audit.wrote("aid.rule", AidRule, [row.pk], by=by, note=f"{kind} {service}".strip())
        return row.pk


def reckon(case: int, sums: Mapping[str, int], *, lost: int, on: date, by: Actor) -> Reckoning:
    """Reckon the household's income on a day, from what it has and needs in a year; the reckoning, which is the file's yearly
    review, too, once it is filed.

    Refused: nothing to live on and nothing spent, a day to come, a second one for one day, a line nobody laid down.
    """
    with transaction.atomic():
        row: Case | None = Case.objects.select_for_update().filter(pk=case).first()
        if row is None or row.service != FILE or row.person_id is None or not may_handle(by, row.service, row.path):
            raise NotYours(f"case:{case}")
        if row.closed_on is not None:
            raise Refused("档案已经撤销，不能再核算收入。")
        if not row.opened_on <= on <= timezone.localdate():
            raise Refused("核算日期不能早于申请，也不能晚于今天。", code="on")
        if any(not 0 <= fen <= MOST for fen in (*sums.values(), lost)) or set(sums) - {*INCOMES, *EXPENSES}:
            raise Refused("金额过大或为负，请核对。")
        if row.reckonings.filter(on=on).exists():
            raise Refused("这一天已经核算过，请换一个日期。", code="on")
        size = len(household_of(row.person_id, on))
        earned, spent = income.total(sums, INCOMES), income.total(sums, EXPENSES)
        lines = helped.lines_on(on)
        level = income.level_of(income.per_head(earned, spent, size), earned, lost, lines)
        (new,) = bulk.ids(Reckoning, 1)
        held = (
            AidRule.objects.filter(kind="allowance", since__lte=on).order_by("-since").values_list("since", flat=True)
        )
        made = Reckoning(
            pk=new, case=row, path=row.path, on=on, size=size, level=level, rule_since=held[0], by=by.account,
            told=sealer(Reckoning, "told")(new, income.told(sums, size, lost)),
        )  # fmt: skip
        made.save(force_insert=True)
        journal.write(
            Entry(FILE, "reckoned", row.path, on, row.subject, kind=level, person=row.person_id, headcount=size), by=by
        )
        audit.write("aid.reckoned", by=by, subject=row.subject, path=row.path, rows=[made], about=row.person_id)
        return made
