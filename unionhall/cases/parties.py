"""Who a matter is about when it is about many, and what follows for it. Nothing here writes.

The number of its workers and its sums are those of its applicants, wherever it has any: a rule every action is held to.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Sum

from unionhall.cases.models import Case
from unionhall.cases.party_models import Party
from unionhall.journal import audit
from unionhall.kernel.errors import Refused
from unionhall.kernel.money import yuan

COLLECTIVE = 10
"""Workers with one claim from whom on it is a collective dispute: 劳动争议调解仲裁法 第七条."""
FEWEST, MOST = 3, 5
"""Representatives of a collective dispute (劳动人事争议仲裁办案规则 on its own proceedings; the union keeps to the same)."""
SUMS = ("fen_claimed", "fen_agreed", "fen_paid")
_AT_ONCE = 5_000


class DoesNotAddUp(RuntimeError):
    """A matter says another number of people or another sum than its parties."""


def applicants(case: Case) -> list[Party]:
    """The workers who claim, in the order they came; none where nobody was written down singly."""
    return list(Party.objects.applicants().filter(case=case.pk).select_related("person"))


def people(case: Case) -> list[int]:
    """The persons of the roster whose matter it is, each once: those who claim, or who brought it."""
    mine = [party.person_id for party in applicants(case) if party.person_id is not None]
    return mine or ([case.person_id] if case.person_id is not None else [])


def collective(case: Case) -> bool:
    return case.headcount >= COLLECTIVE


def totals(standing: Iterable[Party]) -> dict[str, int | None]:
    """The sum of each amount; None where nobody has one."""
    rows = list(standing)
    found: dict[str, int | None] = {}
    for name in SUMS:
        known = [fen for row in rows if (fen := getattr(row, name)) is not None]
        found[name] = sum(known) if known else None
    return found


def left_to_pay(standing: Iterable[Party]) -> int:
    """What was agreed and not yet paid, in fen."""
    return sum((row.fen_agreed or 0) - (row.fen_paid or 0) for row in standing)


def represented(case: Any, values: Mapping[str, Any]) -> None:
    """Guard: a collective dispute is taken up once three to five of its workers speak for the others."""
    if not collective(case):
        return
    named = sum(party.representative for party in applicants(case))
    if not FEWEST <= named <= MOST:
        raise Refused(
            "这是 {headcount} 名职工的集体争议，受理前请先在“当事人”里登记职工，并推举 {fewest} 至 {most} 名代表。",
            headcount=case.headcount,
            fewest=FEWEST,
            most=MOST,
        )


def all_paid(case: Any, values: Mapping[str, Any]) -> None:
    """Guard: an agreement is performed when every worker was paid what they were promised."""
    left = left_to_pay(applicants(case))
    if left > 0:
        raise Refused("还有 {left:,} 元没有付给职工。请先登记履行；不再付的，办“协议未履行”。", left=yuan(left))


def not_all_paid(case: Any, values: Mapping[str, Any]) -> None:
    """Guard: where all was paid, nothing was broken."""
    mine = applicants(case)
    if mine and any(row.fen_agreed for row in mine) and left_to_pay(mine) <= 0:
        raise Refused("协议金额已经全部付给职工，请办“协议已履行”。")


def keep_what_is_left(case: Any, values: Mapping[str, Any]) -> None:
    """Effect: an agreement that was broken says what is still owed."""
    left = left_to_pay(applicants(case))
    if left > 0:
        case.details = {**case.details, "left": left}


def check_told(case: Case, values: Mapping[str, Any]) -> None:
    """Refused: a step that says another sum than the parties', or settles for several without saying what each gets."""
    mine = applicants(case)
    if not mine:
        return
    sums = totals(mine)
    for name in SUMS:
        if name in values and sums[name] is not None and values[name] != sums[name]:
            raise Refused("金额由每名职工各自的数相加得出，请在“当事人”里改。", code=name)
    if "fen_agreed" in values and len(mine) > 1 and any(row.fen_agreed is None for row in mine):
        raise Refused("请写明每名职工各得多少，合计由系统相加。", code="fen_agreed")
    if values.get("headcount", case.headcount) != case.headcount:
        raise Refused("人数由当事人得出，请在“当事人”里增减。", code="headcount")


def _add_up(numbers: Sequence[int]) -> None:
    for at in range(0, len(numbers), _AT_ONCE):
        some = numbers[at : at + _AT_ONCE]
        grouped = Party.objects.applicants().filter(case__in=some).order_by().values("case")
        told = {
            row["case"]: row for row in grouped.annotate(n=Count("pk"), **{f"all_{name}": Sum(name) for name in SUMS})
        }
        for case in Case.objects.filter(pk__in=list(told)):
            row = told[case.pk]
            wrong = [name for name in SUMS if row[f"all_{name}"] not in (None, getattr(case, name))]
            if wrong or row["n"] != case.headcount:
                raise DoesNotAddUp(f"{case.subject}: {', '.join(wrong) or 'headcount'} is not that of its parties")


audit.hold_to(Case, _add_up)
