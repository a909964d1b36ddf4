"""Nasty values to every parameter of every address, many of them.

python -m tests.matrix.nasty --requests 50000 [--seed 1]      TEST_DATABASE_URL=postgresql://… for the other database
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
    asked.add_argument("--requests", type=int, default=50_000)
    asked.add_argument("--seed", type=int, default=1)
    chosen = asked.parse_args()
    begun = time.perf_counter()
    with stage():
        scene = set_up()
        targets = Range(scene, sign_ins(scene))
        print(
            f"{connection.vendor}: {len(targets.targets)} parameters of {len({one.name for one in targets.targets})} addresses"
        )
        faults = run(targets, chosen.requests, chosen.seed, lambda line: print(line, flush=True))
    took = time.perf_counter() - begun
    print(f"{chosen.requests} requests in {took:.0f} s; slowest {targets.slowest[0]:.2f} s: {targets.slowest[1]}")
    print("statuses:", dict(sorted(targets.statuses.items())))
    print(f"{len(faults)} kinds of fault")
    for fault in faults:
        print(" ", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
