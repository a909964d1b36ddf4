"""How a service of cases is declared, and where its declaration is found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from unionhall.cases.papers import Paper
from unionhall.indicators.figures import Figure
from unionhall.indicators.service import Service
from unionhall.kernel.clock import Clock
from unionhall.kernel.errors import Refused
from unionhall.kernel.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. What is counted has a column of its own on Case; what only this form asks is a detail.

    `choices`: its answers, key -> title, when it is not answered in words; `hint`: what to write.
    """

    key: str
    title: str
    required: bool = False
    sealed: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Making:
    """What the steps of a service bring about outside its matters: a union, a membership, a station's acceptance.

    `states`: those in which something was made; only the step that makes it leads there. `begins(case)`: asked of a matter that
    is about to be opened, within that transaction; refuses. `follows(case, step, values, on=day, by=actor)`: makes it, within the
    step's transaction and before it is saved. `stands(case)`: why the matter cannot be opened again, because what it made
    stands; "" when it can. `stays`: why its matters are merged into none and handled where they were opened; "" when not so.
    """

    states: tuple[str, ...]
    begins: Callable[[Any], None]
    follows: Callable[..., None]
    stands: Callable[[Any], str]
    stays: str = ""


class CaseService(Service):
    """A kind of case: its form, its workflow, the clocks set by law, and its figures.

    `causes`: what its matters may be about, key -> title; the journal counts by them. `from_workers`: a worker may bring one
    from their telephone; `asked_as`: in which plain words it is offered there, besides its own pages. Not `needs_worker`: a matter of
    an employer or of the union itself, which may be opened without naming anybody. `chain`: its matters may be turned into one
    another ("brings"), and whom it helps and what they get is counted once for all of them ("helps"). `papers`: what is made
    out about one, and when. `grid`: an appeal, which whoever is on duty for its community or cell takes first. `making`: what its steps
    bring about outside the matter.
    """

    def __init__(
        self,
        *,
        key: str,
        title: str,
        title_en: str,
        row: int,
        workflow: Workflow,
        form: Sequence[Field] = (),
        clocks: Sequence[Clock] = (),
        causes: Mapping[str, str] | None = None,
        from_workers: bool = False,
        asked_as: str = "",
        needs_worker: bool = True,
        chain: Literal["", "brings", "helps"] = "",
        grid: bool = False,
        making: Making | None = None,
        papers: Sequence[Paper] = (),
        figures: Sequence[Figure] = (),
    ) -> None:
        super().__init__(key=key, title=title, title_en=title_en, row=row, figures=figures)
        self.workflow = workflow
        self.form = tuple(form)
        self.clocks = tuple(clocks)
        self.causes = dict(causes or {})
        self.from_workers = from_workers or bool(asked_as)
        self.asked_as = asked_as
        self.needs_worker = needs_worker
        self.chain = chain
        self.grid = grid
        self.making = making
        self.papers = tuple(papers)
        unknown = {state for clock in clocks for state in (clock.start, *clock.ends)} - set(workflow.states)
        if unknown:
            raise ValueError(f"{key}: clocks between states that do not exist: {sorted(unknown)}")
        if lost := {state for paper in papers for state in paper.states} - set(workflow.states):
            raise ValueError(f"{key}: papers in states that do not exist: {sorted(lost)}")
        _declared[key] = self

    def clock(self, key: str) -> Clock | None:
        """The clock of this name; None when the declaration has it no more."""
        return next((one for one in self.clocks if one.key == key), None)

    def paper(self, key: str) -> Paper | None:
        """The paper of this name; None when this service makes none."""
        return next((one for one in self.papers if one.key == key), None)


def stands(case: Any) -> str:
    """Why a matter cannot be opened again: what it brought about still stands, which is ended where it is registered; ""."""
    making = find(case.service).making
    return making.stands(case) if making is not None and case.state in making.states else ""


def stays(case: Any) -> str:
    """Why a matter is handled where it was opened and merged into none; ""."""
    making = find(case.service).making
    return making.stays if making is not None else ""


_declared: dict[str, CaseService] = {}


def everyone() -> tuple[CaseService, ...]:
    """Every service of cases that was declared."""
    return tuple(_declared.values())


def handed() -> frozenset[str]:
    """The kinds of papers that are made out to the worker."""
    return frozenset(paper.key for service in everyone() for paper in service.papers if paper.handed)


def find(key: str) -> CaseService:
    """The declaration behind a case's service key."""
    try:
        return _declared[key]
    except KeyError:
        raise Refused("没有“{key}”这项业务。", key=key) from None
