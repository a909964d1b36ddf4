"""What a worker asks of their own accord: to join the union of their employer; where there is none, that one be founded."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from unionhall.cases import actions, note_moves, union_building
from unionhall.cases.clock_models import Note
from unionhall.cases.models import Case
from unionhall.cases.union_building import FOUNDING, JOINING
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.models import Employer
from unionhall.people.models import Person


def ask(employer: int, job: str, *, pledged: bool, now: datetime, by: Actor, sent: str = "") -> Case:
    """Ask to join the union that covers the employer today. Asked again while that is under way, it is the first.

    Refused: a member already ("person"), no union that covers ("none"), not declared ("pledge"), a job too long ("job").
    """
    if by.person is None:
        raise NotYours(JOINING)
    job = union_building.job_of(job)
    if not pledged:
        raise Refused("入会自愿：请勾选您的声明。", code="pledge")
    day = timezone.localdate(now)
    with transaction.atomic():
        Person.objects.lock(by.person)  # two taps of one person come one after the other
        if (first := union_building.under_way(JOINING, person=by.person)) is not None:
            return first
        union = union_building.union_for(employer, day)
        if union is None:
            raise Refused("这家单位还没有工会。", code="none")
        values = {"job": job, "pledge": "yes"}
        return actions.open_case(
            JOINING, path=union.path, on=day, values=values, by=by, person=by.person, employer=employer, sent=sent
        )


def wish(employer: int, *, agreed: bool, now: datetime, by: Actor, sent: str = "") -> Case:
    """Ask that a union be founded where one works; with one's consent it is a lead, or one voice more for the one there is.

    Refused: without consent ("agreed"), or where a union covers by now ("employer").
    """
    if by.person is None:
        raise NotYours(FOUNDING)
    if not agreed:
        raise Refused("要把线索交给工会，请先勾选同意。", code="agreed")
    day = timezone.localdate(now)
    with transaction.atomic():
        Person.objects.lock(by.person)  # two taps of one person come one after the other
        row = Employer.objects.select_for_update(no_key=True).get(pk=employer)
        first = union_building.under_way(FOUNDING, employer=employer)
        if first is None:
            return actions.open_case(
                FOUNDING,
                path=row.path,
                on=day,
                values={},
                by=by,
                person=by.person,
                employer=employer,
                cause="unknown",
                sent=sent,
            )
        wished = Note.objects.filter(case=first, kind="wished", by=by.account).exists()
        if first.person_id != by.person and not wished:
            note = note_moves.take_down(first, "wished", by=by)
            audit.write("case.wished", by=by, subject=first.subject, path=first.path, rows=(note,), about=by.person)
        return first
