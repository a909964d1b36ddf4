"""How a service of offers is declared, and where its declaration is found."""

from collections.abc import Sequence
from dataclasses import dataclass

from unionhall.indicators.figures import Figure, Flow, Ratio
from unionhall.indicators.service import Service
from unionhall.kernel.errors import Refused
from unionhall.offers.conditions import BY_KEY, STANDARD, Condition, declare
from unionhall.offers.models import Offer
from unionhall.organisations.roles import holders

VERIFIED = {"card": "刷卡", "code": "验证码", "roster": "花名册"}
"""How it was seen that somebody came."""

COUNTS: dict[str, tuple[str, str]] = {
    "person_times": ("used", "lines"),
    "people": ("used", "people"),
    "units": ("used", "employers"),
    "quantity": ("used", "quantity"),
    "money": ("paid", "fen"),
    "given": ("signed", "lines"),
    "sessions": ("held", "lines"),
    "children": ("accompanied", "headcount"),
    "booths": ("booth", "lines"),
    "posts": ("booth", "quantity"),
}
"""What may be counted of offers: the act of the journal's lines, and what of them."""

ACTS = (
    "opened",
    "signed",
    "used",
    "accompanied",
    "held",
    "paid",
    "waiting",
    "offered",
    "expired",
    "cancelled",
    "booth",
    "delivered",
    "void",
)
"""The acts every service's items have; a declared result is called something else."""


_EVERY = tuple(one.key for one in STANDARD)


@dataclass(frozen=True, slots=True)
class Field:
    """One question about an item of the service. With `choices`, key -> title, one of them must be taken."""

    key: str
    title: str
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """Something that may come of a participation, and is counted: its `key` is the act of the line.

    With `choices` one of them is taken and is the line's kind. `amount` says what its number is: "" (none), "whole",
    "points" or "yuan" (both kept in hundredths). `proof`: the paper must be named; `employer`: so must the employer.
    `certificate`: the union gives the paper out itself, under a number anybody may check. `after`: the result it follows
    from, and the choices of it that will do (("tested", "passed"); "" where there are none).
    """

    key: str
    title: str
    choices: tuple[tuple[str, str], ...] = ()
    amount: str = ""
    proof: bool = False
    employer: bool = False
    certificate: bool = False
    after: tuple[str, ...] = ()


class OfferService(Service):
    """A kind of offer.

    `form` asks about an item what no other service asks; `counts` names what of `COUNTS` is published, and each must be
    answered by a figure; `verified` are the ways somebody's coming may be seen; `conditions` the keys of the conditions an
    officer may set (`own` are conditions only this service has); `asked_always` hold for each item without being set;
    `by` the roles that run it; `private_notes`: notes are kept of a participation that only their author reads. `kinds` tell
    its items apart (key -> title), and its figures may count some of them; `results` may come of a participation;
    those that are `judged` come out of judges' sheets alone. `on_record`: who came has it on their training record.
    """

    def __init__(
        self,
        *,
        key: str,
        title: str,
        title_en: str,
        row: int,
        figures: Sequence[Figure] = (),
        form: Sequence[Field] = (),
        counts: Sequence[str] = ("person_times",),
        verified: Sequence[str] = tuple(VERIFIED),
        conditions: Sequence[str] = _EVERY,
        own: Sequence[Condition] = (),
        asked_always: Sequence[str] = (),
        by: Sequence[str] = (),
        private_notes: bool = False,
        kinds: Sequence[tuple[str, str]] = (),
        results: Sequence[Result] = (),
        judged: Sequence[str] = (),
        on_record: bool = False,
    ) -> None:
        super().__init__(key=key, title=title, title_en=title_en, row=row, figures=figures)
        self.form = tuple(form)
        self.counts = tuple(counts)
        self.verified = tuple(verified)
        self.conditions = (*conditions, *(one.key for one in own))
        self.asked_always = tuple(asked_always)
        self.by = frozenset(by) or (holders("offers.change") - {"system"})
        self.private_notes = private_notes
        self.kinds = dict(kinds)
        self.results = {one.key: one for one in results}
        self.judged = frozenset(judged)
        self.on_record = on_record
        declare(tuple(own))
        self._check()
        _declared[key] = self

    def runs(self) -> tuple[str, ...]:
        """The roles that may open, change and run its items; the machine among them."""
        return (*sorted(self.by), "system")

    def _check(self) -> None:
        for name in (*self.conditions, *self.asked_always):
            if name not in BY_KEY:
                raise ValueError(f"{self.key}: there is no condition {name}")
        if unknown := [*(set(self.verified) - set(VERIFIED)), *(set(self.counts) - set(COUNTS))]:
            raise ValueError(f"{self.key}: nobody knows {unknown}")
        if odd := self.by - holders("offers.change"):
            raise ValueError(f"{self.key}: {sorted(odd)} do not carry offers.change")
        told = {(one.act, one.count) for figure in self.figures for one in _flows(figure)}
        if missing := [name for name in self.counts if COUNTS[name] not in told]:
            raise ValueError(f"{self.key}: counted, but in no figure: {missing}")
        acts = {act for act, _ in told}
        if missing := [key for key in self.results if key not in acts]:
            raise ValueError(f"{self.key}: a result, but in no figure: {missing}")
        if taken := [key for key in self.results if key in ACTS]:
            raise ValueError(f"{self.key}: {taken} happen to every participation")
        self._check_results()
        for flow in (one for figure in self.figures for one in _flows(figure) if one.service in ("", self.key)):
            known = dict(self.results[flow.act].choices) if flow.act in self.results else self.kinds
            if odd_kinds := [kind for kind in flow.kinds if kind not in known and kind not in ("adult", "child")]:
                raise ValueError(f"{self.key}: {flow.slug} counts {odd_kinds}, which there are not")

    def _check_results(self) -> None:
        if odd_results := self.judged - set(self.results):
            raise ValueError(f"{self.key}: {sorted(odd_results)} are judged, and no results")
        for result in self.results.values():
            before = self.results.get(result.after[0]) if result.after else None
            if result.after and (
                before is None or set(result.after[1:]) - {key for key, _ in before.choices or (("", ""),)}
            ):
                raise ValueError(f"{self.key}: {result.key} follows from {result.after}, which there is not")


def _flows(figure: Figure) -> list[Flow]:
    parts = [figure.numerator, figure.denominator] if isinstance(figure, Ratio) else [figure]
    return [part for part in parts if isinstance(part, Flow)]


_declared: dict[str, OfferService] = {}


def with_notes() -> tuple[str, ...]:
    """The services of whose participations notes are kept that only their author reads."""
    return tuple(sorted(key for key, one in _declared.items() if one.private_notes))


def on_record() -> tuple[str, ...]:
    """The services that stand on a worker's training record."""
    return tuple(sorted(key for key, one in _declared.items() if one.on_record))


def every_role() -> tuple[str, ...]:
    """The roles that run some service of offers."""
    return tuple(sorted({role for one in _declared.values() for role in one.runs()}))


def kind_of(item: Offer) -> str:
    """What the lines about an item's places are told apart by: its kind, where the service has kinds, or its number."""
    return item.kind if find(item.service).kinds else item.code


def find(key: str) -> OfferService:
    """The declaration behind an item's service key."""
    try:
        return _declared[key]
    except KeyError:
        raise Refused("没有“{key}”这项业务。", key=key) from None
