"""Ten times the records, made inside the database from those that are there.

Persons, memberships, cards, employers, lists, covers, agreements and the journal are copied nine times, each copy with
ids of its own and pointing at the copies of what it pointed at. Places, unions, stations and items stay as they are.
"""

from django.db import connection, models, transaction

from unionhall.agreements.models import Agreement, AgreementCover
from unionhall.cases.models import Case
from unionhall.honours.models import Honour
from unionhall.journal.models import Line
from unionhall.offers.models import Participation
from unionhall.organisations.models import Cover, Employer, RegisterEntry
from unionhall.people.models import Card, Membership, Person

COPIED: tuple[type[models.Model], ...] = (
    Person, Employer, RegisterEntry, Cover, Membership, Card, Participation, Case, Agreement, AgreementCover, Honour, Line,
)  # fmt: skip
COPIES = 9


def grow() -> dict[str, int]:
    """Copy everything; the number of rows there are now, by table."""
    steps = {model: model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0 for model in COPIED}
    with transaction.atomic(), connection.cursor() as cursor:
        for model in COPIED:
            for copy in range(1, COPIES + 1):
                cursor.execute(_statement(model, steps, copy))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {model._meta.db_table: model._default_manager.count() for model in COPIED}


def _statement(model: type[models.Model], steps: dict[type[models.Model], int], copy: int) -> str:
    columns = [field.column for field in model._meta.concrete_fields]
    values = [_copied(field, steps, copy) for field in model._meta.concrete_fields]
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    pk = model._meta.pk
    assert pk is not None
    return f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} WHERE {pk.column} <= {steps[model]}"


def _copied(field: "models.Field[object, object]", steps: dict[type[models.Model], int], copy: int) -> str:
    """The expression for one column of a copy."""
    name = connection.ops.quote_name(field.column)
    target = field.related_model if field.is_relation else field.model if field.primary_key else None
    if target in steps:
        return f"{name} + {copy * steps[target]}"  # type: ignore[index]
    if field.column == "number_index" or (field.unique and field.get_internal_type() == "BinaryField"):
        return f"CASE WHEN {name} IS NULL THEN NULL ELSE {_sixteen_bytes(copy)} END"
    if field.column == "uscc" and field.unique:
        return f"'{copy}~' || CAST(id AS varchar(16))"
    if field.column == "number" and field.get_internal_type() == "CharField":
        return f"'{copy}~' || {name}"
    return name


def _sixteen_bytes(copy: int) -> str:
    if connection.vendor == "postgresql":
        return f"decode(md5(id::text || '/{copy}'), 'hex')"
    return "randomblob(16)"
