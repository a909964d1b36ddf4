"""Takes one file in as an upload is, in a process of its own, and says what that cost: `python -m … PATH NAME`.

Prints one JSON object: the sentence it was refused with (or null), seconds from the first look to the answer, and the
largest memory of this process and of the one that reads, in MiB.
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
    started, refused = time.perf_counter(), None
    try:
        peek(path, guard.check_upload(path, name), "会员实名制登记表")
    except Refused as no:
        refused = no.message
    seconds = time.perf_counter() - started
    memory = max(_largest(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024
    sys.stdout.write(json.dumps({"refused": refused, "seconds": seconds, "memory": memory}))


def _largest() -> int:
    """The most memory of this process in KiB. The kernel's own count of it begins with what its parent had."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


if __name__ == "__main__":
    main()
