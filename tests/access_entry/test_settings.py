"""The settings of the door, as a process reads them when it starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]
SAYS = "from unionhall import settings as s; print(s.SECOND_FACTOR, s.PROFILE, s.SMS or '-', s.SESSION_COOKIE_NAME)"


def started(**told: str) -> tuple[int, str]:
    keep = {name: value for name, value in os.environ.items() if not name.startswith("UNIONHALL_")}
    environment = keep | {"UNIONHALL_SECRET_KEY": "x", **{f"UNIONHALL_{name}": value for name, value in told.items()}}
    done = subprocess.run(
        [sys.executable, "-c", SAYS], cwd=HERE, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.strip() or done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"DEMO": "0"}, "required asvs - session"),
        ({"DEMO": "1"}, "offered asvs - session"),
        ({"DEMO": "1", "SECOND_FACTOR": "required"}, "required asvs - session"),
        ({"DEMO": "0", "HTTPS": "1", "PROFILE": "dengbao3"}, "required dengbao3 - __Host-session"),
        ({"DEMO": "0", "SMS": "https://gateway.example/send"}, "required asvs https://gateway.example/send session"),
    ],
)
def test_a_real_district_requires_a_device_and_a_demonstration_offers_it(told: dict[str, str], said: str) -> None:
    assert started(**told) == (0, said)


@pytest.mark.parametrize(
    ("name", "value"),
    [("SECOND_FACTOR", "never"), ("PROFILE", "none"), ("SMS", "http://gateway.example"), ("SMS", "ftp://x")],
)
def test_a_wrong_value_stops_the_process_with_its_name(name: str, value: str) -> None:
    status, said = started(DEMO="0", **{name: value})
    assert status == 1
    assert f"UNIONHALL_{name}" in said
