"""The rules of the house a machine can check (CONTRIBUTING.md says them in words).

Imports as drawn are checked by the import contract in pyproject.toml; style and types by `make lint`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import models

from unionhall import catalogue
from unionhall.indicators.service import Service

HERE = Path(__file__).resolve().parent.parent
PRODUCT = HERE / "unionhall"
FILE_LINES, FUNCTION_LINES = 400, 60

VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "misc", "tools", "shared", "core", "lib", "stuff"}
FORCED_BY_DJANGO = {"unionhall/storage/sqlite3/base.py", "unionhall/storage/postgresql/base.py"}
"""Django loads the backend of ENGINE = "x" from x.base: these two names are not ours to choose."""

WRITERS = {
    "unionhall/storage",  # the means of writing, which knows no rule
    "unionhall/exchange",  # an import's own book-keeping: what came in with which file, and what stood there before
    "unionhall/organisations/accounts.py",  # Django's manager of accounts
    "unionhall/access/reveal.py",  # the line in the book of looks
    "unionhall/access/approvals.py",  # who asked for an export, and who allowed it
    "unionhall/journal/audit.py",  # the entry every action writes of itself
    "unionhall/journal/chain.py",  # its place in the chain, given after the commit
    "unionhall/web/sessions.py",  # Django's store of sessions
    "unionhall/jobs/queue.py",  # jobs waiting, taken and settled
    "unionhall/jobs/leases.py",  # who holds a running job, told apart from its task's transaction
    "unionhall/jobs/upkeep.py",  # rows and files of jobs long over
}
"""Where rows may be written besides the actions of a concept."""

WORKER_LOOP = "unionhall/jobs/worker.py"
"""Where a task's error ends, whatever it is: written down, told by its number, and the next job taken."""

LOADS_LATE = {
    "unionhall/jobs/cli.py",  # commands import tables, so they are loaded after Django is set up
    "unionhall/jobs/commands/demonstrate.py",  # the demonstration is no part of the product
    "unionhall/exchange/papers/pdf.py",  # loads system libraries a machine may lack; everything else must still run
}

DISTRICTS = re.compile("西城|Xicheng|大兴|Daxing", re.IGNORECASE)


class Source(NamedTuple):
    """One Python file of the product. `name` is its path from the repository."""

    name: str
    text: str
    tree: ast.Module


def _sources() -> Iterator[Source]:
    for path in sorted(PRODUCT.rglob("*.py")):
        if "migrations" not in path.parts:
            text = path.read_text("utf-8")
            yield Source(path.relative_to(HERE).as_posix(), text, ast.parse(text))


SOURCES = tuple(_sources())
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def found(source: Source, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
    return (node for node in ast.walk(source.tree) if isinstance(node, kinds))


def at(source: Source, node: ast.AST, what: str = "") -> str:
    return f"{source.name}:{getattr(node, 'lineno', 1)} {what}".rstrip()


def dotted(node: ast.AST) -> str:
    """ "a.b.c" of an attribute or name, as far as it is one."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def may_write(name: str) -> bool:
    return is_of_actions(name) or any(name.startswith(place) for place in WRITERS)


def is_of_actions(name: str) -> bool:
    """Is the file a concept's actions, or a further file of them ("people/card_moves.py")?"""
    return name.endswith(("/actions.py", "_moves.py")) or "/actions/" in name


def test_the_product_is_there_to_be_checked() -> None:
    assert len(SOURCES) > 100


def test_imports_stand_at_the_top_of_a_file() -> None:
    inside = [
        at(source, node)
        for source in SOURCES
        for function in found(source, *FUNCTIONS)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    late = [
        at(source, node)
        for source in SOURCES
        if source.name not in LOADS_LATE
        for node in found(source, ast.Call)
        if dotted(node.func) in ("importlib.import_module", "import_module", "__import__")
    ]
    assert inside + late == []


def test_no_import_hides_from_the_contract() -> None:
    assert [source.name for source in SOURCES if re.search(r"\bTYPE_CHECKING\b", source.text)] == []


def test_nothing_happens_by_signal() -> None:
    wrong = [
        at(source, node)
        for source in SOURCES
        for node in found(source, ast.Import, ast.ImportFrom)
        if "signals" in ast.unparse(node) or "django.dispatch" in ast.unparse(node)
    ]
    assert wrong == []


def test_no_row_is_written_behind_a_save() -> None:
    wrong = [
        at(source, node, node.name)
        for source in SOURCES
        if source.name
        != "unionhall/web/sessions.py"  # a store of sessions, no table: Django calls its ways save and delete
        for node in found(source, *FUNCTIONS)
        if node.name in ("save", "save_base", "delete", "asave", "adelete", "bulk_create")
    ]
    assert wrong == []


def test_no_key_points_at_any_table() -> None:
    assert [source.name for source in SOURCES if "GenericForeignKey" in source.text] == []


def test_no_error_is_swallowed_whole() -> None:
    wrong = [
        at(source, node)
        for source in SOURCES
        if source.name != WORKER_LOOP
        for node in found(source, ast.ExceptHandler)
        if node.type is None or {dotted(one) for one in ast.walk(node.type)} & {"Exception", "BaseException"}
        if not (isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None)  # tidies up and raises on
    ]
    assert wrong == []


def test_a_module_is_named_for_what_it_holds() -> None:
    wrong = [
        source.name
        for source in SOURCES
        if source.name not in FORCED_BY_DJANGO and VAGUE & {Path(source.name).stem, *Path(source.name).parts[1:-1]}
    ]
    assert wrong == []


def test_files_and_functions_stay_small() -> None:
    long = [source.name for source in SOURCES if source.text.count("\n") > FILE_LINES]
    long += [
        at(source, node, f"{node.name}: {node.end_lineno - node.lineno + 1} lines")
        for source in SOURCES
        for node in found(source, *FUNCTIONS)
        if node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


def test_only_actions_write() -> None:
    """Rows are created, changed and deleted in actions; whoever else does it is listed in WRITERS, with the reason."""
    row_verbs = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    wrong = []
    for source in SOURCES:
        if may_write(source.name):
            continue
        for node in found(source, ast.Call):
            name = dotted(node.func)
            verb, owner = name.rpartition(".")[2], name.rpartition(".")[0]
            on_rows = "objects" in ast.unparse(node.func)
            if (
                (verb in row_verbs and (on_rows or verb != "create"))
                or (verb in ("update", "delete") and on_rows)
                or (owner == "bulk" and verb in ("insert", "update", "ids"))
                or owner == "registered"
            ):
                wrong.append(at(source, node, name))
    assert wrong == []


def test_every_action_that_writes_says_by_whom() -> None:
    """Public functions of actions take `by` by keyword, and it has no default; those that only read say so in a list."""
    only_read = {
        "unionhall/ledger/actions.py": {"balance", "payment", "standing_of", "standing_of_many", "unposted"},
        "unionhall/cases/actions.py": {"agreed"},
        "unionhall/indicators/actions.py": {"difference"},
        "unionhall/cases/promise_moves.py": {"cause_of"},
        "unionhall/ledger/fund_moves.py": {"cause_of", "income", "movement"},
        "unionhall/jobs/resealing_moves.py": {"columns", "count"},
    }
    wrong = []
    for source in SOURCES:
        if not is_of_actions(source.name):
            continue
        for node in source.tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if node.name in only_read.get(source.name, set()):
                continue
            required = {
                argument.arg
                for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
                if default is None
            }
            if "by" not in required:
                wrong.append(at(source, node, node.name))
    assert wrong == []


def test_a_refusal_names_what_it_tells_of() -> None:
    """An f-string is another sentence each time, which no catalogue can hold: `Refused("… {day} …", day=day)`."""
    wrong = [
        at(source, node, "Refused")
        for source in SOURCES
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "Refused"
        and any(isinstance(one, ast.JoinedStr) for one in node.args)
    ]
    assert wrong == []


def test_the_product_names_no_district() -> None:
    files = [path for path in PRODUCT.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    texts = {".py", ".html", ".csv", ".txt", ".po", ".css", ".js", ".toml", ".svg", ".md"}
    wrong = [
        path.relative_to(HERE).as_posix()
        for path in files
        if path.suffix in texts and DISTRICTS.search(path.read_text("utf-8"))
    ]
    assert wrong == []


def test_every_package_says_what_belongs_there() -> None:
    silent = [
        source.name
        for source in SOURCES
        if source.name.endswith("__init__.py") and source.name.count("/") == 2 and not ast.get_docstring(source.tree)
    ]
    assert silent == []


def test_every_public_name_of_the_ground_floors_is_explained() -> None:
    silent = [
        at(source, node, node.name)
        for source in SOURCES
        if source.name.startswith(("unionhall/kernel/", "unionhall/storage/")) and source.name not in FORCED_BY_DJANGO
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and (node.end_lineno or 0) - node.lineno > 3
    ]
    assert silent == []


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("unionhall.")]


def test_keys_are_64_bits_wide() -> None:
    wide = (models.BigAutoField, models.UUIDField)
    assert [model.__name__ for model in own_models() if not isinstance(model._meta.pk, wide)] == []


def test_no_service_is_written_into_a_table() -> None:
    """A new service needs no migration, so no column lists keys as its choices."""
    wrong = [
        f"{model.__name__}.{field.name}" for model in own_models() for field in model._meta.fields if field.choices
    ]
    assert wrong == []


def test_nothing_is_left_for_later() -> None:
    wrong = [
        f"{source.name}: {mark}"
        for source in SOURCES
        for mark in re.findall(r"\b(?:TODO|FIXME|XXX|HACK)\b|raise NotImplementedError\(\)", source.text)
    ]
    assert wrong == []


def test_every_service_file_is_in_the_catalogue() -> None:
    files = {path.stem for path in (PRODUCT / "services").glob("*.py")} - {"__init__"}
    files |= {path.parent.name for path in (PRODUCT / "services").glob("*/__init__.py")}
    listed = {
        name
        for name, module in vars(catalogue).items()
        if isinstance(getattr(module, "service", None), Service) and module.service in catalogue.SERVICES
    }
    assert listed == files
    assert len(catalogue.SERVICES) == len(files)


def test_every_declaration_passes_the_system_checks() -> None:
    assert run_checks(include_deployment_checks=False) == []


@pytest.mark.parametrize(
    ("rule", "breach"),
    [
        (test_imports_stand_at_the_top_of_a_file, "def f():\n    import os\n"),
        (test_imports_stand_at_the_top_of_a_file, "from importlib import import_module\nx = import_module('os')\n"),
        (test_no_import_hides_from_the_contract, "from typing import TYPE_CHECKING\n"),
        (test_nothing_happens_by_signal, "from django.db.models.signals import post_save\n"),
        (test_no_row_is_written_behind_a_save, "class A:\n    def save(self): ...\n"),
        (test_no_key_points_at_any_table, "x = GenericForeignKey()\n"),
        (test_no_error_is_swallowed_whole, "try:\n    f()\nexcept (ValueError, Exception):\n    pass\n"),
        (test_no_error_is_swallowed_whole, "try:\n    f()\nexcept:\n    pass\n"),
        (test_no_error_is_swallowed_whole, "try:\n    f()\nexcept BaseException:\n    raise ValueError from None\n"),
        (test_files_and_functions_stay_small, "def f():\n" + "    x = 1\n" * FUNCTION_LINES),
        (test_files_and_functions_stay_small, "x = 1\n" * (FILE_LINES + 1)),
        (test_only_actions_write, "Person.objects.filter(pk=1).update(name='x')\n"),
        (test_only_actions_write, "person.save(update_fields=['name'])\n"),
        (test_only_actions_write, "bulk.insert(Person, (), [])\n"),
        (test_only_actions_write, "Person.objects.create(name='x')\n"),
        (test_nothing_is_left_for_later, "x = 1  # TO" + "DO\n"),
    ],
)
def test_a_breach_is_found(rule: object, breach: str, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = Source("unionhall/web/planted.py", breach, ast.parse(breach))
    monkeypatch.setitem(globals(), "SOURCES", (planted,))
    with pytest.raises(AssertionError):
        rule()  # type: ignore[operator]
