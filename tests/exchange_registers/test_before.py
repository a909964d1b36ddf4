"""Rows as they stood: what is kept of a row is every column of it, exactly, on either database."""

from datetime import UTC, datetime

import pytest
from django.db import models

from tests.world import World, a_card, a_dispute, a_member, an_officer
from unionhall.cases.models import Case
from unionhall.exchange import before
from unionhall.exchange.models import Batch, Before
from unionhall.kernel.secret import Secret
from unionhall.organisations.models import Account, Employer, Station, Union
from unionhall.people.models import Card, Membership, Person

pytestmark = pytest.mark.django_db
THEN = datetime(2015, 6, 1, 23, 59, 59, 123_450, tzinfo=UTC)


def a_batch() -> int:
    return Batch.objects.create(
        template="members", file_name="甲.xlsx", file_digest="0" * 64, state="confirmed", rows=1, new=0, changed=1,
        unchanged=0, doubtful=0, refused=0, started_at=THEN, confirmed_at=THEN,
    ).pk  # fmt: skip


def plainly(value: object) -> object:
    value = value.envelope if isinstance(value, Secret) else value
    return bytes(value) if isinstance(value, memoryview) else value


def as_it_stands(model: type[models.Model], number: int) -> dict[str, object]:
    row = model._default_manager.get(pk=number)
    return {
        field.attname: plainly(getattr(row, field.attname))
        for field in model._meta.concrete_fields
        if not field.primary_key
    }


def as_kept(batch: int, model: type[models.Model], number: int) -> dict[str, object]:
    kept = Before.objects.get(batch=batch, table=model._meta.label_lower, row=number)
    assert before.model_of(kept.table) is model
    return before.unpacked(kept.values)


def test_every_kind_of_column_comes_back_as_it_was(here: World) -> None:
    li, bare = a_member(here, "买买提·吐尔逊“\\”"), a_member(here, "王芳")
    card, case = a_card(li), a_dispute(here, li)
    account = an_officer("aid", here.root).account
    assert account is not None
    Account.objects.filter(pk=account).update(created_at=THEN, last_login=None, is_active=False)
    Employer.objects.filter(pk=here.diner).update(digest=b"")
    Employer.objects.filter(pk=here.factory).update(digest=bytes(range(256)), uscc_override="说明\n第二行\t'引号'")
    Person.objects.filter(pk=bare.person).update(mobile=None, mobile_index=None, birth=None)
    batch = a_batch()
    kept: list[tuple[type[models.Model], int]] = [
        (Person, li.person), (Person, bare.person), (Membership, li.membership), (Card, card), (Account, account),
        (Employer, here.diner), (Employer, here.factory), (Employer, here.courier), (Station, here.stations[0]),
        (Station, here.stations[1]), (Case, case), (Union, here.federation),
    ]  # fmt: skip
    kinds = set()
    for model, number in kept:
        before.keep(batch, model, [number])
        assert as_kept(batch, model, number) == as_it_stands(model, number)
        kinds |= {type(value) for value in as_kept(batch, model, number).values()}
    assert {field.__name__ for field in kinds} == {
        "int",
        "str",
        "bool",
        "bytes",
        "date",
        "datetime",
        "list",
        "dict",
        "NoneType",
    }


def test_only_the_first_look_at_a_row_counts(here: World) -> None:
    batch, later = a_batch(), a_batch()
    before.keep(batch, Employer, [here.diner, here.diner])
    Employer.objects.filter(pk=here.diner).update(workers=99)
    before.keep(batch, Employer, [here.courier, here.diner])
    before.keep(later, Employer, [here.diner])
    assert as_kept(batch, Employer, here.diner)["workers"] == 12
    assert as_kept(later, Employer, here.diner)["workers"] == 99
    assert {row.row for row in before.rows_of(batch)} == {here.diner, here.courier}


def test_a_row_nobody_has_is_not_kept(here: World) -> None:
    batch = a_batch()
    before.keep(batch, Employer, [999_999])
    before.keep(batch, Employer, [])
    assert before.rows_of(batch) == []
