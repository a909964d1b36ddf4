"""The guards of the house, found in its source, and what each would be without: a mutant.

A mutant is applied to the running program: the code of every function made from the changed source is exchanged. So a
forked process can be one mutant and die.
"""

import ast
import gc
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import unionhall
from unionhall.organisations import roles
from unionhall.web.gate import Gate, addresses, gate_of

HERE = Path(unionhall.__file__).parent
PER_CASE = "lawyer"
"""A post that carries no right at all: given one, somebody must notice."""


@dataclass(frozen=True)
class Mutant:
    """One guard less. `page`, `right`: what it is about, when that is known; `code`: (file, line) of the function changed."""

    name: str
    apply: Callable[[], None]
    page: str = ""
    right: str = ""
    code: tuple[tuple[str, int], ...] = field(default=())


DOUBLED: dict[str, str] = {
    "open_one without must_reach": "ledger.fund_moves: open_funds asks again",
    "record without must_reach": "agreements.agreement_moves: record_agreements asks again",
    "_at without must_reach": "agreements.agreement_moves: change_agreements asks again",
    "-export open to whoever is signed in": "who may see a list that goes out may always export it, and the view asks for both",
    "unionhall/jobs/tasks/": "a job asks again what its page has asked; tried in tests/desk_business and tests/desk",
}
"""Guards that stand behind another: taking one away changes nothing, by intention."""

UNTRIED: dict[str, str] = {
    "_covers without must_reach": "the second row of an action: wants an agreement of one's own and somebody else's employer",
    "_settled without reaches": "which words a refusal uses for a twin elsewhere",
    "_check without must_reach": "the new place of a station, not the one it stands at",
    "_go without must_reach": "the union members go over to",
    "a lambda without visible_to": "rows of a list whose kind the scene gives no name to betray it",
    "open_form without visible_to": "the places a form offers",
    "take_back without must_reach": "behind the row's own visible_to",
    "_became without visible_to": "the place others become part of",
}
"""Guards the scene has no two rows for: their own tests try them, the matrix does not count them."""


def mutants() -> list[Mutant]:
    """Every mutant there is, in a steady order, but for guards that stand behind another."""
    found = [*_gates(), *_rights(), *_kinds(), *_sudos(), *_in_source()]
    return [one for one in found if not any(words in one.name for words in {**DOUBLED, **UNTRIED})]


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


GUARDS = ("visible_to", "must_reach", "reaches", "may_open")
"""Calls that keep somebody out. On a page `reaches` only decides which button to draw, so there it is none."""


class _Without(ast.NodeTransformer):
    """Takes one guard out of a tree, by its place; what the guard was given is still worked out."""

    def __init__(self, site: tuple[int, int]) -> None:
        self.site = site

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = _guard(node)
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


def _guard(node: ast.Call) -> str | None:
    name = (
        node.func.attr
        if isinstance(node.func, ast.Attribute)
        else node.func.id
        if isinstance(node.func, ast.Name)
        else ""
    )
    return name if name in GUARDS else None


def _in_source() -> Iterator[Mutant]:
    for file in sorted(HERE.rglob("*.py")):
        if "migrations" in file.parts or file == HERE / "kernel" / "actor.py":
            continue
        text = file.read_text("utf-8")
        if not any(f"{guard}(" in text for guard in GUARDS):
            continue
        tree = ast.parse(text)
        for path, node in _calls(tree, ()):
            if (
                _guard(node) == "reaches"
                and "web" in file.relative_to(HERE).parts
                and file.name not in ("opening.py", "moves.py")
            ):
                continue
            within = getattr(path[0], "name", "a lambda")
            where = f"{file.relative_to(HERE.parent)}:{node.lineno} {within}"
            code = tuple((str(file), _first_line(one)) for one in path)
            yield Mutant(f"{where} without {_guard(node)}", _exchange(file, text, node), code=code)
        for owner in (one for one in ast.walk(tree) if isinstance(one, ast.ClassDef)):
            for method in owner.body:
                if isinstance(method, ast.FunctionDef) and method.name == "visible_to":
                    where = f"{file.relative_to(HERE.parent)}:{method.lineno} {owner.name}"
                    code = ((str(file), _first_line(method)),)
                    yield Mutant(f"{where}.visible_to shows every row", _show_all(file, text, method), code=code)


_Function = ast.FunctionDef | ast.Lambda


def _calls(node: ast.AST, path: tuple[_Function, ...]) -> Iterator[tuple[tuple[_Function, ...], ast.Call]]:
    """Guards within functions, each with the functions around it, innermost first."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.Lambda):
            yield from _calls(child, (child, *path))
        else:
            if isinstance(child, ast.Call) and path and _guard(child) and getattr(path[0], "name", "") != "visible_to":
                yield path, child
            yield from _calls(child, path)


def _first_line(function: _Function) -> int:
    decorated = getattr(function, "decorator_list", [])
    return min([function.lineno, *(one.lineno for one in decorated)])


def _exchange(file: Path, text: str, node: ast.Call) -> Callable[[], None]:
    def apply() -> None:
        _swap(file, text, _Without((node.lineno, node.col_offset)).visit(ast.parse(text)))

    return apply


def _show_all(file: Path, text: str, method: ast.FunctionDef) -> Callable[[], None]:
    def apply() -> None:
        tree = ast.parse(text)
        for one in ast.walk(tree):
            if isinstance(one, ast.FunctionDef) and one.lineno == method.lineno:
                one.body = _ALL
        _swap(file, text, tree)

    return apply


_ALL = ast.parse("def rows(self):\n    return self.all()").body[0].body  # type: ignore[attr-defined]


def _swap(file: Path, text: str, tree: ast.AST) -> None:
    """Give every function of this file the code of the changed source."""
    changed = compile(ast.fix_missing_locations(tree), str(file), "exec")
    before = dict(_codes(compile(text, str(file), "exec")))
    after = dict(_codes(changed))
    differs = {
        key
        for key in before.keys() & after.keys()
        if (before[key].co_code, before[key].co_consts) != (after[key].co_code, after[key].co_consts)
    }
    lines = {(key[1], key[0]) for key in differs}
    swapped = 0
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
            swapped += 1
    assert swapped, f"{file}: nothing changed"


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
