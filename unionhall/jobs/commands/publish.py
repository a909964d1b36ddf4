"""`unionhall publish`: what the records say now, kept as published facts; a number that moved becomes the next revision."""

from datetime import datetime

import click

from unionhall import catalogue
from unionhall.indicators.actions import publish
from unionhall.indicators.report import yearly
from unionhall.jobs.progress import step
from unionhall.kernel.actor import SYSTEM


@click.command("publish")
@click.argument("year", type=click.IntRange(1949, 2100))
@click.option("--place", default="", help="Code, path or name; default: the whole district.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="A day of that year to stop at.")
@click.option("--reason", default="", help="Why published numbers changed; asked for when they did.")
def command(year: int, place: str, as_of: datetime | None, reason: str) -> None:
    """Publish the figures of YEAR at the place and each of its parts."""
    report = yearly((), year, place=place, as_of=as_of.date() if as_of else None)
    with step(f"发布 {report.place.name} {year} 年"):
        paths = [report.place.path, *(part.path for part in report.parts)]
        done = publish(catalogue.figures().values(), paths, report.period, by=SYSTEM, reason=reason)
    click.echo(f"新发布 {done.first:,}，修订 {done.revised:,}，未变 {done.unchanged:,}。")
