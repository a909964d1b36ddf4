"""The worker killed while it sends: no message is lost, and a kill leaves one unconfirmed at most, sent again under its key."""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from tests import world
from tests.messages.people import ALARM
from unionhall.kernel.actor import SYSTEM
from unionhall.messages import actions
from unionhall.messages.actions import Addressed
from unionhall.messages.models import Message

HERE = Path(__file__).resolve().parents[2]
MESSAGES, KILL_EVERY = 60, 9


class Gateway(BaseHTTPRequestHandler):
    """Notes every key, and at every ninth message kills who sends it: by turns before it answers and right after."""

    keys: ClassVar[list[tuple[str, str]]] = []
    worker: ClassVar[list[subprocess.Popen[bytes]]] = []
    kills: ClassVar[list[str]] = []
    one_at_a_time: ClassVar[threading.Lock] = threading.Lock()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.one_at_a_time:
            self.keys.append((body["key"], body["text"]))
            kill = len(self.keys) % KILL_EVERY == 0
            before = len(self.kills) % 2 == 0
            if kill and before:
                self._kill("before")
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.flush()
            if kill:
                self._kill("after")

    def _kill(self, when: str) -> None:
        self.worker[-1].kill()
        self.worker[-1].wait()
        self.kills.append(when)

    def log_message(self, *told: object) -> None:
        """Quiet."""


@pytest.fixture
def gateway() -> Iterator[str]:
    Gateway.keys, Gateway.worker, Gateway.kills = [], [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/sms"
    server.shutdown()
    server.server_close()
    for one in Gateway.worker:
        one.kill()
        one.wait()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_sixty_messages_and_six_kills_none_is_lost_and_none_doubled_but_under_its_key(
    gateway: str, tmp_path: Path, settings: "object"
) -> None:
    settings.SMS = "console"  # type: ignore[attr-defined]
    here = world.a_district()
    member = world.a_member(here, "李秀英")
    addressed = [Addressed(f"alarm:{n}", member.person) for n in range(MESSAGES)]
    actions.queue_many(ALARM, addressed, by=SYSTEM, now=timezone.now())
    deadline = time.monotonic() + 120
    while Message.objects.exclude(state="sent").exists() and time.monotonic() < deadline:
        if not Gateway.worker or Gateway.worker[-1].poll() is not None:
            Gateway.worker.append(_worker(gateway, tmp_path))
        time.sleep(0.1)
    got = Counter(key for key, _text in Gateway.keys)
    assert set(got) == {f"alarm:{n}:sms" for n in range(MESSAGES)}, "none is lost"
    assert Message.objects.filter(state="sent").count() == MESSAGES
    assert len(Gateway.kills) >= 6 and set(Gateway.kills) == {"before", "after"}
    again = sum(got.values()) - MESSAGES
    assert Gateway.kills.count("before") <= again <= len(Gateway.kills), "one unconfirmed at most for each kill"
    assert max(got.values()) <= 2
    assert len(set(Gateway.keys)) == MESSAGES, "the second time it is the same text under the same key"


def _worker(gateway: str, folder: Path) -> subprocess.Popen[bytes]:
    there = connection.settings_dict
    url = f"sqlite:///{there['NAME']}"
    if connection.vendor == "postgresql":
        signed = f"{there['USER']}:{there['PASSWORD']}@" if there["PASSWORD"] else f"{there['USER']}@"
        url = f"postgresql://{signed}{there['HOST']}:{there['PORT'] or 5432}/{there['NAME']}"
    keep = {name: value for name, value in os.environ.items() if not name.startswith("UNIONHALL_")}
    environment = keep | {
        "UNIONHALL_HOME": str(settings.HOME), "UNIONHALL_SECRET_KEY": "x" * 60, "UNIONHALL_DATABASE_URL": url,
        "UNIONHALL_SMS": gateway, "UNIONHALL_ANCHOR": str(folder / "anchor.log"), "UNIONHALL_LOG_LEVEL": "CRITICAL",
        "DJANGO_SETTINGS_MODULE": "unionhall.settings", "PYTHONPATH": str(HERE),
    }  # fmt: skip
    log = (folder / "worker.log").open("ab")
    return subprocess.Popen(
        [sys.executable, "-m", "tests.messages.sending"], cwd=HERE, env=environment, stdout=log, stderr=log
    )
