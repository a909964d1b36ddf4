"""What the standing order asks of a day somebody states."""

from datetime import date

from django.utils import timezone

from unionhall.kernel.errors import Refused


def not_ahead(day: date, what: str) -> None:
    """Refused when the day of something that has happened is still to come; `what` names it."""
    if day > timezone.localdate():
        raise Refused("{what} {day} 还没有到，请核对日期。", what=what, day=day.isoformat())


def within_life(day: date, since: date, until: date | None, what: str) -> None:
    """Refused unless since ≤ day and, for what has ended, day < until; `what` names the thing that lives so long."""
    if day < since:
        raise Refused(
            "{day} 早于{what}的起始日期 {since}，请核对。", day=day.isoformat(), what=what, since=since.isoformat()
        )
    if until is not None and day >= until:
        raise Refused("{what}已于 {until} 终止，请核对。", what=what, until=until.isoformat())


def years_after(day: date, years: int) -> date:
    """The same day so many years on; of 29 February, the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
