"""What an officer says of an item beside its name: its terms, whom it is for, and which outside accounts work with it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.offers import conditions, service
from unionhall.offers.eligibility import PER
from unionhall.offers.models import Counter, Offer, OfferCondition
from unionhall.organisations.models import Account


class Terms(NamedTuple):
    """`most_each` participations a person within `per`; `fen_each` is what one redemption costs `fund` (an id),
    `pays_fen` what the person pays on the spot. `details` answers the form of the item's service.
    """

    text: str = ""
    most_each: int | None = None
    per: str = "ever"
    fen_each: int = 0
    fund: int | None = None
    pays_fen: int = 0
    details: Mapping[str, str] = {}


class Wanted(NamedTuple):
    """A condition of the vocabulary by its key, and its value where it asks for one."""

    condition: str
    value: str = ""


def set_terms(offer: int, terms: Terms, *, by: Actor) -> None:
    """Say what an item is and how often one may take part. Refused: an answer the service's form does not take."""
    with transaction.atomic():
        item = run_by(offer, by=by)
        if terms.per not in PER or (terms.most_each is not None and not 0 < terms.most_each < 1_000):
            raise Refused("每人次数应在 1 到 999 之间，并写明按什么期间计算。", code="most_each")
        if terms.fen_each < 0 or (terms.fen_each and terms.fund is None):
            raise Refused("有费用的项目要写明由哪项资金支出。", code="fund")
        if terms.pays_fen < 0:
            raise Refused("本人支付的金额不能小于零。", code="pays_fen")
        item.text, item.most_each, item.per = terms.text.strip(), terms.most_each, terms.per
        item.fen_each, item.fund_id, item.pays_fen = terms.fen_each, terms.fund, terms.pays_fen
        item.details, item.digest = _answered(item.service, terms.details), None
        item.save()
        audit.write("offer.terms", by=by, subject=f"offer:{offer}", path=item.path, rows=(item,))


def set_conditions(offer: int, wanted: Sequence[Wanted], *, on: date, by: Actor) -> None:
    """From a day on the item has these conditions and no others; those that went before are ended, not deleted."""
    with transaction.atomic():
        item = run_by(offer, by=by)
        allowed = service.find(item.service).conditions
        asked = list(dict.fromkeys((one.condition, conditions.find(one.condition).check(one.value)) for one in wanted))
        if odd := [key for key, _ in asked if key not in allowed]:
            raise Refused("这项业务不用“{title}”这个条件。", code="conditions", title=conditions.find(odd[0]).title)
        standing = {(row.condition, row.value): row for row in OfferCondition.objects.filter(offer=offer, until=None)}
        touched = []
        for said, row in standing.items():
            if said not in asked:
                row.until = max(on, row.since)
                row.save()
                touched.append(row)
        for key, value in asked:
            if (key, value) not in standing:
                touched.append(OfferCondition.objects.create(offer=item, condition=key, value=value, since=on))
        if touched:
            audit.write("offer.conditions", by=by, subject=f"offer:{offer}", path=item.path, rows=touched)


def give_counter(offer: int, account: int, *, venue: str, on: date, by: Actor) -> int:
    """An outside account (a merchant's, a counsellor's) works with this item from a day on; the counter's id."""
    with transaction.atomic():
        item = run_by(offer, by=by)
        if not Account.objects.filter(pk=account, is_active=True).exists():
            raise Refused("没有这个账号，或者已经停用。", code="account")
        if Counter.objects.filter(offer=offer, account=account, until=None).exists():
            raise Refused("这个账号已经在办理这个项目。", code="account")
        row = Counter.objects.create(offer=item, account=account, venue=venue.strip(), path=item.path, since=on)
        audit.write("offer.counter", by=by, subject=f"offer:{offer}", path=item.path, rows=(row,))
        return row.pk


def end_counter(counter: int, *, on: date, by: Actor) -> None:
    """The account works with the item no longer, from a day on."""
    with transaction.atomic():
        row = Counter.objects.select_for_update().filter(pk=counter).first()
        if row is None:
            raise NotYours(f"counter:{counter}")
        run_by(row.offer_id, by=by)
        if row.until is not None:
            raise Refused("这个账号已经不再办理这个项目。")
        row.until = max(on, row.since)
        row.save()
        audit.write("offer.counter.end", by=by, subject=f"offer:{row.offer_id}", path=row.path, rows=(row,))


def run_by(offer: int, *, by: Actor) -> Offer:
    """The item, locked, when this actor runs it; somebody else's is not there."""
    # no_key: who signs up points at the row and must not wait for what is written of it.
    item: Offer | None = Offer.objects.select_for_update(no_key=True).filter(pk=offer).first()
    if item is None:
        raise NotYours(f"offer:{offer}")
    by.must_reach(item.path, *service.find(item.service).runs())
    return item


def _answered(key: str, details: Mapping[str, Any]) -> dict[str, str]:
    form = {field.key: field for field in service.find(key).form}
    if odd := sorted(details.keys() - form.keys()):
        raise Refused("这项业务不填“{odd}”。", code="details", odd=odd[0])
    kept = {name: str(value).strip() for name, value in details.items() if str(value).strip()}
    missing = [field.title for field in form.values() if field.required and field.key not in kept]
    if missing:
        raise Refused("还要填写：{missing}。", code="details", missing=list(missing))
    for name, value in kept.items():
        if form[name].choices and value not in dict(form[name].choices):
            raise Refused("“{title}”请从列表中选择。", code="details", title=form[name].title)
    return kept
