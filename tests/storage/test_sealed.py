"""Sealed columns: ciphertext in the table, a mask in the program, bound to their row and column."""

import json

import pytest
from django.db import connection

from tests import world
from unionhall.cases.models import Case
from unionhall.kernel.keys import SealBroken
from unionhall.kernel.secret import HIDDEN, Secret
from unionhall.organisations.models import Employer
from unionhall.people.models import Card, Person
from unionhall.storage.sealed import SealedField, indexer, keys, sealer

pytestmark = pytest.mark.django_db


def test_the_table_holds_no_plaintext_and_the_program_a_mask() -> None:
    person, number, mobile = world.a_person("小李")
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, mobile, number_index, mobile_index FROM people_person WHERE id = %s", [person])
        stored = b"".join(bytes(cell) for cell in cursor.fetchone())
    assert number.encode() not in stored and mobile.encode() not in stored
    row = Person.objects.get(pk=person)
    assert isinstance(row.number, Secret)
    assert "*" in str(row.number) and number not in f"{row.number} {row.number!r}"
    assert str(row.mobile) == f"{mobile[:3]}****{mobile[-4:]}"


def test_equal_numbers_are_found_by_index_and_columns_do_not_share_it() -> None:
    person, number, _ = world.a_person()
    assert Person.objects.get(number_index=indexer(Person, "number")(number)).pk == person
    assert indexer(Person, "number")(number) != indexer(Card, "number")(number)


def test_an_envelope_opens_in_its_own_row_and_column_only() -> None:
    li, number, _ = world.a_person("小李")
    wang, *_ = world.a_person("王芳")
    envelope = Person.objects.get(pk=li).number.envelope
    assert keys().open("people_person.number", li, envelope).decode() == number
    for column, row in (("people_person.number", wang), ("people_person.mobile", li), ("people_card.number", li)):
        with pytest.raises(SealBroken):
            keys().open(column, row, envelope)


def test_a_row_whose_envelope_was_swapped_says_so_instead_of_lying() -> None:
    li, *_ = world.a_person("小李")
    wang, *_ = world.a_person("王芳")
    Person.objects.filter(pk=wang).update(number=Person.objects.get(pk=li).number)
    assert "已损坏" in str(Person.objects.get(pk=wang).number)


def test_a_deferred_sealed_column_is_fetched_when_asked() -> None:
    person, number, _ = world.a_person()
    row = Person.objects.only("name").get(pk=person)
    assert keys().open("people_person.number", person, row.number.envelope).decode() == number


def test_an_empty_sealed_column_is_none() -> None:
    here = world.a_district()
    member = world.a_member(here)
    card = Card.objects.create(person_id=member.person, path=member.path, requested_on=world.TODAY)
    assert Card.objects.get(pk=card.pk).number is None


def test_a_column_without_a_mask_shows_nothing_at_all() -> None:
    here = world.a_district()
    case = Case.objects.get(pk=world.a_dispute(here, world.a_member(here)))
    case.sealed_details = sealer(Case, "sealed_details")(case.pk, '{"facts": "欠薪三个月"}')
    case.save(update_fields=["sealed_details"])
    assert str(Case.objects.get(pk=case.pk).sealed_details) == HIDDEN


def test_a_secret_does_not_slip_into_json() -> None:
    person, *_ = world.a_person()
    with pytest.raises(TypeError):
        json.dumps({"number": Person.objects.get(pk=person).number})


def test_only_a_sealed_column_is_sealed() -> None:
    with pytest.raises(TypeError, match=r"Employer\.name is not sealed"):
        sealer(Employer, "name")


def test_every_column_of_an_identity_card_or_phone_number_is_sealed() -> None:
    assert {(field.model, field.name) for model in (Person, Card) for field in model._meta.concrete_fields
            if isinstance(field, SealedField)} == {(Person, "number"), (Person, "mobile"), (Card, "number")}  # fmt: skip
