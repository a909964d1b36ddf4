"""`unionhall demo`: the demonstration district, brought in from Excel workbooks by the import everyone uses, and served.

The workbooks are made by the folder `demo/` of a checkout, which is not part of the product.
"""

import importlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType

import click
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from unionhall.exchange.run import run_import
from unionhall.exchange.templates import by_name
from unionhall.jobs import sealing
from unionhall.jobs.commands.serve import serve
from unionhall.jobs.installation import DEMONSTRATION
from unionhall.jobs.progress import Bar, console, step
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import Refused
from unionhall.ledger.actions import FundRow, open_funds
from unionhall.offers.actions import OfferRow
from unionhall.offers.terms_moves import Terms, Wanted, give_counter, set_conditions, set_terms
from unionhall.offers.use_moves import open_item
from unionhall.organisations.actions import set_password
from unionhall.organisations.models import Account, PostHeld
from unionhall.organisations.places import root
from unionhall.organisations.roles import ROLES

PASSWORD = "union-hall-demo"  # noqa: S105 - printed on purpose: it opens nothing but made-up people


@click.command("demo")
@click.option(
    "--scale", default=1.0, show_default=True, type=click.FloatRange(0.005, 1), help="1: a district of 230,584 members."
)
@click.option("--serve/--no-serve", "serves", default=True, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--keep-workbooks", type=click.Path(file_okay=False, path_type=Path), help="A folder to leave the workbooks in."
)
def command(scale: float, serves: bool, host: str, port: int, keep_workbooks: Path | None) -> None:
    """Build the demonstration district and serve it. A district that already stands is only served."""
    began = time.monotonic()
    mark = Path(settings.HOME) / DEMONSTRATION
    with step("建表"):
        call_command("migrate", interactive=False, verbosity=0)
        sealing.begin()
    with step("汇集页面文件"):
        call_command("collectstatic", interactive=False, verbosity=0)
    stands = mark.read_text().strip()
    if stands:
        console.print(f"演示区已经建好（规模 {stands}）。要重建，请先删除 {settings.HOME}。")
    else:
        _build(scale, keep_workbooks)
        mark.write_text(str(scale))
    console.print(f"\n共用时 {time.monotonic() - began:.0f} 秒。\n")
    _say_who(host, port)
    if serves:
        serve(host, port, workers=os.cpu_count() or 1)


def _build(scale: float, keep: Path | None) -> None:
    generator = _generator()
    with tempfile.TemporaryDirectory(prefix="unionhall-demo-") as scratch:
        folder = keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for name, path in generator.build_iter(folder, scale, processes=os.cpu_count() or 1):
            _bring_in(name, path)
    with step("开通演示商户的柜台"):
        _open_counter()
    for account in Account.objects.order_by("pk"):
        set_password(account.pk, PASSWORD, by=SYSTEM)
    shown = [{"username": username, "password": PASSWORD, "title": title} for username, title, _ in _accounts()]
    (Path(settings.HOME) / "demo_accounts.json").write_text(json.dumps(shown, ensure_ascii=False))


def _open_counter() -> None:
    """A benefit open from today, which the demonstration's merchant redeems: nothing of the past is counted otherwise."""
    merchant, whole = Account.objects.get(username="merchant"), root()
    today = timezone.localdate()
    item = OfferRow("card.items", "YS0001", "理发优惠", whole, today, provider="畅柳园理发店")
    with transaction.atomic():
        offer = open_item(item, by=SYSTEM)
        (fund,) = open_funds([FundRow("会员服务", "京卡会员服务项目补贴", whole)], by=SYSTEM)
        terms = Terms(
            "剪、洗、吹。到店出示电子卡。", most_each=4, per="month", fen_each=1_500, fund=fund, pays_fen=1_000
        )
        set_terms(offer, terms, by=SYSTEM)
        set_conditions(offer, [Wanted("member")], on=today, by=SYSTEM)
        give_counter(offer, merchant.pk, venue="畅柳园理发店", on=today, by=SYSTEM)


def _bring_in(name: str, path: Path) -> None:
    template = by_name(name)
    began = time.monotonic()
    with Bar(f"导入{template.title}") as bar:
        outcome = run_import(template, path, by=SYSTEM, progress=bar)
    counts = outcome.counts
    console.print(f"✓ {template.title} {path.name}：{outcome.rows:,} 行（{time.monotonic() - began:.1f} 秒）")
    if counts["refused"] or counts["doubtful"]:
        raise Refused(
            "演示数据有 {counts} 行退回、{counts_2} 行存疑：{faults}",
            counts=counts["refused"],
            counts_2=counts["doubtful"],
            faults=outcome.faults[:3],
        )


def _generator() -> ModuleType:
    """The folder demo/ beside where the command is called; it is no part of the installed package."""
    sys.path.insert(0, str(Path.cwd()))
    try:
        return importlib.import_module("demo.build")
    except ModuleNotFoundError as missing:
        if missing.name not in ("demo", "demo.build"):
            raise
        raise Refused("找不到 demo/ 文件夹：请在源码目录里运行 unionhall demo。") from None


def _say_who(host: str, port: int) -> None:
    console.print(f"[bold]http://{host}:{port}/[/bold]  数说工会（公开）    [bold]/board/[/bold]  登录后\n")
    console.print(f"账号（密码都是 {PASSWORD}）：")
    for username, title, name in _accounts():
        console.print(f"  {username:18}{title}  {name}")


def _accounts() -> list[tuple[str, str, str]]:
    """(name to sign in with, post, person) of every account of the demonstration."""
    posts = PostHeld.objects.select_related("account").order_by("account_id")
    return [(post.account.username, ROLES.get(post.role, post.role), post.account.name) for post in posts]
