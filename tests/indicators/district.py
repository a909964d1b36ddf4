"""A small random district: every table a figure counts has rows in it, and places are merged along the way.

Rows are written as models, not through the actions: the point is what figures make of any rows, also of rows that no
action would write (an employer at two places, a line without a person).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from unionhall import catalogue
from unionhall.agreements.models import Agreement, AgreementCover
from unionhall.indicators.figures import Counted, Flow, Ratio
from unionhall.journal.models import Line
from unionhall.kernel.period import Period
from unionhall.offers.models import Offer
from unionhall.organisations.models import (
    CareRoom,
    Cover,
    Employer,
    Establishment,
    Place,
    PlaceBecame,
    Register,
    RegisterEntry,
    SocialOrganisation,
    Staff,
    Station,
    Union,
    UnionTag,
)
from unionhall.organisations.vocabulary import UNION_KINDS, UNION_TAGS
from unionhall.people.models import Card, Membership, Person

FIRST = date(2013, 1, 1)
DAYS = 1200
AT = datetime(2016, 6, 1, tzinfo=UTC)


@dataclass
class District:
    """What was written: every path there is, and a way to ask for days and periods."""

    chance: Random
    paths: list[str]

    def day(self) -> date:
        return FIRST + timedelta(days=self.chance.randrange(DAYS))

    def spell(self) -> dict[str, date | None]:
        since = self.day() - timedelta(days=self.chance.choice((0, 400)))
        ends = self.chance.random() < 0.4
        return {"since": since, "until": since + timedelta(days=self.chance.randrange(600)) if ends else None}

    def path(self) -> str:
        return self.chance.choice(self.paths)

    def period(self) -> Period:
        kind = self.chance.randrange(4)
        day = self.day()
        if kind == 0:
            return Period.year(day.year)
        if kind == 1:
            return Period.month(day.year, day.month)
        return Period.until(day) if kind == 2 else Period.through(day, day + timedelta(days=self.chance.randrange(500)))

    def place(self) -> str:
        return self.chance.choice([*self.paths, "101", ""])


def counted() -> list[Counted]:
    """Every counted figure of the catalogue, numerators and bases of rates included."""
    found: list[Counted] = []
    for figure in catalogue.figures().values():
        if isinstance(figure, Ratio):
            found += [figure.numerator, figure.denominator]
        else:
            assert isinstance(figure, Counted)
            found.append(figure)
    return found


def build(seed: int) -> District:
    """Write a district inside the caller's transaction."""
    here = District(Random(seed), [])
    _tree(here)
    people = Person.objects.bulk_create(
        Person(name=f"人{n}", name_key=f"人{n}", document="citizen", number_index=n.to_bytes(16)) for n in range(9)
    )
    _become_one(here, people)
    employers = Employer.objects.bulk_create(
        Employer(uscc=f"{n:018d}", name=f"单位{n}", path=here.path()) for n in range(7)
    )
    unions = _unions(here, employers)
    _members(here, people, unions, employers)
    _stations(here)
    _agreements(here, employers)
    for n in range(4):
        for service, kind in (("card.items", ""), ("culture.books", "women"), ("goods.cooling", "taxi")):
            Offer.objects.create(
                service=service, kind=kind, code=str(n), title=f"项目{n}", path=here.path(), **here.spell()
            )
        kind, field = (("centre", ""), ("association", "sport"), ("association", "culture"))[n % 3]
        SocialOrganisation.objects.create(
            code=str(n), name=f"组织{n}", kind=kind, field=field, path=here.path(), **here.spell()
        )
        CareRoom.objects.create(code=str(n), name=f"室{n}", kind="mother_baby", path=here.path(), **here.spell())
    _journal(here, people, employers)
    return here


def _become_one(here: District, people: Sequence[Person]) -> None:
    """In every other district some people are merged, one of them twice over."""
    if here.chance.random() < 0.5:
        for gone, kept in ((0, 1), (1, 2), (3, 2)):
            Person.objects.filter(pk=people[gone].pk).update(merged_into=people[kept])


def _tree(here: District) -> None:
    chance = here.chance
    root = Place.objects.create(path="101", kind="district", name="区", code="101", since=date(1990, 1, 1))
    places = {"101": root}
    for street in range(1, chance.randrange(4, 6)):
        above = _place(places, root, street, "street")
        for community in range(1, chance.randrange(1, 4)):
            below = _place(places, above, community, "community")
            for cell in range(1, chance.randrange(1, 3)):
                _place(places, below, cell, "cell")
    here.paths = list(places)
    _merge(here, places)


def _place(places: dict[str, Place], above: Place, number: int, kind: str) -> Place:
    path = f"{above.path}{number:03d}"
    made = Place.objects.create(path=path, parent=above, kind=kind, name=kind + path, code=path, since=date(1990, 1, 1))
    places[path] = made
    return made


def _merge(here: District, places: dict[str, Place]) -> None:
    """Merge some places, in the order of days: into a standing one of their level anywhere, or of a wider one."""
    became: set[str] = set()
    for day in sorted(here.day() for _ in range(here.chance.randrange(6))):
        old = here.chance.choice(here.paths[1:])
        others = [
            path for path in here.paths
            if path not in became and 3 < len(path) <= len(old) and not path.startswith(old) and not old.startswith(path)
        ]  # fmt: skip
        if old in became or not others:
            continue
        became.add(old)
        PlaceBecame.objects.create(old=places[old], new=places[here.chance.choice(others)], on=day, reason="撤并")
        Place.objects.filter(path=old).update(until=day)


def _unions(here: District, employers: Sequence[Employer]) -> list[Union]:
    unions = [
        Union.objects.create(code=str(n), name=f"工会{n}", kind=kind, path=here.path(), **here.spell())
        for n, kind in enumerate(UNION_KINDS)
    ]
    for n, tag in enumerate((*UNION_TAGS, *UNION_TAGS)):
        UnionTag.objects.create(union=unions[n], tag=tag, path=unions[n].path, **here.spell())
    for union in unions[3:]:
        for employer in here.chance.sample(employers, 3):
            # An employer that has moved: its covers lie at two places.
            path = employer.path if here.chance.random() < 0.7 else here.path()
            Cover.objects.create(union=union, employer=employer, path=path, **here.spell())
    for serves in ("unionisation", "membership", "bargaining"):
        for as_of in (date(2013, 6, 30), date(2014, 12, 31)):
            register = Register.objects.create(name="名单", as_of=as_of, serves=serves)
            for employer in here.chance.sample(employers, 5):
                RegisterEntry.objects.create(
                    register=register, employer=employer, path=employer.path, workers=here.chance.randrange(90)
                )
    return unions


def _members(here: District, people: Sequence[Person], unions: Sequence[Union], employers: Sequence[Employer]) -> None:
    for person in people:
        first = here.spell()
        self = {"person": person, "employer": here.chance.choice([None, *employers])}
        one = Membership.objects.create(union=here.chance.choice(unions), path=here.path(), **self, **first)
        if first["until"] and here.chance.random() < 0.7:
            Membership.objects.create(
                union=here.chance.choice(unions),
                path=here.path(),
                **self,
                since=first["until"],
                until=None,
                follows=one,
            )
        made = here.day()
        replaced = made + timedelta(days=100) if here.chance.random() < 0.4 else None
        delivered = made + timedelta(days=9) if here.chance.random() < 0.6 else None
        Card.objects.create(
            person=person, path=here.path(), state="made", requested_on=made, made_on=made, until=replaced,
            delivered_on=delivered,
        )  # fmt: skip
        if replaced:
            Card.objects.create(
                person=person, path=here.path(), requested_on=replaced, made_on=here.chance.choice([None, replaced])
            )


def _stations(here: District) -> None:
    for n in range(4):
        accepted = here.chance.choice([None, here.day()])
        area = here.chance.choice([None, 120])
        station = Station.objects.create(
            code=str(n), name=f"站{n}", path=here.path(), accepted_on=accepted, area=area, **here.spell()
        )
        for kind in ("social_worker", "assistant"):
            Establishment.objects.create(station=station, kind=kind, posts=3, path=station.path, **here.spell())
            Staff.objects.create(
                station=station, kind=kind, number=f"{n}{kind}", name="员", path=station.path, **here.spell()
            )


def _agreements(here: District, employers: Sequence[Employer]) -> None:
    for service in ("agreement.collective", "agreement.wage", "agreement.women"):
        for n in range(3):
            spell = here.spell()
            agreement = Agreement.objects.create(
                service=service, number=str(n), title="协议", path=here.path(), signed_on=spell["since"], **spell
            )
            for employer in here.chance.sample(employers, 3):
                path = employer.path if here.chance.random() < 0.7 else here.path()
                AgreementCover.objects.create(
                    service=service, agreement=agreement, employer=employer, path=path, **here.spell()
                )


def _journal(here: District, people: Sequence[Person], employers: Sequence[Employer]) -> None:
    """Lines of every act a figure counts, some of them voided."""
    flows = {(one.service, one.act, one.kinds) for one in counted() if isinstance(one, Flow)}
    lines: list[Line] = []
    for service, act, kinds in sorted(flows):
        lines += [_line(here, service, act, here.chance.choice(kinds or ("",)), people, employers) for _ in range(5)]
    written = Line.objects.bulk_create(lines)
    for line in here.chance.sample(written, len(written) // 8):
        void = _line(here, line.service, "void", line.act, people, employers)
        void.save()
        Line.objects.filter(pk=line.pk).update(voided_by=void)


def _line(here: District, service: str, act: str, kind: str, people: Sequence[Any], employers: Sequence[Any]) -> Line:
    chance = here.chance
    return Line(
        service=service, act=act, kind=kind, path=here.path(), on=here.day(), subject=f"case:{chance.randrange(99)}", at=AT,
        person=chance.choice([None, *people[:5]]), employer=chance.choice([None, *employers[:4]]),
        headcount=chance.randrange(1, 40), fen=chance.randrange(10**6), quantity=chance.randrange(4),
    )  # fmt: skip
