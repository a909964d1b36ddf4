"""The days of the law, against a table made by hand: each row names its limit, the event, the last day, and why."""

import csv
from datetime import date
from pathlib import Path

import pytest

from unionhall.cases import law
from unionhall.kernel.calendar import official
from unionhall.kernel.clock import Clock, Limit
from unionhall.kernel.errors import Refused

TABLE = list(csv.DictReader((Path(__file__).parent / "deadlines.csv").open(encoding="utf-8")))
LIMITS = {
    name: versions
    for name, versions in vars(law).items()
    if isinstance(versions, tuple) and all(isinstance(one, Limit) for one in versions)
}


def test_there_are_seventy_examples_and_every_limit_has_one() -> None:
    assert len(TABLE) >= 70
    assert {row["limit"] for row in TABLE} == set(LIMITS)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['limit']} {row['event']}")
def test_the_last_day_is_the_one_counted_by_hand(row: dict[str, str]) -> None:
    clock = Clock("x", "x", "begun", ("ended",), LIMITS[row["limit"]])
    event = date.fromisoformat(row["event"])
    if not row["due"] and clock.limit(event) is not None:
        with pytest.raises(Refused, match="年的放假安排"):
            clock.due(event, official())
        return
    assert clock.due(event, official()) == (date.fromisoformat(row["due"]) if row["due"] else None), row["why"]


def test_every_limit_names_its_law_and_article() -> None:
    for versions in LIMITS.values():
        for limit in versions:
            assert "第" in limit.basis and limit.basis.endswith("条"), limit
