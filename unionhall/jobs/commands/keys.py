"""`unionhall keys`: the keys that seal numbers, phones and confidential answers: which there are, a new one, an old one away."""

import click
from django.utils import timezone

from unionhall.jobs import resealing_moves as resealing
from unionhall.kernel.actor import SYSTEM
from unionhall.storage.sealed import keys as key_service


@click.group("keys")
def command() -> None:
    """The sealing keys: shown, rotated, and what older ones hold sealed anew."""


@command.command("show")
def show() -> None:
    """Which keys there are, and how many sealed values and pieces of files each of them holds."""
    held, service = resealing.count(), key_service()
    for kid in service.kids:
        click.echo(f"{'*' if kid == service.active else ' '} {kid}  {held.pop(kid, 0):,} 项")
    for kid, many in sorted(held.items()):
        click.echo(f"✗ {kid}  {many:,} 项：密钥不在密钥文件中，打不开", err=True)
    if held:
        raise SystemExit(1)


@command.command("rotate")
def rotate() -> None:
    """Add a key, with which everything is sealed from now on. Running processes take it over within ten seconds."""
    kid = resealing.rotate(by=SYSTEM)
    click.echo(f"✓ 新密钥 {kid} 已启用，请立即备份密钥文件；然后用 unionhall keys reseal 重新加密原有内容。")


@command.command("reseal")
def reseal() -> None:
    """Seal anew, with today's key and cipher, whatever others hold; while everybody works on. Broken off, call it again."""
    began = timezone.now()

    def told(what: str, many: int) -> None:
        if many:
            click.echo(f"  {what}：{many:,}")

    done = resealing.reseal(by=SYSTEM, told=told)
    seconds = (timezone.now() - began).total_seconds()
    click.echo(f"✓ 重新加密 {done.rows:,} 行、{done.files:,} 个文件，用时 {seconds:.0f} 秒。")
    for left in done.left[:20]:
        click.echo(f"✗ 未动：{left}", err=True)
    if done.left:
        click.echo(f"✗ {len(done.left):,} 项未能重新加密，请用 unionhall verify 查明。", err=True)
        raise SystemExit(3)


@command.command("retire")
@click.argument("kid")
def retire(kid: str) -> None:
    """Move the key KID, which holds nothing any more, out of the key file into one of its own."""
    apart = resealing.retire(kid, by=SYSTEM)
    click.echo(f"✓ 密钥 {kid} 已移到 {apart}。打开此前的备份还要用它：请移到保险处，不再需要那些备份时再销毁。")


@command.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
def restore(file: str) -> None:
    """Put a retired key back from FILE, to open what a backup brought with it."""
    click.echo(f"✓ 密钥 {resealing.restore(file, by=SYSTEM)} 已放回密钥文件。")
