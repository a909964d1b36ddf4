"""How a service of cases is declared, and where its declaration is found."""

from collections.abc import Sequence
from dataclasses import dataclass

from unionhall.indicators.figures import Figure
from unionhall.indicators.service import Service
from unionhall.kernel.clock import Clock
from unionhall.kernel.errors import Refused
from unionhall.kernel.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. What is counted has a column of its own on Case; what only this form asks is a detail."""

    key: str
    title: str
    required: bool = False
    sealed: bool = False


class CaseService(Service):
    """A kind of case: its form, its workflow, the clocks set by law, and its figures."""

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
        figures: Sequence[Figure] = (),
    ) -> None:
        super().__init__(key=key, title=title, title_en=title_en, row=row, figures=figures)
        self.workflow = workflow
        self.form = tuple(form)
        self.clocks = tuple(clocks)
        unknown = {state for clock in clocks for state in (clock.start, clock.end)} - set(workflow.states)
        if unknown:
            raise ValueError(f"{key}: clocks between states that do not exist: {sorted(unknown)}")
        _declared[key] = self


_declared: dict[str, CaseService] = {}


def find(key: str) -> CaseService:
    """The declaration behind a case's service key."""
    try:
        return _declared[key]
    except KeyError:
        raise Refused(f"没有“{key}”这项业务。") from None
