"""`unionhall import`: a workbook in; first what it would do, then, once confirmed, all of it or nothing."""

import re
from pathlib import Path

import click

from unionhall.exchange.faults import write_faults
from unionhall.exchange.run import Outcome, dry_run, run_import
from unionhall.exchange.template import VERDICT_TITLES, Template, Verdict
from unionhall.exchange.templates import by_name
from unionhall.jobs.progress import Bar, step
from unionhall.journal import audit
from unionhall.kernel.actor import SYSTEM

SHOWN = 20
_LONG_NUMBER = re.compile(r"\d{7,}[XxＸｘ]?|(?:\d[\s-]?){8,}[\dXxＸｘ]")
"""Seven digits running, or nine with gaps: longer than a date with its dashes; full-width ones too."""


@click.command("import")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", "only_look", is_flag=True, help="Say what would happen; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--accept-doubtful", is_flag=True, help="Take doubtful rows too, where the template allows it.")
@click.option(
    "--faults", type=click.Path(dir_okay=False, path_type=Path), help="Where rows given back go. Default: beside FILE."
)
def command(name: str, file: Path, only_look: bool, yes: bool, accept_doubtful: bool, faults: Path | None) -> None:
    """Bring in FILE with the template NAME (see `unionhall template`)."""
    template = by_name(name)
    if not yes or only_look:
        with Bar(f"核对{template.title}") as bar:
            preview = dry_run(template, file, by=SYSTEM, progress=bar)
        _say(template, preview)
        if only_look or not _writes(preview, accept_doubtful):
            _give_back(preview, faults or _beside(file))
            if not only_look:
                click.echo("没有要写入的行。")
            return
        click.confirm("导入以上新增和变更的行？", abort=True)
    with Bar(f"导入{template.title}") as bar:
        outcome = run_import(template, file, by=SYSTEM, accept_doubtful=accept_doubtful, progress=bar)
    _say(template, outcome)
    if outcome.batch is None:
        click.echo("没有要写入的行。")
    else:
        with step("封存"):
            audit.seal_waiting(outcome.batch)
        click.echo(f"✓ 批次 {outcome.batch}。撤回：unionhall withdraw {outcome.batch} --reason 理由")
    if _give_back(outcome, faults or _beside(file)):
        raise SystemExit(3)


def _say(template: Template, outcome: Outcome) -> None:
    parts = [f"{VERDICT_TITLES[verdict]} {outcome.counts[verdict]:,}" for verdict in Verdict]
    click.echo(f"{template.title}：{outcome.rows:,} 行，{'，'.join(parts)}")
    for fault in outcome.faults[:SHOWN]:
        reasons = "；".join(f"{_header(template, key)}{_hushed(reason)}" for key, reason in fault.reasons)
        click.echo(f"  第 {fault.number} 行 {VERDICT_TITLES[fault.verdict]}：{reasons}")
    if len(outcome.faults) > SHOWN:
        click.echo(f"  ……另有 {len(outcome.faults) - SHOWN:,} 行，见退回的工作簿。")


def _writes(preview: Outcome, accept_doubtful: bool) -> bool:
    wanted = [Verdict.NEW, Verdict.CHANGED, *([Verdict.DOUBTFUL] if accept_doubtful else [])]
    return any(preview.counts[verdict] for verdict in wanted)


def _hushed(reason: str) -> str:
    """A reason as a terminal, and whatever log keeps it, may hold it: no numbers of people and cards."""
    return _LONG_NUMBER.sub("＊＊＊", reason)


def _header(template: Template, key: str | None) -> str:
    return f"{template.column(key).header}：" if key else ""


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.stem}-退回.xlsx")


def _give_back(outcome: Outcome, path: Path) -> bool:
    if not outcome.faults:
        return False
    write_faults(outcome, path)
    click.echo(f"退回和存疑的行已写入 {path}，改好后可直接再次导入。")
    return True
