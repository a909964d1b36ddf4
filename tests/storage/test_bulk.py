"""Rows in bulk: what is written comes back the same, on either database, under ids known before."""

import threading
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.db import IntegrityError, connection, transaction

from tests import world
from unionhall.journal.models import Line
from unionhall.organisations.models import Employer, Place, Station
from unionhall.people.models import Membership
from unionhall.storage import bulk

pytestmark = pytest.mark.django_db
EMPLOYER = ("id", "uscc", "name", "path", "workers", "uscc_override", "ownership", "industry")


def employers(count: int) -> list[tuple[object, ...]]:
    return [(n, f"X{n:017d}", f"单位{n}", "101", n, "", "", "") for n in bulk.ids(Employer, count)]


def test_ids_are_never_given_twice() -> None:
    first, second = bulk.ids(Employer, 3), bulk.ids(Employer, 2)
    assert len({*first, *second}) == 5
    assert max(first) < min(second)
    assert bulk.ids(Employer, 0) == []


def test_an_ordinary_row_gets_an_id_beyond_the_reserved() -> None:
    reserved = bulk.ids(Employer, 5)
    row = Employer.objects.create(uscc="X" * 18, name="单位", path="101")
    assert row.pk > max(reserved)


def test_rows_come_back_as_they_were_written() -> None:
    at = datetime(2015, 3, 8, 23, 30, tzinfo=timezone(timedelta(hours=8)))
    (number,) = bulk.ids(Line, 1)
    names = (
        "id",
        "service",
        "act",
        "kind",
        "path",
        "on",
        "person_id",
        "headcount",
        "fen",
        "quantity",
        "subject",
        "at",
        "reason",
    )
    row = (
        number,
        "member",
        "admitted",
        "“引号”;--",
        "101",
        date(2015, 3, 8),
        None,
        1,
        -(2**40),
        0,
        "membership:1",
        at,
        "",
    )
    assert bulk.insert(Line, names, [row]) == 1
    line = Line.objects.get(pk=number)
    assert (line.kind, line.on, line.person_id, line.fen) == ("“引号”;--", date(2015, 3, 8), None, -(2**40))
    assert line.at == at.astimezone(UTC)


def test_json_and_bytes_and_null_dates() -> None:
    (number,) = bulk.ids(Station, 1)
    names = ("id", "code", "name", "path", "since", "until", "address", "area", "rooms", "digest")
    bulk.insert(
        Station, names, [(number, "Z9", "站", "101", date(2014, 1, 1), None, "", None, '["书屋"]', b"\x00\xff")]
    )
    station = Station.objects.get(pk=number)
    assert (station.rooms, station.until, station.area, bytes(station.digest)) == (["书屋"], None, None, b"\x00\xff")


def test_nothing_to_write_is_nothing_written() -> None:
    assert bulk.insert(Employer, EMPLOYER, []) == 0
    assert bulk.update(Employer, ("name",), []) == 0


def test_rows_are_changed_by_id() -> None:
    rows = employers(3)
    bulk.insert(Employer, EMPLOYER, rows)
    changed = [(rows[0][0], "新名", 7), (rows[2][0], "另一名", 9)]
    assert bulk.update(Employer, ("name", "workers"), changed) == 2
    found = {employer.pk: (employer.name, employer.workers) for employer in Employer.objects.all()}
    assert found == {rows[0][0]: ("新名", 7), rows[1][0]: (rows[1][2], rows[1][4]), rows[2][0]: ("另一名", 9)}


def test_a_column_that_does_not_exist_is_named() -> None:
    with pytest.raises(LookupError, match="Employer has no column nmae"):
        bulk.insert(Employer, ("id", "nmae"), [(1, "x")])


def test_a_row_twice_is_refused_by_the_table_and_leaves_nothing() -> None:
    (row,) = employers(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(Employer, EMPLOYER, [row, (*bulk.ids(Employer, 1), *row[1:])])
    assert Employer.objects.count() == 0


def test_a_foreign_key_is_checked_at_once_not_at_commit() -> None:
    here = world.a_district()
    (number,) = bulk.ids(Membership, 1)
    names = ("id", "person_id", "union_id", "path", "state", "job", "contract", "since", "ended_because")
    row = (number, 10**9, here.joint_union.id, here.bridge_east, "active", "", "", date(2015, 1, 1), "")
    with transaction.atomic():  # ends well: the refusal comes from the writing, not from the end
        with pytest.raises(IntegrityError), transaction.atomic():
            bulk.insert(Membership, names, [row])
        assert not Membership.objects.filter(pk=number).exists()


def test_every_type_of_column_in_the_product_can_be_copied() -> None:
    """COPY is binary: a type the table of types does not know would stop an import half-way."""
    kinds = {
        field.get_internal_type()
        for model in (Employer, Line, Membership, Place, Station)
        for field in model._meta.concrete_fields
    }
    assert kinds <= set(bulk._COPY_TYPES)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_get_the_same_ids() -> None:
    given: list[int] = []

    def take() -> None:
        try:
            for _ in range(50):
                given.extend(bulk.ids(Employer, 20))
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == len(set(given)) == 4 * 50 * 20
