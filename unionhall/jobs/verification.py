"""The checks behind `unionhall verify`. They only read."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import BigIntegerField, Case, Count, Exists, F, Model, OuterRef, Q, QuerySet, Sum, When
from django.db.models.functions import Cast, Substr

from unionhall import catalogue
from unionhall.cases import models as cases
from unionhall.cases.drive_models import Drive, Gift, Handover
from unionhall.exchange.withdrawal import SUBJECTS
from unionhall.indicators.figures import Counted, Figure, Ratio
from unionhall.indicators.models import PublishedFact
from unionhall.indicators.published import drifts
from unionhall.indicators.territory import Moves, below, moves
from unionhall.jobs.money_verified import money_findings
from unionhall.jobs.sealing import sealed_findings
from unionhall.journal.models import Line
from unionhall.kernel.keys import SealBroken
from unionhall.kernel.period import Period
from unionhall.offers.models import HOLDING, Participation, Session, Share
from unionhall.organisations.models import Employer, Place, PostHeld
from unionhall.people.models import Card, Membership, Person
from unionhall.storage.dated import Placed
from unionhall.storage.sealed import SealedField, keys

SEALS_TRIED = 2_000
NAMED: dict[str, type[Model]] = {
    **SUBJECTS, "publication": PublishedFact, "session": Session, "chain": cases.Case, "drive": Drive, "gift": Gift,
    "handover": Handover,
}  # fmt: skip
"""What a journal line may be about; a publication is named by its number, which its facts share."""


class Finding(NamedTuple):
    """One thing checked: in words, and whether it is as it should be."""

    what: str
    right: bool


def verify(period: Period) -> Iterator[Finding]:
    """Every check, one finding each."""
    yield from figures_open(period)
    yield from ledger_balances()
    yield from registers_agree()
    yield from places_counted()
    yield from paths_stand()
    yield from subjects_stand()
    yield from seals_open()
    yield from facts_stand()
    yield from rows_sealed()


def figures_open(period: Period) -> Iterator[Finding]:
    """The number equals its records, counted apart, for the district and for each street; the shares of the streets in the
    district are their own numbers, and where parts add up they make the whole.
    """
    known = moves()
    roots = list(Place.objects.filter(parent=None).values_list("path", flat=True))
    streets = [place.path for root in roots for place in below(root, period, known)]
    for figure in catalogue.figures().values():
        faults = [
            f"{path}：{value}，记录 {records}"
            for counted in _counted(figure)
            for path in (*roots, *streets)
            for value, records in [
                (counted.value(path, period, moved=known), len_of(counted, path, period, moved=known))
            ]
            if value != records
        ]
        faults += [fault for root in roots for fault in _parts_against_whole(figure, root, period, known)]
        yield Finding(f"{figure.title}（{figure.key}）{'；'.join(faults) or '与记录相符'}", not faults)


def _counted(figure: Figure) -> tuple[Counted, ...]:
    if isinstance(figure, Ratio):
        return figure.numerator, figure.denominator
    assert isinstance(figure, Counted)
    return (figure,)


def _parts_against_whole(figure: Figure, root: str, period: Period, known: Moves) -> Iterator[str]:
    parts = figure.by_place(root, period, moved=known)
    for place, value in parts:
        if place is not None and value != figure.value(place.path, period, moved=known):
            yield f"{place.path}：在{root}之下是 {figure.show(value)}，单独看不是"
    if figure.adds and figure.together(value for _, value in parts) != figure.value(root, period, moved=known):
        yield f"{root} 各部分之和不等于合计"


def len_of(figure: Counted, path: str, period: Period, *, moved: Moves | None = None) -> int:
    """The number got by going through the records one by one."""
    lines = figure.lines(path, period, moved=moved)
    if figure.counting == "sum":
        return sum(value or 0 for value in lines.values_list(figure.column, flat=True).iterator(chunk_size=20_000))
    if figure.counting == "rows":
        return sum(1 for _ in lines.values_list("pk").iterator(chunk_size=20_000))
    return sum(1 for _ in lines.iterator(chunk_size=20_000))


def ledger_balances() -> Iterator[Finding]:
    """The books balance, closed months are as they were closed, and every payment that is told of has its posting."""
    for what, right in money_findings():
        yield Finding(what, right)


def registers_agree() -> Iterator[Finding]:
    """Registers against themselves and the journal."""
    twice = Membership.objects.filter(until=None).values("person").annotate(n=Count("pk")).filter(n__gt=1).count()
    yield Finding(f"一人两个会籍：{twice}", twice == 0)
    unmade = Card.objects.filter(Q(state__in=("made", "delivered", "active")) & Q(made_on=None)).count()
    yield Finding(f"无制卡日期的有效卡：{unmade}", unmade == 0)
    backwards = cases.Case.objects.filter(closed_on__lt=F("opened_on")).count()
    yield Finding(f"结案早于立案：{backwards}", backwards == 0)
    admitted = Line.objects.standing().filter(service="member", act="admitted").count()
    held = Membership.objects.filter(follows=None).count()
    yield Finding(f"入会：日志 {admitted:,} 条，会籍 {held:,} 条", admitted == held)


def places_counted() -> Iterator[Finding]:
    """What a session and a share count as taken, counted again from the participations; each place has its line."""
    heads = Sum(F("adults") + F("children") + 1)
    holding = Participation.objects.filter(state__in=HOLDING)
    for table, column in ((Session, "session"), (Share, "share")):
        found = dict(holding.exclude(**{column: None}).order_by().values_list(column).annotate(n=heads))
        wrong = [pk for pk, taken in table._default_manager.values_list("pk", "taken") if taken != found.get(pk, 0)]
        yield Finding(f"名额 {table._meta.db_table}：{len(wrong)} 行与报名记录不符", not wrong)
    signed = set(
        Line.objects.standing()
        .filter(act="signed", subject__startswith="participation:")
        .values_list("subject", flat=True)
    )
    # Who came by what a register tells, and by nothing about signing up, has no line of it.
    kept = holding.exclude(session=None).exclude(state="offered").exclude(asked_at=None)
    places = {f"participation:{pk}" for pk in kept.values_list("pk", flat=True)}
    yield Finding(f"报名：名额 {len(places):,} 个，日志 {len(signed):,} 条", places == signed)


def paths_stand() -> Iterator[Finding]:
    """Every record lies at a place of the tree. The empty path, everything, is only for posts and the voiding of a batch."""
    place = Place.objects.filter(path=OuterRef("path"))
    for table in sorted(_placed(), key=lambda model: model._meta.db_table):
        rows = table._default_manager.exclude(Exists(place))
        if table is PostHeld:
            rows = rows.exclude(path="")
        if table is Line:
            rows = rows.exclude(path="", act="void")
        lost = rows.count()
        paths = sorted(rows.values_list("path", flat=True).distinct()[:5]) if lost else []
        yield Finding(
            f"地方 {table._meta.db_table}：{lost} 行不在区划树里{'：' if lost else ''}{'、'.join(paths)}", lost == 0
        )


def _placed() -> list[type[Model]]:
    return [model for model in apps.get_models() if issubclass(model, Placed) and model is not Place]


def subjects_stand() -> Iterator[Finding]:
    """Every standing line of the journal is about a row that is there, and so are its person and employer."""
    standing = Line.objects.standing()
    known = Q()
    for kind, table in NAMED.items():
        about = Q(subject__startswith=f"{kind}:")
        known |= about
        lost = _without(standing.filter(about), kind, table)
        yield Finding(f"日志 {kind}：{lost} 条所指的记录不在", lost == 0)
    strange = standing.exclude(known).count()
    yield Finding(f"日志：{strange} 条没有写明所指的记录", strange == 0)
    pairs: tuple[tuple[str, type[Model]], ...] = (("person", Person), ("employer", Employer))
    for name, table in pairs:
        there = table._default_manager.filter(pk=OuterRef(f"{name}_id"))
        lost = standing.exclude(**{name: None}).exclude(Exists(there)).count()
        yield Finding(f"日志：{lost} 条的{'人' if name == 'person' else '单位'}不在", lost == 0)


def _numbers(kind: str, table: type[Model]) -> QuerySet[Any]:
    """Rows a subject's number may name: by their id, or facts by the publication they came with."""
    column = "publication" if kind == "publication" else "pk"
    return table._default_manager.filter(**{column: OuterRef("number")})


def _without(lines: QuerySet[Line], kind: str, table: type[Model]) -> int:
    """How many of these lines name no row of the table. One join over numbers: text would be compared two million times."""
    number = Cast(Substr("subject", len(kind) + 2), BigIntegerField())
    numbered = lines.annotate(number=Case(When(subject__regex=rf"^{kind}:[0-9]+$", then=number)))
    return numbered.exclude(Exists(_numbers(kind, table))).count()


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


def rows_sealed() -> Iterator[Finding]:
    """The audit chain stands, and every sealed row is as its last audit entry left it."""
    yield from (Finding(what, right) for what, right in sealed_findings())


def facts_stand() -> Iterator[Finding]:
    """The latest revision of every published fact is what the records say today: number, base, evidence, definition."""
    moved = list(drifts(catalogue.figures()))
    told = "；".join(
        f"{one.fact.indicator} {one.fact.path} {one.fact.start}：公布 {one.fact.numerator}，现为 {one.now.numerator}，请发布修订"
        for one in moved[:5]
    )
    count = PublishedFact.objects.values("indicator", "path", "start", "end").distinct().count()
    yield Finding(f"已公布的数字 {count:,} 个，{told or '与现在的记录相符'}", not moved)
