"""What an address asks for: a year, a month, a place, a figure. What is not there is a page that is not there."""

import re
from datetime import timedelta

from django.http import Http404, HttpRequest
from django.utils import timezone

from unionhall import catalogue
from unionhall.indicators.figures import Figure
from unionhall.kernel.period import Period
from unionhall.organisations.models import Place
from unionhall.web.counted import Reading

_YEAR = re.compile(r"(?:19[5-9]|20[0-9]|21[0-9])[0-9]")
_MONTH = re.compile(r"0?[1-9]|1[0-2]")
_PATH = re.compile(r"(?:[0-9]{3}){1,8}")


def year(request: HttpRequest, reading: Reading) -> int:
    """The year asked for; without one, the latest that has records."""
    asked = request.GET.get("year", "")
    if not asked:
        return reading.years()[0]
    if not _YEAR.fullmatch(asked) or int(asked) > timezone.localdate().year:
        raise Http404(f"year {asked!r}")
    return int(asked)


def month(request: HttpRequest) -> int | None:
    asked = request.GET.get("month", "")
    if not asked:
        return None
    if not _MONTH.fullmatch(asked):
        raise Http404(f"month {asked!r}")
    return int(asked)


def period(year: int, month: int | None = None) -> Period:
    """The year or month, as far as it has come: a stock of this year is today's."""
    whole = Period.month(year, month) if month else Period.year(year)
    tomorrow = timezone.localdate() + timedelta(days=1)
    if whole.start >= tomorrow:
        raise Http404("a period that has not begun")
    return Period(whole.start, min(whole.end, tomorrow))


def place(request: HttpRequest, default: Place | None) -> Place:
    """The place asked for by its path; without one, the default. There is no page while there is no tree."""
    asked = request.GET.get("place", "")
    if asked and (default is None or asked != default.path):
        found = Place.objects.filter(path=asked).first() if _PATH.fullmatch(asked) else None
    else:
        found = default
    if found is None:
        raise Http404(f"place {asked!r}")
    return found


def figure(key: str) -> Figure:
    """A figure of the catalogue; the two parts of a rate are pages of the rate, not pages of their own."""
    try:
        return catalogue.figures()[key]
    except KeyError:
        raise Http404(f"figure {key!r}") from None
