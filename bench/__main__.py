"""`python -m bench [NAME …]`: run the measurements, print them, write bench/RESULTS.md.

Every measurement is a module of its own, run as a process of its own; what it prints is its result.
"""

import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
BENCHES = {
    "roster": "The roster import",
    "report": "The yearly report",
    "desk": "The members' list",
    "jobs": "Jobs under fire",
    "audit": "The audit chain",
    "rush": "The rush for places",
    "counter": "The merchant's counter",
    "matters": "A step of a matter, and a station's inbox",
}


def main(wanted: list[str]) -> int:
    """Exit status: 0 when every measurement ran and met its goals."""
    unknown = [name for name in wanted if name not in BENCHES]
    if unknown:
        print(f"no measurement called {', '.join(unknown)}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    chapters, worst = [], 0
    for name in wanted or BENCHES:
        print(f"## {BENCHES[name]} (bench.{name})", flush=True)
        said, status = run(name)
        worst = max(worst, status)
        chapters.append(f"## {BENCHES[name]}\n\n`python -m bench.{name}`\n\n```\n{said.rstrip()}\n```\n")
    if not wanted:  # a part of the measurements does not replace the record of all
        RESULTS.write_text(f"# Measurements\n\n{conditions()}\n\n" + "\n".join(chapters), encoding="utf-8")
        print(f"written: {RESULTS}")
    return worst


def run(name: str) -> tuple[str, int]:
    """What a measurement prints, shown while it is printed, and its exit status."""
    said = []
    command = [sys.executable, "-m", f"bench.{name}"]
    with subprocess.Popen(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            said.append(line)
    return "".join(said), process.returncode


def conditions() -> str:
    cpu = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    cores = sum(line.startswith("processor") for line in _lines("/proc/cpuinfo"))
    day = datetime.now(UTC).date().isoformat()
    return f"{day}, Python {platform.python_version()}, {cores} × {cpu}. Only ratios within one run are to be compared."


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text().splitlines() if file.exists() else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
