"""What checking a file found, kept until it is brought in: rows to look at, rows to put right, doubts to set aside."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F

from unionhall.exchange import kinds, strongroom, uploads
from unionhall.exchange.cells import masked, typed
from unionhall.exchange.faults import write_faults
from unionhall.exchange.mending import judge_alone
from unionhall.exchange.models import Batch, Fix, Shown, Upload
from unionhall.exchange.run import Faulty, Outcome
from unionhall.exchange.scope import Scope
from unionhall.exchange.sitting import Kept, Looked, Samples, digest_of, opened_column
from unionhall.exchange.template import Reason, Template, Verdict
from unionhall.exchange.templates import by_name
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer

SHOWN = 2_000
"""How many rows given back are shown, of each verdict; all of them are in the workbook to download."""
_LONGEST = 2_000
_COLUMNS = ("id", "upload_id", "number", "verdict", "accepts", "content")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the preview. `cells` are in template order; `typed`: as somebody typed them, so they can be put right."""

    number: int
    verdict: Verdict
    accepts: str
    cells: tuple[str, ...]
    reasons: tuple[Reason, ...]
    was: Mapping[str, tuple[str, str]]
    typed: bool
    mended: bool = False
    accepted: bool = False


def keep(upload: Upload, looked: Looked, faults: str, *, by: Actor) -> None:
    """Write down what checking found, in the caller's transaction; `faults` is the token of the sealed workbook."""
    now = uploads.held(upload.pk, by=by)
    if now.state != "checking":
        raise Refused("这份表已经不在核对，核对的结果没有保留")
    outcome = looked.outcome
    Shown.objects.filter(upload=now).delete()
    _insert(now, [*_given_back(outcome.faults, looked.samples), *_others(looked.samples)])
    _let_go(now, outcome.faults)
    _forget_later(now.faults)
    now.faults, now.state, now.checked_at = faults, "checked", datetime.now(UTC)
    now.unknown = [header[:60] for header in outcome.unknown]
    now.acceptable = len(looked.samples.acceptable)
    now.doubts = False
    _count(now, outcome)
    now.save()


def settle(upload: Upload, outcome: Outcome, faults: str) -> None:
    """Write down what bringing it in did, in its transaction; what is shown from now on is what was not written."""
    Shown.objects.filter(upload=upload).delete()
    _insert(upload, list(_given_back(outcome.faults, None)))
    _forget_later(upload.faults)
    upload.faults, upload.state, upload.ended_at = faults, "done", datetime.now(UTC)
    upload.batch = Batch.objects.get(pk=outcome.batch) if outcome.batch is not None else None
    _count(upload, outcome)
    upload.save()


def seal_faults(outcome: Outcome) -> str:
    """The workbook of what is given back, sealed; its token, "" when nothing is."""
    if not outcome.faults:
        return ""
    with strongroom.private(".xlsx") as path:
        write_faults(outcome, path)
        with path.open("rb") as file:
            return strongroom.seal(file)


def workbook(upload: Upload, path: Path) -> None:
    """Write what is given back as things stand now: without rows put right or accepted, as far as all of them are kept."""
    template = by_name(upload.template)
    open_rows = upload.shown.filter(verdict__in=(Verdict.REFUSED, Verdict.DOUBTFUL))
    if upload.state == "done" or open_rows.count() != upload.refused + upload.doubtful:
        with path.open("wb") as out:
            for block in strongroom.blocks(upload.faults):
                out.write(block)
        return
    outcome = Outcome(template, upload.file_name)
    for line in lines(upload, open_rows.order_by("number")):
        if not line.accepted:
            outcome.faults.append(Faulty(line.number, line.verdict, line.reasons, line.cells))
    write_faults(outcome, path)


def lines(upload: Upload, rows: Iterable[Shown]) -> list[Line]:
    """Rows of the preview, opened."""
    fixes = {fix.number: fix for fix in upload.fixes.all()}
    return [_line(upload, row, fixes.get(row.number)) for row in rows]


def line(upload: Upload, number: int) -> Line:
    """One row of the preview; NotYours when it is not shown."""
    row = upload.shown.filter(number=number).first()
    if row is None:
        raise NotYours(number)
    return lines(upload, [row])[0]


def mend(upload: int, number: int, cells: Sequence[str], *, by: Actor, on: date | None = None) -> Line | None:
    """Put the cells of one row right, and judge it again at once. None: rows of this form are only judged together, so the
    whole file must be checked again.
    """
    with transaction.atomic():
        held = _changeable(upload, by)
        row = held.shown.select_for_update().filter(number=number).first()
        template = by_name(held.template)
        if row is None or not _content(row)["typed"]:
            raise NotYours(number)
        if len(cells) != len(template.columns) or any(len(cell) > _LONGEST for cell in cells):
            raise Refused("这一行的内容太长，请缩短后再保存")
        _fix(held, number, by=by, cells=[cell or None for cell in cells])
        audit.write("import.mend", by=by, subject=f"upload:{held.pk}", path=held.path)
        if template.whole:
            return None
        _judge_again(held, row, template, tuple(cell or None for cell in cells), by, on or kinds.today())
        return line(held, number)


def accept(upload: int, numbers: Sequence[int], *, yes: bool, by: Actor) -> int:
    """Set the doubts of these rows aside (or take that back); how many rows it concerned."""
    with transaction.atomic():
        held = _checked(upload, by)
        rows = held.shown.filter(verdict=Verdict.DOUBTFUL, number__in=list(numbers)).exclude(accepts="")
        for row in rows:
            seen = digest_of(_content(row)["reasons"]) if yes else None
            _fix(held, row.number, by=by, accepted=seen)
        if held.doubts and not yes:
            raise Refused("已选择全部采用；请先取消“全部采用”，再逐行选择")
        audit.write("import.accept" if yes else "import.refuse", by=by, subject=f"upload:{held.pk}", path=held.path)
        return len(rows)


def accept_all(upload: int, *, yes: bool, by: Actor) -> int:
    """Set aside the doubts of every row that may be accepted; how many there are."""
    with transaction.atomic():
        held = _checked(upload, by)
        held.doubts = yes
        held.save(update_fields=["doubts"])
        if not yes:
            held.fixes.filter(cells=None).delete()
            held.fixes.update(accepted=None)
        audit.write("import.accept" if yes else "import.refuse", by=by, subject=f"upload:{held.pk}", path=held.path)
        return held.acceptable


def shown_cells(template: Template, line: Line, *, own: bool) -> tuple[str, ...]:
    """The cells for whoever looks: their own file as typed, another's with people's numbers masked."""
    if own or not line.typed:
        return line.cells
    return tuple(masked(column, cell) for column, cell in zip(template.columns, line.cells, strict=True))


def _checked(upload: int, by: Actor) -> Upload:
    held = uploads.held(upload, by=by)
    if held.state != "checked":
        raise Refused("这份表现在不能改：还在核对，或者已经确认导入")
    return held


def _changeable(upload: int, by: Actor) -> Upload:
    held = _checked(upload, by)
    if held.account != by.account:
        raise Refused("这份表是别人上传的，只有上传的人能改里面的内容")
    return held


def _judge_again(held: Upload, row: Shown, template: Template, cells: tuple[Any, ...], by: Actor, today: date) -> None:
    samples = Samples(template)
    loader = Kept(
        template.loader(by, today), Scope(by, template.name), {}, all_doubts=False, samples=samples
    )  # fmt: skip
    verdict, reasons = judge_alone(template, loader, row.number, cells)
    accepts = samples.acceptable.get(row.number)
    was = samples.was.get(row.number, {})
    old = Verdict(row.verdict)
    content = {"cells": [typed(cell) for cell in cells], "reasons": reasons, "was": was, "typed": True}
    Shown.objects.filter(pk=row.pk).update(
        verdict=verdict, accepts=accepts or "", content=sealer(Shown, "content")(row.pk, _json(content))
    )
    changes = {old.value: -1, verdict.value: 1} if old is not verdict else {}
    changes["acceptable"] = (accepts is not None) - bool(row.accepts)
    Upload.objects.filter(pk=held.pk).update(**{name: F(name) + by_ for name, by_ in changes.items() if by_})


def _fix(
    held: Upload, number: int, *, by: Actor, cells: list[Any] | None = None, accepted: bytes | None = None
) -> None:
    """One row's decision: new cells put an earlier acceptance aside; an acceptance keeps the cells."""
    fix = held.fixes.filter(number=number).first()
    if fix is None:
        (key,) = bulk.ids(Fix, 1)
        fix = Fix(id=key, upload=held, number=number)
        fix.cells = None
    if cells is not None:
        fix.cells = sealer(Fix, "cells")(fix.pk, json.dumps(cells, ensure_ascii=False))
    fix.accepted, fix.by, fix.at = accepted, by.account, datetime.now(UTC)
    fix.save()


def _given_back(faults: Sequence[Faulty], samples: Samples | None) -> Iterable[tuple[int, Verdict, str, str]]:
    """(number, verdict, accepts, content) of rows given back, the first of each verdict."""
    left = {Verdict.REFUSED: SHOWN, Verdict.DOUBTFUL: SHOWN}
    for fault in faults:
        if left[fault.verdict] > 0:
            left[fault.verdict] -= 1
            accepts = samples.acceptable.get(fault.number) if samples is not None else None
            content = {"cells": [typed(cell)[:_LONGEST] for cell in fault.cells], "reasons": fault.reasons, "was": {},
                       "typed": True}  # fmt: skip
            yield fault.number, fault.verdict, accepts or "", _json(content)


def _others(samples: Samples) -> Iterable[tuple[int, Verdict, str, str]]:
    for verdict, rows in samples.rows.items():
        for number, cells in rows.items():
            content = {"cells": cells, "reasons": [], "was": samples.was.get(number, {}), "typed": False}
            yield number, verdict, "", _json(content)


def _insert(upload: Upload, rows: Sequence[tuple[int, Verdict, str, str]]) -> None:
    seal = sealer(Shown, "content")
    keys = bulk.ids(Shown, len(rows))
    bulk.insert(Shown, _COLUMNS, [
        (key, upload.pk, number, verdict.value, accepts, seal(key, content))
        for key, (number, verdict, accepts, content) in zip(keys, rows, strict=True)
    ])  # fmt: skip


def _let_go(upload: Upload, faults: Sequence[Faulty]) -> None:
    """Acceptances of doubts that are no more, or are others by now."""
    reasons = {fault.number: digest_of(fault.reasons) for fault in faults if fault.verdict is Verdict.DOUBTFUL}
    for fix in upload.fixes.exclude(accepted=None):
        if fix.accepted is None or reasons.get(fix.number) != bytes(fix.accepted):
            _drop(fix)


def _drop(fix: Fix) -> None:
    if fix.__dict__["cells"] is None:
        fix.delete()
    else:
        Fix.objects.filter(pk=fix.pk).update(accepted=None)


def _count(upload: Upload, outcome: Outcome) -> None:
    upload.rows = outcome.rows
    for verdict in Verdict:
        setattr(upload, verdict.value, outcome.counts[verdict])


def _forget_later(token: str) -> None:
    if token:
        transaction.on_commit(lambda: strongroom.forget(token))


def _content(row: Shown) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(opened_column(Shown, "content", row))
    return content


def _line(upload: Upload, row: Shown, fix: Fix | None) -> Line:
    content = _content(row)
    accepted = bool(row.accepts) and (
        upload.doubts
        or (fix is not None and fix.accepted is not None and bytes(fix.accepted) == digest_of(content["reasons"]))
    )
    return Line(
        row.number, Verdict(row.verdict), row.accepts, tuple(content["cells"]),
        tuple((key, sentence) for key, sentence in content["reasons"]),
        {key: (before, after) for key, (before, after) in content["was"].items()},
        content["typed"], fix is not None and fix.__dict__["cells"] is not None, accepted,
    )  # fmt: skip


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False)
