"""All occasions: importing the modules that hold them enters them."""

from tests.matrix import (
    occasions_actions,
    occasions_answers,
    occasions_cases,
    occasions_counters,
    occasions_elsewhere,
    occasions_family,
    occasions_forms,
    occasions_founding,
    occasions_money,
    occasions_notices,
    occasions_pages,
    occasions_papers,
    occasions_stations,
)
from tests.matrix.occasions import OCCASIONS

__all__ = [
    "OCCASIONS",
    "occasions_actions",
    "occasions_answers",
    "occasions_cases",
    "occasions_counters",
    "occasions_elsewhere",
    "occasions_family",
    "occasions_forms",
    "occasions_founding",
    "occasions_money",
    "occasions_notices",
    "occasions_pages",
    "occasions_papers",
    "occasions_stations",
]
