"""Reading what was published, and whether the records still say so."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from unionhall.indicators.figures import Counted, Figure, Ratio
from unionhall.indicators.models import PublishedFact
from unionhall.indicators.territory import Moves, moves
from unionhall.indicators.values import Rate, Value
from unionhall.kernel.paths import length, level
from unionhall.kernel.period import Period

_AT_ONCE = 20_000
_PATHS_AT_ONCE = 500


class Address(NamedTuple):
    """What one fact is about."""

    indicator: str
    path: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Finding:
    """A figure at a place as the records say it now. `evidence` is the digest of the records behind it (`evidence`)."""

    numerator: int
    denominator: int | None
    records: int
    evidence: bytes

    @property
    def value(self) -> Value:
        return self.numerator if self.denominator is None else Rate(self.numerator, self.denominator)


class Drift(NamedTuple):
    """A published fact that the records no longer say; `changed_definition`: it was published under another wording."""

    fact: PublishedFact
    now: Finding
    changed_definition: bool


def value_of(fact: PublishedFact) -> Value:
    """The number that was published."""
    return fact.numerator if fact.denominator is None else Rate(fact.numerator, fact.denominator)


def facts(indicators: Iterable[str], paths: Sequence[str], period: Period) -> dict[Address, PublishedFact]:
    """The last revision of each fact about these indicators, places and this period."""
    found: dict[Address, PublishedFact] = {}
    keys = list(indicators)
    for at in range(0, len(paths), _PATHS_AT_ONCE):
        wanted = PublishedFact.objects.filter(
            indicator__in=keys, path__in=paths[at : at + _PATHS_AT_ONCE], start=period.start, end=period.end
        )
        for fact in wanted.order_by("revision"):
            found[Address(fact.indicator, fact.path, fact.start, fact.end)] = fact
    return found


def fact(indicator: str, path: str, period: Period) -> PublishedFact | None:
    """The last revision of one fact, or None if it was never published."""
    return facts([indicator], [path], period).get(Address(indicator, path, period.start, period.end))


def history(indicator: str, path: str, period: Period) -> list[PublishedFact]:
    """Every revision of one fact, the first one first."""
    rows = PublishedFact.objects.filter(indicator=indicator, path=path, start=period.start, end=period.end)
    return list(rows.order_by("revision"))


def drifts(figures: Mapping[str, Figure]) -> Iterator[Drift]:
    """Published facts whose last revision the records no longer bear out: each asks for a new revision with a reason."""
    asked: dict[tuple[str, Period], dict[str, PublishedFact]] = {}
    for one in PublishedFact.objects.filter(indicator__in=list(figures)).order_by("revision"):
        asked.setdefault((one.indicator, Period(one.start, one.end)), {})[one.path] = one
    moved = moves()
    for (key, period), by_path in asked.items():
        now = findings(figures[key], list(by_path), period, moved=moved)
        for path, one in by_path.items():
            reworded = one.definition_version != figures[key].version
            if reworded or not same(one, now[path]):
                yield Drift(one, now[path], reworded)


def same(published: PublishedFact, now: Finding) -> bool:
    """Do the records still say what was published, number and evidence?"""
    numbers = (published.numerator, published.denominator) == (now.numerator, now.denominator)
    return numbers and bytes(published.evidence) == now.evidence


def findings(figure: Figure, paths: Sequence[str], period: Period, *, moved: Moves) -> dict[str, Finding]:
    """What the records say now at each place: one grouped query a level of the tree for the numbers, one pass over the
    records for the evidence, however many places are asked."""
    values = figure.of_places(paths, period, moved=moved)
    behind = evidence(figure, paths, period, moved=moved)
    found = {}
    for path in paths:
        value = values[path]
        above, base = (value.numerator, value.denominator) if isinstance(value, Rate) else (value, None)
        found[path] = Finding(above, base, *behind[path])
    return found


def evidence(figure: Figure, paths: Sequence[str], period: Period, *, moved: Moves) -> dict[str, tuple[int, bytes]]:
    """For each place: how many records stand behind the figure, and the SHA-256 of their ids in ascending order, each
    followed by a line feed. Of a rate: the records of the numerator, then an empty line, then those of the base.
    """
    digests = {path: sha256() for path in paths}
    counts = dict.fromkeys(paths, 0)
    parts: tuple[Counted, ...]
    if isinstance(figure, Ratio):
        parts = (figure.numerator, figure.denominator)
    else:
        assert isinstance(figure, Counted)
        parts = (figure,)
    for number, part in enumerate(parts):
        if number:
            for digest in digests.values():
                digest.update(b"\n")
        for record, places in _records(part, paths, period, moved):
            line = b"%d\n" % record
            for path in places:
                if path in digests:
                    digests[path].update(line)
                    counts[path] += 1
    return {path: (counts[path], digests[path].digest()) for path in paths}


def _records(
    figure: Counted, paths: Sequence[str], period: Period, moved: Moves
) -> Iterator[tuple[int, Sequence[str]]]:
    """The id of each row behind the figure, ascending, and the asked places it may count to."""
    if len(paths) == 1:
        rows = figure.rows(paths[0], period, moved=moved).order_by("pk").values_list("pk", flat=True)
        for record in rows.iterator(chunk_size=_AT_ONCE):
            yield record, paths
        return
    levels = sorted({level(path) for path in paths if path})
    names = [f"part{at}" for at in levels]
    everywhere = [""] if "" in paths else []
    parts = {name: figure.part(at, period, moved) for name, at in zip(names, levels, strict=True)}
    rows = figure.rows("", period, moved=moved).annotate(**parts).order_by("pk").values_list("pk", *names)
    digits = [length(at) for at in levels]
    for record, *places in rows.iterator(chunk_size=_AT_ONCE):
        # A shorter path is what lies above that level: the place itself is asked at its own level.
        yield record, [*everywhere, *(path for path, whole in zip(places, digits, strict=True) if len(path) == whole)]
