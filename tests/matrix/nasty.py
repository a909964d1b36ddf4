"""Nasty values to every parameter of every address, many of them.

python -m tests.matrix.nasty [--values 60] [--pairs 2000] [--seed 1] [--part 1/4]
TEST_DATABASE_URL=postgresql://… for the other database
"""

# ruff: noqa: T201

import argparse
import sys
import time

from tests.matrix.stage import stage  # sets Django up, so it comes before what needs tables

from django.db import connection  # isort: skip

from tests.matrix.scene import set_up  # isort: skip
from tests.matrix.shooting import Range, run, sign_ins  # isort: skip


def main() -> int:
    """Exit status: 0 nothing broke, 1 something did."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--values", type=int, default=60, help="how many to each parameter")
    asked.add_argument("--pairs", type=int, default=2_000)
    asked.add_argument("--part", default="1/1", help="of the parameters, and of the pairs")
    asked.add_argument("--seed", type=int, default=1)
    chosen = asked.parse_args()
    begun = time.perf_counter()
    with stage():
        scene = set_up()
        targets = Range(scene, sign_ins(scene))
        at, of = (int(text) for text in chosen.part.split("/"))
        targets.targets = targets.targets[at - 1 :: of]
        print(
            f"{connection.vendor}: {len(targets.targets)} parameters of {len({one.name for one in targets.targets})} addresses"
        )
        shots = targets.shots(chosen.values, chosen.pairs // of, chosen.seed)
        faults = run(targets, shots, lambda line: print(line, flush=True))
    took = time.perf_counter() - begun
    print(
        f"{targets.statuses.total()} requests in {took:.0f} s; slowest {targets.slowest[0]:.2f} s: {targets.slowest[1]}"
    )
    print("statuses:", dict(sorted(targets.statuses.items())), f"asked for the password again: {targets.asked_again}")
    print(f"{len(faults)} kinds of fault")
    for fault in faults:
        print(" ", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
