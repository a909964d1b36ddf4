"""A payment taken back: its posting is reversed, and what it paid for is to be paid again.

The ledger knows neither matters nor places; the concepts above declare what they paid for by a posting (undoing.py).
"""

from django.db import transaction

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.ledger import actions as ledger
from unionhall.ledger import undoing
from unionhall.ledger.models import Posting
from unionhall.organisations.roles import holders


def take_back(posting: int, *, reason: str, by: Actor) -> list[str]:
    """Reverse a posting, and let what it paid for stand as before its payment, so that no figure counts money that came
    back; the kinds of what was undone. Refused: without a reason, a reversal itself, or a posting reversed before.
    """
    if not reason.strip():
        raise Refused("冲销必须写明理由。", code="reason")
    with transaction.atomic():
        paid = Posting.objects.select_for_update().filter(pk=posting).first()
        if paid is None or not by.holds(*holders("funds.change")):
            raise NotYours(f"posting:{posting}")
        for path in paid.entries.values_list("path", flat=True).distinct():
            by.must_reach(path, *holders("funds.change"))
        if paid.reverses_id is not None:
            raise Refused("这本身就是一笔冲销，不能再冲销。")
        # What was paid is held before its fund is, as when it was paid: two who meet here do not wait for each other.
        undo = undoing.held(paid)
        ledger.reverse(posting, reason=reason.strip(), by=by)
        for then in undo.values():
            then(reason.strip(), by)
        return list(undo)
