"""What these tests send and to whom, and a way out that remembers."""

from datetime import UTC, datetime, timedelta

from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.messages import actions
from unionhall.messages.adapters import Undelivered, Ways
from unionhall.messages.kinds import EN, ZH, Kind, Words
from unionhall.messages.models import Message
from unionhall.organisations.accounts import Account

NOON = datetime(2015, 6, 1, 4, 0, tzinfo=UTC)
"""Twelve o'clock in Beijing."""

OUTING = Kind(
    key="trial.outing", title="春游", title_en="Outing", fields={"where": "去哪里", "name": "姓名"}, in_short=frozenset(),
    words={
        ZH: Words("去{where}", "{name}，我们去{where}。", "您报名的活动有消息，请登录查看。"),
        EN: Words("To {where}", "{name}, we go to {where}.", "News of an activity of yours. Please sign in."),
    },
)  # fmt: skip

ALARM = Kind(
    key="trial.alarm", title="急事", title_en="Alarm", fields={}, urgent=True,
    words={ZH: Words("急", "急事。", "有急事，请登录。"), EN: Words("Now", "Now.", "Something urgent. Please sign in.")},
)  # fmt: skip


class Told:
    """A way out that remembers what it was given and answers as it is told."""

    def __init__(self, *answers: Undelivered | None) -> None:
        self.answers = list(answers)
        self.got: list[tuple[str, str, str]] = []

    def send(self, destination: str, text: str, *, key: str) -> None:
        self.got.append((destination, text, key))
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer


def tell(person: int, key: str = "outing:1", *, now: datetime = NOON, kind: Kind = OUTING, where: str = "香山") -> int:
    fields = {"where": where, "name": "小李"} if kind is OUTING else {}
    return actions.queue(kind, person=person, key=key, fields=fields, by=SYSTEM, now=now)


def send(ways: dict[str, Told], now: datetime) -> int:
    """Let go what may go, and hand over everything that is due, as the worker does; how many were handed over."""
    actions.release(by=SYSTEM, now=now)
    count = 0
    while (handed := actions.hand_over(Ways(dict(ways)), by=SYSTEM, now=now)) is not None:
        actions.settle([handed], by=SYSTEM, now=now)
        count += 1
    return count


def as_worker(person: int) -> Actor:
    return Actor(None, "小李", person=person)


def as_account(account: int) -> Actor:
    return Account.objects.get(pk=account).actor(NOON.date())


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def after(**span: float) -> datetime:
    return NOON + timedelta(**span)
