"""Goods on their way to people: planned within a budget, allotted to unions, delivered, signed for, paid.

Every step is refused that would pass the one before: no more is allotted than there is, delivered than was allotted, signed
for than was delivered. Every step locks the allotment's row, so that two of them never count the same units.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.actions import Entry
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.paths import within
from unionhall.ledger import actions as ledger
from unionhall.offers import service
from unionhall.offers.goods_models import Allotment, Delivery
from unionhall.offers.models import ATTENDED, Offer, Participation
from unionhall.offers.standing import entries_of
from unionhall.offers.terms_moves import run_by
from unionhall.organisations.models import Union
from unionhall.organisations.roles import holders
from unionhall.people.models import Membership
from unionhall.storage import bulk

MOST = 1_000_000
_ROW = (
    "id", "offer_id", "person_id", "path", "on", "number", "quantity", "verified_by", "allotment_id", "state", "adults",
    "children", "employer", "key", "used_key", "verifier", "fen",
)  # fmt: skip


class Part(NamedTuple):
    """So many units for one union (its id)."""

    union: int
    units: int


def plan(offer: int, units: int, budget_fen: int, *, by: Actor) -> None:
    """How many units of the item there are, and what they may cost together. Refused: beyond the budget, fewer than allotted."""
    with transaction.atomic():
        item = _goods(offer, by)
        if not 0 < units <= MOST:
            raise Refused("份数应大于零。", code="units")
        if units * item.fen_each > budget_fen:
            raise Refused(
                "{units} 份按每份 {fen_each:.2f} 元共 {units_2:,.2f} 元，超过预算。",
                code="budget_fen",
                units=units,
                fen_each=item.fen_each / 100,
                units_2=units * item.fen_each / 100,
            )
        allotted = _sum(Allotment.objects.filter(offer=offer))
        if units < allotted:
            raise Refused("已经分配 {allotted} 份，不能少于这个数。", code="units", allotted=allotted)
        item.units, item.budget_fen, item.digest = units, budget_fen, None
        item.save()
        audit.write("offer.goods.plan", by=by, subject=f"offer:{offer}", path=item.path, rows=(item,))


def allot(offer: int, parts: Sequence[Part], *, by: Actor) -> int:
    """Say how many units each of these unions gets; 0 takes a union off. Unions not named keep what they have. How many changed.

    Refused: more than there are, fewer than were delivered, a union of another place, the same one twice.
    """
    with transaction.atomic():
        item = _goods(offer, by)
        if item.units is None:
            raise Refused("请先定下份数和预算。", code="parts")
        if len({part.union for part in parts}) < len(parts) or any(not 0 <= part.units <= MOST for part in parts):
            raise Refused("每个工会只写一行，份数不能是负数。", code="parts")
        unions = {one.pk: one for one in Union.objects.filter(pk__in=[part.union for part in parts], until=None)}
        for part in parts:
            if part.union not in unions or not within(unions[part.union].path, item.path):
                raise Refused("只能分给本项目所在地方的工会。", code="parts")
        standing = {
            row.union_id: row for row in Allotment.objects.select_for_update().filter(offer=offer).order_by("pk")
        }
        touched, gone = [], []
        for part in parts:
            row = standing.get(part.union)
            if row is None and part.units:
                row = Allotment(offer=item, union=unions[part.union], path=unions[part.union].path, units=part.units)
                row.pk = bulk.ids(Allotment, 1)[0]
                row.save(force_insert=True)
                touched.append(row)
            elif row is not None and row.units != part.units:
                brought = _sum(Delivery.objects.filter(allotment=row.pk, void_because=""))
                if part.units < brought:
                    raise Refused(
                        "{name}已经送达 {brought} 份，不能少于这个数。",
                        code="parts",
                        name=unions[part.union].name,
                        brought=brought,
                    )
                if not part.units and not Delivery.objects.filter(allotment=row.pk).exists():
                    gone.append((Allotment, [row.pk]))
                    row.delete()
                    continue
                row.units = part.units
                row.save()
                touched.append(row)
        over = _sum(Allotment.objects.filter(offer=offer)) - item.units
        if over > 0:
            raise Refused("分配的份数比总数多 {over} 份，请核对。", code="parts", over=over)
        if touched or gone:
            audit.write("offer.goods.allot", by=by, subject=f"offer:{offer}", path=item.path, rows=touched, keys=gone)
        return len(touched) + len(gone)


def deliver(allotment: int, units: int, receiver: str, *, on: date, by: Actor) -> int:
    """Units brought to the union, where `receiver` signed for them; the delivery's id. Refused: more than is still due."""
    with transaction.atomic():
        row = _locked(allotment, by)
        due = row.units - _sum(Delivery.objects.filter(allotment=allotment, void_because=""))
        if not 0 < units <= due:
            raise Refused("这个工会还有 {due} 份没有送达，请核对份数。", code="units", due=due)
        if not receiver.strip():
            raise Refused("请写明单位由谁签收。", code="receiver")
        _not_ahead(on)
        number = bulk.ids(Delivery, 1)[0]
        made = Delivery.objects.create(
            pk=number, allotment=row, path=row.path, on=on, units=units, receiver=receiver.strip()[:64], void_because=""
        )
        told = Entry(
            row.offer.service, "delivered", row.path, on, made.subject, kind=service.kind_of(row.offer), quantity=units
        )
        lines = journal.put([told], by=by)
        audit.write("offer.goods.deliver", by=by, subject=made.subject, path=row.path, rows=(made,), parts=[lines])
        return number


def take_back(delivery: int, *, reason: str, by: Actor) -> None:
    """A delivery that never was: its line is voided, the row stays to be seen. Refused: paid for, or signed for by people."""
    if not reason.strip():
        raise Refused("作废必须写明原因。", code="reason")
    with transaction.atomic():
        found = Delivery.objects.filter(pk=delivery).values_list("allotment", flat=True).first()
        row = _locked(found or 0, by)
        made = Delivery.objects.select_for_update().get(pk=delivery)
        if made.void_because:
            raise Refused("这次送达已经作废。")
        if made.posting is not None:
            raise Refused("这次送达已经付款，请先由财务冲销。")
        left = _sum(Delivery.objects.filter(allotment=row.pk, void_because="").exclude(pk=delivery))
        if left < _signed(row.pk):
            raise Refused("已有职工签收了这些份数，不能作废。")
        made.void_because = reason.strip()[:200]
        made.save()
        journal.void(list(Line.objects.standing().filter(subject=made.subject)), by=by, reason=reason.strip())
        audit.write("offer.goods.take_back", by=by, subject=made.subject, path=row.path, rows=(made,))


def sign(allotment: int, people: Sequence[int], *, units: int = 1, on: date, by: Actor) -> int:
    """These members of the union signed for so many units each; how many signed. All or none.

    Refused: more than was delivered and not signed for, somebody who is not a member there that day or signed before.
    """
    with transaction.atomic():
        row = _locked(allotment, by)
        _not_ahead(on)
        wanted = list(dict.fromkeys(people))
        if not wanted or not 0 < units <= 1_000:
            raise Refused("请勾选签收的职工，每人份数应大于零。", code="units")
        members = {
            one.person_id: one
            for one in Membership.objects.on(on).filter(person__in=wanted, union=row.union_id).select_related("person")
        }
        if len(members) < len(wanted):
            raise Refused("勾选的人里有当天不是这个工会会员的，请核对。", code="people")
        before = Participation.objects.filter(
            offer=row.offer_id, person__in=wanted, state=ATTENDED, allotment__isnull=False
        )
        if again := list(before.select_related("person")[:5]):
            raise Refused(
                "{again} 已经签收过，请不要重复登记。", code="people", again=[str(one.person) for one in again]
            )
        left = _sum(Delivery.objects.filter(allotment=allotment, void_because="")) - _signed(allotment)
        if len(wanted) * units > left:
            raise Refused("送达而没有签收的只有 {left} 份，请核对。", code="units", left=left)
        rows = [
            Participation(
                pk=number, offer=row.offer, person_id=person, path=members[person].path, on=on, number=f"QS-{number}",
                quantity=units, verified_by="roster", allotment=row, state=ATTENDED, adults=0, children=0,
                employer=members[person].employer_id, key="", used_key="", verifier=by.account, fen=0,
            )
            for number, person in zip(bulk.ids(Participation, len(wanted)), wanted, strict=True)
        ]  # fmt: skip
        bulk.insert(Participation, _ROW, [tuple(one.__dict__[name] for name in _ROW) for one in rows])
        lines = journal.put([entry for one in rows for entry in entries_of(one)], by=by)
        numbers = [one.pk for one in rows]
        audit.wrote("offer.goods.sign", Participation, numbers, by=by, paths=[one.path for one in rows], parts=[lines])
        return len(rows)


def pay(delivery: int, *, on: date, by: Actor) -> int:
    """Pay what a delivery cost, out of the item's fund; fen. Once a delivery."""
    with transaction.atomic():
        made = Delivery.objects.select_for_update().select_related("allotment__offer").filter(pk=delivery).first()
        if made is None:
            raise NotYours(f"delivery:{delivery}")
        by.must_reach(made.path, *holders("funds.change"))
        item = made.allotment.offer
        _not_ahead(on)
        if made.void_because or made.posting is not None:
            raise Refused("这次送达已经作废或已经付款。")
        fen: int = made.units * item.fen_each
        if not fen or item.fund_id is None:
            raise Refused("这个项目没有写明单价和资金，不能付款。")
        (made.posting,) = ledger.post_many(
            [ledger.payment(made.subject, item.fund_id, fen, item.service, on, made.path)], by=by
        )
        made.save(update_fields=["posting"])
        told = Entry(
            item.service, "paid", made.path, on, made.subject, kind=service.kind_of(item), fen=fen, quantity=made.units
        )
        lines = journal.put([told], by=by)
        audit.write("offer.goods.pay", by=by, subject=made.subject, path=made.path, rows=(made,), parts=[lines])
        return int(fen)


def _goods(offer: int, by: Actor) -> Offer:
    """The item, locked, when this actor runs it and its service gives things out."""
    item = run_by(offer, by=by)
    if "quantity" not in service.find(item.service).counts:
        raise Refused("这项业务不发放物品。")
    return item


def _locked(allotment: int, by: Actor) -> Allotment:
    """The allotment, locked, for who runs the item or gives things out at the union's place."""
    row: Allotment | None = (
        Allotment.objects.select_for_update(of=("self",)).select_related("offer").filter(pk=allotment).first()
    )
    if row is None:
        raise NotYours(f"allotment:{allotment}")
    by.must_reach(row.path, *service.find(row.offer.service).runs())
    return row


def _signed(allotment: int) -> int:
    rows = Participation.objects.filter(allotment=allotment, state=ATTENDED)
    found: int | None = rows.aggregate(n=Sum("quantity"))["n"]
    return found or 0


def _sum(rows: "QuerySet[Any]") -> int:
    found: int | None = rows.aggregate(n=Sum("units"))["n"]
    return found or 0


def _not_ahead(on: date) -> None:
    if on > timezone.localdate():
        raise Refused("日期不能晚于今天。", code="on")
