"""`unionhall withdraw`: take a whole import back."""

import click

from unionhall.exchange.run import withdraw
from unionhall.kernel.actor import SYSTEM


@click.command("withdraw")
@click.argument("batch", type=int)
@click.option("--reason", required=True, help="Kept with the batch and its voided journal lines.")
def command(batch: int, reason: str) -> None:
    """Take back the import BATCH: new rows go, changed rows return, its journal lines are voided."""
    withdraw(batch, by=SYSTEM, reason=reason)
    click.echo(f"✓ 批次 {batch} 已撤回。")
