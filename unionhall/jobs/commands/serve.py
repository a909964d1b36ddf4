"""`unionhall serve`: the pages."""

import click
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server


def serve(host: str, port: int, workers: int) -> None:
    """Serve until stopped."""
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
def command(host: str, port: int, workers: int) -> None:
    """Serve the pages. Behind a proxy in earnest; alone for a look."""
    click.echo(f"职工之家：http://{host}:{port}/  （Ctrl+C 停止）")
    serve(host, port, workers)
