"""The workbooks: the same every time, in the order of import, readable, and whole however many processes wrote them."""

import csv

import pytest
from python_calamine import CalamineWorkbook

from demo import cards, offers, people
from demo.build import build, build_iter, plan_of_files
from demo.sheets import write_xlsx
from demo.world import World, world

SCALE = 0.006
ORDER = ("tree", "posts", "funds", "incomes", "stations", "staff", "employers", "unions", "cover", "members", "card_batch", "card_reply",
         "social", "rooms", "items", "uses", "sessions", "attendance", "booths", "outcomes", "hardship", "aid", "disputes", "matters", "agreements", "agreement_cover", "honours", "policies", "claims")  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return build(tmp_path_factory.mktemp("district"), SCALE, processes=1)


def sheet(path):
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def test_files_come_in_the_order_of_import(written):
    names = [template for template, _ in written]
    assert list(dict.fromkeys(names)) == list(ORDER)
    assert names == sorted(names, key=ORDER.index)
    assert [path.name for _, path in written] == [one.file for one in plan_of_files()]


def test_two_runs_and_two_processes_write_the_same_bytes(written, tmp_path):
    told = []
    again = build(tmp_path, SCALE, processes=2, progress=lambda done, total, file: told.append((done, total, file)))
    assert [path.read_bytes() for _, path in again] == [path.read_bytes() for _, path in written]
    total = len(again)
    assert told == [(done, total, path.name) for done, (_, path) in enumerate(again, 1)]


def test_a_file_is_there_when_it_is_handed_over(tmp_path):
    files = build_iter(tmp_path, SCALE, processes=1)
    template, path = next(files)
    assert (template, path.exists()) == ("tree", True)
    assert not (tmp_path / "09-members-00.xlsx").exists()
    files.close()


def test_a_world_built_twice_is_the_same():
    one, two = World(SCALE), World(SCALE)
    assert (one.employers, one.unions, one.groups) == (two.employers, two.unions, two.groups)


def test_a_member_is_the_same_person_at_every_scale():
    first = [next(iter(people.member_rows(world(scale).groups))) for scale in (SCALE, 0.01)]
    assert first[0][:9] == first[1][:9]


def test_the_rosters_hold_every_member_once(written):
    rows = [row for template, path in written if template == "members" for row in sheet(path)[1:]]
    numbers = [row[2] for row in rows]
    assert len(set(numbers)) == len(numbers) == world(SCALE).members


def test_rosters_keep_their_own_headers_and_codes(written):
    rosters = [sheet(path) for template, path in written if template == "members"]
    assert len(rosters) == 16
    assert {tuple(rows[0]) for rows in rosters} == {people.MEMBER_HEADERS, people.OTHER_HEADERS}
    assert {row[3] for rows in rosters for row in rows[1:]} == {"男", "女", "1", "2"}


def test_long_numbers_are_text_cells(written):
    for template, path in written:
        if template in ("members", "uses", "hardship"):
            for row in sheet(path)[1:]:
                assert not any(isinstance(cell, float) and cell > 10**9 for cell in row)


def test_the_bank_files_are_gb18030_and_hold_every_card_once(written):
    the = world(SCALE)
    for template, headers, rows in (
        ("card_batch", cards.BATCH_HEADERS, cards.batch_rows(the, the.groups)),
        ("card_reply", cards.REPLY_HEADERS, cards.reply_rows(the, the.groups)),
    ):
        read = []
        for name, path in written:
            if name == template:
                first, *rest = csv.reader(path.read_text("gb18030").splitlines())
                assert tuple(first) == headers
                read += rest
        assert read == [list(row) for row in rows]


def test_the_use_books_hold_every_use_once(written):
    read = [tuple(row) for template, path in written if template == "uses" for row in sheet(path)[1:]]
    assert read == list(offers.use_rows(world(SCALE), 0, 1))


def test_a_value_no_cell_can_hold_is_an_error(tmp_path):
    with pytest.raises(TypeError, match="cannot hold"):
        write_xlsx(tmp_path / "x.xlsx", "表", ("一",), [(object(),)])
