"""What people say of where they were, and what a counsellor keeps for themselves."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.offers import service
from unionhall.offers.models import ATTENDED, Counter, Note, Participation
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer

LONGEST = 500
LONGEST_NOTE = 20_000


def give_feedback(participation: int, score: int, comment: str, *, by: Actor) -> None:
    """One to five and, if they like, some words: by who was there, about their own. Said again, it replaces the first."""
    with transaction.atomic():
        row = Participation.objects.select_for_update(no_key=True).filter(pk=participation).first()
        if row is None or by.person is None or row.person_id != by.person:
            raise NotYours(f"participation:{participation}")
        if row.state != ATTENDED:
            raise Refused("参加以后才能评价。")
        if not 1 <= score <= 5:
            raise Refused("请选择一到五分。", code="score")
        if len(comment.strip()) > LONGEST:
            raise Refused("请写得短一些，最多 {longest} 个字。", code="comment", longest=LONGEST)
        row.score = score
        row.comment = sealer(Participation, "comment")(row.pk, comment.strip()) if comment.strip() else None
        row.digest = None
        row.save(update_fields=["score", "comment", "digest"])
        audit.write("offer.feedback", by=by, subject=row.subject, path=row.path, rows=(row,), about=row.person_id)


def keep_note(participation: int, text: str, *, now: datetime, by: Actor) -> None:
    """What a counsellor keeps of a conversation, sealed; the same account's earlier note is replaced.

    Only for services that declare `private_notes`, and accounts that stand at the item's counter. Nobody else reads it.
    """
    with transaction.atomic():
        row = Participation.objects.select_related("offer").filter(pk=participation).first()
        if row is None or by.account is None:
            raise NotYours(f"participation:{participation}")
        mine = Counter.objects.of(by).on(timezone.localdate(now)).filter(offer=row.offer_id)
        if not service.find(row.offer.service).private_notes or not mine.exists():
            raise NotYours(f"participation:{participation}")
        if not text.strip() or len(text) > LONGEST_NOTE:
            raise Refused("请写下记录，最多两万字。", code="text")
        note = Note.objects.select_for_update().filter(participation=participation, account=by.account).first()
        if note is None:
            (number,) = bulk.ids(Note, 1)
            note = Note(pk=number, participation=row, account=by.account, at=now)
        note.at, note.text = now, sealer(Note, "text")(note.pk, text.strip())
        note.save()
        audit.write("offer.note", by=by, subject=row.subject, path=row.path, keys=[(Note, [note.pk])])
