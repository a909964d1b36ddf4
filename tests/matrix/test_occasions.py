"""What no single cell or deed shows: each occasion by itself."""

import logging
from collections.abc import Iterator

import pytest

from tests.matrix.occasions_all import OCCASIONS
from tests.matrix.scene import Scene, set_up
from unionhall.web import counted


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def scene(db: None) -> Scene:
    counted.forget()
    return set_up()


def test_every_occasion_comes_out_as_it_should(scene: Scene) -> None:
    wrong = [said for occasion in OCCASIONS.values() if (said := occasion(scene))]
    assert not wrong, "\n".join(wrong)
