"""Taking a whole import back: its new rows go, what it changed stands as before, its lines are voided, its money reversed."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import IntegrityError, models, router, transaction
from django.db.models import Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_noop as _

from unionhall.agreements import models as agreements
from unionhall.cases import models as cases
from unionhall.exchange import before
from unionhall.exchange.models import Batch, Before
from unionhall.honours import models as honours
from unionhall.indicators.models import PublishedFact
from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.models import AuditEntry, Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.paths import STEP, span
from unionhall.ledger import actions as ledger
from unionhall.ledger import models as funds
from unionhall.offers import actions as places
from unionhall.offers import models as offers
from unionhall.organisations import models as organisations
from unionhall.people import models as people
from unionhall.storage import bulk
from unionhall.storage.dated import Placed

_CONCEPTS = (honours, agreements, offers, cases, funds, people, organisations)
_REASON = 200
SUBJECTS: dict[str, type[models.Model]] = {
    "agreement": agreements.Agreement,
    "booth": offers.Booth,
    "card": people.Card,
    "case": cases.Case,
    "cover": organisations.Cover,
    "employer": organisations.Employer,
    "honour": honours.Honour,
    "membership": people.Membership,
    "offer": offers.Offer,
    "outcome": offers.Outcome,
    "participation": offers.Participation,
    "person": people.Person,
    "place": organisations.Place,
    "policy": offers.policy_models.Policy,
    "session": offers.Session,
    "staff": organisations.Staff,
    "station": organisations.Station,
    "union": organisations.Union,
}
"""What a journal line is about: the word before the colon of its subject, and the table its number is in."""
_USED = _("后来的记录用到了这一批的内容（{what}），不能整批撤回；请先撤回或更正那些记录")


def withdraw(batch: int, *, by: Actor, reason: str) -> int:
    """Take an import back, all of it or nothing; how many rows went or were put back.

    Raises `Refused` without a reason, when it was withdrawn already, and when later records depend on it.
    """
    if not reason.strip():
        raise Refused("撤回一批导入必须写明理由。")
    if len(reason.strip()) > _REASON:
        raise Refused("理由最多 {reason} 个字，请缩短。", reason=_REASON)
    with transaction.atomic(using=router.db_for_write(Batch)):
        found = Batch.objects.select_for_update().filter(pk=batch).first()
        if found is None:
            raise Refused("没有第 {batch} 批导入，请核对批次号", batch=batch)
        if found.state != "confirmed":
            raise Refused("第 {batch} 批已经撤回，不能再撤一次", batch=batch)
        _refuse_if_used(batch)
        _refuse_if_moved_on(found)
        _refuse_if_lived_in(batch)
        journal.void_batch(batch, by=by, reason=reason.strip())
        ledger.withdraw_batch(batch, reason=reason.strip(), by=by)
        kept = _without_renamed_since(before.rows_of(batch), found)
        sessions = _sessions_of(batch, kept)
        try:
            # What was changed first lets go of the new rows it points at; then these can go, and everything is put back.
            _put_back(kept, only_relations=True)
            _refuse_if_pointed_at(batch)
            gone = _delete(batch)
            _put_back(kept, only_relations=False)
            places.recount(sessions, by=by)
        except IntegrityError as error:
            raise Refused(_USED, what="登记") from error
        Batch.objects.filter(pk=batch).update(
            state="withdrawn", withdrawn_at=datetime.now(UTC), withdrawn_because=reason.strip()
        )
        audit.note_rows(_touched(kept), batch=batch)
        path = min(by.paths(), key=len, default="")
        audit.write_batch(
            "import.withdraw", by=by, batch=batch, path=path, keys=[(Batch, [batch])], note=found.template
        )
        return gone + len(kept)


def _tables() -> tuple[type[models.Model], ...]:
    return tuple(table for concept in _CONCEPTS for table in concept.everything())


def _refuse_if_used(batch: int) -> None:
    """Later imports that changed the same rows, and later journal lines about the people and employers it brought."""
    changed = Before.objects.filter(batch__gt=batch, batch__state="confirmed")
    mine = Before.objects.filter(batch=batch).values_list("table", flat=True).distinct()
    again: set[int] = set()
    for label in set(mine):
        rows = Before.objects.filter(batch=batch, table=label).values("row")
        again |= set(changed.filter(table=label, row__in=rows).values_list("batch", flat=True).distinct())
    for table in _tables():
        made = table._default_manager.filter(batch=batch).values("pk")
        later = changed.filter(table=table._meta.label_lower, row__in=made)
        again |= set(later.values_list("batch", flat=True).distinct())
    if again:
        raise Refused("后来的第 {map} 批又改了这一批的记录，请先撤回那些批次", map=list(map(str, sorted(again))))
    other = Line.objects.standing().filter(Q(batch=None) | ~Q(batch=batch))
    persons = people.Person.objects.filter(batch=batch).values("pk")
    employers = organisations.Employer.objects.filter(batch=batch).values("pk")
    if other.filter(person__in=persons).exists() or other.filter(employer__in=employers).exists():
        raise Refused(_USED, what="业务记录")


def _refuse_if_moved_on(batch: Batch) -> None:
    """Rows the batch brought or changed that somebody has moved on since: lines written later, by hand or a later batch."""
    later = Line.objects.standing().filter(Q(batch=None) | Q(batch__gt=batch.pk), at__gt=batch.confirmed_at)
    for kind, table in SUBJECTS.items():
        made = table._default_manager.filter(batch=batch.pk).annotate(said=_named(kind, "pk")).values("said")
        touched = Before.objects.filter(batch=batch, table=table._meta.label_lower)
        changed = touched.annotate(said=_named(kind, "row")).values("said")
        if later.filter(subject__in=made).exists() or later.filter(subject__in=changed).exists():
            raise Refused(_USED, what="业务记录")


def _refuse_if_pointed_at(batch: int) -> None:
    """Offers, sessions and places of the batch that rows of others hang on: the database would say so only at the end."""
    for table in offers.everything():
        for relation in table._meta.related_objects:
            child = relation.related_model
            assert not isinstance(child, str)
            rows = child._default_manager.filter(**{f"{relation.field.name}__batch": batch})
            if any(field.name == "batch" for field in child._meta.concrete_fields):
                rows = rows.filter(Q(batch=None) | ~Q(batch=batch))
            if rows.exists():
                raise Refused(_USED, what="活动记录")


def _named(kind: str, column: str) -> Concat:
    return Concat(Value(f"{kind}:"), Cast(column, models.CharField()), output_field=models.CharField())


def _refuse_if_lived_in(batch: int) -> None:
    """Places the batch brought in which records of others lie: these name a place by its path alone."""
    brought = sorted(organisations.Place.objects.filter(batch=batch).values_list("path", flat=True))
    highest = [path for path in brought if path[:-STEP] not in brought]
    if not highest:
        return
    there = Q()
    for low, high in map(span, highest):
        there |= Q(path__gte=low, path__lt=high)
    others = Q(batch=None) | ~Q(batch=batch)
    placed = [table._default_manager.filter(there, others) for table in _tables() if issubclass(table, Placed)]
    lines = Line.objects.standing().filter(there, others)
    entries = funds.Entry.objects.filter(there, Q(posting__batch=None) | ~Q(posting__batch=batch))
    facts = PublishedFact.objects.filter(there)
    if any(rows.exists() for rows in (*placed, lines, entries, facts)):
        raise Refused(_USED, what="地方")


def _delete(batch: int) -> int:
    pairs = people.Duplicate.objects.filter(Q(one__batch=batch) | Q(other__batch=batch), state="offered")
    audit.note_rows([(people.Duplicate, list(pairs.values_list("pk", flat=True)))], batch=batch, gone=True)
    pairs.delete()
    gone = 0
    for table in _tables():
        rows = table._default_manager.filter(batch=batch)
        audit.note_rows([(table, list(rows.values_list("pk", flat=True)))], batch=batch, gone=True)
        # One statement: the database's own keys find what depends on the rows, without fetching two hundred thousand.
        gone += rows._raw_delete(rows.db)
    return gone


def _sessions_of(batch: int, kept: Sequence[Before]) -> set[int]:
    """The sessions whose places the batch took or changed: what they count as taken is counted again."""
    label = offers.Participation._meta.label_lower
    changed = [row.row for row in kept if row.table == label]
    mine = offers.Participation.objects.filter(Q(batch=batch) | Q(pk__in=changed)).exclude(session=None)
    was = {before.unpacked(row.values)["session_id"] for row in kept if row.table == label}
    slots = {row.row for row in kept if row.table == offers.Session._meta.label_lower}
    return {*mine.values_list("session", flat=True).distinct(), *was, *slots} - {None}


def _touched(kept: Sequence[Before]) -> list[tuple[type[models.Model], list[int]]]:
    """The rows that were put back, by table."""
    rows_of: dict[str, list[int]] = {}
    for row in kept:
        rows_of.setdefault(row.table, []).append(row.row)
    return [(before.model_of(table), numbers) for table, numbers in rows_of.items()]


def _without_renamed_since(kept: Sequence[Before], batch: Batch) -> Sequence[Before]:
    """Without the names of accounts that somebody put right by hand since: that name stands."""
    label = organisations.Account._meta.label_lower
    named = {f"account:{row.row}": row for row in kept if row.table == label}
    later = AuditEntry.objects.filter(act="account.rename", subject__in=named, at__gt=batch.confirmed_at)
    renamed = set(later.values_list("subject", flat=True))
    return [row for row in kept if row.table != label or f"account:{row.row}" not in renamed]


def _put_back(kept: Sequence[Before], *, only_relations: bool) -> None:
    rows_of: dict[str, list[Before]] = {}
    for row in kept:
        rows_of.setdefault(row.table, []).append(row)
    for table, rows in rows_of.items():
        model = before.model_of(table)
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if not field.primary_key and (field.is_relation or not only_relations)
        ]
        json_names = {
            field.attname for field in model._meta.concrete_fields if field.get_internal_type() == "JSONField"
        }
        if names:
            values = [(row.row, before.unpacked(row.values)) for row in rows]
            names = [name for name in names if name in values[0][1]]  # of some tables only a column is kept
            bulk.update(model, names, [
                (number, *(before.json_text(was[name]) if name in json_names else was[name] for name in names))
                for number, was in values
            ])  # fmt: skip
