"""What every service of the union is at least: a key, a title, and the figures it publishes."""

from collections.abc import Sequence

from unionhall.indicators.figures import Figure


class Service:
    """One service, declared. `key` names its records for good; `title` is what people read.

    `row` is its row in the list of what the union does (design/services.md), which orders the yearly report.
    """

    def __init__(self, *, key: str, title: str, title_en: str, row: int, figures: Sequence[Figure] = ()) -> None:
        self.key = key
        self.title = title
        self.title_en = title_en
        self.row = row
        self.figures = tuple(figures)
        for figure in self.figures:
            figure.belong(key)
