"""Matchmaking by mutual consent: opting in, a yes or a no nobody else learns of, withdrawing at any time.

Nothing of it is on the desk. The audit says that somebody answered at an event, and never about whom or what.
"""

from datetime import datetime

from django.db import transaction

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.offers import matches
from unionhall.offers.match_models import Answer, Profile
from unionhall.people.models import Person
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer

LONGEST_WORDS, LONGEST_CONTACT = 300, 60


def opt_in(words: str, contact: str, *, single: bool, now: datetime, by: Actor) -> None:
    """Take part, or change what one says: a grown-up member who declares to be single. Refused: who is not ("single",
    "person"), nothing written ("words", "contact").
    """
    if by.person is None:
        raise NotYours("profile")
    with transaction.atomic():
        Person.objects.lock(by.person)  # two telephones of one person wait for each other
        if why := matches.may_take_part(by.person, now):
            raise Refused(why, code="person")
        if not single:
            raise Refused("单身联谊只面向单身职工，请确认您目前单身。", code="single")
        if not 0 < len(words.strip()) <= LONGEST_WORDS:
            raise Refused("请介绍一下自己，最多 {longest_words} 个字。", code="words", longest_words=LONGEST_WORDS)
        if not 0 < len(contact.strip()) <= LONGEST_CONTACT:
            raise Refused(
                "请填写联系方式，最多 {longest_contact} 个字。", code="contact", longest_contact=LONGEST_CONTACT
            )
        row = Profile.objects.select_for_update().filter(person=by.person).first()
        if row is None:
            row = Profile(pk=bulk.ids(Profile, 1)[0], person_id=by.person)
        row.words = sealer(Profile, "words")(row.pk, words.strip())
        row.contact = sealer(Profile, "contact")(row.pk, contact.strip())
        row.declared_at, row.withdrawn_at = now, None
        row.save()
        audit.write("match.profile", by=by, subject=f"profile:{row.pk}", rows=(row,))


def answer(session: int, participation: int, *, yes: bool, now: datetime, by: Actor) -> None:
    """Yes or no to somebody one met at this event; said again, it replaces the first. A no looks like no answer to the other."""
    with transaction.atomic():
        if by.person is None:
            raise NotYours(f"session:{session}")
        Person.objects.lock(by.person)  # two telephones of one person wait for each other
        met = {row.pk: row.person_id for row in matches.rows_met(session, now=now, by=by)}
        if participation not in met:
            raise NotYours(f"participation:{participation}")
        other = met[participation]
        both = [matches.digest(session, by.person, other, said) for said in ("yes", "no")]
        before = list(Answer.objects.filter(told__in=both).values_list("pk", flat=True))
        Answer.objects.filter(pk__in=before).delete()
        row = Answer.objects.create(session_id=session, person_id=by.person, told=both[0] if yes else both[1])
        audit.write("match.answer", by=by, subject=f"session:{session}", rows=(row,), keys=[(Answer, before)])


def withdraw(*, now: datetime, by: Actor) -> None:
    """Take part no longer, from this moment: what was said is emptied, what was answered is gone, nobody sees one any more."""
    if by.person is None:
        raise NotYours("profile")
    with transaction.atomic():
        Person.objects.lock(by.person)  # two telephones of one person wait for each other
        row = Profile.objects.select_for_update().filter(person=by.person, withdrawn_at=None).first()
        if row is None:
            raise Refused("您没有参加联谊配对。")
        gone = list(Answer.objects.filter(person=by.person).values_list("pk", flat=True))
        Answer.objects.filter(pk__in=gone).delete()
        row.words = row.contact = None
        row.withdrawn_at = now
        row.save()
        audit.write("match.withdraw", by=by, subject=f"profile:{row.pk}", rows=(row,), keys=[(Answer, gone)])
