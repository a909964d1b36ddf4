"""The first rows of a file, for finding its headers: read by a process of its own, under limits, like the rest of it.

Started as `python -m unionhall.exchange.peek FORM TITLE PATH`; prints one JSON object, {"rows": …} or {"refused": …}.
"""

import json
import os
import resource
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import unionhall
from unionhall.exchange import child, headers
from unionhall.kernel.errors import Refused

MOST_SECONDS = 60
MOST_MEMORY = 2 * 2**30
WIDEST, LONGEST = 100, 80
"""Cells of a row and characters of a cell that are looked at."""


def peek(path: Path, form: str, title: str) -> list[list[str]]:
    """The first rows of the data sheet as text. Raises `Refused` when they cannot be read."""
    places = [str(Path(unionhall.__file__).parent.parent), *(place for place in sys.path if place)]
    environment = {"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(places), "PYTHONDONTWRITEBYTECODE": "1",
                   "PYTHONIOENCODING": "utf-8"}  # fmt: skip
    command = [sys.executable, "-m", "unionhall.exchange.peek", form, title, str(path.resolve())]
    try:
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=MOST_SECONDS, check=True)  # fmt: skip
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise Refused("读表超出了时间或内存限制；请删掉空白的行列，或分成几个文件导入") from None
    if "refused" in answer:
        raise Refused(answer["refused"])
    return answer["rows"]


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)[:LONGEST]


def main() -> None:
    form, title, path = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        first = islice(child._sheet(child.Task(path, form, title, (), None, None, 1)), headers.LOOKED_AT + 5)
        answer: dict[str, Any] = {"rows": [[_text(cell) for cell in row[:WIDEST]] for row in first]}
    except Refused as refused:
        answer = {"refused": refused.message}
    except MemoryError:
        answer = {"refused": "表格太大，读不下；请分成几个文件导入"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))


if __name__ == "__main__":
    main()
