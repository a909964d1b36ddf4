"""`unionhall serve`: the pages, and beside them the worker that does the jobs asked for there."""

import click
from django.db import connection
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from unionhall.jobs.supervision import beside


def serve(host: str, port: int, workers: int, *, worker: bool | None = None) -> None:
    """Serve until stopped. `worker` None: with one where the database is the embedded one, which has no other machine."""
    with beside(connection.vendor == "sqlite" if worker is None else worker):
        Server(
            "unionhall.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            log_level=LogLevels.warning,
            websockets=False,
        ).serve()


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="One per core.")
@click.option(
    "--worker/--no-worker", default=None, help="Do the jobs too. Default: on SQLite; else run `unionhall work`."
)
def command(host: str, port: int, workers: int, worker: bool | None) -> None:
    """Serve the pages. Behind a proxy in earnest; alone for a look."""
    click.echo(f"职工之家：http://{host}:{port}/  （Ctrl+C 停止）")
    serve(host, port, workers, worker=worker)
