"""Every row of a register is as its last audit entry left it, or `verify` names it."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from tests import world
from tests.exchange.sheets import roster_rows, write_roster
from tests.world import TODAY, World
from unionhall.access import approvals, reveal
from unionhall.exchange.models import Batch
from unionhall.exchange.run import run_import, withdraw
from unionhall.exchange.templates import by_name
from unionhall.jobs.sealing import EXEMPT, SEALED, sealed_findings
from unionhall.journal import audit, walk
from unionhall.journal.digests import GONE, Part, digest_rows, digester, form_of, pack, pack_ids, unpack, unpack_ids
from unionhall.journal.models import AuditEntry, Unsealed
from unionhall.kernel.actor import SYSTEM
from unionhall.organisations.actions import PlaceRow, merge_places, record_places, tag_unions
from unionhall.organisations.actions.unions import TagRow
from unionhall.people.actions import end, offer_duplicates
from unionhall.people.models import Membership, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(here: World) -> World:
    """A district with rows in every sealed table that an action of part 1 fills."""
    li, wang = world.a_member(here, "小李"), world.a_member(here, "王芳")
    world.a_card(li)
    world.a_use(world.an_item(here), li, date(2015, 2, 3))
    world.a_dispute(here, li)
    world.some_aid(world.a_fund(here), li)
    world.an_agreement(here)
    world.an_honour(here, li)
    tag_unions([TagRow(here.own_union.id, "demo", here.own_union.path, date(2015, 1, 1))], by=SYSTEM)
    offer_duplicates([(li.person, wang.person)], by=SYSTEM, because="同名")
    record_places([PlaceRow("W03", "新河街道", "street", "W00", world.FOUNDED)], by=SYSTEM)
    merge_places("W03", "W02", on=date(2015, 6, 1), reason="区划调整", by=SYSTEM)
    officer = world.an_officer("organisation", here.root)
    reveal.reveal("people.person.mobile", li.person, by=officer, purpose="回访")
    approvals.ask(what="members", title="会员", path=here.root, people=700, reason="制卡", by=officer)
    return here


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., int]:
    """A roster of so many people is imported; the number of the batch."""

    def bring_in(count: int, **more: Any) -> int:
        path = write_roster(tmp_path / "roster.xlsx", roster_rows(count, **more))
        batch = run_import(by_name("members"), path, by=SYSTEM, accept_doubtful=True, on=TODAY).batch
        assert batch is not None
        return batch

    return bring_in


def faults() -> list[str]:
    """Everything `verify` finds wrong with the chain and the sealed tables, as "table id what"."""
    found = walk.walk()
    wrong = list(found.faults)
    for table in SEALED:
        wrong += walk.compare(found, table).faults
    return [f"{fault.where} {fault.what}" for fault in wrong]


def _sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1


def _filled() -> Iterator[tuple[type[models.Model], dict[str, Any]]]:
    """Each sealed table that has rows, with one of them."""
    for table in SEALED:
        model = apps.get_model(table)
        row = model._base_manager.order_by("pk").values().first()
        if row is not None:
            yield model, row


def _other(field: "models.Field[Any, Any]", value: Any) -> Any:
    """A value that the column takes and that is another."""
    kind = field.get_internal_type()
    if isinstance(field, models.ForeignKey):
        return None if value is not None and field.null else value
    if kind == "BooleanField":
        return not value
    if kind == "DateField":
        return (value or date(2014, 1, 1)) + timedelta(days=1)
    if kind == "DateTimeField":
        return (value or datetime(2014, 1, 1, tzinfo=UTC)) + timedelta(seconds=1)
    if kind in ("BinaryField", "SealedField"):
        return bytes(value) + b"x" if value is not None else b"x"
    if kind == "JSONField":
        return {"other": 1}
    if kind in ("CharField", "TextField"):
        return f"{value}x" if len(value) < (field.max_length or 99) else value[:-1]
    return (value or 0) + 1


def test_every_table_is_sealed_or_exempt_with_a_reason() -> None:
    tables = {model._meta.label_lower for model in apps.get_models() if model.__module__.startswith("unionhall.")}
    assert set(SEALED) | set(EXEMPT) == tables
    assert not set(SEALED) & set(EXEMPT) and len(set(SEALED)) == len(SEALED)
    assert all(len(reason) > 20 for reason in EXEMPT.values())


def test_every_column_of_a_sealed_table_can_be_digested() -> None:
    for table in SEALED:
        digest_rows(apps.get_model(table), [1])


def test_a_district_written_by_actions_is_right(busy: World) -> None:
    assert len(list(_filled())) >= 28
    assert faults() == []


def test_an_edit_of_any_column_is_found_and_named(busy: World) -> None:
    """By raw SQL, column by column, in every sealed table."""
    missed, tried = [], 0
    for model, row in _filled():
        table, said = model._meta.db_table, f"{model._meta.label_lower} {row['id']}"
        for field in model._meta.concrete_fields:
            value = _other(field, row[field.attname])
            if field.primary_key or value == row[field.attname] or field.attname not in form_of(model):
                continue
            with (
                contextlib.suppress(IntegrityError),
                _undone(),
            ):  # what a constraint keeps from happening needs no finding
                _sql(f'UPDATE "{table}" SET "{field.column}" = %s WHERE id = %s', _kept(field, value), row["id"])
                tried += 1
                found = walk.compare(walk.walk(), model._meta.label_lower).faults
                if found != [walk.Fault(said, walk.EDITED)]:
                    missed.append(f"{said} {field.name}: {found}")
    assert missed == [] and tried > 250


def test_a_row_deleted_by_raw_sql_is_found_and_named(busy: World) -> None:
    missed, tried = [], 0
    for model, row in _filled():
        said = f"{model._meta.label_lower} {row['id']}"
        with contextlib.suppress(IntegrityError), _undone():  # others point at it
            _sql(f'DELETE FROM "{model._meta.db_table}" WHERE id = %s', row["id"])
            tried += 1
            found = walk.compare(walk.walk(), model._meta.label_lower).faults
            if found != [walk.Fault(said, walk.DELETED)]:
                missed.append(f"{said}: {found}")
    assert missed == [] and tried > 15


def test_a_row_put_in_by_raw_sql_is_found_and_named(busy: World) -> None:
    li = Person.objects.values().latest("pk")
    copy = li | {"id": li["id"] + 5, "number_index": b"other", "mobile_index": None}
    Person.objects.bulk_create([Person(**copy)])
    Person.objects.bulk_create([Person(**copy | {"id": 10**15, "number_index": b"far off"})])
    assert faults() == [f"people.person {number} {walk.INSERTED}" for number in (copy["id"], 10**15)]


def test_a_row_put_back_as_it_was_is_right_again(busy: World) -> None:
    Person.objects.filter(name="小李").update(name="小王")
    assert len(faults()) == 1
    Person.objects.filter(name="小王").update(name="小李")
    assert faults() == []


def test_a_row_that_was_taken_away_by_an_action_may_not_come_back(busy: World) -> None:
    row = Membership.objects.values().latest("pk")
    Membership.objects.filter(pk=row["id"]).delete()
    audit.write("test.away", by=SYSTEM, keys=[(Membership, [row["id"]])])
    assert faults() == []
    Membership.objects.bulk_create([Membership(**row)])
    assert faults() == [f"people.membership {row['id']} {walk.RETURNED}"]


def test_a_row_sealed_before_a_column_was_added_is_checked_over_the_columns_there_were(here: World) -> None:
    li = world.a_member(here)
    (part,) = [digest_rows(Person, [li.person])]
    fewer = tuple(name for name in part.form if name != "hukou")
    row = Person.objects.values_list(*fewer).get(pk=li.person)
    older = Part(part.table, fewer, part.ids, [digester(Person, fewer)(row)])
    latest = walk.Latest()
    latest.put(older, 1)
    found = walk.Walk(latest={part.table: latest})
    found.place = 10**9  # nothing newer counts in this test
    assert walk.compare(found, part.table).faults == []
    Person.objects.filter(pk=li.person).update(name="别人")
    assert [fault.what for fault in walk.compare(found, part.table).faults] == [walk.EDITED]


def test_a_small_import_is_sealed_with_it(here: World, bring: Callable[..., int]) -> None:
    batch = bring(20)
    assert audit.waiting() == {} and faults() == []
    assert AuditEntry.objects.filter(act="import.confirm", batch=batch).count() == 1
    assert AuditEntry.objects.filter(act=audit.SEALED, batch=batch).exists()


def test_a_large_import_says_how_many_rows_wait_and_is_sealed_afterwards(
    here: World, bring: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "SEALED_AT_ONCE", 10)
    batch = bring(20)
    waiting = audit.waiting()[batch]
    assert waiting == 3 * 20  # a person, a membership and a line each
    assert faults() == []
    assert sum(walk.compare(walk.walk(), table).waiting for table in SEALED) == waiting
    told = [what for what, right in sealed_findings() if "等待封存" in what and right]
    assert len(told) == 1 and f"{waiting} 行" in told[0]
    assert audit.seal_waiting(batch) == waiting and audit.seal_waiting(batch) == 0
    assert audit.waiting() == {} and faults() == []
    person = Person.objects.latest("pk")
    Person.objects.filter(pk=person.pk).update(name="改了")
    assert faults() == [f"people.person {person.pk} {walk.EDITED}"]


def test_an_action_after_the_import_counts_whenever_the_import_is_sealed(
    here: World, bring: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The digests of an import stand from its own entry on: a later action's is the last, though it was written before."""
    monkeypatch.setattr(audit, "SEALED_AT_ONCE", 10)
    batch = bring(20)
    row = Membership.objects.latest("pk")
    with _undone():
        audit.seal_waiting(batch)
        before = digest_rows(Membership, [row.pk])
    end([row.pk], by=SYSTEM, on=TODAY, because="left")
    real = audit.digest_rows

    def late(model: Any, ids: Any, **more: Any) -> Part:
        part = real(model, ids, **more)
        told = [before.digests[0] if number == row.pk else d for number, d in zip(part.ids, part.digests, strict=True)]
        return part._replace(digests=told) if model is Membership else part

    monkeypatch.setattr(audit, "digest_rows", late)
    audit.seal_waiting(batch)
    assert faults() == []


def test_a_withdrawn_import_leaves_nothing_to_find(
    here: World, bring: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = bring(5)
    second = bring(20, job="质检员")
    assert Batch.objects.get(pk=second).changed == 5
    withdraw(second, by=SYSTEM, reason="导错了")
    assert faults() == [] and audit.waiting() == {}
    monkeypatch.setattr(audit, "SEALED_AT_ONCE", 1)
    third = bring(20, job="焊工")
    withdraw(third, by=SYSTEM, reason="又导错了")
    assert faults() == [] and set(audit.waiting()) == {third}
    audit.seal_waiting()
    assert faults() == [] and Person.objects.filter(batch=kept).count() == 5


def test_a_row_that_vanished_before_its_batch_was_sealed_is_found(
    here: World, bring: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "SEALED_AT_ONCE", 10)
    bring(20)
    gone = Membership.objects.latest("pk").pk
    _sql("DELETE FROM people_membership WHERE id = %s", gone)
    audit.seal_waiting()
    assert f"people.membership {gone} {walk.DELETED}" in faults()


def test_nobody_has_rows_sealed_by_a_note_of_their_own(
    here: World, bring: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "SEALED_AT_ONCE", 10)
    bring(20)
    true = Unsealed.objects.filter(table="people.person").values().latest("pk")
    audit.seal_waiting()
    person = Person.objects.latest("pk")
    Person.objects.filter(pk=person.pk).update(name="改了")
    made_up = true | {"id": true["id"] + 100, "ids": pack_ids([person.pk]), "count": 1}
    for note in (made_up, true):  # one that no batch wrote, and a true one a second time
        with _undone():
            Unsealed.objects.bulk_create([Unsealed(**note)])
            assert audit.seal_waiting() == 0
            assert faults() == [
                f"journal.unsealed {note['id']} {walk.INSERTED}",
                f"people.person {person.pk} {walk.EDITED}",
            ]


@pytest.mark.parametrize("ids", [[], [1], [1, 2, 3], [5, 9, 10**15], list(range(1, 5001))])
def test_numbers_are_packed_and_come_back(ids: list[int]) -> None:
    assert unpack_ids(pack_ids(ids)) == ids


def test_parts_are_packed_and_come_back() -> None:
    parts = [
        Part("people.person", ("id", "name"), [3, 9], [b"a" * 16, GONE]),
        Part("journal.line", ("id",), [1], [b"b" * 16]),
    ]
    assert list(unpack(pack(parts))) == parts
    with pytest.raises(ValueError):
        list(unpack(pack(parts)[:-1]))


def _kept(field: "models.Field[Any, Any]", value: Any) -> Any:
    """A value as the database's own driver takes it."""
    return field.get_db_prep_save(value, connection)


@contextlib.contextmanager
def _undone() -> Iterator[None]:
    """What is done within is taken back at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
