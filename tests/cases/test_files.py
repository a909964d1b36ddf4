"""Files of a matter: judged by their bytes, sealed, opened for a reason its worker learns of, and nowhere in the clear."""

import io
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings as house
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pytest_django.fixtures import Settings

from tests import world
from tests.access_entry.test_workers import enter
from tests.desk_business.conftest import at_desk, page, refused, send, words_of
from tests.world import Member, World
from unionhall.access.models import AccessRow
from unionhall.cases import handling_moves
from unionhall.cases.actions import move, open_case
from unionhall.cases.clock_models import Note
from unionhall.cases.models import Case
from unionhall.exchange import casefile_guard, casefile_moves, casefile_room, strongroom, uploads
from unionhall.exchange.casefile_models import CaseFile
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused

__all__ = ["at_desk"]
AtDesk = Callable[..., Client]
CANARY = "ZQCANARYOFTHEPAYSLIP"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n" + CANARY.encode() + b"\n%%EOF\n"


def png(size: tuple[int, int] = (8, 8)) -> bytes:
    told, out = PngInfo(), io.BytesIO()
    told.add_text("about", CANARY)
    Image.new("RGB", size, "red").save(out, "PNG", pnginfo=told)
    return out.getvalue()


def jpg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    return out.getvalue()


def sent(content: bytes, name: str = "工资条.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture(autouse=True)
def _sms(settings: Settings) -> None:
    settings.SMS = "console"


def signed_in(member: Member) -> Client:
    """Somebody's telephone."""
    client = Client()
    assert enter(client, member) == "/me/"
    return client


@pytest.fixture
def li(here: World) -> Member:
    return world.a_member(here, "钱大海")


@pytest.fixture
def case(here: World, li: Member) -> Case:
    told = {"claim": "支付欠薪"}
    return open_case(
        "mediation", path=here.bridge_east, on=date(2015, 4, 1), values=told, by=SYSTEM, person=li.person, cause="pay"
    )


@pytest.fixture
def clerk(here: World) -> Actor:
    return world.an_officer("station_worker", here.bridge)


@pytest.fixture
def kept(case: Case, clerk: Actor, tmp_path: Path) -> int:
    file = tmp_path / "a"
    file.write_bytes(png())
    return casefile_moves.add(case.pk, [casefile_room.take(file, f"{CANARY}.png")], by=clerk)[0]


def everywhere() -> list[str]:
    """Where the canary stands: every column of every table, and every file of the installation."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    if CANARY.encode() in raw:
                        found.append(table)
    for file in Path(house.HOME).rglob("*"):
        if file.is_file() and CANARY.encode() in file.read_bytes():
            found.append(str(file))
    return found


def test_a_file_lies_nowhere_in_the_clear(kept: int, tmp_path: Path) -> None:
    assert everywhere() == []
    row = CaseFile.objects.get(pk=kept)
    assert CANARY.encode() in b"".join(strongroom.blocks(row.token))
    control = Path(house.HOME) / "control.txt"
    control.write_text(CANARY)
    try:
        assert everywhere() == [str(control)]
    finally:
        control.unlink()


@pytest.mark.parametrize(("content", "form"), [(png(), "png"), (jpg(), "jpg"), (PDF, "pdf")])
def test_a_file_is_what_its_bytes_are(content: bytes, form: str, tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(content)
    assert casefile_guard.check(file) == form
    assert casefile_room.take(file, "../../etc/工资条.exe").name == f"工资条.{form}"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "空的"), (b"MZ" + b"x" * 100, "请上传照片"), (b"<html>", "请上传照片"), (png()[:40], "请上传照片"), (b"GIF89a" + b"x" * 50, "请上传照片"),
        (b"%PDF-1.4 half", "不完整"), (PDF.replace(b"1 0 obj", b"/JavaScript (app)"), "程序或附件"), (PDF.replace(b"1 0 obj", b"/Launch "), "程序或附件"),
        (b"\xff\xd8\xff" + b"x" * (10 * 2**20), "10 兆"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_words(content: bytes, why: str, tmp_path: Path) -> None:
    file = tmp_path / "x.jpg"
    file.write_bytes(content)
    with pytest.raises(Refused, match=why):
        casefile_room.take(file, "x.jpg")


def test_a_picture_of_a_billion_points_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.png"
    Image.new("1", (20_000, 5_000)).save(file)
    with pytest.raises(Refused, match="照片"):
        casefile_guard.check(file)


def test_only_who_has_to_do_with_the_matter_adds_to_it_and_not_without_end(
    here: World, case: Case, clerk: Actor, tmp_path: Path, li: Member
) -> None:  # fmt: skip
    file = tmp_path / "a"
    file.write_bytes(jpg())

    def add(by: Actor, count: int = 1) -> None:
        kept = [casefile_room.take(file, "a.jpg") for _ in range(count)]
        try:
            casefile_moves.add(case.pk, kept, by=by)
        except BaseException:
            casefile_room.drop(kept)
            raise

    other = world.a_member(here, "欧阳晓")
    for stranger in (
        world.an_officer("station_worker", here.willow),
        world.an_officer("leader", here.root),
        Actor(None, "x", person=other.person),
    ):
        with pytest.raises(NotYours):
            add(stranger)
    with pytest.raises(Refused, match="一次最多"):
        add(clerk, 6)
    for _ in range(4):
        add(Actor(None, "x", person=li.person), 5)
    with pytest.raises(Refused, match="一件事最多 20 个"):
        add(clerk)
    assert CaseFile.objects.count() == 20
    assert len(list((Path(house.HOME) / "files" / "uploads").glob("*.sealed"))) >= 20
    move(case.pk, "refuse", on=date(2015, 4, 2), values={"reason": "x"}, by=clerk)
    with pytest.raises(Refused, match="已经办结"):
        add(clerk)


def test_the_worker_adds_what_was_asked_for_from_the_telephone(
    here: World, case: Case, li: Member, clerk: Actor
) -> None:
    handling_moves.give_back(case.pk, reason="请传工资条", on=date(2015, 4, 2), by=clerk)
    client, at = signed_in(li), f"/me/matters/{case.pk}/"
    assert 'enctype="multipart/form-data"' in page(client, at)
    answer = client.post(f"{at}add/", {"text": "", "file": [sent(png()), sent(PDF, "合同.pdf")]})
    assert answer.status_code == 302
    assert Case.objects.get(pk=case.pk).waiting_since is None
    assert Note.objects.filter(case=case, kind="completed").get().text._open() == "补充了 2 个文件。"
    shown = page(client, at)
    assert "工资条.png" in shown and "合同.pdf" in shown
    number = CaseFile.objects.latest("pk").pk
    back = client.post(f"{at}files/{number}/")
    assert (
        back.content == PDF
        and back.headers["Content-Type"] == "application/pdf"
        and "attachment" in back.headers["Content-Disposition"]
    )
    assert everywhere() == []

    bad = client.post(f"{at}add/", {"text": "看这个", "file": [sent(png()), sent(b"MZ\x00", "病毒.png")]})
    assert bad.status_code == 422 and "请上传照片" in bad.content.decode() and "看这个" in bad.content.decode()
    assert CaseFile.objects.count() == 2
    other = signed_in(world.a_member(here, "欧阳晓"))
    assert other.post(f"{at}files/{number}/").status_code == 404


def test_an_officer_opens_a_file_for_a_reason_its_worker_reads(
    here: World, case: Case, kept: int, li: Member, at_desk: AtDesk
) -> None:
    client = at_desk("station_worker", here.bridge)
    shown = page(client, f"/desk/cases/{case.pk}/")
    assert f"/desk/case-files/{kept}/" in shown and CANARY not in shown
    at = f"/desk/case-files/{kept}/"
    assert CANARY not in page(client, at)
    refused(client, at, reason="")
    assert not AccessRow.objects.exists()
    answer = client.post(at, {"reason": "handle"})
    assert answer.content == png() and CANARY in answer.headers["Content-Disposition"]
    assert AccessRow.objects.about(li.person).get().purpose == "办理本人的业务"
    assert "事项材料" in page(signed_in(li), "/me/readings/")
    page(at_desk("station_worker", here.willow), at, 404)
    page(at_desk("finance", here.root), at, 403)


def test_what_does_not_belong_there_is_taken_away_and_its_bytes_are_gone(
    here: World, case: Case, kept: int, at_desk: AtDesk, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:  # fmt: skip
    client, token = at_desk("station_worker", here.bridge), CaseFile.objects.get(pk=kept).token
    refused(client, f"/desk/case-files/{kept}/away/", reason="")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        text = send(client, f"/desk/case-files/{kept}/away/", reason="传错了人")
    assert "已撤下：传错了人" in text
    with pytest.raises(Refused):
        list(strongroom.blocks(token))
    assert "已撤下" in page(client, f"/desk/case-files/{kept}/")
    assert client.post(f"/desk/case-files/{kept}/", {"reason": "handle"}).status_code == 422


def test_an_officer_adds_at_the_desk(here: World, case: Case, at_desk: AtDesk) -> None:
    client, at = at_desk("station_worker", here.bridge), f"/desk/cases/{case.pk}/files/add/"
    assert "请选择要上传的文件" in refused(client, at)
    told = words_of(refused(client, at, file=sent(b"MZ")))
    assert "请上传照片" in told, told[-700:]
    assert "已添加 1 个文件" in send(client, at, file=sent(jpg(), "现场.jpg"))
    assert CaseFile.objects.get().form == "jpg"


def test_the_sealed_files_of_matters_are_no_strays(kept: int) -> None:
    token = CaseFile.objects.get(pk=kept).token
    path = strongroom._path(token)
    long_ago = path.stat().st_mtime - 3 * 86_400
    os.utime(path, (long_ago, long_ago))
    uploads.tidy()
    assert path.exists()
