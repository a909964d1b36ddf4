"""The only code that moves money: postings that sum to zero, one per cause, corrected only by a reversing posting."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Sum

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.ledger import books, budgets, orders
from unionhall.ledger.budgets import OUT, Spending
from unionhall.ledger.causes import TURN, bare_cause
from unionhall.ledger.models import Commitment, Entry, Fund, Posting
from unionhall.organisations.roles import holders
from unionhall.storage import bulk, registered

CASH = "cash"
"""The account of a fund that holds its money; every other account says what became of it ("paid:aid.medical")."""

WRITERS = tuple(holders("funds.change"))
_AT_ONCE = 5_000
_COLUMNS = ("id", "cause", "on", "at", "by", "batch", "reverses_id", "reason")


class FundRow(NamedTuple):
    """A purse and its purpose; `path` is the place that keeps it."""

    name: str
    purpose: str
    path: str
    digest: bytes | None = None


class Movement(NamedTuple):
    """One posting: `moves` are (account, fen), fen into (+) or out of (-) it, together zero. `path` is where it happened."""

    cause: str
    fund: int
    moves: tuple[tuple[str, int], ...]
    on: date
    path: str


def open_funds(rows: Sequence[FundRow], *, by: Actor, batch: int | None = None) -> list[int]:
    """Open funds; their ids, in order."""
    for row in rows:
        by.must_reach(row.path, *WRITERS)
    with transaction.atomic():
        numbers = registered.add(Fund, rows, batch)
        audit.wrote("fund.open", Fund, numbers, by=by, paths=[row.path for row in rows], batch=batch)
        return numbers


def change_funds(rows: Sequence[tuple[int, FundRow]], *, by: Actor, batch: int | None = None) -> None:
    """Correct what is written of funds; their money stays where it is."""
    for _, row in rows:
        by.must_reach(row.path, *WRITERS)
    with transaction.atomic():
        registered.change(Fund, rows)
        paths = [row.path for _, row in rows]
        audit.wrote("fund.change", Fund, [number for number, _ in rows], by=by, paths=paths, batch=batch)


def payment(cause: str, fund: int, fen: int, to: str, on: date, path: str) -> Movement:
    """Money of a fund that was paid out: from its cash to "paid:…"."""
    return Movement(cause, fund, ((CASH, -fen), (f"paid:{to}", fen)), on, path)


def post(
    cause: str, fund: int, moves: Sequence[tuple[str, int]], *, on: date, path: str, by: Actor, batch: int | None = None
) -> int:
    """Post one movement; the id of the posting."""
    return post_many([Movement(cause, fund, tuple(moves), on, path)], by=by, batch=batch)[0]


def post_many(movements: Sequence[Movement], *, by: Actor, batch: int | None = None) -> list[int]:
    """Post movements; the ids of the postings, in order.

    Refused: moves that do not sum to zero, or a cause whose money has already moved and was not reversed. After a
    reversal the cause may be posted again: it is then kept as "cause#2", so no cause may end like that of itself.
    """
    with transaction.atomic():
        keys = _post(movements, by, batch)
        paths = [movement.path for movement in movements]
        audit.wrote("money.post", Posting, keys[0][1], by=by, paths=paths, keys=keys[1:], batch=batch)
        return list(keys[0][1])


def _post(movements: Sequence[Movement], by: Actor, batch: int | None) -> audit.Keys:
    """The postings and entries written, in order."""
    for movement in movements:
        _balanced(movement)
    for path in {movement.path for movement in movements}:
        by.must_reach(path)
    with transaction.atomic():
        # Whoever pays from a fund waits here for the one before, so a cause cannot be paid twice at once.
        funds = sorted({movement.fund for movement in movements})
        purses = {one.pk: one for one in Fund.objects.select_for_update().filter(pk__in=funds).order_by("pk")}
        if len(purses) < len(funds):
            raise Refused("没有这项资金，请先登记资金。")
        for fund in funds:
            books.check_open(purses[fund].path, {one.on for one in movements if one.fund == fund})
        orders.check_free([one.cause for one in movements])
        budgets.check(_spendings(movements), {one.pk: one.name for one in purses.values()})
        causes = _free_causes([movement.cause for movement in movements])
        numbers = bulk.ids(Posting, len(movements))
        at, who = datetime.now(UTC), by.account
        bulk.insert(
            Posting,
            _COLUMNS,
            [
                (number, cause, movement.on, at, who, batch, None, "")
                for number, cause, movement in zip(numbers, causes, movements, strict=True)
            ],
        )
        entries = _enter(
            [
                (number, movement.fund, account, fen, movement.path)
                for number, movement in zip(numbers, movements, strict=True)
                for account, fen in movement.moves
            ]
        )
        return [(Posting, numbers), (Entry, entries), *_redeemed(movements)]


def _spendings(movements: Sequence[Movement]) -> list[Spending]:
    """What of these movements is paid out, by what it is paid for."""
    return [
        Spending(one.fund, account.removeprefix(OUT), fen, one.on, one.cause)
        for one in movements
        for account, fen in one.moves
        if account.startswith(OUT)
    ]


def _redeemed(movements: Sequence[Movement]) -> audit.Keys:
    """The promises these payments keep end with them."""
    days = {one.cause: one.on for one in movements}
    rows: list[Commitment] = []
    for at in range(0, len(movements), _AT_ONCE):
        part = [one.cause for one in movements[at : at + _AT_ONCE]]
        rows += Commitment.objects.filter(cause__in=part, ended_on=None)
    if not rows:
        return []
    bulk.update(Commitment, ("ended_on", "ended_because"), [(row.pk, days[row.cause], "paid") for row in rows])
    return [(Commitment, [row.pk for row in rows])]


def _promised_again(causes: Sequence[str], on: Mapping[str, date]) -> audit.Keys:
    """Payments taken back are owed again: what was promised for their causes is promised anew, from the day of the reversal."""
    kept: dict[str, Commitment] = {}
    for at in range(0, len(causes), _AT_ONCE):
        part = causes[at : at + _AT_ONCE]
        kept |= {row.cause: row for row in Commitment.objects.filter(cause__in=part).order_by("pk")}
    rows = [row for row in kept.values() if row.ended_because == "paid"]
    if not rows:
        return []
    numbers = bulk.ids(Commitment, len(rows))
    names = ("id", "cause", "subject", "fund_id", "service", "fen", "on", "by", "path", "ended_because")
    bulk.insert(Commitment, names, [
        (number, row.cause, row.subject, row.fund_id, row.service, row.fen, on[row.cause], row.by, row.path, "")
        for number, row in zip(numbers, rows, strict=True)
    ])  # fmt: skip
    return [(Commitment, numbers)]


def reverse(posting: int, *, reason: str, by: Actor, batch: int | None = None) -> int:
    """Take a posting back by one with the opposite moves, on the same day or, when that is closed, today; its id."""
    return reverse_many([posting], reason=reason, by=by, batch=batch)[0]


def reverse_many(postings: Sequence[int], *, reason: str, by: Actor, batch: int | None = None) -> list[int]:
    """Reverse postings; the ids of the reversing ones, in order. Refused: without a reason, or one reversed before."""
    with transaction.atomic():
        keys = _reverse(postings, reason, by, batch)
        audit.wrote("money.reverse", Posting, keys[0][1], by=by, keys=keys[1:], batch=batch)
        return list(keys[0][1])


def _reverse(postings: Sequence[int], reason: str, by: Actor, batch: int | None) -> audit.Keys:
    """The postings and entries written, in order."""
    if not reason:
        raise Refused("冲销必须写明理由。")
    with transaction.atomic():
        found: dict[int, Posting] = {}
        entries: list[Entry] = []
        for at in range(0, len(postings), _AT_ONCE):
            part = postings[at : at + _AT_ONCE]
            found |= {row.pk: row for row in Posting.objects.select_for_update().filter(pk__in=part)}
            entries += list(Entry.objects.filter(posting__in=part).order_by("pk"))
            if Posting.objects.filter(reverses__in=part).exists():
                raise Refused("这笔款已经冲销，不能再次冲销。")
        if len(found) < len(postings):
            raise Refused("没有这笔款，请核对。")
        for path in {entry.path for entry in entries}:
            by.must_reach(path)
        days = _days_open(found, entries)
        numbers = bulk.ids(Posting, len(postings))
        news = dict(zip(postings, numbers, strict=True))
        now, who = datetime.now(UTC), by.account
        bulk.insert(
            Posting,
            _COLUMNS,
            [(news[old], f"reverse:{old}", days[old], now, who, batch, old, reason) for old in postings],
        )
        opposite = [(news[one.posting_id], one.fund_id, one.account, -one.fen, one.path) for one in entries]
        owed = {bare_cause(found[old].cause): days[old] for old in postings}
        return [(Posting, numbers), (Entry, _enter(opposite)), *_promised_again(list(owed), owed)]


def _days_open(found: Mapping[int, Posting], entries: Sequence[Entry]) -> dict[int, date]:
    """Posting -> the day its reversal is dated. Its fund is held, so that nobody closes the month meanwhile."""
    funds = dict(
        Fund.objects.select_for_update()
        .filter(pk__in={entry.fund_id for entry in entries})
        .order_by("pk")
        .values_list("pk", "path")
    )
    ends = {path: books.closed_until(path) for path in set(funds.values())}
    of_posting = {entry.posting_id: funds[entry.fund_id] for entry in entries}
    return {number: books.first_open(posting.on, ends[of_posting[number]]) for number, posting in found.items()}


def withdraw_batch(batch: int, *, reason: str, by: Actor) -> int:
    """Reverse every posting an import made and nobody reversed since, and post again those it had reversed; how many
    were reversed. What is written is noted for the sealing of the batch's withdrawal.
    """
    with transaction.atomic():
        standing = Posting.objects.filter(batch=batch, reverses=None, reversed_by=None)
        numbers = list(standing.order_by("pk").values_list("pk", flat=True))
        corrected = list(Posting.objects.filter(reversed_by__batch=batch).exclude(batch=batch).order_by("pk"))
        audit.note_rows(_reverse(numbers, reason, by, None), batch=batch)
        for posting in corrected:
            entries = list(posting.entries.order_by("pk"))
            moves = tuple((entry.account, entry.fen) for entry in entries)
            on = books.open_day(Fund.objects.get(pk=entries[0].fund_id).path, posting.on)
            movement = Movement(bare_cause(posting.cause), entries[0].fund_id, moves, on, entries[0].path)
            audit.note_rows(_post([movement], by, posting.batch), batch=batch)
        return len(numbers)


def standing_of(cause: str) -> Posting | None:
    """The posting of a cause that holds, if its money has moved."""
    return standing_of_many([cause]).get(cause)


def unposted(causes: Sequence[str]) -> list[str]:
    """Those of these causes whose money has not moved, or came back."""
    return sorted(set(causes) - set(standing_of_many(list(dict.fromkeys(causes)))))


def balance(fund: int, account: str = CASH) -> int:
    """Fen in an account of a fund."""
    total = Entry.objects.filter(fund=fund, account=account).aggregate(total=Sum("fen"))["total"]
    return int(total or 0)


def _balanced(movement: Movement) -> None:
    if len(movement.moves) < 2 or any(fen == 0 for _, fen in movement.moves):
        raise Refused("一笔款至少有一进一出，金额不能为零。")
    if TURN.search(movement.cause):
        raise Refused("一笔款的事由不能以“#”和数字结尾（{cause}）。", cause=movement.cause)
    if sum(fen for _, fen in movement.moves) != 0:
        raise Refused("一笔款的进出合计必须为零，请核对金额。")


def _free_causes(causes: Sequence[str]) -> list[str]:
    """Each cause, or with "#n" when all its earlier postings were reversed."""
    if len(set(causes)) < len(causes):
        raise Refused("这笔款已经付过，不能重复支付。", code="ledger.paid")
    free = {cause: cause for cause in causes}
    left, turn = list(causes), 1
    while left:
        taken: dict[str, bool] = {}
        for at in range(0, len(left), _AT_ONCE):
            part = [free[cause] for cause in left[at : at + _AT_ONCE]]
            rows = Posting.objects.filter(cause__in=part).values_list("cause", "reversed_by")
            taken |= {cause: reversed_by is not None for cause, reversed_by in rows}
        if not all(taken.values()):
            raise Refused("这笔款已经付过，不能重复支付。", code="ledger.paid")
        turn += 1
        left = [cause for cause in left if free[cause] in taken]
        free |= {cause: f"{cause}#{turn}" for cause in left}
    return [free[cause] for cause in causes]


def standing_of_many(causes: Sequence[str]) -> dict[str, Posting]:
    """The posting that holds, for each of these causes whose money has moved."""
    found: dict[str, Posting] = {}
    left, turn = {cause: cause for cause in causes}, 1
    while left:
        rows: dict[str, Posting] = {}
        keys = list(left)
        for at in range(0, len(keys), _AT_ONCE):
            standing = Posting.objects.filter(cause__in=keys[at : at + _AT_ONCE]).select_related("reversed_by")
            rows |= {row.cause: row for row in standing}
        turn += 1
        following = {}
        for key, cause in left.items():
            if key in rows and hasattr(rows[key], "reversed_by"):
                following[f"{cause}#{turn}"] = cause
            elif key in rows:
                found[cause] = rows[key]
        left = following
    return found


def repost(movements: Sequence[Movement], *, reason: str, by: Actor, batch: int | None = None) -> None:
    """Make the standing posting of each cause this movement: one that differs is reversed and posted anew."""
    with transaction.atomic():
        standing = standing_of_many([movement.cause for movement in movements])
        numbers = [posting.pk for posting in standing.values()]
        held: dict[int, set[tuple[int, str, int, str]]] = {}
        for at in range(0, len(numbers), _AT_ONCE):
            for entry in Entry.objects.filter(posting__in=numbers[at : at + _AT_ONCE]):
                held.setdefault(entry.posting_id, set()).add((entry.fund_id, entry.account, entry.fen, entry.path))
        wrong: list[int] = []
        new: list[Movement] = []
        for movement in movements:
            posting = standing.get(movement.cause)
            wanted = {(movement.fund, account, fen, movement.path) for account, fen in movement.moves}
            if posting is not None and posting.on == movement.on and held[posting.pk] == wanted:
                continue
            if posting is not None:
                wrong.append(posting.pk)
            new.append(movement)
        reverse_many(wrong, reason=reason, by=by, batch=batch)
        post_many(new, by=by, batch=batch)


def _enter(rows: Sequence[tuple[int, int, str, int, str]]) -> list[int]:
    names = ("id", "posting_id", "fund_id", "account", "fen", "path")
    numbers = bulk.ids(Entry, len(rows))
    bulk.insert(Entry, names, [(number, *row) for number, row in zip(numbers, rows, strict=True)])
    return numbers
