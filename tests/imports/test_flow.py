"""A file's way: received, its columns said, checked, put right, brought in once, taken back."""

from pathlib import Path

import pytest

from tests import world
from tests.imports.sitting import Desk
from unionhall.exchange import preview, uploads
from unionhall.exchange.models import Batch, Fix, Shown, Upload
from unionhall.exchange.template import Verdict
from unionhall.journal.models import Line
from unionhall.kernel.errors import NotYours, Refused
from unionhall.people.models import Membership, Person


@pytest.fixture
def desk(here: world.World, tmp_path: Path) -> Desk:
    return Desk(here, tmp_path, world.an_officer("street", here.bridge))


def test_a_clean_roster_is_checked_confirmed_and_there(desk: Desk) -> None:
    upload = desk.checked(desk.roster(5))
    assert (upload.state, upload.new, upload.refused) == ("checked", 5, 0)
    assert Person.objects.count() == 0, "checking writes nothing"
    upload = desk.brought_in(upload)
    assert upload.state == "done"
    assert upload.batch is not None
    assert upload.batch.file_name == "名册.xlsx"
    assert Membership.objects.filter(batch=upload.batch_id).count() == 5


def test_the_file_is_nowhere_in_the_clear(desk: Desk, settings: object) -> None:
    rows = desk.roster(3)
    upload = desk.checked(rows)
    number = rows[0]["document_number"].encode()
    lying = [path for path in (desk.home / "files").rglob("*") if path.is_file()]
    assert lying, "the sealed file is there"
    assert not [path for path in lying if number in path.read_bytes()]
    assert "名册" not in "".join(str(path) for path in lying)
    content = b"".join(bytes(row.__dict__["content"]) for row in Shown.objects.all())
    assert number not in content
    assert number not in bytes(Upload.objects.get(pk=upload.pk).__dict__["head"])


def test_a_row_is_put_right_in_place_and_written(desk: Desk) -> None:
    rows = desk.roster(4)
    rows[1]["mobile"] = "1391022"
    upload = desk.checked(rows)
    assert (upload.new, upload.refused) == (3, 1)
    (line,) = preview.lines(upload, upload.shown.filter(verdict="refused"))
    assert line.number == 3
    assert line.reasons[0][0] == "mobile"
    cells = list(line.cells)
    cells[desk.place_of("mobile")] = world.a_mobile(77)
    judged = preview.mend(upload.pk, 3, cells, by=desk.officer)
    assert judged is not None
    assert judged.verdict is Verdict.NEW
    upload.refresh_from_db()
    assert (upload.new, upload.refused) == (4, 0)
    upload = desk.brought_in(upload)
    assert Membership.objects.count() == 4
    assert Fix.objects.get().number == 3


def test_what_was_put_right_is_the_row_an_import_of_the_right_file_has(desk: Desk) -> None:
    rows = desk.roster(3)
    right = rows[2]["mobile"]
    rows[2]["mobile"] = "12"
    upload = desk.checked(rows)
    (line,) = preview.lines(upload, upload.shown.filter(verdict="refused"))
    cells = list(line.cells)
    cells[desk.place_of("mobile")] = right
    preview.mend(upload.pk, line.number, cells, by=desk.officer)
    desk.brought_in(upload)
    rows[2]["mobile"] = right
    again = desk.checked(rows)
    assert (again.new, again.changed, again.unchanged, again.refused) == (0, 0, 3, 0)


def test_a_row_put_right_wrongly_says_so_and_is_not_written(desk: Desk) -> None:
    rows = desk.roster(2)
    rows[0]["mobile"] = "1"
    upload = desk.checked(rows)
    (line,) = preview.lines(upload, upload.shown.filter(verdict="refused"))
    cells = list(line.cells)
    cells[desk.place_of("mobile")] = "2"
    judged = preview.mend(upload.pk, line.number, cells, by=desk.officer)
    assert judged is not None
    assert judged.verdict is Verdict.REFUSED
    upload = desk.brought_in(upload)
    assert Membership.objects.count() == 1
    assert upload.refused == 1


def test_only_whoever_brought_the_file_may_put_rows_right(desk: Desk) -> None:
    rows = desk.roster(2)
    rows[0]["mobile"] = "1"
    upload = desk.checked(rows)
    colleague = world.an_officer("street", desk.here.bridge)
    line = preview.line(upload, 2)
    with pytest.raises(Refused, match="只有上传的人"):
        preview.mend(upload.pk, 2, line.cells, by=colleague)
    assert "1" not in preview.shown_cells(desk.template, line, own=False)[desk.place_of("mobile")]


def test_doubts_are_set_aside_row_by_row(desk: Desk) -> None:
    """A number that ends in 000 is asked about."""
    rows = desk.doubtful(3)
    upload = desk.checked(rows)
    assert (upload.new, upload.doubtful, upload.acceptable) == (0, 3, 3)
    assert preview.accept(upload.pk, [3], yes=True, by=desk.officer) == 1
    assert uploads.to_write(upload) == 1
    upload = desk.brought_in(upload)
    assert Membership.objects.count() == 1
    assert upload.doubtful == 2


def test_all_doubts_are_set_aside_at_once(desk: Desk) -> None:
    upload = desk.checked(desk.doubtful(3))
    assert preview.accept_all(upload.pk, yes=True, by=desk.officer) == 3
    desk.brought_in(upload)
    assert Membership.objects.count() == 3


def test_a_doubt_nobody_saw_is_not_set_aside(desk: Desk) -> None:
    """Accepted as one doubt; by the time it is written the row raises another."""
    rows = desk.doubtful(1)
    upload = desk.checked(rows)
    preview.accept(upload.pk, [2], yes=True, by=desk.officer)
    world.a_person("别的名字", number=rows[0]["document_number"])
    desk.brought_in(upload)
    assert Membership.objects.count() == 0


def test_with_nothing_to_write_there_is_nothing_to_confirm(desk: Desk) -> None:
    upload = desk.checked(desk.doubtful(1))
    with pytest.raises(Refused, match="没有可以写入的行"):
        uploads.confirm(upload.pk, by=desk.officer)


def test_confirmed_twice_it_is_brought_in_once(desk: Desk) -> None:
    upload = desk.checked(desk.roster(3))
    colleague = world.an_officer("organisation", desk.here.root)
    upload, first = uploads.confirm(upload.pk, by=desk.officer)
    _, second = uploads.confirm(upload.pk, by=colleague)
    assert (first, second) == (True, False)
    desk.run_twice(upload)
    assert Batch.objects.count() == 1
    assert Membership.objects.count() == 3
    assert Upload.objects.get().confirmed_by == desk.officer.account


def test_the_same_file_again_says_so(desk: Desk) -> None:
    rows = desk.roster(2)
    first = desk.brought_in(desk.checked(rows))
    second = desk.received(desk.path)
    assert [twin.pk for twin in uploads.same_file(second)] == [first.pk]


def test_what_came_in_is_taken_back_whole(desk: Desk) -> None:
    upload = desk.brought_in(desk.checked(desk.roster(3)))
    assert Line.objects.standing().filter(batch=upload.batch_id).exists()
    desk.withdrawn(upload, "名册拿错了")
    assert Membership.objects.count() == 0
    assert not Line.objects.standing().filter(batch=upload.batch_id).exists()
    assert Batch.objects.get().state == "withdrawn"


def test_an_upload_put_away_leaves_nothing_of_the_file(desk: Desk, django_capture_on_commit_callbacks: object) -> None:
    rows = desk.roster(2)
    rows[0]["mobile"] = "1"
    upload = desk.checked(rows)
    sealed = [desk.home / "files" / "uploads" / f"{token}.sealed" for token in (upload.token, upload.faults)]
    assert all(path.exists() for path in sealed)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        uploads.discard(upload.pk, by=desk.officer)
    upload.refresh_from_db()
    assert (upload.state, upload.token, upload.head) == ("discarded", "", None)
    assert not Shown.objects.exists()
    assert not any(path.exists() for path in sealed)


def test_another_streets_upload_is_not_there(desk: Desk) -> None:
    upload = desk.checked(desk.roster(1))
    stranger = world.an_officer("street", desk.here.willow)
    with pytest.raises(NotYours):
        uploads.confirm(upload.pk, by=stranger)
    assert not Upload.objects.visible_to(stranger).exists()
    assert Upload.objects.visible_to(world.an_officer("organisation", desk.here.root)).exists()


def test_pasted_cells_come_in_like_a_file(desk: Desk) -> None:
    rows = desk.roster(2)
    upload = desk.pasted(rows)
    assert upload.file_name == "粘贴的会员实名制登记表.csv"
    upload = desk.brought_in(desk.check(upload))
    assert Membership.objects.count() == 2


def test_pasted_without_headers_the_columns_are_those_of_the_form(desk: Desk) -> None:
    upload = desk.check(desk.pasted(desk.roster(2), headed=False))
    assert upload.new == 2


def test_prose_is_no_table(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="不像从表格里复制的"):
        uploads.take_pasted(
            desk.template, "请把小李加进会员名册", headed=True, by=desk.officer, path=tmp_path / "p.csv"
        )


def test_roster_with_many_rows_shows_some_and_counts_all(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "SHOWN", 3)
    rows = desk.roster(8)
    for row in rows[:5]:
        row["mobile"] = "1"
    upload = desk.checked(rows)
    assert (upload.refused, upload.shown.filter(verdict="refused").count()) == (5, 3)
    workbook = desk.folder / "f.xlsx"
    preview.workbook(upload, workbook)
    assert desk.rows_of(workbook) == 5
