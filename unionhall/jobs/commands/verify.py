"""`unionhall verify`: does every number still open into its records, and do the records still agree with each other?"""

import click
from django.utils import timezone

from unionhall.jobs.verification import verify
from unionhall.journal.audit import seal_waiting
from unionhall.kernel.period import Period


@click.command("verify")
@click.option(
    "--year", type=click.IntRange(1949, 2100), help="The year whose figures are recounted; default: last year."
)
@click.option("--seal", is_flag=True, help="First seal what imports left to be sealed.")
def command(year: int | None, seal: bool) -> None:
    """Recount figures against their records, money against zero, seals against their indexes, rows against the audit chain."""
    if seal:
        click.echo(f"已封存 {seal_waiting():,} 行。")
    wrong = 0
    for finding in verify(Period.year(year or timezone.localdate().year - 1)):
        mark = "✓" if finding.right else "✗"
        click.echo(f"{mark} {finding.what}")
        wrong += not finding.right
    if wrong:
        click.echo(f"✗ {wrong} 项不符。", err=True)
        raise SystemExit(1)
    click.echo("✓ 全部相符。")
