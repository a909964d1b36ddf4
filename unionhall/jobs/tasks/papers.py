"""Papers that take longer than a page may: a place's yearly report."""

from datetime import date

from django.utils import timezone
from django_tasks import task

from unionhall import catalogue
from unionhall.exchange.papers import FORMATS, file_name, render
from unionhall.indicators.report import yearly
from unionhall.jobs.context import Context
from unionhall.jobs.queue import READING
from unionhall.kernel.errors import Refused
from unionhall.organisations.roles import holders


@task(takes_context=True, queue_name=READING)
def yearly_report(context: Context, path: str, year: int, form: str) -> dict[str, str]:
    """Every figure of a place and its parts for a year, as far as it has come; kept as the job's file."""
    context.actor().must_reach(path, *holders("board.see"))
    if form not in FORMATS:
        raise Refused("没有这种格式。")
    today = timezone.localdate()
    report = yearly(catalogue.SERVICES, year, place=path, as_of=min(today, date(year, 12, 31)))
    name, content = file_name(report, form), render(report, form)
    context.begin()
    context.keep(name, content)
    return {"file": name}
