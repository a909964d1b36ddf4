"""Changing the running program: guards cut out of its source, and functions made to say that they were called.

The code of every function made from a changed source is exchanged. So a forked process can be a mutant and die.
"""

import ast
import gc
import types
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

DRAWN_BY = ("reaches", "may", "may_handle", "may_step", "may_approve", "may_lay_down")
GUARDS = ("visible_to", "must_reach", "may_open", *DRAWN_BY)
"""Calls that keep somebody out; on a page, DRAWN_BY often only decide which button to draw."""

Function = ast.FunctionDef | ast.Lambda
Place = tuple[str, int]
"""A function: its file and the first line of it."""

Change = Callable[[ast.Module], ast.Module]

CALLED: set[Place] = set()
"""Functions called since somebody emptied this, of those that were made to say so."""


@dataclass(frozen=True)
class Mutant:
    """One guard less. `page`, `right`: what it is about, when that is known; `code`: the function changed, and those
    around it; `cut`: a file and what becomes of its source, when the guard is a call in it, or else `apply`.
    """

    name: str
    apply: Callable[[], None] = lambda: None
    page: str = ""
    right: str = ""
    code: tuple[Place, ...] = field(default=())
    cut: tuple[Path, Change] | None = None


def become(mutants: Iterable[Mutant]) -> None:
    """Be all of these at once."""
    cuts: dict[Path, list[Change]] = defaultdict(list)
    for one in mutants:
        if one.cut is None:
            one.apply()
        else:
            cuts[one.cut[0]].append(one.cut[1])
    for file, changes in cuts.items():
        tree = ast.parse(file.read_text("utf-8"))
        for change in changes:
            tree = change(tree)
        assert _exchange(file, tree), f"{file}: nothing changed"


class _Without(ast.NodeTransformer):
    """Takes one guard out of a tree, by its place; what the guard was given is still worked out."""

    def __init__(self, site: tuple[int, int]) -> None:
        self.site = site

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = guard(node)
        if name is None or (node.lineno, node.col_offset) != self.site:
            return node
        given: list[ast.expr] = [*node.args, *(keyword.value for keyword in node.keywords)]
        instead: ast.expr = ast.Constant(None if name == "must_reach" else True)
        if isinstance(node.func, ast.Attribute):
            given.append(node.func.value)
            if name == "visible_to":
                instead = ast.Call(ast.Attribute(node.func.value, "all", ast.Load()), [], [])
        whole = ast.Subscript(ast.Tuple([*given, instead], ast.Load()), ast.Constant(-1), ast.Load())
        return ast.copy_location(whole, node)


def guard(node: ast.Call) -> str | None:
    """The guard a call is; None when it is none."""
    called = node.func
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name if name in GUARDS else None


def without(node: ast.Call) -> Change:
    """The source without this call."""
    site = (node.lineno, node.col_offset)
    return lambda tree: _Without(site).visit(tree)  # type: ignore[no-any-return]


def doing_only(method: ast.FunctionDef, words: str) -> Change:
    """The source with nothing but these words in this method."""
    body = ast.parse(f"def only(self):\n    {words}").body[0].body  # type: ignore[attr-defined]

    def change(tree: ast.Module) -> ast.Module:
        for one in ast.walk(tree):
            if isinstance(one, ast.FunctionDef) and one.lineno == method.lineno:
                one.body = body
        return tree

    return change


def first_line(function: Function) -> int:
    """Of a function with its decorators, as its code counts it."""
    decorated = getattr(function, "decorator_list", [])
    return min([function.lineno, *(one.lineno for one in decorated)])


@contextmanager
def noticing(places: Iterable[Place]) -> Iterator[None]:
    """Meanwhile these functions enter themselves in CALLED whenever they are called."""
    lines: dict[str, set[int]] = defaultdict(set)
    for name, line in places:
        lines[name].add(line)
    before = []
    for name, wanted in lines.items():
        tree = ast.parse(Path(name).read_text("utf-8"))
        for one in ast.walk(tree):
            if isinstance(one, ast.FunctionDef | ast.Lambda) and first_line(one) in wanted:
                _note(name, one)
        before += _exchange(Path(name), tree)
    try:
        yield
    finally:
        for function, code in reversed(before):
            function.__code__ = code


def _note(name: str, one: Function) -> None:
    said = f"__import__({__name__!r}, fromlist=['CALLED']).CALLED.add(({name!r}, {first_line(one)}))"
    noted = ast.parse(said, mode="eval").body
    if isinstance(one, ast.Lambda):
        one.body = ast.Subscript(ast.Tuple([noted, one.body], ast.Load()), ast.Constant(-1), ast.Load())
    else:
        one.body.insert(0, ast.Expr(noted))


def _exchange(file: Path, tree: ast.Module) -> list[tuple[types.FunctionType, types.CodeType]]:
    """Give every function of this file the code of the changed source; those changed, with the code they had."""
    before = dict(_codes(compile(file.read_text("utf-8"), str(file), "exec")))
    after = dict(_codes(compile(ast.fix_missing_locations(tree), str(file), "exec")))
    differs = {
        key
        for key in before.keys() & after.keys()
        if (before[key].co_code, before[key].co_consts) != (after[key].co_code, after[key].co_consts)
    }
    lines = {(key[1], key[0]) for key in differs}
    changed = []
    for one in gc.get_objects():
        # isinstance() would ask a lazy object what it is, and so bring it to life.
        if type(one) is not types.FunctionType or one.__code__.co_filename != str(file):
            continue
        code = one.__code__
        if (code.co_firstlineno, code.co_qualname) not in lines:
            continue
        alike = [key for key in differs if (key[1], key[0]) == (code.co_firstlineno, code.co_qualname)]
        match = [key for key in alike if before[key].co_code == code.co_code and before[key].co_names == code.co_names]
        if match:
            one.__code__ = after[match[0]]
            changed.append((one, code))
    return changed


def _codes(code: types.CodeType) -> Iterator[tuple[tuple[str, int, int], types.CodeType]]:
    """Every code object within, by (qualified name, first line, which of these)."""
    seen: dict[tuple[str, int], int] = {}
    waiting = [code]
    while waiting:
        one = waiting.pop(0)
        for inner in one.co_consts:
            if isinstance(inner, types.CodeType):
                key = (inner.co_qualname, inner.co_firstlineno)
                seen[key] = seen.get(key, -1) + 1
                yield (*key, seen[key]), inner
                waiting.append(inner)
