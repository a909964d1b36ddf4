"""What an officer does with one member: admit, transfer, retain, resume, end, confirm, correct, merge; and take it back.

Whole rosters are `people.actions`; this is what stands between a form and them: the row locked, the post checked, the day
checked. Taking back is an event of its own: its line is voided and an earlier row opened again; a row that was counted
stays, with an empty span (since = until) in which no day lies.
"""

from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.models import Employer, Union
from unionhall.organisations.roles import holders
from unionhall.people import actions
from unionhall.people.actions import At, Identity, Standing
from unionhall.people.models import Card, Duplicate, Membership, Person
from unionhall.storage import bulk

SOURCES = {"worker": "本人", "officer": "工会干部", "hr": "单位人事名册", "card": "刷卡"}
"""Who confirmed that a membership stands as it is written."""

UNDONE = "undone"
"""Why a row ended that was opened by mistake: it has an empty span, and its lines are void."""

_CHANGE, _MERGE = "members.change", "members.merge"


class Work(NamedTuple):
    """Where a member works: the employer, if any, the job and the kind of contract."""

    employer: int | None
    job: str
    contract: str


def admit(identity: Identity, union: int, work: Work, *, by: Actor, since: date) -> int:
    """Admit one person the committee approved on `since`; the membership's id.

    Someone on the books without an open membership comes back under the same number, stated anew. Refused: a member
    already, a day in the future or before an earlier membership ended, a union that did not stand that day.
    """
    with transaction.atomic():
        at = _approved(union, work, since, by)
        person = Person.objects.select_for_update().filter(number_index=identity.number_index).first()
        if person is not None and person.merged_into_id is not None:
            person = Person.objects.select_for_update().get(pk=person.merged_into_id)
        if person is None:
            (number,) = actions.add_persons([identity], by=by)
        else:
            number = person.pk
            _may_come_back(person, since)
            actions.change_persons([(number, identity)], by=by)
        return _admitted(number, at, work, since, by)


def admit_known(person: int, union: int, work: Work, *, by: Actor, since: date) -> int:
    """Admit somebody who is on the books, as they are written there; the membership's id. Refused as by `admit`."""
    with transaction.atomic():
        at = _approved(union, work, since, by)
        row = Person.objects.select_for_update().get(pk=person)
        if row.merged_into_id is not None:
            row = Person.objects.select_for_update().get(pk=row.merged_into_id)
        _may_come_back(row, since)
        return _admitted(row.pk, at, work, since, by)


def _approved(union: int, work: Work, since: date, by: Actor) -> At:
    """Where one is admitted, by a union and at an employer that may."""
    at = _union(union, since, by)
    _employer(work.employer)
    if since > timezone.localdate():
        raise Refused("批准入会日期不能在今天以后。", code="since")
    return at


def _admitted(person: int, at: At, work: Work, since: date, by: Actor) -> int:
    standing = Standing(person, at, work.employer, "active", work.job, work.contract, since)
    return actions.admit([standing], by=by)[0]


def transfer(membership: int, union: int, employer: int | None, *, by: Actor, on: date) -> int:
    """The member goes on at another union from `on`; the id of the membership there."""
    with transaction.atomic():
        row = _open(membership, by, on)
        if union == row.union_id:
            raise Refused("会员已在这个工会，不用转会。", code="union")
        at = _union(union, on, by)
        _employer(employer)
        standing = Standing(row.person_id, at, employer, row.state, row.job, row.contract, on)
        return actions.transfer([(row.pk, standing)], by=by, on=on)[0]


def retain(membership: int, *, by: Actor, on: date) -> int:
    """The membership is kept while the member is out of work; the id of the row that goes on."""
    return _state(membership, "retained", _("会籍已经是保留状态。"), by=by, on=on)


def resume(membership: int, *, by: Actor, on: date) -> int:
    """A retained member works again; the id of the row that goes on."""
    return _state(membership, "active", _("会籍不在保留状态，不用恢复。"), by=by, on=on)


def end(membership: int, *, by: Actor, on: date, because: str) -> None:
    """The membership ends on `on`: a key of `actions.ENDS`."""
    with transaction.atomic():
        row = _open(membership, by, on)
        actions.end([row.pk], by=by, on=on, because=because)


def confirm(membership: int, *, by: Actor, on: date, source: str) -> None:
    """Someone (a key of SOURCES) confirmed that the membership stands as it is written."""
    if source not in SOURCES:
        raise Refused("请选择由谁确认。", code="source")
    with transaction.atomic():
        row = _open(membership, by, on)
        if row.confirmed_on is not None and row.confirmed_on >= on:
            raise Refused(
                "{confirmed_on} 已经确认过，不用再确认。", code="on", confirmed_on=row.confirmed_on.isoformat()
            )
        actions.confirm([row.pk], by=by, on=on, source=source)


def correct(membership: int, identity: Identity, work: Work, *, by: Actor, since: date) -> int:
    """What was written wrong is stated anew: all but the identity number. The id of the membership that stands after it.

    A change of employer is an event of today, not a correction of the past: the row goes on in a new one.
    """
    with transaction.atomic():
        today = timezone.localdate()
        row = _open(membership, by, today)
        if since > today:
            raise Refused("批准入会日期不能在今天以后。", code="since")
        if row.follows_id is not None and since != row.since:
            raise Refused("这段会籍由上一段接续而来，批准入会日期请在第一段更正。", code="since")
        _employer(work.employer)
        actions.change_persons([(row.person_id, identity)], by=by)
        at = At(row.union_id, row.path, row.union.kind)
        standing = Standing(row.person_id, at, work.employer, row.state, work.job, work.contract, since)
        actions.restate([(row.pk, standing)], by=by, on=today)
        return _stands(row.person_id)


def merge(duplicate: int, keep: int, *, by: Actor) -> int:
    """Two persons are one; the id of the one kept. Both must be members within the actor's reach."""
    with transaction.atomic():
        _pair(duplicate, by)
        return actions.merge(duplicate, by=by, on=timezone.localdate(), keep=keep)


def keep_apart(duplicate: int, *, by: Actor) -> None:
    """Two persons who look like one are two."""
    with transaction.atomic():
        _pair(duplicate, by)
        actions.keep_apart(duplicate, by=by, on=timezone.localdate())


def undo_admission(membership: int, *, by: Actor) -> None:
    """The admission was entered by mistake: its line is voided, the membership has held on no day."""
    with transaction.atomic():
        row = _row(membership, by)
        if row.follows_id is not None or not _is_last(row):
            raise Refused("这段会籍之后又有变动，不能撤销入会登记；请办理终止。")
        if Card.objects.filter(person=row.person_id, until=None).exclude(state="rejected").exists():
            raise Refused("这位会员已经申请办卡，请先撤销办卡再撤销入会登记。")
        _void(row, "admitted", by)
        _empty(row, by, "member.undo_admission")


def undo_move(membership: int, *, by: Actor) -> int:
    """A transfer, retention or change of employer was entered by mistake: the row before stands again. Its id."""
    with transaction.atomic():
        row = _row(membership, by)
        if row.follows_id is None or not _is_last(row) or row.until is not None:
            raise Refused("这一步之后又有变动，不能撤销。请到会员页更正。")
        _void(row, "", by)
        _empty(row, by, "member.undo_move")
        _reopen(_row(row.follows_id, by), by)
        return row.follows_id


def undo_end(membership: int, *, by: Actor) -> None:
    """The end was entered by mistake: its line is voided, the membership stands as if it had never ended."""
    with transaction.atomic():
        row = _row(membership, by)
        if row.until is None or not row.ended_because or not _is_last(row):
            raise Refused("这段会籍没有终止，或终止后又有变动，不能撤销。")
        if Person.objects.filter(pk=row.person_id).exclude(merged_into=None).exists():
            raise Refused("这个人已经并入别人，不能恢复会籍。")
        _void(row, "left", by)
        _reopen(row, by)


def undo_confirmation(membership: int, before: date | None, *, by: Actor) -> None:
    """The confirmation was entered by mistake: its line is voided, the day of the one before stands."""
    with transaction.atomic():
        row = _row(membership, by)
        if row.confirmed_on is None:
            raise Refused("会籍没有确认记录，不能撤销。")
        lines = _lines(row).filter(act="confirmed", on=row.confirmed_on)
        journal.void(lines, by=by, reason="撤销误登")
        bulk.update(Membership, ("confirmed_on",), [(row.pk, before)])
        _told("member.undo_confirmation", row, by)


def _state(membership: int, state: str, no: str, *, by: Actor, on: date) -> int:
    with transaction.atomic():
        row = _open(membership, by, on)
        if row.state == state:
            raise Refused(no)
        at = At(row.union_id, row.path, row.union.kind)
        standing = Standing(row.person_id, at, row.employer_id, state, row.job, row.contract, row.since)
        actions.restate([(row.pk, standing)], by=by, on=on)
        return _stands(row.person_id)


def _stands(person: int) -> int:
    """The id of the person's open membership."""
    standing: int = Membership.objects.filter(person=person, until=None).values_list("pk", flat=True).get()
    return standing


def _row(membership: int, by: Actor) -> Membership:
    """The row, locked; NotYours beyond the actor's reach."""
    found = Membership.objects.select_for_update(of=("self",)).select_related("union").filter(pk=membership).first()
    if found is None:
        raise NotYours(f"membership:{membership}")
    row: Membership = found
    by.must_reach(row.path, *holders(_CHANGE))
    return row


def _open(membership: int, by: Actor, on: date) -> Membership:
    """The row, if it is open and the day can be one of its."""
    row = _row(membership, by)
    if row.until is not None:
        raise Refused("这段会籍已经终止。请刷新页面，看现在的会籍。")
    if on < row.since:
        raise Refused("日期不能早于这段会籍开始的 {since}。", code="on", since=row.since.isoformat())
    if on > timezone.localdate():
        raise Refused("日期不能在今天以后。", code="on")
    return row


def _union(union: int, day: date, by: Actor) -> At:
    found = Union.objects.filter(pk=union).first()
    if found is None:
        raise Refused("没有这个工会，请重新选择。", code="union")
    if not by.reaches(found.path, *holders(_CHANGE)):
        raise Refused("这个工会不在您的岗位范围内，请由区总组织部办理。", code="union")
    if found.since > day or (found.until is not None and found.until <= day):
        raise Refused("“{name}”在 {day} 不存续，请核对工会或日期。", code="union", name=found.name, day=day.isoformat())
    return At(found.pk, found.path, found.kind)


def _employer(employer: int | None) -> None:
    if employer is not None and not Employer.objects.filter(pk=employer).exists():
        raise Refused("没有这个单位，请重新选择。", code="employer")


def _may_come_back(person: Person, since: date) -> None:
    held = Membership.objects.filter(person=person).exclude(ended_because=UNDONE)
    if held.filter(until=None).exists():
        raise Refused("此证件号码已有在册会籍，一人只有一个会籍；请在会员列表里按证件号查找，办理转会。", code="number")
    last = held.order_by("-until").values_list("until", flat=True).first()
    if last is not None and since < last:
        raise Refused("此人上一段会籍到 {last} 才终止，请核对批准入会日期。", code="since", last=last.isoformat())


def _pair(duplicate: int, by: Actor) -> Duplicate:
    """The pair, locked; both persons must have a membership where the actor may merge."""
    pair = Duplicate.objects.select_for_update().filter(pk=duplicate).first()
    if pair is None:
        raise NotYours(f"duplicate:{duplicate}")
    for person in (pair.one_id, pair.other_id):
        paths = Membership.objects.filter(person=person).values_list("path", flat=True)
        if not any(by.reaches(path, *holders(_MERGE)) for path in paths):
            raise NotYours(f"duplicate:{duplicate}")
    return pair


def _is_last(row: Membership) -> bool:
    """Does no other row of this person begin or end later, apart from those taken back?"""
    later = Q(follows=row.pk) | Q(since__gt=row.since) | Q(until=None)
    others = Membership.objects.filter(person=row.person_id).exclude(pk=row.pk).exclude(ended_because=UNDONE)
    return not others.filter(later).exists()


def _lines(row: Membership) -> QuerySet[Line]:
    return Line.objects.standing().filter(service="member", subject=f"membership:{row.pk}")


def _void(row: Membership, act: str, by: Actor) -> None:
    lines = _lines(row).filter(act=act) if act else _lines(row)
    journal.void(lines, by=by, reason="撤销误登")


def _empty(row: Membership, by: Actor, act: str) -> None:
    """Close the row on the day it began: it has held on no day, and is still there to be seen."""
    bulk.update(Membership, ("until", "ended_because", "digest"), [(row.pk, row.since, UNDONE, None)])
    _told(act, row, by)


def _reopen(row: Membership, by: Actor) -> None:
    bulk.update(Membership, ("until", "ended_because", "digest"), [(row.pk, None, "", None)])
    _told("member.reopen", row, by)


def _told(act: str, row: Membership, by: Actor) -> None:
    audit.write(
        act, by=by, subject=f"membership:{row.pk}", path=row.path, keys=((Membership, [row.pk]),), about=row.person_id
    )
