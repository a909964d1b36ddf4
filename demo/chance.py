"""Where every draw comes from: one seed, a stream of its own for each register, and exact totals."""

import math
from collections.abc import Sequence
from random import Random

SEED = 20151231
_MASK = (1 << 64) - 1
_STREAMS: dict[str, int] = {}


def stream(name: str) -> Random:
    """The stream of one register. Python seeds a Random from text the same way on every machine."""
    return Random(f"{SEED}/{name}")


def salt(name: str) -> int:
    """The number that keeps the draws of `mix` in one register apart from those in another."""
    if name not in _STREAMS:
        _STREAMS[name] = stream(name).getrandbits(64)
    return _STREAMS[name]


def mix(salted: int, number: int) -> int:
    """64 well-mixed bits for the number-th thing of a register (splitmix64): a draw without a state to carry along."""
    z = (salted + number * 0x9E3779B97F4A7C15) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def coprime(near: int, size: int) -> int:
    """The first number from `near` on that shares no factor with `size`: multiplying by it shuffles 0…size-1."""
    while math.gcd(near, size) != 1:
        near += 1
    return near


def allocate(total: int, weights: Sequence[float], least: int = 0) -> list[int]:
    """Whole parts of `total` in proportion to the weights, each at least `least`; they add up exactly."""
    spare = total - least * len(weights)
    if spare < 0 or not weights:
        raise ValueError(f"{total} cannot be parted into {len(weights)} parts of at least {least}")
    whole = sum(weights)
    shares = [spare * weight / whole for weight in weights]
    parts = [least + int(share) for share in shares]
    left = total - sum(parts)
    for place in sorted(range(len(parts)), key=lambda place: (int(shares[place]) - shares[place], place))[:left]:
        parts[place] += 1
    return parts
