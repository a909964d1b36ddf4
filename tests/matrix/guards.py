"""The guards of the house, found in it and in its source, and what each would be without: a mutant."""

import ast
import importlib
import types
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import unionhall
from tests.matrix.cutting import DRAWN_BY, GUARDS, Function, Mutant, doing_only, first_line, guard, without
from unionhall.organisations import roles
from unionhall.web.gate import Gate, addresses, gate_of

HERE = Path(unionhall.__file__).parent
PER_CASE = "lawyer"
"""A post that carries no right at all: given one, somebody must notice."""


SHOWING = {"visible_to": "return self.all()", "visible": "return self.rows(_over_everything(actor))"}
"""Methods that say which rows somebody sees, and what is left of each when it says all of them. The second is a list's,
which shows no more than its rows' `visible_to` and its own right both do.
"""


def mutants() -> list[Mutant]:
    """Every mutant there is, in a steady order."""
    return [*_gates(), *_rights(), *_kinds(), *_sudos(), *_in_source()]


def _gates() -> Iterator[Mutant]:
    for _route, one in addresses():
        gate = gate_of(one.callback)
        assert gate is not None
        if gate.kind == "public":
            continue
        name = one.name or ""
        yield Mutant(f"gate of {name} open to all", _hang(one.callback, Gate("public")), page=name)
        if gate.kind != "signed_in":
            yield Mutant(
                f"gate of {name} open to whoever is signed in", _hang(one.callback, Gate("signed_in")), page=name
            )


def _hang(view: Callable[..., object], gate: Gate) -> Callable[[], None]:
    def apply() -> None:
        cells = [cell for cell in _closures(view) if isinstance(cell.cell_contents, Gate)]
        assert cells, view
        for cell in cells:
            cell.cell_contents = gate

    return apply


def _closures(view: object) -> Iterator[types.CellType]:
    """The cells of a view and of what it wraps."""
    while isinstance(view, types.FunctionType):
        yield from view.__closure__ or ()
        view = getattr(view, "__wrapped__", None)


def _rights() -> Iterator[Mutant]:
    for right, holding in roles.RIGHTS.items():
        yield Mutant(f"{right} given to {PER_CASE}", _carry(right, holding | {PER_CASE}), right=right)
        dropped = sorted(holding)[0]
        yield Mutant(f"{right} taken from {dropped}", _carry(right, holding - {dropped}), right=right)


def _carry(right: str, holding: frozenset[str]) -> Callable[[], None]:
    def apply() -> None:
        roles.RIGHTS[right] = holding

    return apply


def _kinds() -> Iterator[Mutant]:
    for department, services in roles.CASES_OF.items():
        everything = ("aid", "mediation", "honour", *services)
        yield Mutant(f"{department} sees every case", _confine(department, everything), right="cases.see")


def _confine(department: str, services: tuple[str, ...]) -> Callable[[], None]:
    def apply() -> None:
        roles.CASES_OF[department] = services

    return apply


def _sudos() -> Iterator[Mutant]:
    """Pages that ask for the password again, no longer asking."""
    for _route, one in addresses():
        outer, inner = one.callback, getattr(one.callback, "__wrapped__", None)
        while isinstance(inner, types.FunctionType):
            if inner.__code__.co_filename.endswith("/web/sudo.py"):
                yield Mutant(f"{one.name} asks for no password again", _skip(outer, inner), page=one.name or "")
                break
            outer, inner = inner, getattr(inner, "__wrapped__", None)


def _skip(outer: Callable[..., object], inner: types.FunctionType) -> Callable[[], None]:
    def apply() -> None:
        for cell in getattr(outer, "__closure__", None) or ():
            if cell.cell_contents is inner:
                cell.cell_contents = inner.__wrapped__  # type: ignore[attr-defined]

    return apply


def _in_source() -> Iterator[Mutant]:
    """Guards called in the source, each named for its function and, from the second in one on, a number.

    Elsewhere `reaches` keeps somebody out; on a page it, or another of DRAWN_BY, often decides which button to draw, and is no
    guard then.
    """
    for file in sorted(HERE.rglob("*.py")):
        if "migrations" in file.parts or file == HERE / "kernel" / "actor.py":
            continue
        text = file.read_text("utf-8")
        if not any(f"{one}(" in text for one in (*GUARDS, *SHOWING)):
            continue
        importlib.import_module(".".join(("unionhall", *file.relative_to(HERE).with_suffix("").parts)))
        tree, drawing = ast.parse(text), "web" in file.relative_to(HERE).parts
        module = ".".join(file.relative_to(HERE).with_suffix("").parts)
        named = Counter[str]()
        for path, node, refuses in _calls(tree, (), False):
            if drawing and guard(node) in DRAWN_BY and not refuses:
                continue
            name = f"{module}.{getattr(path[0], 'name', 'lambda')} without {guard(node)}"
            named[name] += 1
            code = tuple((str(file), first_line(one)) for one in path)
            number = f" ({named[name]})" if named[name] > 1 else ""
            yield Mutant(name + number, code=code, cut=(file, without(node)))
        for owner in (one for one in ast.walk(tree) if isinstance(one, ast.ClassDef)):
            for method in owner.body:
                if isinstance(method, ast.FunctionDef) and method.name in SHOWING:
                    code = ((str(file), first_line(method)),)
                    name = f"{module}.{owner.name}.{method.name} shows every row"
                    yield Mutant(name, code=code, cut=(file, doing_only(method, SHOWING[method.name])))


def _calls(
    node: ast.AST, path: tuple[Function, ...], refuses: bool
) -> Iterator[tuple[tuple[Function, ...], ast.Call, bool]]:
    """Guards within functions, each with the functions around it, innermost first, and whether what it says makes the
    function end there.
    """
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.Lambda):
            yield from _calls(child, (child, *path), isinstance(child, ast.Lambda) and refuses)
            continue
        ends = refuses
        if isinstance(node, ast.If):
            ends = child is node.test and any(isinstance(one, ast.Raise | ast.Return) for one in node.body)
        elif isinstance(node, ast.Return):
            ends = True
        if isinstance(child, ast.Call) and path and guard(child) and getattr(path[0], "name", "") != "visible_to":
            yield path, child, ends
        yield from _calls(child, path, ends)
