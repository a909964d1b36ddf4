"""What a worker brings themself, from their telephone: a matter of their own, at the place they belong to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from unionhall.cases import actions, handling_moves, note_moves, reach
from unionhall.cases import service as services
from unionhall.cases.models import Case
from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.actions import Entry
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.people.models import Membership, Person

LONGEST = 500
"""Characters of an answer."""
RATINGS = {"good": "满意", "fair": "基本满意", "bad": "不满意"}


def check(key: str, cause: str, values: Mapping[str, Any], *, by: Actor) -> None:
    """May this be brought, with these answers? Refused: what is missing or too long, by the field's name; nothing is written."""
    service = services.find(key)
    if by.person is None or not service.from_workers:
        raise NotYours(key)
    if service.causes and cause not in service.causes:
        raise Refused("请从列表中选择是哪一项。", code="cause")
    for field in service.form:
        said = str(values.get(field.key, "")).strip()
        if field.required and not said:
            if field.choices:
                raise Refused("请选择“{title}”。", code=field.key, title=field.title)
            raise Refused("请填写“{title}”。", code=field.key, title=field.title)
        if field.choices and said and said not in field.choices:
            raise Refused("“{title}”请从列出的选项里选择。", code=field.key, title=field.title)
        if len(said) > LONGEST:
            raise Refused(
                "“{title}”最多 {longest} 个字，请写得短一些。", code=field.key, title=field.title, longest=LONGEST
            )


def bring(key: str, cause: str, values: Mapping[str, Any], *, now: datetime, by: Actor, sent: str = "") -> Case:
    """Open a matter of one's own. `sent` is the form's own key: sent twice, it is one matter. Without it the same cause
    again, while the first is under way, is the first.

    Refused: who belongs nowhere yet, a cause the service does not know ("cause"), an answer too long (its field).
    """
    check(key, cause, values, by=by)
    service = services.find(key)
    day = timezone.localdate(now)
    with transaction.atomic():
        # Two taps of one person come one after the other.
        Person.objects.select_for_update(no_key=True).get(pk=by.person or 0)
        mine = Case.objects.filter(service=key, person=by.person)
        mine = mine.filter(details__sent=sent) if sent else mine.filter(cause=cause, closed_on=None)
        first: Case | None = mine.order_by("pk").first()
        if first is not None:
            return first
        at = Membership.objects.on(day).filter(person=by.person).order_by("-since", "-pk").first()
        if at is None:
            raise Refused("现在没有登记的会籍，请带证件到就近的工会服务站办理。", code="person")
        answers = {field.key: str(values.get(field.key, "")).strip() for field in service.form}
        return actions.open_case(
            key,
            path=at.path,
            on=day,
            values=answers,
            by=by,
            person=by.person,
            employer=at.employer_id,
            cause=cause,
            sent=sent,
        )


def step(case: int, name: str, *, reason: str, now: datetime, by: Actor) -> Case:
    """A step of one's own matter that is its worker's to take: to withdraw it, or to say that it is not settled."""
    if by.person is None or not Case.objects.visible_to(by).filter(pk=case).exists():
        raise NotYours(f"case:{case}")
    values = {"reason": reason.strip()} if reason.strip() else {}
    return actions.move(case, name, on=timezone.localdate(now), values=values, by=by)


def add(case: int, text: str, *, now: datetime, by: Actor) -> None:
    """Add something to one's own open matter; where papers were asked for, they are there. Refused: nothing, or too much."""
    text = text.strip()
    if not text:
        raise Refused("请写下要补充的内容。", code="text")
    if len(text) > LONGEST:
        raise Refused("最多 {longest} 个字，请写得短一些。", code="text", longest=LONGEST)
    with transaction.atomic():
        row = _mine(case, by)
        if row.closed_on is not None:
            raise Refused("这件事已经办结，不能再补充。")
        if row.waiting_since is not None:
            handling_moves.complete(case, on=timezone.localdate(now), text=text, by=by)
            return
        note = note_moves.take_down(row, "added", text=text, by=by)
        audit.write("case.added", by=by, subject=row.subject, path=row.path, rows=(note,), about=row.person_id)


def rate(case: int, score: str, said: str, *, now: datetime, by: Actor) -> None:
    """Say how satisfied one is with how one's own matter was handled; said again, the last word counts, once."""
    if score not in RATINGS:
        raise Refused("请选择满意程度。", code="score")
    if len(said.strip()) > LONGEST:
        raise Refused("最多 {longest} 个字，请写得短一些。", code="said", longest=LONGEST)
    with transaction.atomic():
        row = _mine(case, by)
        if row.closed_on is None or row.result in ("withdrawn", "merged"):
            raise Refused("办结以后才能评价。")
        journal.void(Line.objects.standing().filter(subject=row.subject, act="rated"), by=by, reason="重新评价")
        entry = Entry(
            row.service,
            "rated",
            row.path,
            timezone.localdate(now),
            row.subject,
            kind=score,
            person=row.person_id,
            employer=row.employer_id,
        )
        journal.write(entry, by=by)
        note = note_moves.take_down(row, "rated", said={"score": score}, text=said, by=by)
        audit.write(
            "case.rated", by=by, subject=row.subject, path=row.path, rows=(note,), about=row.person_id, note=score
        )


def _mine(case: int, by: Actor) -> Case:
    row: Case | None = None
    if by.person is not None:
        row = Case.objects.select_for_update(of=("self",)).of(by.person).filter(pk=case).first()
    if row is None or not reach.speaks(by, row):
        raise NotYours(f"case:{case}")
    return row
