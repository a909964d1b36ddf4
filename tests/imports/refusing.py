"""Takes one file in as an upload is, in a process of its own, and says what that cost: `python -m … PATH NAME`.

Prints one JSON object: the sentence it was refused with (or null), seconds of work from the first look to the answer, of this
process and of the one that reads (what else the machine does meanwhile is not theirs), and the largest memory of both, in MiB.
"""

import json
import resource
import sys
import time
from pathlib import Path

from unionhall.exchange import guard
from unionhall.exchange.peek import peek
from unionhall.kernel.errors import Refused


def main() -> None:
    path, name = Path(sys.argv[1]), sys.argv[2]
    started, refused = _worked(), None
    try:
        peek(path, guard.check_upload(path, name), "会员实名制登记表")
    except Refused as no:
        refused = no.message
    seconds = _worked() - started
    memory = max(_largest(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024
    sys.stdout.write(json.dumps({"refused": refused, "seconds": seconds, "memory": memory}))


def _worked() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _largest() -> int:
    """The most memory of this process in KiB. The kernel's own count of it begins with what its parent had."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


if __name__ == "__main__":
    main()
