"""Opening sealed values: the right and the reach, a purpose, and one line in the book of looks before anything is given."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from unionhall.access.looking import AccessRow, Approval
from unionhall.access.sensitive import REFERRED, REVEALABLE, RIGHT, Sensitive, find
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.paths import span
from unionhall.organisations.models import Account
from unionhall.organisations.roles import LAWYER, holders
from unionhall.storage import bulk
from unionhall.storage.sealed import keys

MANY_A_DAY = 50
"""Looks of one account in a day beyond which each is marked, and the security auditor sees it."""
MOST_A_DAY = 200
"""Looks of one account in a day beyond which there are no more: four times an alarm is no working day any more."""
LONGEST_PURPOSE = 200
_COLUMNS = ("id", "at", "account", "person", "name", "posts", "field", "row", "about", "purpose", "approval", "alarm",
            "trace", "path")  # fmt: skip
_AT_ONCE = 5_000


class Found(NamedTuple):
    """A row whose field is to be opened: its id, the person it is about, and a place by which it was reached."""

    row: int
    about: int | None
    path: str


def reveal(field: str, row: int, *, by: Actor, purpose: str) -> str:
    """The plaintext of "app.model.field" of a row, after its line in the book of looks is committed.

    Raises `NotYours` for a row out of reach or without the value, `Refused` without a purpose or beyond a day's looks.
    """
    sensitive = find(field)
    if sensitive.file_right:
        raise NotYours(f"{field}: no page shows it")
    name = field.rpartition(".")[2]
    held = sensitive.model._default_manager.filter(pk=row).exclude(**{name: None}).only("pk", name).first()
    if held is None:
        raise NotYours(f"{field} {row}")
    plain: str = getattr(held, name).reveal(by, purpose, witness)
    return plain


def witness(actor: Actor, purpose: str, column: str, uid: int) -> None:
    """For `Secret.reveal`: may this actor open this value, and the line that says they did.

    The line is committed before this returns: whoever calls it stands in no transaction that could still take it back.
    """
    sensitive = next((one for one in REVEALABLE if one.column == column), None)
    if sensitive is None or sensitive.file_right:
        raise NotYours(column)
    _check_purpose(purpose)
    with transaction.atomic(durable=True):
        found = _reached(sensitive, [uid], actor)
        alarm = _count_today(actor)
        (row,) = _write(sensitive, found, actor, purpose, alarm=alarm)
        subject = f"{sensitive.model._meta.model_name}:{uid}"
        audit.write(
            "secret.alarm" if alarm else "secret.reveal", by=actor, subject=subject, path=found[0].path,
            keys=[(AccessRow, [row])], about=found[0].about, note=sensitive.field,
        )  # fmt: skip


def open_many(
    field: str, rows: Sequence[int], *, by: Actor, purpose: str, approval: Approval | None = None
) -> dict[int, str]:
    """Row id -> plaintext of a field of many rows, for a file that leaves the house: one line in the book for each.

    Inside the transaction that makes the file, which nobody gets unless it commits. `approval` is the one that was used
    for it (access.approvals). Raises `NotYours` when one of the rows is out of reach. Rows without a value are left out.
    """
    sensitive = find(field)
    name = field.rpartition(".")[2]
    _check_purpose(purpose)
    with transaction.atomic():
        held: list[tuple[int, bytes]] = []
        for part in _parts(sorted(set(rows))):
            kept = sensitive.model._default_manager.filter(pk__in=part).exclude(**{name: None})
            held += [(number, bytes(envelope)) for number, envelope in kept.order_by("pk").values_list("pk", name)]
        found = _reached(sensitive, [number for number, _ in held], by)
        written = _write(sensitive, found, by, purpose, approval=approval.pk if approval else None)
        path = audit.above(one.path for one in found)
        note = f"{sensitive.field} {len(found):,} 人"
        audit.write("secret.export", by=by, path=path, keys=[(AccessRow, written)], note=note)
        service, column = keys(), sensitive.column
        return {number: service.open(column, number, envelope).decode() for number, envelope in held}


def note_given(found: Sequence[Found], *, subject: str, path: str, by: Actor, purpose: str) -> None:
    """Lines in the book of looks for what was given to somebody singly (a referral), one for each person it tells of.

    Whether it was given to them is the caller's to know; the lines are committed before this returns, and only then is
    anything shown.
    """
    _check_purpose(purpose)
    with transaction.atomic(durable=True):
        rows = _write(REFERRED, found, by, purpose)
        about = found[0].about if len(found) == 1 else None
        audit.write(
            "secret.referred",
            by=by,
            subject=subject,
            path=path,
            keys=[(AccessRow, rows)],
            about=about,
            note=REFERRED.field,
        )


def looks_today(account: int | None) -> int:
    """How many values this account opened one by one since midnight."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return AccessRow.objects.filter(account=account, at__gte=midnight, approval=None, person=None).count()


def _check_purpose(purpose: str) -> None:
    if not purpose.strip():
        raise Refused("请写明查看原因", code="secret.purpose")
    if len(purpose) > LONGEST_PURPOSE:
        raise Refused(
            "查看原因最多 {longest_purpose} 个字，请缩短。", code="secret.purpose", longest_purpose=LONGEST_PURPOSE
        )


def _count_today(by: Actor) -> bool:
    """Is this look beyond what a day's work asks for? Refused beyond all measure. Two looks of one account wait in turn."""
    if by.account is None or by.person is not None:
        return False
    Account.objects.select_for_update().filter(pk=by.account).first()
    looks = looks_today(by.account)
    if looks >= MOST_A_DAY:
        raise Refused(
            "今天已查看 {most_a_day} 次，不能再查看；确需查看更多，请按导出办理并由另一位同事审批。",
            code="secret.most",
            most_a_day=MOST_A_DAY,
        )
    return looks >= MANY_A_DAY


def _reached(sensitive: Sensitive, rows: Sequence[int], by: Actor) -> list[Found]:
    """These rows as the actor reaches them with the right; one's own, as a worker. Raises `NotYours` when one is not."""
    manager: Any = sensitive.model._default_manager
    wanted = set(rows)
    found: dict[int, Found] = {}
    for part in _parts(sorted(wanted)):
        mine = manager.visible_to(by).filter(pk__in=part)
        if by.person is not None:
            mine = mine.filter(**{sensitive.about: by.person})
        else:
            within = _within(sensitive, by.paths(*holders(sensitive.file_right or RIGHT)))
            mine = mine.filter(within | _given(sensitive, by))
        for row, about, path in mine.values_list("pk", sensitive.about, sensitive.places):
            found[row] = Found(row, about, path or "")
    if wanted - set(found):
        raise NotYours(f"{sensitive.field} {min(wanted - set(found))}")
    return [found[row] for row in sorted(found)]


def _within(sensitive: Sensitive, paths: Iterable[str]) -> Q:
    """Rows at these places. A person is reached by the membership that holds now or, when none does, by any they had."""
    there = Q(pk__in=[])
    for path in paths:
        low, high = span(path)
        there |= Q(**{f"{sensitive.places}__gte": low, f"{sensitive.places}__lt": high})
    if sensitive.places != "memberships__path":
        return there
    membership = sensitive.model._meta.get_field("memberships").related_model
    assert isinstance(membership, type) and issubclass(membership, models.Model)
    now = membership._default_manager.filter(person=models.OuterRef("pk"), until=None)
    return Q(there, Q(memberships__until=None) | ~models.Exists(now))


def _given(sensitive: Sensitive, by: Actor) -> Q:
    """Rows given to this account by name: a lawyer's matters, while that is their post."""
    if not sensitive.given or by.account is None or not by.holds(LAWYER):
        return Q(pk__in=[])
    return Q(**{sensitive.given: by.account})


def _write(
    sensitive: Sensitive, found: Sequence[Found], by: Actor, purpose: str, *, alarm: bool = False, approval: int | None = None
) -> list[int]:  # fmt: skip
    numbers, at = bulk.ids(AccessRow, len(found)), datetime.now(UTC)
    posts = " ".join(f"{post.role}@{post.path}" for post in by.posts)
    bulk.insert(AccessRow, _COLUMNS, [
        (number, at, by.account, by.person, by.name[:64], posts, sensitive.field, one.row, one.about, purpose.strip(), approval,
         alarm, by.trace, one.path)
        for number, one in zip(numbers, found, strict=True)
    ])  # fmt: skip
    return numbers


def _parts(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    return (numbers[at : at + _AT_ONCE] for at in range(0, len(numbers), _AT_ONCE))
