"""What the desk leaves to the worker: a list as a workbook, and one thing done to very many rows."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from unionhall.access import approvals
from unionhall.exchange.export import Mark, write_xlsx
from unionhall.jobs.context import Context
from unionhall.jobs.queue import READING
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours
from unionhall.organisations.roles import holders
from unionhall.web.desk import bulk, registers
from unionhall.web.desk.columns import Column
from unionhall.web.desk.listing import columns_of, load, names_of_places
from unionhall.web.desk.register import Asked, Register

CHUNK = 1_000
EXPORT = "exports.do"


@task(takes_context=True, queue_name=READING)
def export_list(context: Context, register: str) -> dict[str, int]:
    """Write the rows a list's address asks for into a workbook, as the asker may see them now; how many.

    Private: `query`, the address; `columns`, names. Five hundred people or more take a second officer's yes.
    """
    of, by, told = _find(register), context.actor(), context.private()
    if not by.holds(*(holders(EXPORT) & holders(of.right))):
        raise NotYours(register)
    asked = Asked(of, by, QueryDict(told["query"]))
    seen = columns_of(of, told["columns"])
    keys = list(asked.ordered(asked.rows()).values_list("pk", flat=True))
    place = audit.above(of.scope(by).paths)
    file = context.scratch() / f"{register}.xlsx"
    mark = Mark(by.name, timezone.now(), by.trace)
    headers = [str(column.title) for column in seen]
    write_xlsx(file, headers, _cells(context, of, keys, seen), mark=mark)
    context.begin()
    if of.people and approvals.needed(len(keys)):
        approvals.use(what=what(asked, told["columns"]), people=len(keys), by=by)
    audit.write("list.export", by=by, subject=f"list:{register}", path=place, note=f"{len(keys)} rows")
    context.keep(f"{of.title}-{timezone.localdate().isoformat()}.xlsx", file)
    return {"rows": len(keys)}


@task(takes_context=True)
def do_to_many(context: Context, register: str, what: str) -> dict[str, int]:
    """Do one thing to the rows that were confirmed, one by one; the answers as a workbook. How many were done, refused.

    Private: `keys`, ids in the list's order; `said`, the form as it was sent.
    """
    of, by, told = _find(register), context.actor(), context.private()
    one = next(one for one in of.bulk if one.key == what)
    if not by.holds(*holders(one.right)):
        raise NotYours(register)
    form = (one.form or bulk.DeskForm)(QueryDict(told["said"]), actor=by)
    if not form.is_valid():  # what was chosen is gone since: nothing is done to anybody
        raise NotYours(register)
    keys: Sequence[int] = told["keys"]
    results: list[tuple[int, str]] = []
    for at in range(0, len(keys), CHUNK):
        results += bulk.run(
            of, one, keys[at : at + CHUNK], form.cleaned_data, by=by, tell=context.progress, first=at, of=len(keys)
        )
    file = context.scratch() / f"{register}-{what}.xlsx"
    mark = Mark(by.name, timezone.now(), by.trace)
    write_xlsx(file, [str(of.title), _("结果")], _answers(of, by, results), mark=mark)
    context.keep(f"{one.title}-{timezone.localdate().isoformat()}.xlsx", file)
    refused = sum(bool(reason) for _key, reason in results)
    return {"done": len(results) - refused, "refused": refused}


def what(asked: Asked, columns: Sequence[str]) -> str:
    """Which rows and columns exactly, as a second officer's yes is kept: as a digest of this."""
    return f"{asked.register.key}?{asked.meaning}#{','.join(columns)}"


def _find(key: str) -> Register:
    return next(register for register in registers.REGISTERS if register.key == key)


def _cells(context: Context, register: Register, keys: Sequence[int], seen: Sequence[Column]) -> Iterator[list[Any]]:
    rows = register.model._default_manager
    for at in range(0, len(keys), CHUNK):
        context.progress(at, len(keys))
        part = keys[at : at + CHUNK]
        found = {row.pk: row for row in load(register, rows.filter(pk__in=part))}
        places = names_of_places(register, list(found.values()), seen)
        for key in part:
            if key in found:
                yield [column.text(found[key], places) for column in seen]


def _answers(register: Register, by: Actor, results: Sequence[tuple[int, str]]) -> Iterator[list[str]]:
    for at in range(0, len(results), CHUNK):
        part = dict(results[at : at + CHUNK])
        rows = load(register, register.visible(by).filter(pk__in=part))
        places = names_of_places(register, rows, [register.naming])
        for row in rows:
            yield [register.naming.text(row, places), part[row.pk] or _("办成")]
