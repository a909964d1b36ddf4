"""What an officer of the district sets: other words for a kind, and the quiet hours. Dated rows; what stood before stays."""

from datetime import date

from django.db import transaction

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.messages.kinds import LANGUAGES, Kind, Words, wrong_words
from unionhall.messages.models import QuietHours, Wording
from unionhall.organisations import places
from unionhall.organisations.roles import holders
from unionhall.storage import turns

RIGHT = "messages.change"


def reword(kind: Kind, language: str, words: Words, *, by: Actor, on: date) -> int:
    """These words for a kind in one language from a day on; the row's id. Refused: empty, too long, or fields it has not."""
    by.must_reach(places.top(), *holders(RIGHT))
    if language not in LANGUAGES:
        raise Refused("请在列出的语言里选择。", code="language")
    part, wrong = wrong_words(kind, language, words)
    if wrong:
        raise Refused(wrong, code=part)
    with transaction.atomic():
        turns.take(Wording)
        closed = _close(kind, language, on)
        row = Wording.objects.create(kind=kind.key, language=language, **words._asdict(), since=on, by=by.account)
        audit.write(
            "message.reword", by=by, subject=f"wording:{row.pk}", path=places.top(), rows=[row, *closed], note=kind.key
        )
        return row.pk


def own_words(kind: Kind, language: str, *, by: Actor, on: date) -> bool:
    """Back to the words the kind was declared with, from a day on; False when they hold already."""
    by.must_reach(places.top(), *holders(RIGHT))
    with transaction.atomic():
        turns.take(Wording)
        closed = _close(kind, language, on)
        if closed:
            audit.write("message.reword", by=by, path=places.top(), rows=closed, note=kind.key)
        return bool(closed)


def set_quiet_hours(begins: int, ends: int, *, by: Actor, on: date) -> int:
    """Minutes after midnight between which no telephone rings, from a day on; equal: none. The row's id."""
    by.must_reach(places.top(), *holders(RIGHT))
    if not (0 <= begins < 1440 and 0 <= ends < 1440):
        raise Refused("请按 22:00 这样填写时刻。", code="begins")
    with transaction.atomic():
        turns.take(QuietHours)
        closed = list(QuietHours.objects.filter(until=None))
        QuietHours.objects.filter(until=None).update(until=on)
        row = QuietHours.objects.create(begins=begins, ends=ends, since=on, by=by.account)
        audit.write(
            "message.quiet",
            by=by,
            subject=f"quiethours:{row.pk}",
            path=places.top(),
            rows=[row, *closed],
            note=str(row),
        )
        return row.pk


def _close(kind: Kind, language: str, on: date) -> list[Wording]:
    standing = Wording.objects.filter(kind=kind.key, language=language, until=None)
    closed = list(standing)
    standing.update(until=on)
    return closed
