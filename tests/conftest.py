"""What every test stands on; tests/settings.py gives it a place of its own, tests/world.py its small cast."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key

from tests import migrated, world

DATABASE = {"db", "transactional_db", "live_server"}
"""Fixtures through which a test is given the database; pytest-django lets no other test near it."""


@pytest.hookimpl(trylast=True)  # after -k and -m: what they leave out tries nothing
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this run cannot show, or shows anyway; put long files first."""
    on_postgresql, chosen = connection.vendor == "postgresql", {item.nodeid for item in items}

    def left_out(item: pytest.Item) -> bool:
        if on_postgresql:
            return shown_on_sqlite(item)
        within = item.get_closest_marker("within")
        return item.get_closest_marker("postgres") is not None or (within is not None and within.args[0] in chosen)

    out = [item for item in items if left_out(item)]
    if out:
        items[:] = [item for item in items if not left_out(item)]
        config.hook.pytest_deselected(items=out)
    items.sort(key=_turns(items))


def shown_on_sqlite(item: pytest.Item) -> bool:
    """Does the outcome not hang on the database? Then it is tried once, over SQLite.

    So it is of every test that is not given one, but for those that look at the served product with a browser
    (tests/browser/conftest.py says which of them are tried on both); and of those that say so.
    """
    if item.get_closest_marker("once"):
        return True
    given = item.get_closest_marker("django_db") or DATABASE & set(getattr(item, "fixturenames", ()))
    return not given and not item.get_closest_marker("browser")


def _turns(items: list[pytest.Item]) -> Callable[[pytest.Item], tuple[bool, bool, int, str]]:
    """Files with slow tests first, then those with a browser, then the rest from many tests to few: none runs on alone."""
    many = Counter(item.path for item in items)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    browser = {item.path for item in items if item.get_closest_marker("browser")}

    def turn(item: pytest.Item) -> tuple[bool, bool, int, str]:
        return item.path not in slow, item.path not in browser, -many[item.path], str(item.path)

    return turn


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
    shared: Path | None,
) -> Iterator[None]:
    """In place of pytest-django's: all processes of a run share the work of the migrations."""
    with django_db_blocker.unblock(), migrated.database(shared):
        yield


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """A folder all processes of this run see; None when this is the only one."""
    return tmp_path_factory.getbasetemp().parent if hasattr(request.config, "workerinput") else None


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that led the others takes away what they shared."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        with config.stash[blocking_manager_key].unblock():
            migrated.drop()


@pytest.fixture(autouse=True)
def _an_anchor_of_its_own(tmp_path: Path, settings: Settings) -> None:
    """Every test begins with an empty audit chain, so with an empty anchor too."""
    settings.ANCHOR = tmp_path / "anchor.log"


@pytest.fixture
def here(db: None) -> world.World:
    """The district of the small cast."""
    return world.a_district()
