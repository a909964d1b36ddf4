"""Grants as the treasury pays them: what is approved and owed, paid by the matter's own move, noted when the bank returns
it, and owed again when its payment is taken back.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q

from unionhall.cases import actions
from unionhall.cases import service as services
from unionhall.cases.models import Case
from unionhall.cases.promise_moves import APPROVED, PAID, cause_of
from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.actions import Entry
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.workflow import Move
from unionhall.ledger import payables, undoing
from unionhall.ledger.models import Commitment, Posting
from unionhall.ledger.payables import Payable, Source

KIND, RETURNED = "case", "returned"
MOST = 2_000
"""Grants owed that are listed at once: the oldest."""


def _pays(case: Case) -> Move | None:
    """The step that pays a matter, when it stands before one."""
    steps = services.find(case.service).workflow.leaving(case.state)
    return next((step for step in steps if step.target == PAID), None)


def _owed(by: Actor) -> list[Payable]:
    """Approved grants this actor may pay, the oldest first."""
    rows = Case.objects.visible_to(by).filter(state=APPROVED, fen_agreed__gt=0).select_related("person")
    found = [row for row in rows.order_by("accepted_on", "pk")[:MOST] if _is_theirs(row, by)]
    return _payables(found)


def _held(subjects: Sequence[str], by: Actor) -> list[Payable]:
    """These, locked in the order of their ids; Refused when one is not owed any more."""
    numbers = [int(subject.partition(":")[2]) for subject in subjects]
    rows = list(Case.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk"))
    if len(rows) < len(numbers):
        raise NotYours(",".join(subjects))
    for row in rows:
        if not by.reaches(row.path):
            raise NotYours(row.subject)
        if row.state != APPROVED or not row.fen_agreed or _pays(row) is None:
            raise Refused("{number} 现在不是待发放，请刷新页面再选。", code="sel", number=row.number)
        if not _is_theirs(row, by):
            raise NotYours(row.subject)
    return _payables(rows)


def _is_theirs(row: Case, by: Actor) -> bool:
    step = _pays(row)
    return step is not None and by.reaches(row.path, step.by)


def _payables(rows: Iterable[Case]) -> list[Payable]:
    causes = {cause_of(row): row for row in rows}
    funds = dict(Commitment.objects.filter(Q(cause__in=list(causes)), ended_on=None).values_list("cause", "fund"))
    return [
        Payable(
            row.subject, cause, row.service, row.number, row.path, row.fen_agreed or 0, row.person_id, funds.get(cause)
        )
        for cause, row in causes.items()
    ]


def _pay(subject: str, fund: str, on: date, by: Actor) -> None:
    number = int(subject.partition(":")[2])
    step = _pays(Case.objects.get(pk=number))
    if step is None:
        raise Refused("这件事现在不是待发放，不能支付。", code="file")
    actions.move(number, step.name, on=on, values={"fund": fund}, by=by)


def _came_back(subject: str, on: date, reason: str, by: Actor) -> None:
    case = Case.objects.get(pk=int(subject.partition(":")[2]))
    entry = Entry(case.service, RETURNED, case.path, on, subject, person=case.person_id, reason=reason[:100])
    journal.write(entry, by=by)


def _hold(posting: Posting) -> undoing.Undo | None:
    """The matter a posting paid; its cause names it ("aid.medical:JZ00001:paid", perhaps "#2")."""
    service, _, rest = posting.cause.partition(":")
    number, _, act = rest.rpartition(":")
    if act.partition("#")[0] != PAID:
        return None
    case: Case | None = Case.objects.select_for_update().filter(service=service, number=number).first()
    if case is None:
        return None
    held = case

    def undo(reason: str, by: Actor) -> None:
        """The matter stands before its payment again, and its line counts no more."""
        journal.void(Line.objects.standing().filter(subject=held.subject, act=PAID), by=by, reason=reason)
        held.state, held.result, held.closed_on, held.fen_paid, held.digest = APPROVED, "", None, None, None
        held.save()
        audit.write("case.unpaid", by=by, subject=held.subject, path=held.path, rows=(held,), about=held.person_id)

    return undo


SOURCE = Source(KIND, _owed, _held, _pay, _came_back)
payables.declare(SOURCE)
undoing.declare(KIND, _hold)
