"""A first roster is taken in by columns; whatever stands in it, that says and writes what row by row would."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.exchange import dirty
from tests.exchange.sheets import roster_rows, write_roster
from tests.world import TODAY, World, a_member, a_mobile
from unionhall.exchange import membersheet
from unionhall.exchange.run import Outcome, run_import
from unionhall.exchange.template import Judged, Row, Verdict
from unionhall.exchange.templates import by_name
from unionhall.exchange.templates.people import MemberLoader
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import Refused
from unionhall.people.models import Duplicate, Membership, Person

MEMBERS = by_name("members")
NUMBERS = [
    *(dirty.number(serial) for serial in range(1, 8)),
    dirty.number(1, "20080601"),  # 7 years old
    dirty.number(3, "19980101"),  # a minor when she joined
    dirty.number(5, "19850601", "999999"),
    dirty.wrong(dirty.number(9)),
    dirty.number(11)[:14] + "000" + dirty.number(11)[17],
    "12345",
    "",
]
DAYS = [None, date(1985, 6, 1), date(2008, 6, 1), date(2001, 2, 3)]


def rows_of(least: int = 1, most: int = 12, *, settled: bool) -> some.SearchStrategy[list[Row]]:
    """Rows of few people, so that they meet; `settled`: as the form's check leaves them, else as the cells were read."""
    pick = some.sampled_from
    of: dict[str, some.SearchStrategy[Any]] = {column.key: some.just("") for column in membersheet.COLUMNS} | {
        "name": pick(["张三", "李四"]),
        "document": pick(["citizen"] * 6 + ["passport?", "tw_permit"] + ([] if settled else ["", "", "", ""])),
        "document_number": pick(NUMBERS[:10] if settled else NUMBERS),
        "sex": pick(["male", "female"] + ([] if settled else ["", "", "", ""])),
        "birth": pick(DAYS[1:] if settled else [None, *DAYS]),
        "mobile": pick(["", *map(a_mobile, range(5))]),
        "union": pick(["石桥东社区联合工会"] * 6 + ["没有这个工会"]),
        "uscc": pick(["", "", "91110000000000000X"]),
        "since": pick([date(2015, 3, 1)] * 4 + [date(2001, 2, 3), TODAY + timedelta(days=3)]),
        "changed_on": pick([None] * 6 + [date(2015, 5, 1)]),
        "state": pick(["active"] * 5 + ["retained", "left"] + ([] if settled else [""])),
    }
    one = some.tuples(*(of[column.key] for column in membersheet.COLUMNS))
    return some.lists(one, min_size=least, max_size=most).map(
        lambda rows: [
            MEMBERS.row(number, *cells, repr(cells).encode()[:60] + b"%d" % (hash(cells) % 997))
            for number, cells in enumerate(rows, 2)
        ]
    )


def judged_by_rows(stretches: list[list[Row]]) -> dict[int, tuple[Any, ...]]:
    loader = MemberLoader(SYSTEM, TODAY)
    return dict(_said(loader, [one for rows in stretches for one in loader.judge(rows)]))


def judged_by_columns(stretches: list[list[Row]]) -> dict[int, tuple[Any, ...]]:
    loader, told = MemberLoader(SYSTEM, TODAY), dict[int, tuple[Any, ...]]()
    for rows in stretches:
        *columns, digests = (list(column) for column in zip(*rows, strict=True))
        swept = loader.sweep(columns, digests)
        assert swept is not None
        roll = swept.block
        taken = [row for place, row in enumerate(rows) if place not in swept.others]
        assert swept.count == len(taken) == len(roll.digests)
        for place, row in enumerate(taken):
            assert (roll.people.numbers[place], roll.since[place], roll.digests[place]) == (
                row.document_number,
                row.since,
                row.digest,
            )
            told[row.number] = (Verdict.NEW, (), None)
        told |= dict(_said(loader, loader.judge([rows[place] for place in swept.others])))
    return told | {-1: (loader.alike & loader.phones, set(), None)}


def _said(loader: MemberLoader, judged: list[Judged]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for one in judged:
        yield one.row.number, (one.verdict, one.reasons, one.accepted)
    yield -1, (loader.alike & loader.phones, set(), None)


@given(stretches=some.lists(rows_of(settled=True), min_size=1, max_size=3))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_the_rows_both_ways_say_the_same(here: World, stretches: list[list[Row]]) -> None:
    number = iter(range(2, 1_000))
    stretches = [[row._replace(number=next(number)) for row in rows] for rows in stretches]
    assert judged_by_columns(stretches) == judged_by_rows(stretches)


@given(rows=rows_of(settled=False))
@settings(max_examples=300, deadline=None)
def test_the_check_of_columns_settles_what_the_check_of_a_row_would(rows: list[Row]) -> None:
    *columns, _ = (list(column) for column in zip(*rows, strict=True))
    settled, others = membersheet.check_all(columns)
    for place, row in enumerate(rows):
        try:
            by_itself = membersheet.check(row)[:-1]
        except Refused:
            assert place in others
            continue
        if place not in others:
            assert tuple(column[place] for column in settled) == by_itself


@pytest.fixture
def dirty_roster(here: World, tmp_path: Path) -> Path:
    """Good rows, two people of one name and phone, the same person twice in two ways, and every dirty row."""
    rows = roster_rows(60)
    rows[17] = rows[3] | {"job": "会计"}
    rows[40] = rows[5]
    rows[50] |= {"name": rows[7]["name"], "mobile": rows[7]["mobile"]}
    rows += [dirty.good() | row.cells for row in dirty.DIRTY]
    return write_roster(tmp_path / "名册.xlsx", rows)


def _open(secret: Any) -> str:
    return secret.reveal(SYSTEM, "test", lambda *_: None) if secret else ""


def _brought_in(path: Path) -> tuple[Outcome, list[Any]]:
    """What was said and what stands, all of it undone."""
    with transaction.atomic():
        outcome = run_import(MEMBERS, path, by=SYSTEM, on=TODAY)
        people = Person.objects.order_by("name", "number_index")
        stands = [
            [(p.name, p.name_key, p.document, _open(p.number), bytes(p.number_index), _open(p.mobile),
              p.mobile_index and bytes(p.mobile_index), p.sex, p.birth, p.ethnicity, p.education, p.hukou,
              p.batch == outcome.batch) for p in people],
            sorted(
                (m.person.name, bytes(m.person.number_index), m.union_id, m.path, m.employer_id, m.state, m.job, m.contract,
                 m.since, m.until, m.ended_because, m.follows_id, bytes(m.digest or b""))
                for m in Membership.objects.select_related("person")
            ),
            sorted(Line.objects.filter(batch=outcome.batch).values_list(
                "service", "act", "kind", "path", "on", "person__name", "employer", "headcount", "fen", "quantity", "by", "reason"
            ), key=repr),
            sorted(tuple(sorted(pair)) for pair in Duplicate.objects.values_list("one__name", "other__name")),
        ]  # fmt: skip
        transaction.set_rollback(True)
    return outcome, stands


@pytest.mark.parametrize("chunk", [7, 10_000])
def test_a_dirty_first_roster_ends_as_it_would_row_by_row(
    dirty_roster: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr("unionhall.exchange.run.CHUNK", chunk)
    swept, stands = _brought_in(dirty_roster)
    monkeypatch.setattr(MemberLoader, "sweep", lambda *_: None)
    by_rows, stood = _brought_in(dirty_roster)
    assert swept.counts[Verdict.NEW] > 60
    assert (swept.counts, swept.faults) == (by_rows.counts, by_rows.faults)
    assert stands == stood


def test_a_roster_for_books_that_are_not_empty_is_judged_row_by_row(here: World) -> None:
    a_member(here)
    assert MemberLoader(SYSTEM, TODAY).sweep([[]] * 18, []) is None
