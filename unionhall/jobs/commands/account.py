"""`unionhall account`: ways in for officers whose posts were brought in with the template `posts`."""

import click
from django.urls import reverse
from django.utils import timezone

from unionhall.access.actions import passwords, second, sessions
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import Refused
from unionhall.organisations.models import Account


@click.group("account")
def command() -> None:
    """Ways in for officers: password, invitation, lost device, tries used up, sessions."""


@command.command("password")
@click.argument("username")
@click.password_option(help="Asked for when not given.")
def password(username: str, password: str) -> None:
    """Set the password of USERNAME, as the profile wants it; who is signed in with the old one is out."""
    account = _of(username)
    passwords.choose_password(account.pk, password, by=SYSTEM, now=timezone.now())
    click.echo(f"✓ {account.name}（{username}）的密码已设置。")


@command.command("invite")
@click.argument("username")
@click.option("--address", default="", help="Of this server, to print the whole link: https://example.org")
def invite(username: str, address: str) -> None:
    """Print a link by which USERNAME chooses a password, once, within 72 hours."""
    account = _of(username)
    word = passwords.invite(account.pk, by=SYSTEM, now=timezone.now())
    click.echo(f"{address.rstrip('/')}{reverse('sign-in-invitation', args=[word])}")
    click.echo(f"✓ 请把上面的链接只交给 {account.name} 本人；72 小时内有效，只能用一次。", err=True)


@command.command("reset-factor")
@click.argument("username")
def reset_factor(username: str) -> None:
    """USERNAME lost the device: it counts no more, and another is set up at the next sign-in."""
    account = _of(username)
    second.reset(account.pk, by=SYSTEM)
    click.echo(f"✓ {account.name}（{username}）下次登录时重新绑定验证器。")


@command.command("unlock")
@click.argument("username")
def unlock(username: str) -> None:
    """Let USERNAME try again at once after too many wrong passwords or codes."""
    account = _of(username)
    passwords.unlock(account.pk, by=SYSTEM)
    click.echo(f"✓ {account.name}（{username}）现在可以登录。")


@command.command("sign-out")
@click.argument("username")
def sign_out(username: str) -> None:
    """End every session of USERNAME."""
    account = _of(username)
    gone = sessions.end_all(account.pk, by=SYSTEM, because="operator")
    click.echo(f"✓ {account.name}（{username}）的 {gone} 处登录已退出。")


def _of(username: str) -> Account:
    account = Account.objects.filter(username=username, worker=None).first()
    if account is None:
        raise Refused("没有账号“{username}”，请先用模板 posts 导入岗位与账号。", username=username)
    return account
