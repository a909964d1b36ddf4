"""Occasions of what is one's own and nobody else's: notices, what one wants to be reached by, a counsellor's notes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from tests.matrix.occasions import by, kept_out, let_in, occasion
from tests.matrix.occasions_pages import reader_of, shown, text_of
from tests.matrix.scene import Scene
from unionhall.access.models import WorkerAccount
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.messages import reading
from unionhall.messages.actions import notices, preferences
from unionhall.messages.actions.preferences import Wanted
from unionhall.messages.models import Notice, Preference
from unionhall.offers.models import Note, Participation
from unionhall.people.models import Person
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer

ONE, OTHER = "finance", "labour"
MAILBOX = "zqsecret@example.com"


def _now() -> datetime:
    return timezone.now()


def _read(visitor: str, scene: Scene) -> bool:
    return Notice.objects.get(pk=scene.owned["notice", visitor]).read_at is not None


@occasion
def one_reads_ones_own_notices_only(scene: Scene) -> Iterator[str]:
    me = by(scene, (ONE, "own"))
    theirs = scene.owned["notice", OTHER]
    mine = Notice.objects.filter(account=scene.accounts[ONE].pk, read_at=None).count()
    if reading.unread(me) != mine:
        yield f"{reading.unread(me)} unread, of {mine} that are one's own"
    yield kept_out("somebody else's notice", lambda: notices.read(theirs, by=me, now=_now()))
    notices.read_all(by=me, now=_now())
    yield "" if _read(ONE, scene) else "one's own notice is not read"
    yield "all of everybody's notices are read" if _read(OTHER, scene) else ""


@occasion
def one_chooses_for_oneself_only(scene: Scene) -> Iterator[str]:
    wanted = Wanted(False, False, True, "en", mailbox=MAILBOX)
    yield let_in("one's own", lambda: preferences.choose(wanted, by=by(scene, (OTHER, "own")), now=_now()))
    preferences.choose(wanted, by=by(scene, (OTHER, "own")), now=_now())
    preferences.choose(replace_mailbox(wanted, ""), by=by(scene, (ONE, "own")), now=_now())
    kept = Preference.objects.get(account=scene.accounts[OTHER].pk)
    yield "" if kept.mailbox is not None else "somebody else's mailbox was taken away"


def replace_mailbox(wanted: Wanted, mailbox: str) -> Wanted:
    return wanted._replace(mailbox=mailbox, email=False)


@occasion
def the_forms_of_notices_show_ones_own_choice(scene: Scene) -> Iterator[str]:
    """Drawn from one's own row: "not chosen yet" is what somebody without one sees, whatever others chose."""
    chosen = Wanted(False, False, True, "en", mailbox=MAILBOX)
    preferences.choose(chosen, by=by(scene, (OTHER, "own")), now=_now())
    english = '<option value="en" selected'
    yield shown("one's own language", text_of(reader_of(scene.accounts[OTHER]), "desk-ways"), english, True)
    yield shown("another's language", text_of(reader_of(scene.accounts[ONE]), "desk-ways"), english, False)
    worker = text_of(reader_of(scene.accounts["worker"]), "me-ways")
    yield shown("an officer's language to a worker", worker, english, False)
    last = Person.objects.exclude(mobile=None).order_by("pk").last()
    assert last is not None
    WorkerAccount.objects.filter(account=scene.accounts["worker"]).update(person=last)
    worker = text_of(reader_of(scene.accounts["worker"]), "me-ways")
    yield shown("one's own number", worker, str(last.mobile), True)


@occasion
def a_note_is_its_authors_alone(scene: Scene) -> Iterator[str]:
    (number,) = bulk.ids(Note, 1)
    row: Any = Participation.objects.first()
    envelope = sealer(Note, "text")(number, "ZQSECRET")
    Note.objects.create(pk=number, participation=row, account=scene.accounts[ONE].pk, at=_now(), text=envelope)
    author, leader = by(scene, (ONE, "own")), by(scene, ("leader", "parent"))
    yield "" if Note.objects.visible_to(author).exists() else "the author does not see the note"
    yield "a leader sees the note" if Note.objects.visible_to(leader).exists() else ""
    yield "the system sees the note" if Note.objects.visible_to(SYSTEM).exists() else ""
    worker = replace(author, account=None, person=row.person_id) if isinstance(author, Actor) else author
    yield "who it is about sees the note" if Note.objects.visible_to(worker).exists() else ""
