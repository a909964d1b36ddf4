"""What may be spent on what: earmarks and budgets, set by who keeps the fund; more than a budget, allowed by a leader."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from django.db import transaction

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.money import yuan
from unionhall.ledger import budgets
from unionhall.ledger.budget_models import WHOLE, Allowance, Budget, Earmark
from unionhall.ledger.models import Fund
from unionhall.organisations.roles import holders

_LONGEST = 200
YEARS = range(2000, 2200)


def set_earmarks(fund: int, services: Mapping[str, str], *, on: date, by: Actor) -> None:
    """From `on` the fund may pay these services (key -> title) and no others; none: whatever its purpose allows.

    What stood before ends on that day and stays to be seen. Refused: no change, or a day before the last change.
    """
    with transaction.atomic():
        purse = _locked(fund, by, "funds.change")
        open_ = {row.service: row for row in Earmark.objects.filter(fund=fund, until=None)}
        if set(open_) == set(services):
            raise Refused("专款用途没有改动。", code="services")
        if any(row.since > on for row in open_.values()):
            raise Refused("生效日期不能早于上一次调整。", code="on")
        ended = [row for key, row in open_.items() if key not in services]
        for row in ended:
            row.until = on
            row.save(update_fields=["until"])
        new = [
            Earmark.objects.create(fund=purse, path=purse.path, service=key, title=title[:64], since=on, by=by.account)
            for key, title in services.items()
            if key not in open_
        ]
        note = "、".join(services)[:_LONGEST]
        audit.write("fund.earmark", by=by, subject=f"fund:{fund}", path=purse.path, rows=[*ended, *new], note=note)


def set_budget(
    fund: int, year: int, service: str, fen: int, *, title: str, reason: str, on: date, by: Actor
) -> int:  # fmt: skip
    """The budget of a year, for a service ("": for the whole fund), first set or revised; the row's id.

    Refused: without a reason, below what is promised and paid already, or for a service the fund is not for.
    """
    _check(year, reason)
    if fen < 0:
        raise Refused("预算不能是负数。", code="amount")
    with transaction.atomic():
        purse = _locked(fund, by, "funds.change")
        held = {room.service: room for room in budgets.rooms(fund, year)}
        room = held.get(service)
        if room is not None and room.budget == fen:
            raise Refused("预算没有改动。", code="amount")
        spent = room.committed + room.paid - room.allowed if room is not None else 0
        if fen < spent:
            raise Refused("已经占用和支付 {spent:,} 元，预算不能比这少。", code="amount", spent=yuan(spent))
        allowed = budgets.earmarks(fund, on)
        if service and allowed and service not in allowed:
            raise Refused("这项资金不能用于这项业务，请先更正专款用途。", code="service")
        row = Budget.objects.create(
            fund=purse, path=purse.path, year=year, service=service, title=title[:64] if service else "", fen=fen, since=on,
            reason=reason.strip(), by=by.account, at=datetime.now(UTC),
        )  # fmt: skip
        audit.write("fund.budget", by=by, subject=f"fund:{fund}", path=purse.path, rows=[row], note=f"{year} {service}")
        return row.pk


def allow_more(fund: int, year: int, service: str, fen: int, *, reason: str, by: Actor) -> int:
    """A leader allows so much more than the budget of a service ("": of the whole fund); the row's id.

    Refused: nothing to allow, without a reason, or where there is no budget to go beyond.
    """
    _check(year, reason)
    if fen <= 0:
        raise Refused("金额应大于零。", code="amount")
    with transaction.atomic():
        purse = _locked(fund, by, "funds.allow")
        if service not in budgets.current(fund, year):
            raise Refused("这一年没有这项预算，不需要同意超支。", code="service")
        row = Allowance.objects.create(
            fund=purse, path=purse.path, year=year, service=service, fen=fen, reason=reason.strip(), by=by.account,
            at=datetime.now(UTC),
        )  # fmt: skip
        audit.write("fund.allow", by=by, subject=f"fund:{fund}", path=purse.path, rows=[row], note=f"{year} {service}")
        return row.pk


def _locked(fund: int, by: Actor, right: str) -> Fund:
    """The fund, held until the transaction ends, for who has this right over its place."""
    purse: Fund | None = Fund.objects.select_for_update().filter(pk=fund).first()
    if purse is None:
        raise NotYours(f"fund:{fund}")
    by.must_reach(purse.path, *holders(right))
    return purse


def _check(year: int, reason: str) -> None:
    if year not in YEARS:
        raise Refused("请填写四位数的年份。", code="year")
    if not reason.strip():
        raise Refused("请写明理由。", code="reason")
    if len(reason) > _LONGEST:
        raise Refused("理由最多 {longest} 个字，请缩短。", code="reason", longest=_LONGEST)


__all__ = ["WHOLE", "allow_more", "set_budget", "set_earmarks"]
