"""A contest run: its rounds and judges, the judges' sheets, closing a round, and the ranks.

A judge gives marks to the entrants of the round under way, never to those of their own employer, and to nobody once the round
is closed: closing writes on each sheet who was barred that day, so that what is counted can be read from the sheets alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.offers import contests, outcome_moves, outcomes, service
from unionhall.offers.contest_models import DECLARED, Judge, Round, Sheet
from unionhall.offers.models import Participation, Session
from unionhall.offers.outcome_moves import Given
from unionhall.offers.session_moves import locked
from unionhall.organisations.accounts import PostHeld
from unionhall.organisations.models import Account
from unionhall.organisations.roles import SCORER
from unionhall.people.models import Person
from unionhall.storage import bulk

SCORE, RANK = "scored", "ranked"
MOST = 20
"""Judges of a contest."""


class Part(NamedTuple):
    """A round as it is set: a choice of the score, the most a judge may give (hundredths), its weight in percent, and how many
    go on.
    """

    key: str
    top: int
    weight: int
    advance: int | None = None


def set_rounds(session: int, parts: Sequence[Part], *, by: Actor) -> None:
    """The rounds of a contest, in their order; said again, they replace the first, until somebody was judged.

    Refused: rounds the service does not know, weights that are not a hundred together, a last round somebody goes on from.
    """
    with transaction.atomic():
        slot = _contest(session, by)
        if Sheet.objects.filter(round__session=session).exists():
            raise Refused("已经开始评分，不能再改轮次。", code="rounds")
        known = dict(service.find(slot.offer.service).results[SCORE].choices)
        if not parts or len({one.key for one in parts}) < len(parts) or any(one.key not in known for one in parts):
            raise Refused("请至少设一轮，每一轮只能用一次。", code="rounds")
        if any(not 100 <= one.top <= 100_000 or not 0 <= one.weight <= 100 for one in parts):
            raise Refused("满分应在 1 到 1000 分之间，比重在 0 到 100 之间。", code="rounds")
        if sum(one.weight for one in parts) != 100:
            raise Refused("各轮的比重加起来要等于 100。", code="rounds")
        if parts[-1].advance is not None or any(one.advance == 0 for one in parts):
            raise Refused("晋级人数应大于零；最后一轮不填晋级人数。", code="rounds")
        gone = list(Round.objects.filter(session=session).values_list("pk", flat=True))
        Round.objects.filter(pk__in=gone).delete()
        rows = [
            Round(
                pk=number, session=slot, path=slot.path, key=one.key, position=at, top=one.top, weight=one.weight, advance=one.advance,
            )
            for at, (number, one) in enumerate(zip(bulk.ids(Round, len(parts)), parts, strict=True), 1)
        ]  # fmt: skip
        Round.objects.bulk_create(rows)
        audit.write(
            "offer.contest.rounds", by=by, subject=slot.subject, path=slot.path, rows=rows, keys=[(Round, gone)]
        )


def appoint(session: int, account: int, *, person: int | None, by: Actor) -> int:
    """An account that holds a judge's post judges this contest; `person`: who they are among the members."""
    with transaction.atomic():
        slot = _contest(session, by)
        today = timezone.localdate()
        posts = PostHeld.objects.on(today).filter(account=account, role=SCORER)
        if not posts.exists() or not Account.objects.filter(pk=account, is_active=True).exists():
            raise Refused("这个账号没有评分代表的岗位，或者已经停用。", code="account")
        if person is not None and not Person.objects.filter(pk=person).exists():
            raise Refused("没有这个人，请核对。", code="member")
        if Judge.objects.filter(session=session, account=account).exists():
            raise Refused("这个账号已经是评委。", code="account")
        if Judge.objects.filter(session=session).count() >= MOST:
            raise Refused("一场最多 {most} 名评委。", code="account", most=MOST)
        if any(one.closed_at is not None for one in contests.rounds_of(session)):
            raise Refused("已经有一轮结束，不能再增加评委。", code="account")
        row = Judge.objects.create(session=slot, account=account, person_id=person, path=slot.path)
        audit.write("offer.contest.judge", by=by, subject=slot.subject, path=slot.path, rows=(row,))
        return row.pk


def dismiss(judge: int, *, by: Actor) -> None:
    """A judge who has not judged yet does not judge. Refused afterwards: what they gave counts."""
    with transaction.atomic():
        row = Judge.objects.filter(pk=judge).first()
        if row is None:
            raise NotYours(f"judge:{judge}")
        slot = _contest(row.session_id, by)
        if row.sheets.exists():
            raise Refused("这名评委已经打过分，不能取消；不宜再评的，请评委本人回避。")
        row.delete()
        audit.write("offer.contest.dismiss", by=by, subject=slot.subject, path=slot.path, keys=[(Judge, [judge])])


def score(round_: int, points: Mapping[int, int], recused: Sequence[int], *, now: datetime, by: Actor) -> int:
    """A judge's marks (participation -> hundredths) and the entrants they step back from; how many lines changed.

    Said again, they replace the first until the round is closed. Refused: a closed round ("closed"), marks above the
    top ("points"), an entrant of one's own employer ("recused").
    """
    with transaction.atomic():
        one = Round.objects.select_for_update().filter(pk=round_).first()
        judge = None if one is None else Judge.objects.of(by).filter(session=one.session_id).first()
        if one is None or judge is None:
            raise NotYours(f"round:{round_}")
        if one != contests.under_way(contests.rounds_of(one.session_id)):
            raise Refused("这一轮已经结束或者还没有开始，评分表已锁定。", code="closed")
        lines = {line.row.pk: line for line in contests.sheet_of(one, judge)}
        if set(points) - set(lines) or set(recused) - set(lines):
            raise NotYours(f"round:{round_}")
        barred = contests.barred(judge, [line.row for line in lines.values()])
        if set(points) & set(barred):
            raise Refused("这位选手是您本人或与您同一单位，按规定回避，不能打分。", code="recused")
        if any(not 0 <= given <= one.top for given in points.values()):
            raise Refused("每位选手 0 到 {top:g} 分，请核对。", code="points", top=one.top / 100)
        said: dict[int, tuple[int | None, str]] = {
            number: (given, "") for number, given in points.items() if number not in recused
        }
        said |= {number: (None, DECLARED) for number in recused if number not in barred}
        return _keep(one, judge, said, now, by)


def close_round(round_: int, *, now: datetime, by: Actor) -> int:
    """Lock the sheets and write everybody's mark, the mean over the judges who judged them; how many marks.

    Refused: marks are missing ("missing"), an entrant nobody may judge ("nobody").
    """
    with transaction.atomic():
        found = Round.objects.filter(pk=round_).first()
        if found is None:
            raise NotYours(f"round:{round_}")
        slot = _contest(found.session_id, by)
        one = Round.objects.select_for_update().get(pk=round_)
        if one != contests.under_way(contests.rounds_of(slot.pk)):
            raise Refused("这一轮已经结束，或者前一轮还没有结束。", code="closed")
        rows = contests.field_of(one)
        judges = list(Judge.objects.filter(session=slot.pk).select_related("person"))
        if not rows or not judges:
            raise Refused("还没有选手或评委，不能结束这一轮。", code="nobody")
        if owed := contests.missing(contests.sheets_of(one, judges).values()):
            raise Refused("还差 {owed} 个分数，评委打完才能结束这一轮。", code="missing", owed=owed)
        for judge in judges:
            why = contests.barred(judge, rows)
            _keep(one, judge, {number: (None, reason) for number, reason in why.items()}, now, by)
        marks = {entry.row.pk: entry.marks.get(one.pk) for entry in contests.table(slot.pk)}
        if alone := [row for row in rows if marks[row.pk] is None]:
            raise Refused("所有评委都回避了 {person}，请增加一名评委。", code="nobody", person=alone[0].person)
        one.closed_at = now
        one.save()
        given = [Given(row.pk, one.key, mark.mean) for row in rows if (mark := marks[row.pk]) is not None]
        _write(slot, SCORE, given, rows, now, by)
        audit.write("offer.contest.close", by=by, subject=slot.subject, path=slot.path, rows=(one,))
        return len(given)


def rank(session: int, places: int, *, now: datetime, by: Actor) -> int:
    """Write down who came where, down to this place; how many. Once, after the last round."""
    with transaction.atomic():
        slot = _contest(session, by)
        rounds = contests.rounds_of(session)
        if not rounds or any(one.closed_at is None for one in rounds):
            raise Refused("各轮都结束以后才能公布名次。")
        entries = contests.table(session)
        if not 1 <= places <= 1_000:
            raise Refused("请填写取前几名。", code="places")
        rows = [entry.row for entry in entries if entry.rank is not None and entry.rank <= places]
        if outcomes.stands(rows, RANK):
            raise Refused("名次已经公布过。")
        given = [
            Given(entry.row.pk, "", entry.rank) for entry in entries if entry.rank is not None and entry.rank <= places
        ]
        _write(slot, RANK, given, rows, now, by)
        return len(given)


def _keep(one: Round, judge: Judge, said: Mapping[int, tuple[int | None, str]], now: datetime, by: Actor) -> int:
    """Write these lines of a sheet; how many are other than before."""
    before = {row.participation_id: row for row in Sheet.objects.filter(round=one.pk, judge=judge.pk)}
    changed = []
    for number, (points, why) in said.items():
        row = before.get(number) or Sheet(round=one, judge=judge, participation_id=number)
        if row.pk is None or (row.points, row.recused) != (points, why):
            row.points, row.recused, row.at = points, why, now
            row.save()
            changed.append(row)
    if changed:
        # Of the entry nobody learns who was given what: the sheet alone says it, and only its judge and the organiser read it.
        audit.write("offer.contest.score", by=by, subject=one.subject, path=one.path, rows=changed)
    return len(changed)


def _write(
    slot: Session, kind: str, given: Sequence[Given], rows: Sequence[Participation], now: datetime, by: Actor
) -> None:
    result = service.find(slot.offer.service).results[kind]
    found = {row.pk: row for row in rows}
    outcome_moves.write(slot.offer.service, result, given, timezone.localdate(now), found, by=by)


def _contest(session: int, by: Actor) -> Session:
    """The session, locked, for who runs it; only of a service whose scores judges give."""
    slot = locked(session, by=by)
    if SCORE not in service.find(slot.offer.service).judged:
        raise Refused("这项业务没有评委评分。")
    return slot
