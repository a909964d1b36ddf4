"""The queue's tests: a table to count effects in, and a clean folder of leases."""

from collections.abc import Iterator

import pytest

from tests.jobs import errands


@pytest.fixture
def counted(db: None) -> Iterator[None]:
    """The table `errand_done` stands, empty."""
    errands.seen.clear()
    errands.meanwhile.clear()
    errands.make_table()
    yield
    errands.meanwhile.clear()
    errands.drop_table()
