"""Each mutant in a process of its own, tried with the cells and deeds its guard was seen to take part in."""

import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import FrameType
from typing import Any

from tests.matrix import deeds
from tests.matrix.deeds_table import DEEDS
from tests.matrix.guards import Mutant
from tests.matrix.policy import KINDS, PAGES, RIGHTS
from tests.matrix.scene import Scene
from tests.matrix.trial import FEW, Cell, NumberShown, Trial, cells, expected
from unionhall.organisations import roles

MOST = 300
"""Cells a mutant is tried with at most. They come sorted: those that must be refused first."""

BROKEN = "broken"
"""What a mutant says that could not be made or tried: neither caught nor missed, and as bad as missed."""

WATCHED = ("organisation", "station_worker", "finance", "worker", "system_admin^")
"""Who shows which functions a page runs through."""

Place = tuple[str, int]


class Bench:
    """Knows which cells and deeds run through which function."""

    def __init__(self, scene: Scene, trial: Trial) -> None:
        self.scene, self.trial = scene, trial
        self.unproven = Trial(scene, ("organisation", "finance", "system_admin^", "station_worker"), proven=False)
        self.cells: dict[Place, list[Cell]] = defaultdict(list)
        self.deeds: dict[Place, set[str]] = defaultdict(set)

    def watch(self, places: set[Place], names: Sequence[str]) -> None:
        """Run the cells that pass their gate, and every deed, noting which of these functions take part."""
        for cell in cells(names, WATCHED, ("GET", "POST")):
            if expected(cell) not in ("in", "404") or cell.scope in ("child", "parent"):
                continue
            for place in _seen(places, partial(self.trial.outcome, cell)):
                self.cells[place].append(cell)
        for name, deed in DEEDS.items():
            role, stands, scope, _wanted = next(deeds.tries(deed))
            run = partial(deeds.verdict, self.scene, name, deed, role, stands, scope)
            for place in _seen(places, run):
                self.deeds[place].add(name)

    def faults(self, mutant: Mutant) -> Iterator[str]:
        """What comes out otherwise than the policy says, with the mutant at work."""
        if mutant.page and PAGES[mutant.page].again:
            for cell in cells([mutant.page], self.unproven.clients, ("GET", "POST")):
                if found := self.unproven.finding(cell):
                    yield str(found)
        for cell in self._cells(mutant):
            if found := self.trial.finding(cell):
                yield str(found)
        named = {name for place in mutant.code for name in self.deeds[place]}
        named |= {name for name, deed in DEEDS.items() if mutant.right and deed.right == mutant.right}
        yield from deeds.findings(self.scene, {name: DEEDS[name] for name in sorted(named)})
        if mutant.right and dict(roles.RIGHTS) != dict(RIGHTS):
            yield f"{mutant.right} is carried by others than the policy says"

    def _cells(self, mutant: Mutant) -> list[Cell]:
        if mutant.page:
            return list(cells([mutant.page], FEW, ("GET", "POST")))[:MOST]
        if mutant.code:
            found = [cell for place in mutant.code[:1] for cell in self.cells[place]]
            return sorted(found, key=lambda cell: expected(cell) != "404")[:MOST]
        about = [name for name, page in PAGES.items() if mutant.right in page.opens.split()]
        about += [
            name
            for name, page in PAGES.items()
            if any(mutant.right in KINDS.get(kind, "").split() for kind in (*page.of.split(), page.lists))
        ]
        dropped = sorted(set(RIGHTS[mutant.right]))[0]
        return list(cells(dict.fromkeys(about), ("lawyer", dropped, *roles.CASES_OF), ("GET", "POST")))[:MOST]


def _seen(places: set[Place], run: Callable[[], Any]) -> set[Place]:
    found = set[Place]()

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            place = (frame.f_code.co_filename, frame.f_code.co_firstlineno)
            if place in places:
                found.add(place)

    sys.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(None)
    return found


def caught(bench: Bench, mutant: Mutant) -> str:
    """Fork, be the mutant, and say the first thing that came out wrong; "" when nothing did."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said = BROKEN
        try:
            mutant.apply()
            said = ""
            said = next(bench.faults(mutant), "")
        except NumberShown as error:
            said = str(error)
        except Exception as error:  # noqa: BLE001 - told as what it is
            said = f"{BROKEN}: {type(error).__name__} {error}"
        finally:
            os.write(writing, said.encode()[:4000])
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        said = answer.read().decode("utf-8", "replace")
    os.waitpid(child, 0)
    return said
