"""`unionhall report YEAR`: the yearly report, and what was printed in a newspaper held against it."""

import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

import click

from unionhall import catalogue
from unionhall.exchange.check import check
from unionhall.exchange.papers import FORMATS, render
from unionhall.indicators.report import yearly


@click.command("report")
@click.argument("year", type=click.IntRange(1949, 2100))
@click.option("--place", default="", help="Code, path or name; default: the whole district.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="A day of that year to stop at.")
@click.option("--format", "as_format", type=click.Choice(list(FORMATS)), default="csv", show_default=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: standard output.")
@click.option(
    "--check",
    "published",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV of printed figures.",
)
def command(
    year: int, place: str, as_of: datetime | None, as_format: str, output: Path | None, published: Path | None
) -> None:
    """Print the figures of YEAR; or --check a list of printed ones: id, published, computed, verdict, note, one a line."""
    if published is not None:
        _check(published, year)
        return
    report = yearly(catalogue.SERVICES, year, place=place, as_of=as_of.date() if as_of else None)
    content = render(report, as_format)
    if output is None:
        sys.stdout.buffer.write(content)
        return
    output.write_bytes(content)
    click.echo(f"✓ {output}")


def _check(published: Path, year: int) -> None:
    verdicts: Counter[str] = Counter()
    for row in check(published, year):
        click.echo("\t".join((row.id, row.published, row.computed, row.verdict, row.note)))
        verdicts[row.verdict] += 1
    click.echo("，".join(f"{verdict} {count}" for verdict, count in verdicts.most_common()), err=True)
    if verdicts["differs"]:
        raise SystemExit(1)
