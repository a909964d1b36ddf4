"""Which header of a file is which column: our guess, what an officer says, and what was said of such headers before."""

import hashlib
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db import models

from unionhall.exchange import headers
from unionhall.exchange.models import Mapping
from unionhall.exchange.template import Template
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Choice:
    """One column of the template as the mapping page shows it: what it would stand under, and whether that is our guess
    ("guess"), what was chosen for such headers before ("remembered"), or nothing ("").
    """

    key: str
    header: str
    required: bool
    explain: str
    under: str
    how: str
    several: tuple[str, ...]

    def told(self, under: str, how: str) -> "Choice":
        """The same column, standing elsewhere."""
        return replace(self, under=under, how=how)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the mapping page starts from. `row`: the header row, from 0; `labels`: what its cells are called."""

    row: int
    labels: tuple[str, ...]
    choices: tuple[Choice, ...]

    @property
    def sure(self) -> bool:
        """Is nothing left to ask: every required column found, once?"""
        return not self.missing and not any(one.several and one.how == "guess" for one in self.choices)

    @property
    def missing(self) -> tuple[str, ...]:
        """Headers of required columns that stand under nothing."""
        return tuple(one.header for one in self.choices if one.required and not one.under)

    @property
    def unused(self) -> tuple[str, ...]:
        """Labels no column stands under."""
        used = {one.under for one in self.choices}
        return tuple(label for label in self.labels if label and label not in used)

    @property
    def unknown(self) -> bool:
        """Are there headers nobody has said anything about, while columns still have none?"""
        return bool(self.unused) and any(not one.under for one in self.choices)


def propose(
    template: Template, rows: Sequence[Sequence[Any]], *, by: Actor, path: str, row: int | None = None
) -> Proposal:
    """The guess for the first rows of a file, with what was chosen for the very same headers before put over it."""
    found = headers.guess(rows, template.columns, row)
    before = remembered(template, found.labels, by=by, path=path)
    choices = []
    for column in template.columns:
        under, how = found.places.get(column.key, ""), "guess" if column.key in found.places else ""
        if before is not None:
            under, how = before.get(column.key, ""), "remembered"
        choices.append(Choice(column.key, column.header, column.required, column.explain, under, how,
                              found.several.get(column.key, ())))  # fmt: skip
    return Proposal(found.row, found.labels, tuple(choices))


def check(template: Template, labels: Sequence[str], chosen: Map[str, str]) -> dict[str, str]:
    """Column key -> label, without the columns left out. Raises `Refused` (code: the column's key) for what cannot be."""
    used: dict[str, str] = {}
    settled = {}
    for column in template.columns:
        under = chosen.get(column.key, "")
        if not under:
            if column.required:
                raise Refused("必填的“{header}”还没有对上列，请选择它在表里的哪一列；表里没有的，请补上这一列再上传",
                              code=column.key, header=column.header)  # fmt: skip
            continue
        if under not in labels:
            raise Refused("表里没有“{under}”这一列，请重新选择", code=column.key, under=under)
        if under in used:
            raise Refused(
                "“{under}”同时对给了“{under_2}”和“{header}”，一列只能对一项",
                code=column.key,
                under=under,
                under_2=used[under],
                header=column.header,
            )
        used[under] = column.header
        settled[column.key] = under
    return settled


def mapped(template: Template, chosen: Map[str, str]) -> Template:
    """The template for one file: every column told where it stands."""
    columns = tuple(replace(column, under=chosen.get(column.key, "")) for column in template.columns)
    return replace(template, columns=columns)


def remember(template: Template, labels: Sequence[str], chosen: Map[str, str], *, by: Actor, path: str) -> None:
    """Keep what was chosen, for the next file with these headers; the last choice of an account counts."""
    if by.account is None:
        return
    Mapping.objects.update_or_create(
        account=by.account, template=template.name, headers=_digest(labels),
        defaults={"path": path, "chosen": dict(chosen), "used_at": datetime.now(UTC)},
    )  # fmt: skip


def remembered(template: Template, labels: Sequence[str], *, by: Actor, path: str) -> dict[str, str] | None:
    """What this account chose for these headers, or else the last who did at the same place."""
    those = Mapping.objects.filter(template=template.name, headers=_digest(labels))
    mine_first = models.Case(models.When(account=by.account, then=0), default=1)
    near = those.filter(models.Q(account=by.account) | models.Q(path=path)) if by.account else those.filter(path=path)
    found = near.order_by(mine_first, "-used_at").first()
    if found is None:
        return None
    return {key: label for key, label in found.chosen.items() if label in labels}


def _digest(labels: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(labels).encode("utf-8", "surrogatepass")).hexdigest()
