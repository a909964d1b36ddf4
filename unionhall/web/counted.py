"""Figures as the pages read them: counted once, kept until something was imported or done.

At full size the public page counts some seventy figures over hundreds of thousands of rows. They are defined in one
place (the catalogue); this only remembers their answers, per process, for as long as the journal and the imports say
that nothing has changed.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Min
from django.utils import timezone

from unionhall.exchange.models import Batch
from unionhall.indicators.figures import Figure, Parts, Value
from unionhall.indicators.territory import Moves, moves
from unionhall.journal.models import Line
from unionhall.kernel.period import Period
from unionhall.organisations.models import Place

MOST = 20_000
"""How many answers are kept. One is some hundred bytes, a split by community some tens of kilobytes."""

RECOUNT = 600
"""Seconds after which everything is counted again, whatever the journal says: two transactions may commit in the
other order than their numbers."""

_kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
_lock = Lock()


def forget() -> None:
    """Drop every kept answer. For tests, which roll back what the journal saw."""
    with _lock:
        _kept.clear()


class Reading:
    """All figures at one moment: one per request, so that a page never mixes two states of the records."""

    def __init__(self) -> None:
        batches = Batch.objects.aggregate(n=Count("pk"), withdrawn=Max("withdrawn_at"))
        last = Line.objects.aggregate(n=Max("pk"))["n"]
        name = str(connection.settings_dict["NAME"])
        self.stamp = (name, last, batches["n"], batches["withdrawn"], int(time.time() / RECOUNT))

    def value(self, figure: Figure, path: str, period: Period) -> Value:
        return self.keep(("value", figure.key, path, period), lambda: figure.value(path, period, moved=self.moves()))

    def by_place(self, figure: Figure, path: str, period: Period) -> Parts:
        return self.keep(("place", figure.key, path, period), lambda: figure.by_place(path, period, moved=self.moves()))

    def by_month(self, figure: Figure, path: str, period: Period) -> list[tuple[Period, Value]]:
        return self.keep(("month", figure.key, path, period), lambda: figure.by_month(path, period, moved=self.moves()))

    def moves(self) -> Moves:
        """What was merged since the records were made, asked once for every figure."""
        return self.keep(("moves",), moves)

    def root(self) -> Place | None:
        """The one root of the tree; None while the tree is not imported."""
        return self.keep(("root",), lambda: Place.objects.filter(parent=None).order_by("path").first())

    def years(self) -> list[int]:
        """Years that have records of things done, latest first; this year when there are none."""
        return self.keep(("years",), _years)

    def keep(self, what: tuple[Any, ...], count: Callable[[], Any]) -> Any:
        """The kept answer to `what`, or the one `count` gives now."""
        key = (self.stamp, *what)
        with _lock:
            if key in _kept:
                _kept.move_to_end(key)
                return _kept[key]
        answer = count()
        with _lock:
            _kept[key] = answer
            while len(_kept) > MOST:
                _kept.popitem(last=False)
        return answer


def _years() -> list[int]:
    # By act, so that the figures' own index answers and no row is read.
    spans = Line.objects.standing().order_by().values("service", "act").annotate(first=Min("on"), last=Max("on"))
    years = {year for span in spans for year in range(span["first"].year, span["last"].year + 1)}
    this_year = timezone.localdate().year
    return sorted((year for year in years if year <= this_year), reverse=True) or [this_year]
