"""Any story of any matter: whatever is done with it, lawful or not, it stands where its declaration says and is counted so.

The ordinary run tells forty stories, a third of them on PostgreSQL; MATTER_STORIES=2000 tells as many as it says (docs/developers/testing.md).
"""

import os
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests import world
from tests.examples import examples
from unionhall import catalogue
from unionhall.cases import actions, handling_moves
from unionhall.cases import service as services
from unionhall.cases.clock_models import Deadline
from unionhall.cases.models import Case
from unionhall.cases.reach import WORKER
from unionhall.journal.models import AuditEntry, Line
from unionhall.kernel.actor import SYSTEM, Actor, Post
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.workflow import Workflow
from unionhall.ledger import actions as ledger
from unionhall.ledger import books, undo_moves
from unionhall.ledger.models import Fund, Posting
from unionhall.organisations.roles import LAWYER

assert catalogue.SERVICES  # declared by being imported

STORIES = int(os.environ.get("MATTER_STORIES", examples(40)))
FIRST = date(2026, 3, 2)
FUND, HELD = "送温暖", 1_000_000
SAID = {"visitors": "王宁、李敏", "elsewhere": "no", "means": "examined", "result": "partly"}
"""What steps are told that want more than some words."""
ELSEWHERE = ("aid.file", "insurance.", "founding", "joining", "station.")
"""Their steps hang on rows of their own, a reckoning, a plan in force, a union: tests/aid and tests/stories tell those stories."""
SERVICES = sorted(one.key for one in services.everyone() if not one.key.startswith(ELSEWHERE))
MOVES = sorted({move.name for one in services.everyone() for move in one.workflow.moves})

KEEPER = Actor(None, "财务", (Post("finance", ""), *SYSTEM.posts))


@dataclass
class Matter:
    """What a model of plain values says of a matter; `stood`: where it stands again when it is opened again."""

    pk: int
    service: str
    person: int
    state: str
    last: date
    stood: str = ""
    fen: int | None = None
    closed: date | None = None
    waits: date | None = None
    again: date = FIRST
    into: int | None = None
    reached: list[str] = field(default_factory=list)

    @property
    def workflow(self) -> Workflow:
        return services.find(self.service).workflow


class AnyMatter(RuleBasedStateMachine):
    here: world.World
    matters = Bundle("matters")

    @initialize()
    def open_books(self) -> None:
        self.point = transaction.atomic()
        self.point.__enter__()
        self.fund = world.a_fund(self.here, FUND)
        ledger.post("in:1", self.fund, (("in:x", -HELD), (ledger.CASH, HELD)), on=FIRST, path=self.here.root, by=SYSTEM)
        self.told: list[Matter] = []
        self.clerk = world.an_officer("station_worker", self.here.root)
        self.lawyers = [world.an_officer("lawyer", self.here.root) for _ in range(2)]

    def teardown(self) -> None:
        if hasattr(self, "point"):
            transaction.set_rollback(True)
            self.point.__exit__(None, None, None)

    def actor(self, matter: Matter, role: str) -> Actor:
        """Whoever may take a step: an officer with the post at the district, or the worker themself."""
        if role == WORKER:
            return Actor(None, "职工", person=matter.person)
        if role == LAWYER:
            return next(one for one in self.lawyers if one.account == Case.objects.get(pk=matter.pk).lawyer_id)
        return Actor(self.clerk.account, role, (Post(role, self.here.root),))

    @rule(target=matters, key=st.sampled_from(SERVICES), off=st.integers(0, 3))
    def bring(self, key: str, off: int) -> Matter:
        service, on = services.find(key), FIRST + timedelta(off)
        values = {one.key: next(iter(one.choices), "话") for one in service.form if one.required}
        # Somebody new each time: the same help twice in a year is refused for its own reason.
        person = world.a_member(self.here, "小李").person
        cause = next(iter(service.causes), "")
        case = actions.open_case(
            key, path=self.here.bridge, on=on, values=values, by=SYSTEM, person=person, cause=cause
        )
        assert case.state == service.workflow.initial
        told = Matter(case.pk, key, person, case.state, on, reached=[case.state])
        self.told.append(told)
        return told

    @rule(
        matter=matters,
        name=st.sampled_from(MOVES),
        lawful_name=st.integers(0, 9),
        off=st.sampled_from((-1, 0, 0, 1)),
        fen=st.sampled_from((0, 1, 100)),
        leaves_out=st.integers(0, 5),
        role=st.sampled_from(("", "", "", "scorer")),
    )
    def step(self, matter: Matter, name: str, lawful_name: int, off: int, fen: int, leaves_out: int, role: str) -> None:
        steps = matter.workflow.leaving(matter.state)
        if lawful_name and steps:
            name = steps[lawful_name % len(steps)].name
        step = next((one for one in steps if one.name == name), None)
        asks = step.asks if step is not None else ()
        other = next(one for one in self.lawyers if one.account != Case.objects.get(pk=matter.pk).lawyer_id)
        said_of = SAID | {"fen_agreed": fen, "fund": FUND, "lawyer": other.account}
        values: dict[str, Any] = {what: said_of.get(what, "话") for what in asks}
        if leaves_out < len(asks):
            del values[asks[leaves_out]]
        on = matter.last + timedelta(off)
        by = self.actor(matter, role or (step.by if step is not None else "station_worker"))
        said = matter.fen if "fen_agreed" not in values else fen
        lawful = step is not None and not role and len(values) == len(asks) and off >= 0
        lawful = lawful and not (step is not None and step.target == "paid" and not said)
        lines, audited = Line.objects.count(), AuditEntry.objects.filter(act="case.move").count()
        try:
            with transaction.atomic():
                case = actions.move(matter.pk, name, on=on, values=values, by=by)
        except (Refused, NotYours):
            assert not lawful, (matter, name, values, on)
            assert (Line.objects.count(), AuditEntry.objects.filter(act="case.move").count()) == (lines, audited)
            return
        assert lawful and step is not None, (matter, name, values, on)
        assert AuditEntry.objects.filter(act="case.move").count() == audited + 1
        again = matter.closed is not None and step.target not in matter.workflow.closing
        if not (again and step.target in matter.reached):
            assert Line.objects.count() > lines, "no step without its line"
        matter.reached.append(step.target)
        if step.target not in matter.workflow.closing:
            matter.closed, matter.stood = None, ""
        elif matter.closed is None:
            matter.closed, matter.stood, matter.waits = on, matter.state, None
        matter.state, matter.fen = step.target, said
        if step.target == "accepted":
            matter.last = on
        assert case.state == matter.state

    @rule(matter=matters, wait=st.booleans())
    def papers(self, matter: Matter, wait: bool) -> None:
        """Given back for papers, or the papers are there."""
        lawful = matter.closed is None and (matter.waits is None) == wait
        # A clock begun again today cannot have stopped before.
        on = max(matter.last + timedelta(1), matter.again) if wait else matter.waits or matter.last
        try:
            with transaction.atomic():
                if wait:
                    handling_moves.give_back(matter.pk, reason="缺合同", on=on, by=self.handler())
                else:
                    handling_moves.complete(matter.pk, on=on, by=self.handler())
        except Refused:
            assert not lawful, matter
            return
        assert lawful, matter
        matter.waits = on if wait else None

    def handler(self) -> Actor:
        """An officer whose posts change every kind of matter."""
        roles = ("station_worker", "rights", "aid", "organisation", "labour")
        return Actor(self.clerk.account, "经办", tuple(Post(role, self.here.root) for role in roles))

    @rule(matter=matters)
    def open_again(self, matter: Matter) -> None:
        lawful = matter.closed is not None and matter.state != "paid"
        try:
            with transaction.atomic():
                handling_moves.reopen(matter.pk, on=timezone.localdate(), reason="职工来电", by=self.handler())
        except Refused:
            assert not lawful, matter
            return
        assert lawful, matter
        matter.state, matter.closed, matter.stood, matter.into = matter.stood, None, "", None
        matter.again = timezone.localdate()

    @rule(one=matters, other=matters)
    def merge(self, one: Matter, other: Matter) -> None:
        lawful = one.pk != other.pk and one.service == other.service and other.into is None
        lawful = lawful and one.into is None and one.closed is None
        try:
            with transaction.atomic():
                handling_moves.merge(one.pk, other.pk, reason="同一件事", by=self.handler())
        except Refused:
            assert not lawful, (one, other)
            return
        assert lawful, (one, other)
        one.stood, one.state, one.closed, one.into, one.waits = one.state, "merged", date.max, other.pk, None

    @rule(matter=matters)
    def take_back(self, matter: Matter) -> None:
        if matter.state != "paid":
            return
        standing = Posting.objects.filter(
            cause__contains=f":{Case.objects.get(pk=matter.pk).number}:paid", reverses=None
        )
        posting = standing.filter(reversed_by=None).get()
        assert undo_moves.take_back(posting.pk, reason="误付", by=KEEPER) == ["case"]
        matter.state, matter.closed, matter.stood = "approved", None, ""

    @invariant()
    def every_matter_stands_where_its_story_says(self) -> None:
        for matter in getattr(self, "told", ()):
            case = Case.objects.get(pk=matter.pk)
            assert (case.state, case.closed_on is None) == (matter.state, matter.closed is None), matter
            assert (case.waiting_since is not None) == (matter.waits is not None and matter.closed is None), matter
            running = Deadline.objects.running().filter(case=case)
            assert not running.values("clock").annotate(n=Count("pk")).filter(n__gt=1).exists()
            service = services.find(matter.service)
            duties = [one.key for one in service.clocks if not one.window]
            days = [row.due_on for row in running if row.clock in duties and row.suspended_on is None and row.due_on]
            assert case.due_on == min(days, default=None), matter
            if matter.closed is not None:
                starts = {one.key for one in service.clocks if one.start == matter.state}
                assert {row.clock for row in running} <= starts, matter
            standing = Line.objects.standing().filter(subject=case.subject)
            ended = set(standing.values_list("act", flat=True)) & service.workflow.final
            assert ended == {matter.state} & service.workflow.final, (matter, ended)
            if matter.into is not None:
                assert not standing.exists(), matter
            assert standing.filter(act="received").count() <= 1

    @invariant()
    def money_is_where_it_is_said_to_be(self) -> None:
        if not hasattr(self, "told"):
            return
        paid = {matter.pk: matter.fen for matter in self.told if matter.state == "paid"}
        standing = Posting.objects.filter(reverses=None, reversed_by=None, cause__contains=":paid")
        assert standing.count() == len(paid)
        assert ledger.balance(self.fund) == HELD - sum(fen or 0 for fen in paid.values())
        assert books.uneven() == 0
        for pk, fen in paid.items():
            assert Line.objects.standing().filter(subject=f"case:{pk}", act="paid").get().fen == fen


@pytest.mark.slow
@pytest.mark.django_db
def test_whatever_is_done_with_a_matter_it_stands_where_its_declaration_says(here: world.World) -> None:
    AnyMatter.here = here
    assert not Fund.objects.exists()
    told = settings(
        phases=(Phase.explicit, Phase.generate),
        max_examples=STORIES,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(AnyMatter, settings=told)
