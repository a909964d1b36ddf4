"""Files people send with a matter, and files given out again: what the desk, the telephone and the lawyer's door share."""

from collections.abc import Callable, Sequence
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _t

from unionhall.exchange import casefile_guard, casefile_moves, casefile_room
from unionhall.exchange.casefile_moves import MOST_AT_ONCE
from unionhall.exchange.casefile_room import Kept
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused

ACCEPT = ",".join(casefile_guard.FORMS.values())
"""What a chooser of files offers; what came is judged by its bytes."""


def taken(files: Sequence[UploadedFile]) -> list[Kept]:
    """Sent files, looked over and sealed; nothing is kept when one of them may not come in."""
    if len(files) > MOST_AT_ONCE:
        raise Refused(_t("一次最多传 %(n)d 个文件，请分几次传。") % {"n": MOST_AT_ONCE}, code="file")
    kept: list[Kept] = []
    try:
        for one in files:
            # Every file that is sent lies in the private folder (imports.incoming); it is gone when the request ends.
            kept.append(casefile_room.take(Path(one.temporary_file_path()), one.name or ""))  # type: ignore[attr-defined]
    except BaseException:
        casefile_room.drop(kept)
        raise
    return kept


def put(case: int, files: Sequence[UploadedFile], *, by: Actor, then: Callable[[], object] = lambda: None) -> int:
    """Look files over, seal them and put them with a matter; how many. `then` is done in the same transaction: both, or none."""
    with transaction.atomic():
        casefile_moves.must_be_open_to(case, by=by, more=len(files))
    kept = taken(files)
    try:
        with transaction.atomic():
            casefile_moves.add(case, kept, by=by)
            then()
    except BaseException:
        casefile_room.drop(kept)
        raise
    return len(kept)


def given_out(name: str, form: str, content: bytes) -> HttpResponse:
    """A file to be kept by who opened it: never shown within our pages, whatever its bytes would like to be."""
    answer = HttpResponse(content, content_type=casefile_guard.FORMS[form])
    answer.headers["Content-Disposition"] = content_disposition_header(True, name)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
