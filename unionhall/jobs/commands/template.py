"""`unionhall template`: the blank workbooks."""

from pathlib import Path

import click

from unionhall.exchange.blank import write_blank
from unionhall.exchange.templates import TEMPLATES, by_name


@click.command("template")
@click.argument("name", required=False)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: TITLE.xlsx here.")
def command(name: str | None, output: Path | None) -> None:
    """Write the blank workbook NAME; without a name, list them."""
    if name is None:
        for template in TEMPLATES:
            click.echo(f"{template.name:18}{template.title}")
        return
    template = by_name(name)
    path = output or Path(f"{template.title}.xlsx")
    write_blank(template, path)
    click.echo(f"✓ {path}")
