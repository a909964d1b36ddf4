"""What people are told of their places, in the action's own transaction: what rolls back has told nobody anything."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from unionhall.kernel.actor import Actor
from unionhall.messages import actions as messages
from unionhall.messages.actions import Addressed
from unionhall.messages.kinds import EN, ZH, Kind, Words
from unionhall.offers.models import Participation, Session

CANCELLED = Kind(
    key="offer.cancelled",
    title="报名的活动取消",
    title_en="A session one signed up for was called off",
    fields={"offer": "项目名称", "session": "场次（日期、时间、地点）", "reason": "原因"},
    words={
        ZH: Words(
            "活动取消：{offer}",
            "很抱歉，您报名的“{offer}”（{session}）取消了。原因：{reason}。您的名额已经退回，不占用参加次数。",
            "您报名的一场工会活动取消了，请登录查看。",
        ),
        EN: Words(
            "Called off: {offer}",
            "We are sorry: “{offer}” ({session}), which you signed up for, was called off. The reason: {reason}. Your place "
            "was given back and does not count as taking part.",
            "A union activity you signed up for was called off. Please sign in to read about it.",
        ),
    },
)

PROMOTED = Kind(
    key="offer.promoted",
    title="候补转正",
    title_en="A place for somebody who waited",
    fields={"offer": "项目名称", "session": "场次（日期、时间、地点）", "until": "请在什么时候以前确认"},
    in_short=frozenset(("until",)),
    gather=timedelta(0),
    lasts=timedelta(days=1),
    words={
        ZH: Words(
            "候补到名额：{offer}",
            "您候补的“{offer}”（{session}）有了名额，为您保留到 {until}。请在这之前确认，过时名额会让给下一位。",
            "您候补的活动有了名额，保留到 {until}，请登录确认。",
        ),
        EN: Words(
            "A place for you: {offer}",
            "There is a place for you at “{offer}” ({session}), which you waited for. It is kept until {until}. Please confirm "
            "before then, or it goes to the next in line.",
            "There is a place for you at a union activity, kept until {until}. Please sign in and confirm.",
        ),
    },
)
"""Waits for nobody's like: a place is held for hours only. At night it still waits, unless the hold ends before morning:
whoever promotes sets the hold accordingly.
"""

SEATED = Kind(
    key="offer.seated",
    title="候补报上",
    title_en="Somebody who waited has a place",
    fields={"offer": "项目名称", "session": "场次（日期、时间、地点）"},
    gather=timedelta(0),
    lasts=timedelta(days=1),
    words={
        ZH: Words(
            "已为您报上：{offer}",
            "您候补的“{offer}”（{session}）有名额了，已为您报上。去不了请及时取消，名额好让给别人。",
            "您候补的活动有名额了，已为您报上，请登录查看。",
        ),
        EN: Words(
            "You have a place: {offer}",
            "A place came free at “{offer}” ({session}), which you waited for, and it is yours. If you cannot come, please give "
            "it back in time, so that somebody else may have it.",
            "A place came free at a union activity you waited for, and it is yours. Please sign in to read about it.",
        ),
    },
)

NOTICES = (CANCELLED, PROMOTED, SEATED)


def called_off(slot: Session, rows: Sequence[Participation], reason: str, *, now: datetime, by: Actor) -> None:
    """A session is called off: to everybody who had a place or waited."""
    _tell(CANCELLED, slot, rows, {"reason": reason}, now=now, by=by)


def moved_up(slot: Session, rows: Sequence[Participation], held: datetime | None, *, now: datetime, by: Actor) -> None:
    """A place was freed for who waited: it is theirs, or held for them until an hour."""
    if held is None:
        _tell(SEATED, slot, rows, {}, now=now, by=by)
    else:
        _tell(PROMOTED, slot, rows, {"until": _when(held)}, now=now, by=by)


def _when(instant: datetime) -> str:
    return f"{timezone.localtime(instant):%Y-%m-%d %H:%M}"


def _tell(
    kind: Kind, slot: Session, rows: Sequence[Participation], more: Mapping[str, str], *, now: datetime, by: Actor
) -> None:
    session = " ".join(part for part in (_when(slot.starts_at), slot.venue) if part)
    fields = {"offer": slot.offer.title, "session": session, **more}
    # Somebody may be moved up, let the place go, wait again and be moved up again: each time is a notice of its own.
    since = f"{int(now.timestamp())}"
    messages.queue_many(kind, [
        Addressed(f"{kind.key}:{row.pk}:{since}", person=row.person_id, fields=fields, subject=f"participation:{row.pk}")
        for row in rows
    ], by=by, now=now)  # fmt: skip
