"""States and the moves between them, as declared by a service."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from unionhall.kernel.errors import Refused

Guard = Callable[[Any, Mapping[str, Any]], None]
"""(record, values) -> None, or raises Refused."""
Effect = Callable[[Any, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Move:
    """One lawful step. `by` names the role, or several with a space between, any of which takes it; `asks` the values it must
    be given, `guard` may refuse it.
    """

    name: str
    source: str
    target: str
    by: str
    asks: tuple[str, ...] = ()
    guard: Guard | None = None
    then: Effect | None = None
    title: str = ""


class Workflow:
    """An initial state and the moves from state to state.

    Built once per service; a declaration that could strand a record (unreachable state, two moves of one name from
    one state) is an error of the programmer and raises ValueError at import. `closes`: states that close the matter
    though moves leave them (an agreement that is then performed, or not).
    """

    def __init__(
        self, initial: str, *moves: Move, titles: Mapping[str, str] | None = None, closes: Sequence[str] = ()
    ) -> None:
        self.initial = initial
        self.moves = moves
        self.closes = frozenset(closes)
        self.titles = dict(titles or {})
        seen: set[tuple[str, str]] = set()
        for move in moves:
            if (move.source, move.name) in seen:
                raise ValueError(f"two moves named {move.name} leave {move.source}")
            seen.add((move.source, move.name))
        lost = {move.source for move in moves} - set(self._reachable())
        lost |= self.closes - set(self.states)
        if lost:
            raise ValueError(f"no way leads to {sorted(lost)}")

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, the initial one first, in the order of declaration."""
        return tuple(dict.fromkeys([self.initial, *(state for m in self.moves for state in (m.source, m.target))]))

    @property
    def final(self) -> frozenset[str]:
        """States no move leaves."""
        return frozenset(self.states) - {move.source for move in self.moves}

    @property
    def closing(self) -> frozenset[str]:
        """States in which the matter itself is closed: the final ones, and those after which only its outcome is followed."""
        return self.final | self.closes

    @property
    def under_way(self) -> frozenset[str]:
        """States on the way to those."""
        return frozenset(self.states) - self.closing

    def title(self, state: str) -> str:
        return self.titles.get(state, state)

    def leaving(self, state: str) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if move.source == state)

    def find(self, state: str, name: str) -> Move:
        """The move of this name from this state, or Refused saying what is possible."""
        for move in self.leaving(state):
            if move.name == name:
                return move
        possible = "、".join(move.title or move.name for move in self.leaving(state)) or "没有下一步"
        raise Refused(
            "现在的状态是“{title}”，不能这样办理；可以：{possible}。", title=self.title(state), possible=possible
        )

    def check(self, move: Move, record: Any, values: Mapping[str, Any]) -> None:
        """Ask for what the move needs, then let its guard speak."""
        missing = [name for name in move.asks if values.get(name) in (None, "")]
        if missing:
            raise Refused("还要填写：{missing}。", missing=list(missing))
        if move.guard is not None:
            move.guard(record, values)

    def _reachable(self) -> Iterator[str]:
        seen, ahead = {self.initial}, [self.initial]
        while ahead:
            state = ahead.pop()
            yield state
            for move in self.moves:
                if move.source == state and move.target not in seen:
                    seen.add(move.target)
                    ahead.append(move.target)
