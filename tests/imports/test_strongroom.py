"""What lies on the disk of an upload: sealed, bound to itself, whole or not at all; and nothing that stays in the clear."""

import io
import os
import subprocess
import time
from pathlib import Path

import pytest
from django.conf import settings

from unionhall.exchange import strongroom
from unionhall.kernel.errors import Refused

PLAIN = os.urandom(strongroom.BLOCK * 2 + 17)


def lying(token: str) -> Path:
    return Path(settings.HOME) / "files" / "uploads" / f"{token}.sealed"


@pytest.fixture
def token() -> str:
    return strongroom.seal(io.BytesIO(PLAIN))


def test_it_comes_out_as_it_went_in(token: str) -> None:
    assert b"".join(strongroom.blocks(token)) == PLAIN
    assert PLAIN[:64] not in lying(token).read_bytes()
    assert lying(token).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("size", [0, 1, strongroom.BLOCK - 1, strongroom.BLOCK, strongroom.BLOCK + 1])
def test_any_size_comes_out(size: int) -> None:
    assert b"".join(strongroom.blocks(strongroom.seal(io.BytesIO(PLAIN[:size])))) == PLAIN[:size]


def test_cut_anywhere_it_does_not_open(token: str) -> None:
    whole = lying(token).read_bytes()
    (first,) = (4 + int.from_bytes(whole[:4], "big"),)
    for end in (0, 3, 4, 100, first, first + 1, len(whole) - 1):
        lying(token).write_bytes(whole[:end])
        with pytest.raises(Refused, match="请重新上传"):
            b"".join(strongroom.blocks(token))


def test_blocks_moved_repeated_or_of_another_file_do_not_open(token: str) -> None:
    whole = lying(token).read_bytes()
    first = 4 + int.from_bytes(whole[:4], "big")
    second = first + 4 + int.from_bytes(whole[first : first + 4], "big")
    other = lying(strongroom.seal(io.BytesIO(PLAIN))).read_bytes()
    forged = (
        whole[first:second] + whole[:first] + whole[second:],
        whole[:first] + whole[second:],
        whole + whole[second:],
        other,
        whole[:50] + bytes([whole[50] ^ 1]) + whole[51:],
    )
    for bad in forged:
        lying(token).write_bytes(bad)
        with pytest.raises(Refused):
            b"".join(strongroom.blocks(token))
    lying(token).write_bytes(whole)
    assert b"".join(strongroom.blocks(token)) == PLAIN


def test_in_the_clear_only_while_it_is_read(token: str) -> None:
    with strongroom.opened(token, ".xlsx") as path:
        assert path.read_bytes() == PLAIN
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
    assert not path.exists()


def test_what_a_killed_process_left_in_the_clear_is_swept(token: str) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = strongroom.folder() / f"{gone.pid}-abc.xlsx"
    mine = strongroom.folder() / f"{os.getpid()}-abc.xlsx"
    stale, fresh = (strongroom.folder() / name for name in ("tmpold.upload.xlsx", "tmpnew.upload.xlsx"))
    for path in (left, mine, stale, fresh):
        path.write_bytes(b"plain")
    os.utime(stale, (time.time() - 7_200,) * 2)
    with strongroom.opened(token, ".xlsx"):
        assert [path.exists() for path in (left, mine, stale, fresh)] == [False, True, False, True]
    mine.unlink()
    fresh.unlink()


def test_sealed_files_without_a_row_are_forgotten_after_a_day(token: str) -> None:
    named, young = strongroom.seal(io.BytesIO(b"x")), strongroom.seal(io.BytesIO(b"x"))
    for one in (token, named):
        os.utime(lying(one), (time.time() - 2 * 24 * 3_600,) * 2)
    strongroom.forget_strays({named})
    assert [lying(one).exists() for one in (token, named, young)] == [False, True, True]
