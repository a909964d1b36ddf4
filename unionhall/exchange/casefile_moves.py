"""Files of a matter: put with it, opened for a reason, taken away when they do not belong there."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from unionhall.access import reveal
from unionhall.cases.models import Case
from unionhall.cases.reach import is_lawyer_of, may_handle
from unionhall.exchange import strongroom
from unionhall.exchange.casefile_models import CaseFile
from unionhall.exchange.casefile_room import Kept
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer

FIELD = "exchange.casefile.name"
MOST, MOST_AT_ONCE = 20, 5
"""Files of one matter; of one sending."""


def must_be_open_to(case: int, *, by: Actor, more: int = 0) -> Case:
    """The matter, locked, for who may put files with it: its worker, who handles it, its lawyer. Refused: closed, or too many."""
    row: Case | None = Case.objects.select_for_update(of=("self",)).visible_to(by).filter(pk=case).first()
    theirs = row is not None and by.person is not None and by.person == row.person_id
    if row is None or not (theirs or may_handle(by, row.service, row.path) or is_lawyer_of(by, row)):
        raise NotYours(f"case:{case}")
    if row.closed_on is not None:
        raise Refused("这件事已经办结，不能再补充。", code="file")
    if more > MOST_AT_ONCE:
        raise Refused("一次最多传 {most_at_once} 个文件，请分几次传。", code="file", most_at_once=MOST_AT_ONCE)
    there = CaseFile.objects.filter(case=row).exclude(token="").count()
    if there + more > MOST:
        raise Refused(
            "一件事最多 {most} 个文件，已经有 {there} 个；请合并成 PDF 再传。", code="file", most=MOST, there=there
        )
    return row


def add(case: int, kept: Sequence[Kept], *, by: Actor) -> list[int]:
    """Put sealed files with a matter; their ids."""
    if not kept:
        raise Refused("请选择要上传的文件。", code="file")
    with transaction.atomic():
        row = must_be_open_to(case, by=by, more=len(kept))
        numbers, seal = bulk.ids(CaseFile, len(kept)), sealer(CaseFile, "name")
        account = None if by.person is not None else by.account
        rows = [
            CaseFile(
                pk=number, case=row, name=seal(number, one.name), form=one.form, size=one.size, token=one.token,
                at=timezone.now(), by_id=account,
            )
            for number, one in zip(numbers, kept, strict=True)
        ]  # fmt: skip
        for one in rows:
            one.save(force_insert=True)
        audit.write("case.file", by=by, subject=row.subject, path=row.path, rows=rows, about=row.person_id)
        return numbers


def open_file(number: int, *, by: Actor, purpose: str) -> tuple[str, str, bytes]:
    """(name, form, bytes) of a file, after its line in the book of looks is committed.

    Raises `NotYours` for one out of reach, `Refused` without a purpose, or when it was taken away.
    """
    row = CaseFile.objects.visible_to(by).filter(pk=number).first()
    if row is None:
        raise NotYours(f"casefile:{number}")
    if not row.token:
        raise Refused("这个文件已经撤下。")
    name = reveal.reveal(FIELD, number, by=by, purpose=purpose)
    return name, row.form, b"".join(strongroom.blocks(row.token))


def take_away(number: int, *, reason: str, by: Actor) -> None:
    """Take a file away that does not belong there: its bytes are gone, that it was there stays."""
    if not reason.strip():
        raise Refused("请写明为什么撤下。", code="reason")
    if len(reason.strip()) > 200:
        raise Refused("理由最多 200 个字，请写得短一些。", code="reason")
    with transaction.atomic():
        row = (
            CaseFile.objects.select_for_update(of=("self",))
            .visible_to(by)
            .select_related("case")
            .filter(pk=number)
            .first()
        )
        if row is None or not may_handle(by, row.case.service, row.case.path):
            raise NotYours(f"casefile:{number}")
        if not row.token:
            raise Refused("这个文件已经撤下。")
        token, row.token = row.token, ""
        row.away_at, row.away_by_id, row.away_reason = timezone.now(), by.account, reason.strip()
        row.save(update_fields=["token", "away_at", "away_by", "away_reason"])
        audit.write(
            "case.file_away", by=by, subject=row.case.subject, path=row.case.path, rows=(row,), about=row.case.person_id
        )
        transaction.on_commit(lambda: strongroom.forget(token))
