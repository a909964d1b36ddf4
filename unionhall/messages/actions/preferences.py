"""What somebody wants to be reached by."""

from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.messages.kinds import LANGUAGES
from unionhall.messages.models import Preference
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer


class Wanted(NamedTuple):
    """Channels, and where they lead. `mailbox` and `wechat_id`: None leaves what stands, "" takes it away."""

    sms: bool
    wechat: bool
    email: bool
    language: str
    mailbox: str | None = None
    wechat_id: str | None = None


def choose(wanted: Wanted, *, by: Actor, now: datetime) -> None:
    """The actor's own preferences, from now on. Refused: e-mail without an address, WeChat without a bound account."""
    if by.person is None and by.account is None:
        raise NotYours("preference")
    if wanted.language not in LANGUAGES:
        raise Refused("请在列出的语言里选择。", code="language")
    mailbox = None if wanted.mailbox is None else wanted.mailbox.strip()
    if mailbox:
        _check(mailbox)
    with transaction.atomic():
        row = Preference.objects.visible_to(by).select_for_update().first()
        if row is None:
            (number,) = bulk.ids(Preference, 1)
            row = Preference(
                pk=number, person_id=by.person, account_id=None if by.person is not None else by.account, changed_at=now
            )
        for name, said in (("mailbox", mailbox), ("wechat_id", wanted.wechat_id)):
            if said is not None:
                setattr(row, name, sealer(Preference, name)(row.pk, said) if said else None)
        if wanted.email and row.mailbox is None:
            raise Refused("要用电子邮件，请先填写邮箱地址。", code="mailbox")
        if wanted.wechat and row.wechat_id is None:
            raise Refused("要用微信，请先在工会公众号里绑定。", code="wechat")
        row.sms, row.wechat, row.email, row.language = wanted.sms, wanted.wechat, wanted.email, wanted.language
        row.changed_at = now
        row.save()
        audit.write("message.prefer", by=by, subject=f"preference:{row.pk}", about=by.person, note=str(row))


def _check(mailbox: str) -> None:
    try:
        validate_email(mailbox)
    except ValidationError:
        raise Refused("这不像一个邮箱地址，请核对，例如 li@example.com。", code="mailbox") from None
