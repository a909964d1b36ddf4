"""The whole matrix: every post × every address and method × own, child, sibling, parent and another street's row.

python -m tests.matrix [--halves 2] [--every] [me desk-session]   in as many processes as there are cores to spare; only addresses whose
names begin so, when any are given; --every: each cell by a request of its own; ends with one line of figures
"""

# ruff: noqa: T201

import argparse
import os
import sys
import time

from tests.matrix.stage import stage  # sets Django up, so it comes before what needs tables

from tests.matrix.policy import PAGES  # isort: skip
from tests.matrix.scene import set_up  # isort: skip
from tests.matrix.trial import Trial, cells, count, routes  # isort: skip


def main() -> int:
    """Exit status: 0 every cell as the policy says, 1 not."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--halves", type=int, default=2)
    asked.add_argument("--every", action="store_true")
    asked.add_argument("begins", nargs="*")
    told_us = asked.parse_args()
    halves, begins = told_us.halves, tuple(told_us.begins)
    begun = time.perf_counter()
    missing = sorted(routes().keys() ^ PAGES.keys())
    with stage(in_memory=True):
        scene = set_up()
        names = [name for name in sorted(routes().keys() & PAGES.keys()) if not begins or name.startswith(begins)]
        parts = [_part(Trial(scene), names[at::halves], told_us.every) for at in range(halves)]
        told = [os.fdopen(part, "r").read() for part in parts]
        for _part_done in parts:
            os.wait()
    findings = [line for text in told for line in text.splitlines()[1:]]
    counts = [int(text.split("\n", 1)[0]) for text in told if text]
    for line in [*missing, *findings[:5000]]:
        print(line)
    print(
        f"{count(names)} cells of {len(names)} addresses, {sum(counts)} requests, {len(findings)} wrong, "
        f"{len(missing)} addresses unlisted, {time.perf_counter() - begun:.0f} s"
    )
    return 1 if findings or missing or len(counts) < halves else 0


def _part(trial: Trial, names: list[str], every: bool) -> int:
    """A forked process tries these addresses; where its count and findings can be read."""
    reading, writing = os.pipe()
    asking = os.getpid()
    if os.fork():
        os.close(writing)
        return reading
    found = []
    for cell in cells(names, every=every):
        if os.getppid() != asking:
            os._exit(1)  # whoever asked was killed: nobody waits for the answer
        if finding := trial.finding(cell):
            found.append(str(finding))
    with os.fdopen(writing, "w") as answer:
        answer.write("\n".join([str(trial.requests), *found]))
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
