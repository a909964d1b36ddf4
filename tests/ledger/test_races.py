"""Thirty-two at once, on PostgreSQL: one payment per cause and no budget overdrawn; and the same race without the locks."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, models

from tests import world
from tests.ledger.conftest import APPROVED, PAID, Treasury, a_treasury, approved, asked, paid, somebody
from tests.ledger.test_orders import TODAY, all_paid, ready, sent
from unionhall.cases.actions import move
from unionhall.cases.models import Case
from unionhall.kernel.errors import Refused
from unionhall.ledger import actions, budget_moves, budgets, fund_moves, order_moves
from unionhall.ledger.actions import balance
from unionhall.ledger.models import Posting

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.slow]
THREADS = 32


def together(do: Callable[[int], object]) -> Counter[str]:
    """Thirty-two threads begin at once; how each ended."""
    start, told = threading.Barrier(THREADS), list[str]()

    def one(number: int) -> None:
        start.wait()
        try:
            do(number)
            told.append("done")
        except Refused:
            told.append("refused")
        except IntegrityError:
            told.append("stopped by the table")
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(told)


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """No row is held by anybody any more."""

    def whole(rows: Any, *_args: Any, **_kwargs: Any) -> Any:
        return rows.all()

    monkeypatch.setattr(models.QuerySet, "select_for_update", whole)


def test_a_grant_paid_by_thirty_two_treasurers_is_paid_once() -> None:
    treasury = a_treasury(world.a_district())
    case = approved(treasury.here)
    assert together(lambda _n: paid(treasury.here, case)) == {"done": 1, "refused": THREADS - 1}
    assert balance(treasury.fund) == 700_000
    assert Posting.objects.filter(cause__endswith=":paid").count() == 1


def test_without_the_locks_the_same_treasurers_meet(unlocked: None) -> None:
    """The control: the table's own rule stops the second payment, but with an error and not in words."""
    treasury = a_treasury(world.a_district())
    case = approved(treasury.here)
    told = together(lambda _n: paid(treasury.here, case))
    assert told["stopped by the table"] > 0, told
    assert balance(treasury.fund) == 700_000


def test_a_reply_brought_in_thirty_two_times_pays_once() -> None:
    treasury = a_treasury(world.a_district())
    cases = [ready(treasury, name, 100_000) for name in ("小李", "王芳", "赵建国")]
    order = sent(treasury, *cases)
    told = together(lambda _n: order_moves.answer(order, all_paid(order), on=TODAY, by=treasury.keeper))
    assert told == {"done": THREADS}
    assert balance(treasury.fund) == 700_000
    assert Case.objects.filter(state="paid").count() == 3


def test_a_grant_is_gathered_into_one_order_or_paid_at_the_desk_and_never_both() -> None:
    treasury = a_treasury(world.a_district())
    case = ready(treasury)

    def either(number: int) -> None:
        if number % 2:
            order_moves.make(treasury.fund, [case.subject], by=treasury.keeper)
        else:
            paid(treasury.here, case)

    assert together(either) == {"done": 1, "refused": THREADS - 1}


def spend(treasury: Treasury) -> Callable[[int], object]:
    return lambda number: fund_moves.pay_out(
        treasury.fund, 10_000, voucher=f"V{number}", to="慰问品", on=PAID, by=treasury.keeper
    )


def a_limited_treasury() -> Treasury:
    treasury = a_treasury(world.a_district())
    budget_moves.set_budget(
        treasury.fund, 2015, "", 50_000, title="", reason="预算", on=date(2015, 1, 5), by=treasury.keeper
    )
    return treasury


def test_thirty_two_who_spend_at_once_stay_within_the_budget() -> None:
    treasury = a_limited_treasury()
    assert together(spend(treasury)) == {"done": 5, "refused": THREADS - 5}
    assert budgets.rooms(treasury.fund, 2015)[0].left == 0


def test_without_the_locks_they_overdraw_it(unlocked: None) -> None:
    """The control: the race is there."""
    treasury = a_limited_treasury()
    together(spend(treasury))
    left = budgets.rooms(treasury.fund, 2015)[0].left
    assert left is not None and left < 0


def test_promises_made_at_once_stay_within_the_budget() -> None:
    treasury = a_treasury(world.a_district())
    budget_moves.set_budget(
        treasury.fund,
        2015,
        "aid.medical",
        50_000,
        title="医疗救助",
        reason="预算",
        on=date(2015, 1, 5),
        by=treasury.keeper,
    )
    cases = [asked(treasury.here, f"小李{number}") for number in range(THREADS)]
    values = {"fen_agreed": 10_000, "fund": "送温暖"}

    def approve(number: int) -> None:
        move(cases[number].pk, "approve", on=APPROVED, values=values, by=somebody(treasury.here, "aid"))

    assert together(approve) == {"done": 5, "refused": THREADS - 5}
    assert budgets.rooms(treasury.fund, 2015)[0].committed == 50_000


def test_a_posting_taken_back_by_many_is_taken_back_once() -> None:
    treasury = a_treasury(world.a_district())
    number = fund_moves.pay_out(treasury.fund, 10_000, voucher="V", to="慰问品", on=PAID, by=treasury.keeper)
    told = together(lambda _n: actions.reverse(number, reason="重复", by=treasury.keeper))
    assert told == {"done": 1, "refused": THREADS - 1}
    assert balance(treasury.fund) == 1_000_000
