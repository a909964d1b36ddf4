"""What taking something back does to the journal."""

from unionhall.journal import actions as journal
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor


def void_last(subject: str, *acts: str, by: Actor, reason: str) -> int:
    """Void the latest standing line of these acts about a subject ("union:17"); how many were voided."""
    lines = Line.objects.standing().filter(subject=subject, act__in=acts).order_by("-pk")[:1]
    return journal.void(lines, by=by, reason=reason)
