"""The first load of empty tables: indexes and keys are as before afterwards, and hold against its rows."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from tests.world import World, a_member
from unionhall.people.models import Membership, Person
from unionhall.storage import bulk
from unionhall.storage.loading import into_empty

_PERSON = ("id", "name", "name_key", "document", "number_index", "sex", "ethnicity", "education", "hukou")
_MEMBERSHIP = ("id", "person_id", "union_id", "path", "state", "job", "contract", "since", "ended_because")


def laid_down() -> dict[str, object]:
    with connection.cursor() as cursor:
        return {
            table: sorted(
                (name, tuple(c["columns"]), c["unique"], c["foreign_key"], c["check"]) for name, c in found.items()
            )
            for table in ("people_person", "people_membership")
            if (found := connection.introspection.get_constraints(cursor, table))
        }


def a_person_row(number: int, index: bytes) -> tuple[object, ...]:
    return (number, "张平", "张平", "citizen", index, "male", "", "", "")


@pytest.mark.django_db(transaction=True)
def test_indexes_and_keys_are_as_before() -> None:
    was = laid_down()
    with transaction.atomic(), into_empty(Person, Membership) as empty:
        assert empty
        assert laid_down() != was
        bulk.insert(Person, _PERSON, [a_person_row(n, n.to_bytes(16, "big")) for n in bulk.ids(Person, 3)])
    assert laid_down() == was
    assert Person.objects.count() == 3


def test_tables_with_rows_are_left_alone(here: World) -> None:
    a_member(here)
    was = laid_down()
    with into_empty(Person, Membership) as empty:
        assert not empty
        assert laid_down() == was


@pytest.mark.django_db(transaction=True)
def test_a_row_that_breaks_a_rule_ends_the_load_with_nothing_changed() -> None:
    was = laid_down()
    twice = [a_person_row(1, b"1" * 16), a_person_row(2, b"1" * 16)]
    with pytest.raises(IntegrityError), transaction.atomic(), into_empty(Person, Membership):
        bulk.insert(Person, _PERSON, twice)
    assert (laid_down(), Person.objects.count()) == (was, 0)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_row_that_points_nowhere_ends_the_load() -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), into_empty(Person, Membership):
        bulk.insert(Membership, _MEMBERSHIP, [(1, 987, 654, "101", "active", "", "", date(2015, 3, 1), "")])
    assert Membership.objects.count() == 0
