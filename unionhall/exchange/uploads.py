"""A file from its coming until it is brought in, taken back or put away. Every change of its state is here.

    received   it is sealed on disk, its first rows are known; somebody says which header is which column
    checking   a job judges every row; nothing is written
    checked    what would happen is shown; rows are put right, doubts set aside
    running    confirmed; a job brings it in, in one transaction
    done       it is in; the file is kept seven days, then only the batch remembers it
    discarded  put away; nothing of it is kept

Moves are made on the locked row, so two tabs, two people or a button pressed twice do a thing once.
"""

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from unionhall.exchange import guard, headers, mapping, permits, strongroom
from unionhall.exchange.casefile_models import CaseFile
from unionhall.exchange.models import Batch, Fix, Shown, Upload
from unionhall.exchange.peek import peek
from unionhall.exchange.run import file_digest
from unionhall.exchange.sitting import opened_column
from unionhall.exchange.template import Template
from unionhall.exchange.templates import by_name
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.paths import STEP, within
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer

KEPT_DONE, KEPT_OPEN = timedelta(days=7), timedelta(days=30)
"""How long a file is kept after it came in, and when nobody goes on with it."""
OPEN = ("received", "checking", "checked", "running")
_NAME = 200


class Taken(NamedTuple):
    """A file that was looked over and sealed, and that no row names yet. `rows` are its first."""

    template: Template
    name: str
    form: str
    rows: list[list[str]]
    size: int
    digest: str
    token: str


def take(template: Template, path: Path, name: str, *, by: Actor) -> Taken:
    """Look a file over: by the guard, then its first rows; and seal it. Raises `Refused` for a file that may not come in.

    Touches no table, so that nobody waits for it. Whoever does not `record` what it gives must `drop` it.
    """
    _where(by, template.name)
    name = _clean(name)
    form = guard.check_upload(path, name)
    rows = peek(path, form, template.title)
    if not any(any(cell.strip() for cell in row) for row in rows):
        raise Refused("工作表是空的，请核对第一张工作表")
    with path.open("rb") as source:
        token = strongroom.seal(source)
    return Taken(template, name, form, rows, path.stat().st_size, file_digest(path), token)


def record(taken: Taken, *, by: Actor) -> Upload:
    """Write the row of a file that was taken in."""
    where = _where(by, taken.template.name)
    with transaction.atomic():
        (number,) = bulk.ids(Upload, 1)
        upload = Upload.objects.create(
            id=number, template=taken.template.name, file_name=taken.name, form=taken.form, size=taken.size,
            digest=taken.digest, token=taken.token, path=where, account=by.account, made_at=datetime.now(UTC),
            head=sealer(Upload, "head")(number, json.dumps(taken.rows, ensure_ascii=False)),
        )  # fmt: skip
        audit.write("import.receive", by=by, subject=f"upload:{number}", path=where, note=taken.template.name)
    return upload


def drop(taken: Taken) -> None:
    """Forget a file that was taken in and not recorded."""
    strongroom.forget(taken.token)


def take_pasted(template: Template, text: str, *, headed: bool, by: Actor, path: Path) -> Taken:
    """Cells copied out of a spreadsheet, tabs between them. `headed`: their first line holds the headers; otherwise the
    columns stand as in the form, and the form's headers are put over them. They are written to `path`, a private file.
    """
    lines = text.replace("\r\n", "\n").strip("\n")
    if not lines.strip():
        raise Refused("还没有粘贴内容。请在 Excel 里选中表头和数据，复制后粘贴到这里")
    if "\t" not in lines and len(template.columns) > 1:
        raise Refused("粘贴的内容不像从表格里复制的（列与列之间没有制表符）；请在 Excel 里选中单元格再复制")
    if not headed:
        lines = "\t".join(column.header for column in template.columns) + "\n" + lines
    path.write_bytes(lines.encode("utf-8", "replace"))
    return take(template, path, f"粘贴的{template.title}.csv", by=by)


def head(upload: Upload) -> list[list[str]]:
    """The first rows of the file as they stand; for whoever brought it."""
    rows: list[list[str]] = json.loads(opened_column(Upload, "head", upload)) if upload.__dict__["head"] else []
    return rows


def choose(number: int, row: int, chosen: Mapping[str, str], *, by: Actor) -> Upload:
    """Say which header is which column; the file may now be checked. Raises `Refused` (code: a column's key)."""
    with transaction.atomic():
        upload = held(number, by=by)
        if upload.state not in ("received", "checked"):
            raise Refused("这份表正在处理，现在不能改对列；请等它完成或先取消")
        template = by_name(upload.template)
        rows = head(upload)
        if not 0 <= row < len(rows):
            raise Refused("没有这一行，请重新选择表头在第几行")
        labels = headers.labels(rows[row])
        settled = mapping.check(template, labels, chosen)
        mapping.remember(template, labels, settled, by=by, path=upload.path)
        upload.header_row, upload.labels, upload.chosen = row, list(labels), settled
        return _check_again(upload, by)


def check_again(number: int, *, by: Actor) -> Upload:
    """Have the whole file judged again, with what was put right."""
    with transaction.atomic():
        upload = held(number, by=by)
        if upload.state not in ("checking", "checked") or not upload.chosen:
            raise Refused("这份表现在不能重新核对")
        return _check_again(upload, by)


def _check_again(upload: Upload, by: Actor) -> Upload:
    upload.state, upload.job = "checking", None
    upload.save()
    audit.write("import.check", by=by, subject=f"upload:{upload.pk}", path=upload.path, note=upload.template)
    return upload


def confirm(number: int, *, by: Actor) -> tuple[Upload, bool]:
    """Have it brought in; False when somebody has confirmed it already. Whoever confirms answers for the rows."""
    with transaction.atomic():
        upload = held(number, by=by)
        if upload.state in ("running", "done"):
            return upload, False
        if upload.state != "checked":
            raise Refused("这份表还没有核对完，不能导入")
        if not to_write(upload):
            raise Refused("没有可以写入的行：请先改正退回的行，或采用存疑的行")
        upload.state, upload.job = "running", None
        upload.confirmed_at, upload.confirmed_by = datetime.now(UTC), by.account
        upload.save()
        audit.write("import.allow", by=by, subject=f"upload:{upload.pk}", path=upload.path, note=upload.template)
        return upload, True


def reopen(number: int, *, by: Actor) -> Upload:
    """Back to the preview after a confirmed import was stopped or failed: it left nothing."""
    with transaction.atomic():
        upload = held(number, by=by)
        if upload.state != "running":
            raise Refused("这份表没有在导入")
        upload.state, upload.confirmed_at, upload.confirmed_by, upload.job = "checked", None, None, None
        upload.save()
        audit.write("import.reopen", by=by, subject=f"upload:{upload.pk}", path=upload.path)
        return upload


def discard(number: int, *, by: Actor) -> Upload:
    """Put a file away that was not brought in; nothing of it is kept but that it was there."""
    with transaction.atomic():
        upload = held(number, by=by)
        if upload.state == "discarded":
            return upload
        if upload.state in ("running", "done"):
            raise Refused("这份表已经确认导入，不能放弃；导入后可以整批撤回")
        empty(upload, "discarded")
        audit.write("import.discard", by=by, subject=f"upload:{upload.pk}", path=upload.path)
        return upload


def employ(upload: Upload, job: int) -> None:
    """Remember which job is at work on it."""
    Upload.objects.filter(pk=upload.pk).update(job=job)


def held(number: int, *, by: Actor) -> Upload:
    """The upload, locked, for somebody who may bring its form in at its place; `NotYours` otherwise."""
    upload = Upload.objects.select_for_update().visible_to(by).filter(pk=number).first()
    if upload is None:
        raise NotYours(number)
    return upload


def must_hold(upload: Upload, *, by: Actor) -> None:
    """Raise `NotYours` unless this actor may act on it."""
    if not Upload.objects.visible_to(by).filter(pk=upload.pk).exists():
        raise NotYours(upload.pk)


def to_write(upload: Upload) -> int:
    """How many rows would be written as things stand."""
    return upload.new + upload.changed + accepted(upload)


def accepted(upload: Upload) -> int:
    """How many doubtful rows were accepted."""
    if upload.doubts:
        return upload.acceptable
    return upload.fixes.exclude(accepted=None).count()


def same_file(upload: Upload) -> list[Upload]:
    """Uploads of the very same file with the same form, latest first; those put away do not count."""
    twins = Upload.objects.filter(template=upload.template, digest=upload.digest).exclude(pk=upload.pk)
    return list(twins.exclude(state="discarded").select_related("batch").order_by("-id")[:5])


def empty(upload: Upload, state: str) -> None:
    """Keep nothing of the file itself: rows, fixes, first rows, the sealed files (when the transaction has committed)."""
    Shown.objects.filter(upload=upload).delete()
    Fix.objects.filter(upload=upload).delete()
    tokens = (upload.token, upload.faults)
    upload.state, upload.head, upload.token, upload.faults = state, None, "", ""
    upload.ended_at = upload.ended_at or datetime.now(UTC)
    upload.save()
    transaction.on_commit(lambda: [strongroom.forget(token) for token in tokens])


def may_withdraw(batch: Batch, by: Actor) -> bool:
    """Whoever may bring the form in where the file belongs may take it back: the importer, their colleagues, those above."""
    places = permits.places(by, batch.template) if batch.template in permits.NEEDS else ()
    upload = Upload.objects.filter(batch=batch).first()
    if upload is None:
        return any(len(path) <= STEP for path in places)
    return any(within(upload.path, path) for path in places)


def tidy() -> dict[str, int]:
    """Files whose time is over, and sealed files no row names: what may be done every hour."""
    now = datetime.now(UTC)
    gone = 0
    with transaction.atomic():
        over = Upload.objects.filter(state="done", ended_at__lt=now - KEPT_DONE).exclude(token="")
        left = Upload.objects.filter(state__in=("received", "checked", "checking"), made_at__lt=now - KEPT_OPEN)
        for upload in over.select_for_update():
            empty(upload, "done")
            gone += 1
        for upload in left.select_for_update():
            empty(upload, "discarded")
            gone += 1
    tokens = Upload.objects.values_list("token", "faults")
    named = {token for pair in tokens for token in pair if token}
    named |= set(CaseFile.objects.exclude(token="").values_list("token", flat=True))
    return {"files": gone, "strays": strongroom.forget_strays(named), "opened": strongroom.sweep()}


def _where(by: Actor, template: str) -> str:
    """The place an upload belongs to: what all the places have in common where they may bring this form in."""
    places = permits.places(by, template)
    if not places:
        raise NotYours(template)
    shared = places[0]
    for path in places[1:]:
        while not path.startswith(shared):
            shared = shared[:-STEP]
    return shared


def _clean(name: str) -> str:
    """A file's name as it is shown: no folders, no invisible marks, not too long."""
    bare = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    bare = "".join(mark for mark in bare if mark.isprintable()).strip() or "未命名.xlsx"
    stem, dot, suffix = bare.rpartition(".")
    return bare if len(bare) <= _NAME else f"{stem[: _NAME - 10]}…{dot}{suffix[:8]}"
