"""What is written down about a matter while it is handled: in words, sealed; and one line for every decision about it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from unionhall.cases.clock_models import Note
from unionhall.cases.models import Case
from unionhall.cases.reach import may_handle
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer

WRITTEN = {"note": "记录", "call": "电话", "visit": "走访", "talk": "约谈"}
"""What an officer writes down of their own accord: kind -> Chinese title."""
LONGEST = 2_000


def write_down(case: int, kind: str, text: str, *, by: Actor) -> int:
    """Write down what was done, said or arranged; the note's id. Refused: nothing written, or too much."""
    text = text.strip()
    if kind not in WRITTEN:
        raise Refused("请从列表中选择是哪一种记录。", code="kind")
    if not text:
        raise Refused("请写下做了什么、说了什么。", code="text")
    if len(text) > LONGEST:
        raise Refused("一次最多写 {longest} 个字，请分几次写。", code="text", longest=LONGEST)
    with transaction.atomic():
        row: Case | None = Case.objects.select_for_update().visible_to(by).filter(pk=case).first()
        if row is None or not may_handle(by, row.service, row.path):
            raise NotYours(f"case:{case}")
        note = take_down(row, kind, text=text, by=by)
        audit.write(
            "case.note", by=by, subject=row.subject, path=row.path, rows=(note,), about=row.person_id, note=kind
        )
        return note.pk


def take_down(case: Case, kind: str, *, by: Actor, said: Mapping[str, Any] | None = None, text: str = "") -> Note:
    """Keep a line within the transaction of what it tells of; the note, which that action's own entry names."""
    number = bulk.ids(Note, 1)[0]
    sealed = sealer(Note, "text")(number, text.strip()) if text.strip() else None
    note = Note(
        pk=number,
        case=case,
        path=case.path,
        at=timezone.now(),
        by_id=by.account,
        kind=kind,
        said=dict(said or {}),
        text=sealed,
    )
    note.save(force_insert=True)
    return note
