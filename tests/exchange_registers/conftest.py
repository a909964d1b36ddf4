"""A file of rows brought in as an officer would: headers in Chinese, cells as text."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.world import TODAY
from unionhall.exchange.run import Outcome, run_import
from unionhall.exchange.templates import by_name
from unionhall.kernel.actor import SYSTEM

Bring = Callable[..., Outcome]


@pytest.fixture
def bring(tmp_path: Path) -> Bring:
    """bring("cover", {"工会编号": "U01", …}, …) imports these rows as one file; rows stand from sheet row 2 on."""

    def bring_in(name: str, *rows: dict[str, Any], on: date = TODAY, accept: bool = False) -> Outcome:
        template = by_name(name)
        headers = [column.header for column in template.columns]
        unknown = {header for row in rows for header in row} - set(headers)
        assert not unknown, unknown
        path = tmp_path / f"{name}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, headers, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return run_import(template, path, by=SYSTEM, on=on, accept_doubtful=accept)

    return bring_in
