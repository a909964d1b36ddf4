"""Whom a matter is given to by name, and the word they get. 全响应网格: a worker's appeal is first with whoever is on duty for
its community or cell; the station comes after.
"""

from django.utils import timezone

from unionhall.cases import note_moves, notices, reach
from unionhall.cases import service as services
from unionhall.cases.clock_models import Note
from unionhall.cases.models import Case
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.messages import actions as messages
from unionhall.messages.actions import Addressed


def land(case: Case, *, by: Actor) -> None:
    """Give an appeal that has just come to a place to whoever is on duty there today, if somebody is, and tell them."""
    if not services.find(case.service).grid or case.closed_on is not None:
        return
    account = reach.on_duty(case.path, timezone.localdate())
    if account is None:
        return
    case.handler_id, case.level, case.digest = account, reach.CELL, None
    case.save(update_fields=["handler", "level", "digest"])
    note = note_moves.take_down(case, "landed", said={"account": account}, by=by)
    audit.write("case.landed", by=by, subject=case.subject, path=case.path, rows=(case, note), about=case.person_id)
    tell(case, note, by=by)


def tell(case: Case, note: Note, *, by: Actor) -> None:
    """Word to whom a matter was given, unless they did that themself; once for each giving."""
    account = case.handler_id
    if account is not None and account != by.account:
        given = Addressed(f"case.given:{note.pk}", None, account, notices.about(case), case.subject)
        messages.queue_many(notices.GIVEN, [given], by=by)
