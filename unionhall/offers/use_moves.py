"""What an officer does with uses one by one: records them for members they picked, and declares one void."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.offers import actions
from unionhall.offers.actions import OfferRow, Use
from unionhall.offers.models import ABSENT, UNDONE, Offer, Participation
from unionhall.offers.voided import voided
from unionhall.organisations.roles import holders
from unionhall.people.models import Membership
from unionhall.storage import bulk


def open_item(row: OfferRow, *, by: Actor) -> int:
    """Open one item; its id."""
    by.must_reach(row.path, *holders("offers.change"))
    if row.until is not None and row.until <= row.since:
        raise Refused("结束日期要晚于开放日期。", code="until")
    if Offer.objects.filter(service=row.service, code=row.code).exists():
        raise Refused("编号 {number} 已经用过，请换一个。", code="code", number=row.code)
    return actions.open_offers([row], by=by)[0]


def close_item(offer: int, *, by: Actor, on: date) -> None:
    """An item is no longer open from a day on. Refused when it was used on or after that day."""
    with transaction.atomic():
        item = Offer.objects.select_for_update().filter(pk=offer).first()
        if item is None:
            raise NotYours(f"offer:{offer}")
        by.must_reach(item.path, *holders("offers.change"))
        if on <= item.since:
            raise Refused("结束日期要晚于开放日期。", code="on")
        if Participation.objects.filter(offer=offer, on__gte=on).exists():
            raise Refused("这一天及以后还有使用记录，请改用更晚的日期。", code="on")
        ended = OfferRow(item.service, item.code, item.title, item.path, item.since, on, item.provider, item.kind)
        actions.change_offers([(offer, ended)], by=by)


def record(offer: int, memberships: Sequence[int], *, by: Actor, on: date, quantity: int = 1) -> int:
    """The members behind these memberships used the item on a day; how many uses were recorded. All or none.

    Refused: an item that was not open that day, a day to come, someone who used it that day already.
    """
    with transaction.atomic():
        # Locked, so that two officers do not give out the same numbers.
        item = Offer.objects.select_for_update().filter(pk=offer).first()
        if item is None:
            raise NotYours(f"offer:{offer}")
        if on > timezone.localdate():
            raise Refused("使用日期不能晚于今天。", code="on")
        if on < item.since or (item.until is not None and on >= item.until):
            raise Refused("“{title}”在 {on} 没有开放。", code="on", title=item.title, on=on.isoformat())
        held = list(Membership.objects.filter(pk__in=memberships).select_related("person").order_by("pk"))
        if not held or len(held) != len(set(memberships)):
            raise NotYours("membership")
        for path in {one.path for one in held}:
            by.must_reach(path, *holders("offers.change"))
        people = list(dict.fromkeys(one.person_id for one in held))
        same = {
            one.pk: one
            for one in Participation.objects.filter(offer=offer, on=on, person__in=people).select_related("person")
        }
        if again := sorted(set(same) - voided(same)):
            names = "、".join(str(same[one].person) for one in again[:5])
            raise Refused("{names} 当天已经登记过这个项目，请不要重复登记。", names=names)
        numbers = _numbers(offer, on, len(people))
        uses = [
            Use(offer, person, on, number, quantity, "roster") for person, number in zip(people, numbers, strict=True)
        ]
        return len(actions.record_uses(uses, by=by))


def void(use: int, *, by: Actor, reason: str) -> None:
    """A use that never was: its line is voided, so no figure counts it; the record stays to be seen."""
    if not reason.strip():
        raise Refused("作废必须写明原因。", code="reason")
    with transaction.atomic():
        row = Participation.objects.select_for_update().filter(pk=use).first()
        if row is None:
            raise NotYours(f"participation:{use}")
        by.must_reach(row.path, *holders("offers.change"))
        lines = list(Line.objects.standing().filter(subject=row.subject, act__in=("used", "accompanied")))
        if not lines:
            raise Refused("这条使用记录已经作废。")
        journal.void(lines, by=by, reason=reason.strip())
        # A place at a session stays theirs, as of one who did not come; any other use is no more, and counts for no limit.
        state = UNDONE if row.session_id is None else ABSENT
        bulk.update(Participation, ("digest", "state"), [(use, None, state)])
        audit.write("offer.use.void", by=by, subject=row.subject, path=row.path, rows=(row,), about=row.person_id)


def _numbers(offer: int, on: date, count: int) -> list[str]:
    """Numbers of the desk's own for the uses of one day: "DJ20150601-1" and on."""
    day = f"DJ{on:%Y%m%d}-"
    taken = Participation.objects.filter(offer=offer, number__startswith=day).count()
    return [f"{day}{at}" for at in range(taken + 1, taken + count + 1)]
