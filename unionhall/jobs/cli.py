"""`unionhall COMMAND`: one way in for whoever holds the server.

Exit status: 0 all of it done · 1 refused, with the reason on stderr · 2 called wrongly · 3 done, with rows given back.
"""

import importlib
import os
import sys

import click
import django
from django.core.exceptions import ImproperlyConfigured

from unionhall.jobs.installation import prepare
from unionhall.kernel.errors import Refused
from unionhall.kernel.keys import KeyFileError

COMMANDS = {
    "demo": "unionhall.jobs.commands.demonstrate",
    "serve": "unionhall.jobs.commands.serve",
    "migrate": "unionhall.jobs.commands.migrate",
    "account": "unionhall.jobs.commands.account",
    "template": "unionhall.jobs.commands.template",
    "import": "unionhall.jobs.commands.bring_in",
    "withdraw": "unionhall.jobs.commands.withdraw",
    "report": "unionhall.jobs.commands.report",
    "publish": "unionhall.jobs.commands.publish",
    "keys": "unionhall.jobs.commands.keys",
    "verify": "unionhall.jobs.commands.verify",
    "work": "unionhall.jobs.commands.work",
    "outbox": "unionhall.jobs.commands.outbox",
}
MAKES_A_HOME = ("demo", "migrate")


class Commands(click.Group):
    """Commands are loaded after Django is set up, since they import tables."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name]).command
        return command


@click.command(cls=Commands)
@click.version_option(package_name="unionhall")
def unionhall() -> None:
    """Union Hall (职工之家): rosters in, figures out, every figure open to its records."""


def main(arguments: list[str] | None = None) -> None:
    """The console script."""
    called = sys.argv[1:] if arguments is None else arguments
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unionhall.settings")
    try:
        if called and called[0] in MAKES_A_HOME and "--help" not in called:
            prepare(demonstration=called[0] == "demo")
        elif not called or "--help" in called or "--version" in called:
            os.environ.setdefault("UNIONHALL_SECRET_KEY", "only-to-print-help")
        django.setup()
        unionhall(called, prog_name="unionhall")
    except Refused as refused:
        click.echo(f"✗ {refused.message}", err=True)
        sys.exit(1)
    except (ImproperlyConfigured, KeyFileError) as wrong:
        click.echo(f"✗ {wrong}", err=True)
        sys.exit(1)
