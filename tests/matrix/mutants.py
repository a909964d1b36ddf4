"""Every guard of the house taken away, one at a time; each must be missed by the matrix.

python -m tests.matrix.mutants [--only TEXT …] [--every 12] [--partners]

A guard that stands behind another is taken away with it (tests/matrix/behind.py), where the other alone is not missed; one
that repeats what stands beside it is left out (REPEATED, each with its reason).
`--partners` looks for such pairs among those that are not caught.
"""

# ruff: noqa: T201

import argparse
import sys
import time
from dataclasses import replace

from tests.matrix.stage import stage  # sets Django up, so it comes before what needs tables

from tests.matrix.behind import BEHIND, REPEATED  # isort: skip
from tests.matrix.guards import mutants  # isort: skip
from tests.matrix.mutating import BROKEN, WATCHED, Bench, caught, partners  # isort: skip
from tests.matrix.policy import PAGES  # isort: skip
from tests.matrix.scene import set_up  # isort: skip
from tests.matrix.trial import FEW, Trial  # isort: skip
from unionhall.organisations.roles import CASES_OF, RIGHTS  # isort: skip


def main() -> int:
    """Exit status: 0 all were caught, 1 some were not, or something was noticed with nothing gone."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--every", type=int, default=1, help="only each n-th mutant")
    asked.add_argument("--only", nargs="*", default=[""], help="only those with one of these in their names")
    asked.add_argument("--partners", action="store_true")
    chosen = asked.parse_args()
    begun = time.perf_counter()
    every = mutants()
    known = {one.name: one for one in every}
    named = {name for guard, before in BEHIND.items() for name in (guard, *before)} | REPEATED.keys()
    if astray := named - known.keys():
        raise SystemExit(f"no such guards: {sorted(astray)}")
    with stage(in_memory=True):
        scene = set_up()
        everybody = {*FEW, *WATCHED, *CASES_OF, *(sorted(holding)[0] for holding in RIGHTS.values())}
        bench = Bench(scene, Trial(scene, sorted(everybody)))
        tried = [one for one in every if any(text in one.name for text in chosen.only) and one.name not in REPEATED]
        tried = tried[:: chosen.every]
        wrong = []
        if any(one.code for one in tried):
            wrong = bench.watch({one.code[0] for one in every if one.code}, list(PAGES))
        print(f"{len(tried)} mutants; watched in {time.perf_counter() - begun:.0f} s", flush=True)
        for said in wrong:
            print("WRONG with nothing taken away:", said)
        missed = []
        for mutant in tried:
            before = [known[name] for name in BEHIND.get(mutant.name, ())]
            said = caught(bench, mutant, before)
            right = said and not said.startswith(BROKEN)
            print(f"{'caught' if right else 'MISSED'}  {mutant.name}  {said[:160]}", flush=True)
            if not right:
                missed.append(mutant.name)
                if chosen.partners:
                    found = [one.name for one in partners(bench, mutant, every)]
                    print(f"    behind: {found}", flush=True)
        # The control: as long as no guard is gone, nothing may be noticed, neither before nor after.
        after = [one.name for one in tried[::20] if caught(bench, replace(one, apply=lambda: None, cut=None))]
        for name in after:
            print("WRONG with nothing taken away, tried as", name)
    pairs = sum(mutant.name in BEHIND for mutant in tried)
    print(
        f"{len(tried) - len(missed)} of {len(tried)} caught in {time.perf_counter() - begun:.0f} s, "
        f"{pairs} of them behind another"
    )
    return 1 if missed or wrong or after else 0


if __name__ == "__main__":
    sys.exit(main())
