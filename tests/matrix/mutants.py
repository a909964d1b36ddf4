"""Every guard of the house taken away, one at a time; each must be missed by the matrix.

python -m tests.matrix.mutants [--part 1/2] [--only TEXT]
"""

# ruff: noqa: T201

import argparse
import sys
import time

from tests.matrix.stage import stage  # sets Django up, so it comes before what needs tables

from tests.matrix.guards import mutants  # isort: skip
from tests.matrix.mutating import BROKEN, WATCHED, Bench, caught  # isort: skip
from tests.matrix.policy import PAGES  # isort: skip
from tests.matrix.scene import set_up  # isort: skip
from tests.matrix.trial import FEW, Trial  # isort: skip
from unionhall.organisations.roles import CASES_OF, RIGHTS  # isort: skip


def main() -> int:
    """Exit status: 0 all were caught, 1 some were not."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--every", type=int, default=1, help="only each n-th mutant")
    asked.add_argument("--only", default="")
    chosen = asked.parse_args()
    begun = time.perf_counter()
    with stage(in_memory=True):
        scene = set_up()
        everybody = {*FEW, *WATCHED, *CASES_OF, *(sorted(holding)[0] for holding in RIGHTS.values())}
        bench = Bench(scene, Trial(scene, sorted(everybody)))
        tried = [one for one in mutants() if chosen.only in one.name][:: chosen.every]
        if any(one.code for one in tried):
            bench.watch({place for one in tried for place in one.code}, list(PAGES))
        print(f"{len(tried)} mutants; watched in {time.perf_counter() - begun:.0f} s", flush=True)
        missed = []
        for mutant in tried:
            said = caught(bench, mutant)
            right = said and not said.startswith(BROKEN)
            print(f"{'caught' if right else 'MISSED'}  {mutant.name}  {said[:160]}", flush=True)
            if not right:
                missed.append(mutant.name)
    print(f"{len(tried) - len(missed)} of {len(tried)} caught in {time.perf_counter() - begun:.0f} s")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
