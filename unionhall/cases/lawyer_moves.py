"""What a lawyer does in the matters given to them by name: minutes of talks, the day of a hearing, the closing report."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from unionhall.cases import actions, note_moves
from unionhall.cases.models import Case
from unionhall.cases.note_moves import LONGEST
from unionhall.cases.reach import is_lawyer_of
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused

MINUTES = {"interview": "会见职工", "hearing": "开庭", "work": "办案记录"}
"""What a lawyer writes down: kind of the note -> Chinese title. A hearing may lie ahead."""


def write(case: int, kind: str, text: str, *, on: date, by: Actor) -> int:
    """Write down what was talked about, when a hearing is, what was done; the note's id.

    Refused: an unknown kind, nothing or too much written, a day that cannot be.
    """
    text = text.strip()
    if kind not in MINUTES:
        raise Refused("请从列表中选择是哪一种记录。", code="kind")
    if not text:
        raise Refused("请写下谈了什么、做了什么。", code="text")
    if len(text) > LONGEST:
        raise Refused("一次最多写 {longest} 个字，请分几次写。", code="text", longest=LONGEST)
    with transaction.atomic():
        row = _given(case, by)
        if row.closed_on is not None:
            raise Refused("这件事已经结案。")
        if on < row.opened_on or (kind != "hearing" and on > timezone.localdate()):
            raise Refused("日期应在登记之后、今天之前；开庭可以在今天以后。", code="on")
        note = note_moves.take_down(row, kind, said={"on": on.isoformat()}, text=text, by=by)
        audit.write(
            "case.note", by=by, subject=row.subject, path=row.path, rows=(note,), about=row.person_id, note=kind
        )
        return note.pk


def close(case: int, result: str, fen: int, report: str, *, on: date, by: Actor) -> Case:
    """The closing report: how it ended, what was won for the worker (fen), and in words, which are sealed."""
    if not report.strip():
        raise Refused("请写结案报告。", code="report")
    if len(report.strip()) > LONGEST:
        raise Refused("结案报告最多 {longest} 个字。", code="report", longest=LONGEST)
    if on > timezone.localdate():
        raise Refused("日期不能晚于今天。", code="on")
    with transaction.atomic():
        row = _given(case, by)
        return actions.move(
            row.pk, "close", on=on, values={"result": result, "fen_agreed": fen, "report": report.strip()}, by=by
        )


def _given(case: int, by: Actor) -> Case:
    row: Case | None = Case.objects.select_for_update().filter(pk=case).first()
    if row is None or not is_lawyer_of(by, row):
        raise NotYours(f"case:{case}")
    return row
