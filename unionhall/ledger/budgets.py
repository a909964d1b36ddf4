"""What a fund may still be spent on: read from its budgets, its promises and its postings; nothing of it is kept twice."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet, Sum

from unionhall.kernel.errors import Refused
from unionhall.kernel.money import yuan
from unionhall.kernel.paths import within
from unionhall.ledger.budget_models import WHOLE, Allowance, Budget, Commitment, Earmark
from unionhall.ledger.models import Entry, Fund

OUT = "paid:"
"""How the accounts of what was paid begin; the service follows."""


class Room(NamedTuple):
    """One budget of a fund in a year, in fen. `budget` None: there is none, so nothing limits it but the money itself."""

    service: str
    budget: int | None
    allowed: int
    committed: int
    paid: int

    @property
    def left(self) -> int | None:
        """What may still be promised or paid."""
        return None if self.budget is None else self.budget + self.allowed - self.committed - self.paid


class Spending(NamedTuple):
    """Money about to leave a fund, or to be promised: for a service, on a day. `cause` names the promise it redeems."""

    fund: int
    service: str
    fen: int
    on: date
    cause: str = ""


def current(fund: int, year: int) -> dict[str, int]:
    """Service -> its budget of the year as it holds now."""
    rows = Budget.objects.filter(fund=fund, year=year).order_by("pk").values_list("service", "fen")
    return dict(rows)


def rooms(
    fund: int, year: int, *, without: Iterable[str] = (), said: Sequence[Budget | Allowance] | None = None
) -> list[Room]:  # fmt: skip
    """The whole of the fund first, then each service that has a budget, a promise or a payment in the year.

    `without`: causes whose promises are left out, because they are just being redeemed. `said`: `decided`, read before.
    """
    told = decided(fund, year) if said is None else said
    budgets = {one.service: one.fen for one in told if isinstance(one, Budget)}
    allowed: dict[str, int] = {}
    for one in told:
        if isinstance(one, Allowance):
            allowed[one.service] = allowed.get(one.service, 0) + one.fen
    promised = Commitment.objects.filter(fund=fund, ended_on=None, on__year=year).exclude(cause__in=list(without))
    committed = _summed(promised, "service")
    paid = paid_by_service(fund, year)
    keys = sorted({*budgets, *committed, *paid, *allowed} - {WHOLE})
    whole = Room(WHOLE, budgets.get(WHOLE), allowed.get(WHOLE, 0), sum(committed.values()), sum(paid.values()))
    return [
        whole,
        *(
            Room(key, budgets.get(key), allowed.get(key, 0), committed.get(key, 0), paid.get(key, 0))
            for key in keys
        ),
    ]  # fmt: skip


def decided(fund: int, year: int) -> list[Budget | Allowance]:
    """Every budget and revision of the year in order, then what was allowed beyond them."""
    found = {"fund": fund, "year": year}
    return [*Budget.objects.filter(**found).order_by("pk"), *Allowance.objects.filter(**found).order_by("pk")]


def paid_by_service(fund: int, year: int) -> dict[str, int]:
    """Service -> what the fund paid for it in the year, what came back taken off."""
    rows = Entry.objects.filter(fund=fund, account__startswith=OUT, posting__on__year=year)
    return {account.removeprefix(OUT): fen for account, fen in _summed(rows, "account").items()}


def earmarks(fund: int, on: date) -> dict[str, str]:
    """The services the fund may pay on a day, key -> title; empty: any."""
    return dict(Earmark.objects.on(on).filter(fund=fund).order_by("service").values_list("service", "title"))


def fund_for(service: str, path: str, on: date) -> Fund | None:
    """The one fund set aside for this service at or above a place; None when there is none, or more than one."""
    held = Earmark.objects.on(on).filter(service=service).select_related("fund")
    found = [one.fund for one in held if within(path, one.fund.path)]
    return found[0] if len(found) == 1 else None


def promise_of(cause: str) -> Commitment | None:
    """The promise that holds for a cause."""
    found: Commitment | None = Commitment.objects.filter(cause=cause, ended_on=None).select_related("fund").first()
    return found


def check(spendings: Iterable[Spending], names: Mapping[int, str]) -> None:
    """Refused when one of these is outside its fund's earmarks, or would take a budget beyond what it holds.

    The funds are locked by the caller, so what is read here still holds when it commits.
    """
    together: dict[tuple[int, int], list[Spending]] = {}
    for one in spendings:
        together.setdefault((one.fund, one.on.year), []).append(one)
    for (fund, year), wanted in together.items():
        for service, on in {(one.service, one.on) for one in wanted}:
            allowed = earmarks(fund, on)
            if allowed and service not in allowed:
                raise Refused(
                    "“{fund}”是专款，只能用于：{allowed}。请换一项资金，或先更正专款用途。",
                    code="ledger.earmark",
                    fund=names[fund],
                    allowed=list(allowed.values()),
                )
        if Budget.objects.filter(fund=fund, year=year).exists():
            _within_budget(names[fund], fund, year, wanted)


def _within_budget(name: str, fund: int, year: int, wanted: Sequence[Spending]) -> None:
    titles = dict(Budget.objects.filter(fund=fund, year=year).order_by("pk").values_list("service", "title"))
    asked: dict[str, int] = {WHOLE: sum(one.fen for one in wanted)}
    for one in wanted:
        asked[one.service] = asked.get(one.service, 0) + one.fen
    for room in rooms(fund, year, without=[one.cause for one in wanted]):
        fen = asked.get(room.service, 0)
        if room.left is not None and fen > room.left:
            what = f"“{titles[room.service]}”" if room.service else ""
            raise Refused(
                "超出“{name}”{year} 年{what}预算：还可用 {left:,} 元，"
                "这次要 {fen:,} 元。请先调整预算，或请领导写明理由同意超支。",
                code="ledger.budget",
                name=name,
                year=year,
                what=what,
                left=yuan(room.left),
                fen=yuan(fen),
            )


def _summed(rows: "QuerySet[Any]", column: str) -> dict[str, int]:
    """Key -> sum of fen."""
    return dict(rows.order_by().values_list(column).annotate(total=Sum("fen")))
