"""Digit paths: where in the tree of places a thing lies.

A path is a string of three-digit steps from the root: district "101", its street "101004", that street's community
"101004012". Everything below a place therefore lies in one range of strings, whatever the database's collation.
"""

from unionhall.kernel.errors import Refused

STEP = 3
FIRST, LAST = 1, 998  # 999 is kept free, so the end of any range is a path of the same length


def child_path(parent: str, number: int) -> str:
    """The path of the parent's `number`-th child (1..998)."""
    if not FIRST <= number <= LAST:
        raise Refused("一个地方下面最多 {last} 个下级，已经排满。", last=LAST)
    return f"{parent}{number:0{STEP}d}"


def span(path: str) -> tuple[str, str]:
    """The half-open range [low, high) of all paths at or below `path`; of everything when `path` is empty."""
    if not path:
        return "", "a"
    return path, f"{int(path) + 1:0{len(path)}d}"


def within(path: str, above: str) -> bool:
    """Is `path` at or below `above`?"""
    return path.startswith(above)


def parent_path(path: str) -> str:
    return path[:-STEP]


def above(path: str) -> list[str]:
    """The places this one lies in, from the district down; neither the empty path nor itself."""
    return [path[:end] for end in range(STEP, len(path), STEP)]


def level(path: str) -> int:
    """0 for the root district, 1 for its streets, 2 for communities, 3 for cells."""
    return len(path) // STEP - 1


def length(level_: int) -> int:
    """How many digits a path of this level has."""
    return (level_ + 1) * STEP
