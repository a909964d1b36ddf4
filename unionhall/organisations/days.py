"""What the standing order asks of a day somebody states."""

from datetime import date

from django.utils import timezone

from unionhall.kernel.errors import Refused


def not_ahead(day: date, what: str) -> None:
    """Refused when the day of something that has happened is still to come; `what` names it."""
    if day > timezone.localdate():
        raise Refused(f"{what} {day.isoformat()} 还没有到，请核对日期。")


def within_life(day: date, since: date, until: date | None, what: str) -> None:
    """Refused unless since ≤ day and, for what has ended, day < until; `what` names the thing that lives so long."""
    if day < since:
        raise Refused(f"{day.isoformat()} 早于{what}的起始日期 {since.isoformat()}，请核对。")
    if until is not None and day >= until:
        raise Refused(f"{what}已于 {until.isoformat()} 终止，请核对。")


def years_after(day: date, years: int) -> date:
    """The same day so many years on; of 29 February, the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
