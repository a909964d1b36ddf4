"""Any story of the treasury: whatever is paid, promised, taken back, closed and opened again, the books hold.

The ordinary run tells forty stories, a third of them on PostgreSQL; LEDGER_STORIES=2000 tells as many as it says (docs/developers/testing.md).
"""

import os
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests import world
from tests.examples import examples
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import Refused
from unionhall.ledger import actions, books, budget_moves, budgets, closing_moves, commitment_moves, fund_moves
from unionhall.ledger.models import Closing, Entry, Fund, Posting

STORIES = int(os.environ.get("LEDGER_STORIES", examples(40)))
LIMIT = 1_000
"""The budgets' size in fen: amounts are drawn around what is left of it."""
DAYS = [date(2015, month, day) for month in (1, 2, 3) for day in (1, 28)]
SERVICES = ("aid.medical", "aid.living")
CAUSES = [f"aid.medical:{number}:paid" for number in range(4)]
near = st.sampled_from((-1, 0, 1))


class Treasury(RuleBasedStateMachine):
    """A fund with a budget for a service and one for the whole, and what a model of plain numbers says it holds."""

    here: world.World

    @initialize()
    def open_books(self) -> None:
        self.point = transaction.atomic()
        self.point.__enter__()
        self.fund = world.a_fund(self.here)
        fund_moves.take_in(self.fund, 100 * LIMIT, voucher="in", source="拨款", on=DAYS[0], by=SYSTEM)
        for service, fen in (("", 2 * LIMIT), (SERVICES[0], LIMIT)):
            budget_moves.set_budget(
                self.fund, 2015, service, fen, title="医疗救助", reason="预算", on=DAYS[0], by=SYSTEM
            )
        self.held = 100 * LIMIT
        self.paid: dict[str, tuple[int, int, str]] = {}  # cause -> posting, fen, service
        self.allowed = {"": 0, SERVICES[0]: 0}
        self.budget = {"": 2 * LIMIT, SERVICES[0]: LIMIT}
        self.promised: dict[str, int] = {}
        self.told = 0

    def teardown(self) -> None:
        if hasattr(self, "point"):
            transaction.set_rollback(True)
            self.point.__exit__(None, None, None)

    def left(self, service: str, without: str = "") -> int:
        """What the model says may still be spent on a service."""
        promised = {cause: fen for cause, fen in self.promised.items() if cause != without}
        whole = sum(fen for _posting, fen, _service in self.paid.values()) + sum(promised.values())
        room = self.budget[""] + self.allowed[""] - whole
        if service != SERVICES[0]:
            return room
        mine = sum(fen for _posting, fen, what in self.paid.values() if what == service) + sum(promised.values())
        return min(room, self.budget[service] + self.allowed[service] - mine)

    def closed(self, on: date) -> bool:
        until = books.closed_until(self.here.root)
        return until is not None and on < until

    @rule(
        cause=st.sampled_from(CAUSES),
        service=st.sampled_from(SERVICES),
        on=st.sampled_from(DAYS),
        off=near,
        small=st.booleans(),
    )
    def pay(self, cause: str, service: str, on: date, off: int, small: bool) -> None:
        fen = max(1, (1 if small else self.left(service, cause)) + off)
        lawful = not self.closed(on) and cause not in self.paid and fen <= self.left(service, cause)
        try:
            with transaction.atomic():
                movement = actions.payment(cause, self.fund, fen, service, on, self.here.willow)
                (posting,) = actions.post_many([movement], by=SYSTEM)
        except Refused:
            assert not lawful
            return
        assert lawful
        self.paid[cause] = (posting, fen, service)
        self.promised.pop(cause, None)
        self.held -= fen

    @rule(cause=st.sampled_from(CAUSES), off=near, small=st.booleans())
    def promise(self, cause: str, off: int, small: bool) -> None:
        fen = max(1, (1 if small else self.left(SERVICES[0])) + off)
        # A cause that was paid is promised no more by any concept: the matter is over.
        if cause in self.paid:
            return
        lawful = cause not in self.promised and fen <= self.left(SERVICES[0])
        try:
            with transaction.atomic():
                commitment_moves.reserve(
                    cause,
                    self.fund,
                    fen,
                    subject="case:1",
                    service=SERVICES[0],
                    on=DAYS[0],
                    path=self.here.willow,
                    by=SYSTEM,
                )
        except Refused:
            assert not lawful
            return
        assert lawful
        self.promised[cause] = fen

    @rule(cause=st.sampled_from(CAUSES))
    def drop(self, cause: str) -> None:
        found = commitment_moves.release(cause, on=DAYS[0], because="dropped", by=SYSTEM)
        assert (found is not None) == (self.promised.pop(cause, None) is not None)

    @rule(cause=st.sampled_from(CAUSES))
    def take_back(self, cause: str) -> None:
        if cause not in self.paid:
            return
        posting, fen, service = self.paid[cause]
        if self.closed(Posting.objects.get(pk=posting).on):
            # Dated today, it gives room to today's year; 2015 keeps what it spent.
            return
        actions.reverse(posting, reason="误付", by=SYSTEM)
        del self.paid[cause]
        self.held += fen
        again = budgets.promise_of(cause)
        if again is not None:
            self.promised[cause] = again.fen
            commitment_moves.release(cause, on=DAYS[0], because="dropped", by=SYSTEM)
            del self.promised[cause]
        with pytest.raises(Refused):
            actions.reverse(posting, reason="再冲", by=SYSTEM)
        assert service in SERVICES

    @rule(service=st.sampled_from(("", SERVICES[0])), fen=st.sampled_from((1, 100)))
    def allow(self, service: str, fen: int) -> None:
        budget_moves.allow_more(self.fund, 2015, service, fen, reason="大病", by=SYSTEM)
        self.allowed[service] += fen

    @rule(service=st.sampled_from(("", SERVICES[0])), off=near)
    def revise(self, service: str, off: int) -> None:
        room = next(one for one in budgets.rooms(self.fund, 2015) if one.service == service)
        least = room.committed + room.paid - room.allowed
        fen = max(0, least + off)
        lawful = fen >= least and fen != self.budget[service]
        try:
            with transaction.atomic():
                budget_moves.set_budget(
                    self.fund, 2015, service, fen, title="医疗救助", reason="调整", on=DAYS[0], by=SYSTEM
                )
        except Refused:
            assert not lawful
            return
        assert lawful
        self.budget[service] = fen

    @rule(month=st.sampled_from((1, 2, 3)))
    def close(self, month: int) -> None:
        lawful = not self.closed(date(2015, month, 28))
        try:
            with transaction.atomic():
                closing_moves.close_month(self.here.root, 2015, month, by=SYSTEM)
        except Refused:
            assert not lawful
            return
        assert lawful

    @rule()
    def reopen(self) -> None:
        last = Closing.objects.filter(reopened_at=None).order_by("-until").first()
        if last is not None:
            one, other = (world.an_officer("finance", self.here.root) for _ in range(2))
            closing_moves.ask_to_reopen(last.pk, reason="漏记", by=one)
            closing_moves.reopen(last.pk, by=other)

    @invariant()
    def the_books_hold(self) -> None:
        if not hasattr(self, "held"):
            return
        assert books.uneven() == 0
        assert books.together(books.trial(Fund.objects.all(), date(2099, 1, 1))).balance == 0
        assert actions.balance(self.fund) == self.held
        standing = Posting.objects.filter(cause__endswith=":paid", reverses=None, reversed_by=None)
        standing = standing | Posting.objects.filter(cause__contains=":paid#", reverses=None, reversed_by=None)
        assert sorted(standing.values_list("pk", flat=True)) == sorted(one[0] for one in self.paid.values())
        assert books.changed_since_closed() == []
        for room in budgets.rooms(self.fund, 2015):
            assert room.left is None or room.left >= 0, room
        spent = -sum(Entry.objects.filter(account__startswith="paid:").values_list("fen", flat=True))
        assert spent == -sum(fen for _posting, fen, _service in self.paid.values())


@pytest.mark.slow
@pytest.mark.django_db
def test_whatever_is_told_of_the_treasury_its_books_hold(here: world.World) -> None:
    Treasury.here = here
    told = settings(
        max_examples=STORIES,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(Treasury, settings=told)
