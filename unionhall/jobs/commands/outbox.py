"""`unionhall outbox`: do messages leave the house, and which did not?"""

from datetime import datetime

import click
from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from unionhall.messages import standing
from unionhall.messages.models import FAILED, HELD, OPEN, WAITING, Message
from unionhall.messages.recipients import CHANNELS

STATES = {
    HELD: "留着", WAITING: "待发", "sent": "已发", "gathered": "并入", FAILED: "未能发出", "expired": "过时未发",
}  # fmt: skip


@click.command("outbox")
@click.option(
    "--last", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many of the last failures."
)
def command(last: int) -> None:
    """How many messages wait, went and failed on each channel, and why the last ones did not go. No number, no text."""
    now = timezone.now()
    click.echo(
        f"免打扰时段 {standing.quiet_hours(timezone.localdate(now))}{'，现在就是' if standing.is_quiet(now) else ''}"
    )
    counts = {(channel, state): n for channel, state, n in _counts()}
    for channel, title in CHANNELS.items():
        said = "，".join(
            f"{word} {counts[channel, state]:,}" for state, word in STATES.items() if (channel, state) in counts
        )
        way = "" if getattr(settings, channel.upper()) else f"（没有设置 UNIONHALL_{channel.upper()}）"
        click.echo(f"{title}：{said or '没有消息'}{way}")
    oldest = Message.objects.filter(state__in=OPEN, not_before__lte=now).order_by("created_at").first()
    if oldest is not None:
        click.echo(f"等得最久的从 {_local(oldest.created_at)} 等起，试过 {oldest.attempts} 次{_why(oldest)}。")
    failed = list(Message.objects.filter(state=FAILED).order_by("-pk")[:last])
    for row in failed:
        tried = _local(row.tried_at) if row.tried_at else ""
        click.echo(
            f"✗ {row.pk} {CHANNELS.get(row.channel, row.channel)} {row.about} 试过 {row.attempts} 次，{tried}{_why(row)}"
        )
    if not failed:
        click.echo("✓ 没有未能发出的消息。")


def _counts() -> list[tuple[str, str, int]]:
    rows = Message.objects.values_list("channel", "state").annotate(n=Count("pk"))
    return [(channel, state, n) for channel, state, n in rows.order_by("channel", "state")]


def _why(row: Message) -> str:
    return f"，{row.trouble}" if row.trouble else ""


def _local(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"
