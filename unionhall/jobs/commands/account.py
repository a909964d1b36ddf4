"""`unionhall account`: a way in for an officer whose posts were brought in with the template `posts`."""

import click

from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import Refused
from unionhall.organisations.actions import set_password
from unionhall.organisations.models import Account


@click.command("account")
@click.argument("username")
@click.password_option(help="Asked for when not given.")
def command(username: str, password: str) -> None:
    """Set the password of an account."""
    account = Account.objects.filter(username=username).first()
    if account is None:
        raise Refused(f"没有账号“{username}”，请先用模板 posts 导入岗位与账号。")
    set_password(account.pk, password, by=SYSTEM)
    click.echo(f"✓ {account.name}（{username}）的密码已设置。")
