"""Walking the chain from its start: every entry, every seal, the anchor; then every row against its last digest."""

import zlib
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import models

from unionhall.journal.audit import is_genuine
from unionhall.journal.chain import START, TOLD, anchored, entry_mac, link, sealing
from unionhall.journal.digests import GONE, Form, Part, Row, digester, form_of, model_of, unpack, unpack_ids
from unionhall.journal.models import AuditEntry, ChainHead, Unsealed

LAG = timedelta(minutes=10)
"""How far the anchor may be behind."""
WAITING = b"\x01" * 16
"""Instead of a digest: the row's batch has not been sealed yet."""
EDITED, DELETED, INSERTED, RETURNED = "被改动", "被删除", "不是经办理写入的", "撤回后又出现"
_STANDS_AT, _ROWS = TOLD.index("stands_at"), TOLD.index("rows")
_AT_ONCE = 2_000
_ROUNDS = 5
_FAR = 20_000_000  # an id this far beyond the others is kept apart: one stray row must not cost gigabytes


class Fault(NamedTuple):
    """Something that is not as the chain says: `where` names it ("people.person 4"), `what` says how."""

    where: str
    what: str


class Latest:
    """The last digest of every row of a table, in arrays by id: 25 bytes a row."""

    def __init__(self) -> None:
        self.forms: list[Form] = [()]
        self._digests, self._positions, self._form = bytearray(), array("q"), bytearray()
        self._far: dict[int, tuple[bytes, int, int]] = {}

    def put(self, part: Part, position: int) -> None:
        """Take over digests that stand from `position` on, where none stands from later."""
        if part.form not in self.forms:
            self.forms.append(part.form)
        form = self.forms.index(part.form)
        room = self._room(part.ids)
        digests, positions, forms = self._digests, self._positions, self._form
        for number, digest in zip(part.ids, part.digests, strict=True):
            if 0 <= number < room:
                if positions[number] <= position:
                    digests[number * 16 : number * 16 + 16] = digest
                    positions[number] = position
                    forms[number] = form
            elif number not in self._far or self._far[number][1] <= position:
                self._far[number] = (digest, position, form)

    def get(self, number: int) -> tuple[bytes, int] | None:
        """(digest, which of the forms) of a row; None when it never was sealed."""
        if 0 <= number < len(self._form):
            form = self._form[number]
            return (bytes(self._digests[number * 16 : number * 16 + 16]), form) if form else None
        far = self._far.get(number)
        return (far[0], far[2]) if far else None

    @property
    def room(self) -> int:
        """Ids below this are kept in arrays."""
        return len(self._form)

    def __iter__(self) -> Iterator[int]:
        """The id of every row that ever was sealed."""
        yield from (number for number, form in enumerate(self._form) if form)
        yield from self._far

    def _room(self, ids: Sequence[int]) -> int:
        have = len(self._form)
        if ids and have <= ids[-1] < have + _FAR:
            more = max(ids[-1] + 1, have + have // 2) - have
            self._digests.extend(bytes(16 * more))
            self._positions.extend(array("q", bytes(8 * more)))
            self._form.extend(bytes(more))
        return len(self._form)


@dataclass
class Walk:
    """What walking the chain found: entries, the last place and its seal, what is wrong, the last digests by table."""

    entries: int = 0
    place: int = 0
    seal: bytes = START
    faults: list[Fault] = field(default_factory=list)
    latest: dict[str, Latest] = field(default_factory=dict)
    mac: Callable[[Row], bytes] = field(default_factory=entry_mac)
    seal_of: Callable[[bytes, int, bytes], bytes] = field(default_factory=sealing)


@dataclass
class Compared:
    """A table against its digests: its rows, those whose batch is not sealed yet, and what is wrong."""

    rows: int = 0
    waiting: int = 0
    faults: list[Fault] = field(default_factory=list)


def walk() -> Walk:
    """From the first entry to the last, then the head, the anchor, and what waits. Entries not linked yet are linked first."""
    link()
    found = Walk()
    for row in _entries(AuditEntry.objects.exclude(place=None)):
        _step(found, row)
    _unlinked(found)
    _head(found)
    _anchor(found)
    _wait(found, found.faults)
    return found


def compare(found: Walk, table: str) -> Compared:
    """Every row of a table against its last digest. Rows that are being written meanwhile are looked at again."""
    compared, model, latest = Compared(), model_of(table), found.latest.setdefault(table, Latest())
    seen, seen_far = bytearray(latest.room), set()
    suspects: list[int] = []
    for number, what in _judged(model, latest, model._base_manager.all()):
        compared.rows += 1
        if 0 <= number < len(seen):
            seen[number] = 1
        else:
            seen_far.add(number)
        if what is WAITING:
            compared.waiting += 1
        elif what is not None:
            suspects.append(number)
    for number in latest:
        if not (seen[number] if 0 <= number < len(seen) else number in seen_far):
            what = _judged_missing(latest, number)
            compared.waiting += what is WAITING
            suspects += [number] if what is DELETED else []
    compared.faults = [Fault(f"{table} {number}", what) for number, what in _again(found, model, suspects)]
    return compared


def catch_up(found: Walk) -> None:
    """Know the entries that came since; what is wrong with them is among the faults."""
    link()
    for row in _entries(AuditEntry.objects.filter(place__gt=found.place)):
        _step(found, row)
    _wait(found, [])


def faults_of(found: Walk, model: type[models.Model], ids: Sequence[int]) -> dict[int, str | None]:
    """Rows that are not as the last entry known left them: what is wrong with each; None when it cannot be said yet."""
    latest = found.latest.setdefault(model._meta.label_lower, Latest())
    judged = _judged(model, latest, model._base_manager.filter(pk__in=ids))
    return {number: None if what is WAITING else str(what) for number, what in judged if what is not None}


def _again(found: Walk, model: type[models.Model], suspects: Sequence[int]) -> list[tuple[int, str]]:
    """What is wrong with these rows, after the entries that came since are known; rounds, for others go on writing."""
    wrong = dict.fromkeys(suspects, "")
    for _ in range(_ROUNDS):
        if not wrong:
            break
        catch_up(found)
        latest, numbers = found.latest[model._meta.label_lower], sorted(wrong)
        wrong, there = {}, set()
        for at in range(0, len(numbers), _AT_ONCE):
            for number, what in _judged(model, latest, model._base_manager.filter(pk__in=numbers[at : at + _AT_ONCE])):
                there.add(number)
                if what is not None and what is not WAITING:
                    wrong[number] = str(what)
        wrong |= {n: DELETED for n in numbers if n not in there and _judged_missing(latest, n) is DELETED}
    return sorted(wrong.items())


def _judged(
    model: type[models.Model], latest: Latest, rows: "models.QuerySet[models.Model]"
) -> Iterator[tuple[int, str | bytes | None]]:
    """(id, what is wrong with the row; None: nothing, WAITING: it cannot be said yet)."""
    form, key = form_of(model), model._meta.pk
    assert key is not None
    pk = form.index(key.attname)
    checks = [_check(model, form, other) for other in latest.forms]
    for row in rows.order_by().values_list(*form).iterator(_AT_ONCE):
        number = row[pk]
        last = latest.get(number)
        if last is None:
            yield number, INSERTED
        elif last[0] == WAITING:
            yield number, WAITING
        elif last[0] == GONE:
            yield number, RETURNED
        else:
            if last[1] >= len(checks):  # a form that came while the rows were read
                checks += [_check(model, form, other) for other in latest.forms[len(checks) :]]
            yield number, None if checks[last[1]](row) == last[0] else EDITED


def _judged_missing(latest: Latest, number: int) -> str | bytes | None:
    last = latest.get(number)
    if last is None or last[0] == GONE:
        return None
    return WAITING if last[0] == WAITING else DELETED


def _check(model: type[models.Model], form: Form, other: Form) -> Callable[[Row], bytes]:
    """(values of today's form) -> digest over the columns of another; a column that is no more makes it match nothing."""
    if other == form:
        return digester(model, form)
    if not other or not set(other) <= set(form):
        return lambda row: b""
    picked, digest = [form.index(name) for name in other], digester(model, other)
    return lambda row: digest([row[place] for place in picked])


def _entries(wanted: "models.QuerySet[AuditEntry]") -> Iterator[tuple[Any, ...]]:
    return wanted.order_by("place").values_list(*TOLD, "mac", "place", "seal").iterator(_AT_ONCE)


def _step(found: Walk, row: tuple[Any, ...]) -> None:
    """One entry: is it the next, unchanged, sealed after the one before? Then its digests count."""
    *told, mac, place, seal = row
    number, gap = told[0], place - found.place - 1
    seal = bytes(seal or b"")
    if gap:
        found.faults.append(Fault(f"链上第 {found.place + 1} 至 {place - 1} 位", DELETED))
    if found.mac(told) != bytes(mac):
        found.faults.append(Fault(f"journal.auditentry {number}", EDITED))
    elif not gap and found.seal_of(found.seal, place, bytes(mac)) != seal:
        found.faults.append(Fault(f"journal.auditentry {number}", "印记对不上"))
    found.entries, found.place, found.seal = found.entries + 1, place, seal
    position = told[_STANDS_AT] or number
    try:
        for part in unpack(bytes(told[_ROWS])):
            found.latest.setdefault(part.table, Latest()).put(part, position)
    except (ValueError, zlib.error):
        pass  # named above: its MAC cannot be right


def _unlinked(found: Walk) -> None:
    """What the linking left was not written by an action. What came meanwhile is given the time to be linked."""
    for told in AuditEntry.objects.filter(place=None).order_by("pk").values_list(*TOLD, "mac"):
        if found.mac(told[:-1]) != bytes(told[-1]):
            found.faults.append(Fault(f"journal.auditentry {told[0]}", INSERTED))


def _head(found: Walk) -> None:
    heads = list(ChainHead.objects.order_by("pk").values_list("place", "seal"))
    if len(heads) != bool(found.entries) or any(place < found.place for place, _ in heads):
        found.faults.append(Fault("journal.chainhead", EDITED))
    elif heads and heads[0][0] > found.place and not AuditEntry.objects.filter(place=heads[0][0]).exists():
        found.faults.append(Fault(f"链上第 {found.place + 1} 至 {heads[0][0]} 位", DELETED))
    elif heads and heads[0][0] == found.place and bytes(heads[0][1]) != found.seal:
        found.faults.append(Fault("journal.chainhead", EDITED))


def _anchor(found: Walk) -> None:
    """Every seal the anchor remembers is the chain's; it remembers none beyond the last, and is not far behind."""
    try:
        told = anchored()
    except ValueError:
        found.faults.append(Fault("锚定文件", EDITED))
        return
    if told is None:  # nothing was told to it yet, or it was taken away: then it is as far behind as can be
        told = {}
    there: dict[int, bytes] = {}
    for row in AuditEntry.objects.exclude(place=None).order_by("place").values_list("place", "seal").iterator(_AT_ONCE):
        if row[0] in told:
            there[row[0]] = bytes(row[1] or b"")
    wrong = sorted(place for place, seal in told.items() if there.get(place) != seal)
    if wrong:
        found.faults.append(Fault(f"链上第 {wrong[0]} 位", "与锚定文件不符：被截去、改写，或数据库换成了旧的"))
    late = AuditEntry.objects.filter(place__gt=max(told, default=0), at__lt=datetime.now(UTC) - LAG)
    if late.exists():
        found.faults.append(Fault("锚定文件", f"落后 {late.count()} 条"))


def _wait(found: Walk, faults: list[Fault]) -> None:
    """Rows of batches that are not sealed yet."""
    for noted in Unsealed.objects.exclude(entry=None).order_by("pk"):
        if is_genuine(noted):
            ids = unpack_ids(bytes(noted.ids))
            part = Part(noted.table, ("id",), ids, [WAITING] * len(ids))
            found.latest.setdefault(noted.table, Latest()).put(part, noted.entry or 0)
        else:
            faults.append(Fault(f"journal.unsealed {noted.pk}", INSERTED))
