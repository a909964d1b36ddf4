"""The only code that writes published facts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from unionhall.indicators import published
from unionhall.indicators.figures import Figure
from unionhall.indicators.models import PublishedFact
from unionhall.indicators.published import Address, Finding
from unionhall.indicators.territory import moves
from unionhall.indicators.values import Rate
from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.period import Period
from unionhall.organisations.models import Place
from unionhall.organisations.roles import holders
from unionhall.storage import bulk, turns

WRITERS = tuple(holders("figures.publish"))
_NAMED = 5
_COLUMNS = (
    "id", "publication", "indicator", "definition_version", "path", "start", "end", "numerator", "denominator", "records",
    "evidence", "revision", "difference", "reason", "published_at", "by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Publication:
    """What one publishing did. `number` is None when every fact already stood as it is: nothing was written."""

    number: int | None
    first: int
    revised: int
    unchanged: int


def publish(
    figures: Iterable[Figure], paths: Sequence[str], period: Period, *, by: Actor, reason: str = ""
) -> Publication:
    """Publish what the records say now of each figure at each place.

    A fact never published gets revision 1. A fact whose number, evidence or definition has changed since gets the next
    revision, with the difference; that needs a reason, or all of it is Refused with the list of what changed. A fact
    that stands as it was published is left alone. All in one transaction, one publication at a time.
    """
    wanted = {figure.key: figure for figure in figures}
    places = list(dict.fromkeys(paths))
    for path in places:
        by.must_reach(path, *WRITERS)
    with transaction.atomic():
        turns.take(PublishedFact)
        moved = moves()
        standing = published.facts(wanted, places, period)
        fresh: list[tuple[Address, Finding, PublishedFact | None]] = []
        for figure in wanted.values():
            for path, now in published.findings(figure, places, period, moved=moved).items():
                address = Address(figure.key, path, period.start, period.end)
                last = standing.get(address)
                if last is None or last.definition_version != figure.version or not published.same(last, now):
                    fresh.append((address, now, last))
        revised = [(address, now, last) for address, now, last in fresh if last is not None]
        if revised and not reason.strip():
            raise Refused(_what_changed(revised, wanted))
        number = _write(fresh, wanted, reason.strip(), by) if fresh else None
    return Publication(number, len(fresh) - len(revised), len(revised), len(wanted) * len(places) - len(fresh))


def _write(
    fresh: Sequence[tuple[Address, Finding, PublishedFact | None]], figures: dict[str, Figure], reason: str, by: Actor
) -> int:
    number: int = (PublishedFact.objects.aggregate(last=Max("publication"))["last"] or 0) + 1
    at = datetime.now(UTC)
    rows = [
        (fact, number, address.indicator, figures[address.indicator].version, address.path, address.start, address.end,
         now.numerator, now.denominator, now.records, now.evidence, last.revision + 1 if last else 1,
         difference(last, now) if last else 0, reason if last else "", at, by.account)
        for fact, (address, now, last) in zip(bulk.ids(PublishedFact, len(fresh)), fresh, strict=True)
    ]  # fmt: skip
    bulk.insert(PublishedFact, _COLUMNS, rows)
    top = min((address.path for address, _, _ in fresh), key=len)
    revised = any(last for _, _, last in fresh)
    entry = journal.Entry(
        "report", "published", top, timezone.localdate(), f"publication:{number}", kind="revised" if revised else "",
        quantity=len(fresh), reason=reason if revised else "",
    )  # fmt: skip
    journal.write(entry, by=by)
    subject, note = f"publication:{number}", f"{len(fresh):,} 项"
    audit.write(
        "figure.publish", by=by, subject=subject, path=top, keys=[(PublishedFact, [row[0] for row in rows])], note=note
    )
    return number


def difference(last: PublishedFact, now: Finding) -> int:
    """The new number less the published one: records, fen, or hundredths of a percent of a rate."""
    if last.denominator is None or now.denominator is None:
        return now.numerator - last.numerator
    old, new = (Rate(one.numerator, one.denominator or 0).percent or Decimal(0) for one in (last, now))
    return int((new - old) * 100)


def _what_changed(revised: Sequence[tuple[Address, Finding, PublishedFact]], figures: dict[str, Figure]) -> str:
    names = dict(
        Place.objects.filter(path__in=[address.path for address, _, _ in revised[:_NAMED]]).values_list("path", "name")
    )
    told = []
    for address, now, last in revised[:_NAMED]:
        figure = figures[address.indicator]
        old, new = figure.exact(published.value_of(last)), figure.exact(now.value)
        how = f"{old} → {new} {figure.unit}" if old != new else f"{new} {figure.unit}，数未变，所依据的记录或口径变了"
        told.append(f"{names.get(address.path, address.path or '全部')}{figure.title} {how}")
    more = f"……等 {len(revised)} 项" if len(revised) > _NAMED else ""
    return f"已公布的数字变了，须写明理由才能发布修订：{'；'.join(told)}{more}。"
