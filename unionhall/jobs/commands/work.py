"""`unionhall work`: the worker."""

import click

from unionhall.jobs.periodic import plan
from unionhall.jobs.upkeep import sweep_scratch
from unionhall.jobs.worker import Worker, run_until_empty


@click.command("work")
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@click.option("--child", type=int, hidden=True, help="End when this process, which started the worker, is gone.")
def command(once: bool, child: int | None) -> None:
    """Do the jobs people ask for on the pages, and those that come round by themselves; until stopped."""
    plan()
    if once:
        click.echo(f"✓ 办了 {run_until_empty()} 项任务。")
        return
    sweep_scratch()
    Worker().run(child)
