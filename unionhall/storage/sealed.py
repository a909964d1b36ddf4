"""Sealed columns: ciphertext in the table, a `Secret` in the program."""

from collections.abc import Callable
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.db import models

from unionhall.kernel.ciphers import CipherName
from unionhall.kernel.keys import LocalKeyService, load_keys
from unionhall.kernel.secret import HIDDEN, Secret


@cache
def keys() -> LocalKeyService:
    """The key service of this installation (settings.KEY_FILE); one per process."""
    return load_keys(settings.KEY_FILE, cipher=cast(CipherName, settings.CIPHER))


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """A column that holds an envelope bound to "table.column" and the row's id.

    Read, it is a `Secret` (or None); written, it takes the envelope `keys().sealer(column)(row id, text)` made. The row
    id must be known before the row is written: take it from `storage.bulk.ids`.
    """

    def __init__(self, *args: Any, mask: str | Callable[[str], str] = HIDDEN, **kwargs: Any) -> None:
        self.mask = mask
        kwargs.setdefault("null", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if not cls._meta.abstract:
            setattr(cls, name, _SealedColumn(self))

    @property
    def sealed_as(self) -> str:
        """What the envelope is bound to: "table.column"."""
        return f"{self.model._meta.db_table}.{self.column}"

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(value.envelope if isinstance(value, Secret) else value)


class _SealedColumn:
    """Gives the column as a Secret bound to its row."""

    def __init__(self, field: SealedField) -> None:
        self.field = field

    def __get__(self, row: models.Model | None, owner: type[models.Model]) -> Any:
        if row is None:
            return self
        name = self.field.attname
        if name not in row.__dict__:
            row.refresh_from_db(fields=[name])
        envelope = row.__dict__[name]
        if envelope is None or isinstance(envelope, Secret):
            return envelope
        return Secret(bytes(envelope), self.field.sealed_as, row.pk, keys(), mask=self.field.mask)

    def __set__(self, row: models.Model, value: Any) -> None:
        row.__dict__[self.field.attname] = value


def sealer(model: type[models.Model], name: str) -> Callable[[int, str], bytes]:
    """(row id, text) -> envelope, for one column."""
    return keys().sealer(_sealed_as(model, name))


def indexer(model: type[models.Model], name: str) -> Callable[[str], bytes]:
    """text -> blind index, for one sealed column: equal texts give equal indexes, and nothing else is learnt."""
    return keys().indexer(_sealed_as(model, name))


def _sealed_as(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    if not isinstance(field, SealedField):
        raise TypeError(f"{model.__name__}.{name} is not sealed")
    return field.sealed_as
