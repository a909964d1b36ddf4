"""What a counsellor reads: who comes to them, and what they themselves wrote. Nobody else reads a note, however high."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from unionhall.kernel.actor import Actor
from unionhall.offers import service
from unionhall.offers.models import LIVE, Counter, Note, Participation


def who_comes(by: Actor, day: date) -> "QuerySet[Participation]":
    """Participations of the items this account works with on a day, where notes are kept; `noted`: it wrote one."""
    items = Counter.objects.of(by).on(day).filter(offer__service__in=service.with_notes()).values("offer")
    written = Note.objects.visible_to(by).filter(participation=OuterRef("pk"))
    rows: QuerySet[Participation] = Participation.objects.filter(offer__in=items, state__in=LIVE)
    return rows.annotate(noted=Exists(written)).select_related("offer", "session", "person")


def my_note(participation: int, *, by: Actor) -> str:
    """What this account wrote of a participation; empty when it wrote nothing."""
    note = Note.objects.visible_to(by).filter(participation=participation).first()
    return note.text.reveal(by, "本人记录", _unwitnessed) if note is not None and note.text is not None else ""


def _unwitnessed(actor: Actor, purpose: str, column: str, uid: int) -> None:
    """Reading what one wrote oneself is no look at somebody's data."""
