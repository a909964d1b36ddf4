"""The checks behind `unionhall verify`. They only read."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Count, F, Model, Q, QuerySet, Sum

from unionhall import catalogue
from unionhall.cases.models import Case
from unionhall.indicators.figures import Counted, Figure, Ratio
from unionhall.indicators.models import PublishedFact
from unionhall.journal.models import Line
from unionhall.kernel.keys import SealBroken
from unionhall.kernel.period import Period
from unionhall.ledger.models import Entry, Posting
from unionhall.organisations.models import Place
from unionhall.people.models import Card, Membership, Person
from unionhall.storage.sealed import SealedField, keys

SEALS_TRIED = 2_000


class Finding(NamedTuple):
    """One thing checked: in words, and whether it is as it should be."""

    what: str
    right: bool


def verify(period: Period) -> Iterator[Finding]:
    """Every check, one finding each."""
    yield from figures_open(period)
    yield from ledger_balances()
    yield from registers_agree()
    yield from seals_open()
    yield from facts_stand()


def figures_open(period: Period) -> Iterator[Finding]:
    """The number equals its records, counted apart, for the whole and for each part."""
    roots = list(Place.objects.filter(parent=None).values_list("path", flat=True))
    for figure in catalogue.figures().values():
        faults = [
            f"{path}：{value}，记录 {records}"
            for counted in _counted(figure)
            for path in roots
            for value, records in [(counted.value(path, period), len_of(counted, path, period))]
            if value != records
        ]
        faults += [
            f"{path} 各部分之和不等于合计"
            for path in roots
            if figure.adds and sum(_numbers(figure, path, period)) != figure.value(path, period)
        ]
        yield Finding(f"{figure.title}（{figure.key}）{'；'.join(faults) or '与记录相符'}", not faults)


def _counted(figure: Figure) -> tuple[Counted, ...]:
    if isinstance(figure, Ratio):
        return figure.numerator, figure.denominator
    assert isinstance(figure, Counted)
    return (figure,)


def _numbers(figure: Figure, path: str, period: Period) -> Iterator[int]:
    for _, value in figure.by_place(path, period):
        assert isinstance(value, int)
        yield value


def len_of(figure: Counted, path: str, period: Period) -> int:
    """The number got by going through the records one by one."""
    lines = figure.lines(path, period)
    if figure.counting == "sum":
        return sum(value or 0 for value in lines.values_list(figure.column, flat=True).iterator(chunk_size=20_000))
    if figure.counting == "rows":
        return sum(1 for _ in lines.values_list("pk").iterator(chunk_size=20_000))
    return sum(1 for _ in lines.iterator(chunk_size=20_000))


def ledger_balances() -> Iterator[Finding]:
    """Every posting sums to zero, and every payment line of the journal has its posting."""
    uneven = Posting.objects.annotate(total=Sum("entries__fen")).exclude(total=0).count()
    yield Finding(f"资金账：{Posting.objects.count():,} 笔，{uneven} 笔不平", uneven == 0)
    paid = Line.objects.standing().filter(act="paid").aggregate(fen=Sum("fen"))["fen"] or 0
    spent = Entry.objects.filter(account__startswith="paid:").aggregate(fen=Sum("fen"))["fen"] or 0
    yield Finding(f"发放：日志 {paid / 100:,.2f} 元，资金账 {spent / 100:,.2f} 元", paid == spent)


def registers_agree() -> Iterator[Finding]:
    """Registers against themselves and the journal."""
    twice = Membership.objects.filter(until=None).values("person").annotate(n=Count("pk")).filter(n__gt=1).count()
    yield Finding(f"一人两个会籍：{twice}", twice == 0)
    unmade = Card.objects.filter(Q(state__in=("made", "delivered", "active")) & Q(made_on=None)).count()
    yield Finding(f"无制卡日期的有效卡：{unmade}", unmade == 0)
    backwards = Case.objects.filter(closed_on__lt=F("opened_on")).count()
    yield Finding(f"结案早于立案：{backwards}", backwards == 0)
    admitted = Line.objects.standing().filter(service="member", act="admitted").count()
    held = Membership.objects.filter(follows=None).count()
    yield Finding(f"入会：日志 {admitted:,} 条，会籍 {held:,} 条", admitted == held)


def seals_open() -> Iterator[Finding]:
    """A sample of every sealed column opens, with its own row's key, and equals its blind index."""
    sealed: tuple[tuple[type[Model], str, str], ...] = (
        (Person, "number", "number_index"), (Person, "mobile", "mobile_index"), (Card, "number", "number_index"),
    )  # fmt: skip
    for model, name, index in sealed:
        rows = model._default_manager.exclude(**{name: None}).order_by("?")
        broken, tried = _broken(rows, name, index)
        yield Finding(f"密封列 {model._meta.db_table}.{name}：抽查 {tried:,} 行，{broken} 行不符", broken == 0)


def _broken(rows: QuerySet[Any], name: str, index: str) -> tuple[int, int]:
    field = rows.model._meta.get_field(name)
    assert isinstance(field, SealedField)
    service, broken, tried = keys(), 0, 0
    for pk, envelope, kept in rows.values_list("pk", name, index)[:SEALS_TRIED]:
        tried += 1
        try:
            plain = service.open(field.sealed_as, pk, bytes(envelope))
        except SealBroken:
            broken += 1
            continue
        broken += service.index(field.sealed_as, plain) != bytes(kept)
    return broken, tried


def facts_stand() -> Iterator[Finding]:
    """The latest revision of every published fact equals today's count."""
    latest: dict[tuple[str, str, Any, Any], PublishedFact] = {}
    for fact in PublishedFact.objects.order_by("revision"):
        latest[fact.indicator, fact.path, fact.start, fact.end] = fact
    moved = []
    for fact in latest.values():
        value = catalogue.figure(fact.indicator).value(fact.path, Period(fact.start, fact.end))
        now = value if isinstance(value, int) else value.numerator if value else 0
        if now != fact.numerator:
            moved.append(f"{fact.indicator} {fact.path} {fact.start}：公布 {fact.numerator}，现为 {now}，请发布修订")
    yield Finding(f"已公布的数字 {len(latest):,} 个，{'；'.join(moved[:5]) or '与现在的记录相符'}", not moved)
