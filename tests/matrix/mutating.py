"""Each mutant in a process of its own, tried with what its guard was seen to take part in: cells, deeds, occasions."""

import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from tests.matrix import cutting, deeds
from tests.matrix.cutting import Mutant, Place, become, noticing
from tests.matrix.deeds_table import DEEDS
from tests.matrix.occasions_all import OCCASIONS
from tests.matrix.policy import KINDS, PAGES, RIGHTS
from tests.matrix.scene import SCOPES, Scene
from tests.matrix.trial import FEW, Cell, NumberShown, Trial, cells, expected
from unionhall.organisations import roles

MOST = 300
"""Cells a mutant is tried with at most: every other one of those that must be refused, and of those let in."""

BROKEN = "broken"
"""What a mutant says that could not be made or tried: neither caught nor missed, and as bad as missed."""

WATCHED = ("organisation", "station_worker", "finance", "worker", "system_admin^", "security_auditor", "leader", "rights",
           "system_admin")  # fmt: skip
"""Who shows which functions a page runs through."""

ENOUGH = 4
"""Visitors of one page who come out alike, and so show nothing new to who watches it."""

MOST_SAID = 4_000
"""Characters of what a trial says that are kept."""

WITNESSES = 60
"""Trials that notice a guard gone with the one before it, of which one must not notice that one gone alone."""


class Tried(NamedTuple):
    """Something to try: what it is, and what then says what came out otherwise than it should ("" when nothing did)."""

    name: str
    run: Callable[[], str]


class Bench:
    """Knows which cells, deeds and occasions run through which function."""

    def __init__(self, scene: Scene, trial: Trial) -> None:
        self.scene, self.trial = scene, trial
        deeds.actions()  # what is not imported yet could not be changed
        self.unproven = Trial(
            scene, ("organisation", "leader", "finance", "system_admin^", "station_worker", "lawyer"), proven=False
        )
        self.cells: dict[Place, list[Cell]] = defaultdict(list)
        self.deeds: dict[Place, set[str]] = defaultdict(set)
        self.occasions: dict[Place, set[str]] = defaultdict(set)

    def watch(self, places: set[Place], names: Sequence[str]) -> list[str]:
        """Run the cells that pass their gate, every deed and every occasion, and note which of these functions take part.

        What came out wrong without any mutant: nothing, or the bench is no bench.
        """
        wrong = []
        with noticing(places):
            often = Counter[tuple[str, ...]]()
            for cell in cells(names, WATCHED, ("GET", "POST")):
                wanted = expected(cell)
                alike = (cell.name, cell.method, cell.kind, wanted)
                if wanted in ("in", "404") and cell.scope in ("", "own") and often[alike] < ENOUGH:
                    often[alike] += 1
                    cutting.CALLED.clear()
                    wrong += [str(found)] if (found := self.trial.finding(cell)) else []
                    for place in cutting.CALLED:
                        self.cells[place].append(cell)
            for name, deed in DEEDS.items():
                cutting.CALLED.clear()
                wrong += deeds.findings(self.scene, {name: deed}, first_only=True)
                for place in cutting.CALLED:
                    self.deeds[place].add(name)
            for name, occasion in OCCASIONS.items():
                cutting.CALLED.clear()
                wrong += [said] if (said := occasion(self.scene)) else []
                for place in cutting.CALLED:
                    self.occasions[place].add(name)
        return wrong

    def beside(self, mutant: Mutant) -> set[Place]:
        """Functions that take part in a trial this mutant's function takes part in."""
        mine = set(mutant.code[:1])
        found = set[Place]()
        for seen in (self.cells, self.deeds, self.occasions):
            taking_part: set[Any] = {one for place in mine for one in seen[place]}
            found |= {place for place, ones in seen.items() if taking_part & set(ones)}
        return found

    def trials(self, mutant: Mutant) -> Iterator[Tried]:
        """What a mutant is tried with, always in the same order."""
        for name in sorted({name for place in mutant.code for name in self.occasions[place]}):
            yield Tried(name, partial(_occasion, self.scene, name))
        if mutant.page and PAGES[mutant.page].again:
            for cell in cells([mutant.page], self.unproven.clients, ("GET", "POST")):
                yield Tried(f"unproven {cell}", partial(_finding, self.unproven, cell))
        named = {name for place in mutant.code for name in self.deeds[place]}
        named |= {name for name, deed in DEEDS.items() if mutant.right and deed.right == mutant.right}
        for name in sorted(named):
            for one in deeds.tries(DEEDS[name]):
                yield Tried(f"{name} {one}", partial(deeds.fault, self.scene, name, DEEDS[name], *one))
        for cell in self._cells(mutant):
            yield Tried(str(cell), partial(_finding, self.trial, cell))
        if mutant.right:
            yield Tried("the policy", _other_holders)

    def _cells(self, mutant: Mutant) -> list[Cell]:
        if mutant.page:
            return list(cells([mutant.page], FEW, ("GET", "POST")))[:MOST]
        if mutant.code:
            seen = dict.fromkeys(cell for place in mutant.code[:1] for cell in self.cells[place])
            known = [
                cell._replace(scope=scope)
                for cell in seen
                for scope in (SCOPES if cell.scope == "own" else [cell.scope])
            ]
            refused = [cell for cell in dict.fromkeys(known) if expected(cell) == "404"]
            let_in = [cell for cell in dict.fromkeys(known) if expected(cell) != "404"]
            return [*_spread(refused, MOST // 2), *_spread(let_in, MOST // 2)]
        about = [name for name, page in PAGES.items() if mutant.right in page.opens.split()]
        about += [
            name
            for name, page in PAGES.items()
            if any(mutant.right in KINDS.get(kind, "").split() for kind in (*page.of.split(), page.lists))
        ]
        dropped = sorted(set(RIGHTS[mutant.right]))[0]
        return list(cells(dict.fromkeys(about), ("lawyer", dropped, *roles.CASES_OF), ("GET", "POST")))[:MOST]

    def prove(self) -> None:
        """Whoever gave their password gives it again: a run takes longer than that holds."""
        self.trial.prove()


def _spread(found: list[Cell], most: int) -> list[Cell]:
    return found[:: max(1, -(-len(found) // most))]


def _finding(trial: Trial, cell: Cell) -> str:
    found = trial.finding(cell)
    return str(found) if found else ""


def _occasion(scene: Scene, name: str) -> str:
    """What an occasion says, without its name in front."""
    return OCCASIONS[name](scene).removeprefix(f"{name}: ")


def _other_holders() -> str:
    return "" if dict(roles.RIGHTS) == dict(RIGHTS) else "a right is carried by others than the policy says"


def caught(bench: Bench, mutant: Mutant, before: Sequence[Mutant] = ()) -> str:
    """Say the first thing that came out wrong with this guard gone; "" when nothing did.

    `before`: guards that stand in front of it and would refuse first. With all of them gone, too, something must come out
    wrong that comes out right when only they are gone: then it is this guard that held.
    """
    bench.prove()
    if not before:
        return next(iter(_forked(bench, mutant, [mutant], 1).values()), "")
    seen = _forked(bench, mutant, [*before, mutant], WITNESSES)
    if any(said.startswith(BROKEN) for said in seen.values()):
        return next(iter(seen.values()))
    alone = _forked(bench, mutant, before, WITNESSES, only=seen.keys()) if seen else {}
    return next((new for name, said in seen.items() if (new := _beyond(name, said, alone.get(name, "")))), "")


def _beyond(name: str, said: str, alone: str) -> str:
    """What came out wrong only with this guard gone, too. An occasion says several things, each of which counts for itself."""
    if not alone or name not in OCCASIONS:
        return "" if alone else said
    was = set(alone.split("; "))
    return "; ".join(one for one in said.split("; ") if one not in was)


def _forked(
    bench: Bench, mutant: Mutant, be: Iterable[Mutant], most: int, only: Iterable[str] | None = None
) -> dict[str, str]:
    """In a process of its own, with these guards gone: trials of the mutant and what came out wrong, at most so many."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        found: dict[str, str] = {}
        try:
            become(be)
            wanted = None if only is None else set(only)
            for one in bench.trials(mutant):
                if wanted is not None and one.name not in wanted:
                    continue
                if said := _said(one):
                    found[one.name] = said[:MOST_SAID]
                    if len(found) >= most:
                        break
        except Exception as error:  # noqa: BLE001 - told as what it is
            found = {BROKEN: f"{BROKEN}: {type(error).__name__} {error}"}
        finally:
            with os.fdopen(writing, "w") as answer:
                json.dump(found, answer)
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else {BROKEN: BROKEN}


def _said(one: Tried) -> str:
    try:
        return one.run()
    except NumberShown as error:
        return str(error)


def partners(bench: Bench, mutant: Mutant, among: Sequence[Mutant]) -> Iterator[Mutant]:
    """Guards one of which, gone, lets this one be seen to hold: candidates for BEHIND."""
    near = bench.beside(mutant)
    pages = {cell.name for place in mutant.code[:1] for cell in bench.cells[place]}
    for other in among:
        if other.name == mutant.name:
            continue
        if (other.code and other.code[0] in near) or (other.page in pages and "signed in" in other.name):
            said = caught(bench, mutant, [other])
            if said and not said.startswith(BROKEN):
                yield other
