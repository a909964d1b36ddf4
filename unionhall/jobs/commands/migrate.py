"""`unionhall migrate`: make or renew the tables, and collect the pages' files."""

import click
from django.core.management import call_command

from unionhall.jobs import sealing


@click.command("migrate")
def command() -> None:
    """Make or renew the database's tables; safe to run again."""
    call_command("migrate", interactive=False, verbosity=0)
    sealing.begin()
    call_command("collectstatic", interactive=False, verbosity=0)
    click.echo("✓ 数据库已是最新。")
