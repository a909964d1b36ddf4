"""What a dispute counts as over all its matters: each worker helped once, each yuan won once, however often it changed hands.

A dispute that was spoken up about, mediated, given legal aid and taken to court is one chain. Its own journal lines are
those of the subject "chain:<first matter>", of the service "rights": `begun`, one for the chain; `helped`, one for each
worker; `aided`, one for each worker and service, by which a service counts its people; `recovered`, what each result added to what had been won before. Whatever happens in one of its matters, the lines are
made to say what holds now: those that no longer do are voided, and stay to be seen (decision 0019).
"""

from collections.abc import Iterable

from unionhall.cases import service as services
from unionhall.cases.chains import chains_of, subject_of
from unionhall.cases.models import Case
from unionhall.journal import actions as journal
from unionhall.kernel.actor import Actor

_AT_ONCE = 500


def recount(case: Case, *, by: Actor, reason: str = "同一争议各环节合并计数") -> None:
    """Make the lines of a matter's chain say what holds now; nothing is written where nothing changed."""
    if services.find(case.service).chain:
        recount_many([case.root], by=by, reason=reason)


def recount_many(roots: Iterable[int], *, by: Actor, batch: int | None = None, reason: str = "更正登记") -> None:
    """`recount` of many chains, named by their first matters."""
    numbers = sorted(set(roots))
    for at in range(0, len(numbers), _AT_ONCE):
        wanted = {subject_of(one.root): list(one.entries()) for one in chains_of(numbers[at : at + _AT_ONCE])}
        journal.correct(wanted, by=by, batch=batch, reason=reason)
