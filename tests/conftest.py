"""What every test stands on; tests/settings.py gives it a place of its own, tests/world.py its small cast."""

from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from tests import world


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only PostgreSQL can show when this run is not on it."""
    if connection.vendor == "postgresql":
        return
    only = [item for item in items if item.get_closest_marker("postgres")]
    if only:
        items[:] = [item for item in items if item not in only]
        config.hook.pytest_deselected(items=only)


@pytest.fixture(autouse=True)
def _an_anchor_of_its_own(tmp_path: Path, settings: Settings) -> None:
    """Every test begins with an empty audit chain, so with an empty anchor too."""
    settings.ANCHOR = tmp_path / "anchor.log"


@pytest.fixture
def here(db: None) -> world.World:
    """The district of the small cast."""
    return world.a_district()
