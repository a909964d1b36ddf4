"""What the fields of a paper become for one matter, and which text holds on a day. Nothing here writes."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from unionhall.cases import merge_fields, papers
from unionhall.cases import service as services
from unionhall.cases.clock_models import Deadline
from unionhall.cases.merge_fields import BLANK, day, day_in_words, one_line
from unionhall.cases.models import Case
from unionhall.cases.paper_models import PaperText
from unionhall.cases.papers import Paper
from unionhall.cases.vocabulary import MEANS
from unionhall.kernel.errors import NotYours
from unionhall.kernel.money import capitals, yuan
from unionhall.kernel.paths import above
from unionhall.organisations.models import Place, Station, Union
from unionhall.people.models import Person


class Wording(NamedTuple):
    """The text a paper is made from: an officer's row (`row`, its id), or the declaration's own."""

    title: str
    numbering: str
    body: str
    row: int | None
    since: date | None


def kind_of(key: str) -> tuple[Paper, list[str]]:
    """The paper of this name and the keys of the services that make it. `NotYours`: there is none."""
    found = [(paper, service.key) for service in services.everyone() if (paper := service.paper(key)) is not None]
    if not found:
        raise NotYours(f"paper:{key}")
    return found[0][0], [service for _paper, service in found]


def wording(paper: Paper, on: date) -> Wording:
    """The text that holds on a day."""
    return wordings([paper], on)[paper.key]


def wordings(listed: Iterable[Paper], on: date) -> dict[str, Wording]:
    """The same of many, by key."""
    kinds = {paper.key: paper for paper in listed}
    found = {key: Wording(one.title, one.numbering, one.body, None, None) for key, one in kinds.items()}
    rows = PaperText.objects.on(on).filter(paper__in=list(kinds)).order_by("since", "pk")
    return found | {row.paper: Wording(row.title, row.numbering, row.body, row.pk, row.since) for row in rows}


def issuer(path: str) -> str:
    """In whose name papers of a place are made: the federation of the district it lies in."""
    places = [*above(path), path, ""]
    row = Union.objects.filter(kind="district_federation", until=None, path__in=places).order_by("path", "pk").first()
    if row is not None:
        return str(row.name)
    top = Place.objects.filter(path__in=places, parent=None).values_list("name", flat=True).first()
    return f"{top}总工会" if top else "总工会"


def examples(paper: Paper, issued_by: str, today: date) -> dict[str, str]:
    """Values for a preview, of nobody."""
    made_up = {name: merge.example for name, merge in paper.fields().items()}
    return made_up | {"工会": issued_by, "年": str(today.year), "今天": day(today), "今天汉字": day_in_words(today)}


def general(path: str, service: str, number: str, today: date) -> dict[str, str]:
    """What every paper may say, a notice about many, too."""
    return {
        "文号": number, "业务": services.find(service).title, "工会": one_line(issuer(path)), "年": str(today.year),
        "今天": day(today), "今天汉字": day_in_words(today),
    }  # fmt: skip


def values(case: Case, number: str, today: date, *, maker: str, masked: bool = False) -> dict[str, str]:
    """Every field of `merge_fields.FIELDS` for a matter; what is not known is a blank to be filled in by hand. `maker` is
    named where nobody in particular handles it. `masked`: people by masked names, as a page shows them.
    """
    service = services.find(case.service)
    station = (
        Station.objects.filter(path__in=[*above(case.path), case.path], until=None).order_by("-path", "pk").first()
    )
    clock = _clock(case)
    said = {
        "编号": case.number, "事由": service.causes.get(case.cause, ""), "职工": _name(case.person, masked),
        "受益人": _name(case.beneficiary or case.person, masked),
        "单位": case.employer.name if case.employer else "", "涉及人数": f"{case.headcount:,}", "原因": case.details.get("reason", ""),
        "律师": case.details.get("lawyer", ""), "经济状况": MEANS.get(case.details.get("means", ""), ""),
        "承办人": case.handler.name if case.handler else maker, "服务站": station.name if station else "",
        "服务站地址": station.address if station else "",
        "地方": Place.objects.filter(path=case.path).values_list("name", flat=True).first() or "",
        "期限名称": clock[0], "期限依据": clock[1],
    }  # fmt: skip
    known = {name: one_line(str(value)) or BLANK for name, value in said.items()}
    known |= {
        "登记日期": day(case.opened_on),
        "受理日期": day(case.accepted_on),
        "办结日期": day(case.closed_on),
        "期限": day(clock[2]),
    }
    for name, fen in (("请求金额", case.fen_claimed), ("商定金额", case.fen_agreed)):
        known[name] = BLANK if fen is None else f"{yuan(fen):,}"
        known[f"{name}大写"] = BLANK if fen is None else capitals(fen)
    return known | general(case.path, case.service, number, today)


def _name(person: Person | None, masked: bool) -> str:
    return "" if person is None else person.masked if masked else person.name


def _clock(case: Case) -> tuple[str, str, date | None]:
    """(title, law and article, last day) of the duty that is due first; of a matter that is over, of the one that ended last."""
    service = services.find(case.service)
    duties = [clock.key for clock in service.clocks if not clock.window]
    rows = list(Deadline.objects.filter(case=case, clock__in=duties).order_by("due_on", "pk"))
    going = [row for row in rows if row.ended_on is None]
    row = going[0] if going else max(rows, key=lambda one: (one.ended_on, one.pk), default=None)
    if row is None:
        return "", "", None
    clock = service.clock(row.clock)
    return clock.title if clock else "", row.basis, row.due_on


def number_of(numbering: str, year: int, serial: int) -> str:
    """A number of the register: its numbering with year and serial."""
    return merge_fields.fill(numbering, {"年": str(year), papers.SERIAL: str(serial)})


def masked_rows(cases: Iterable[Case]) -> str:
    """The rows of a public notice: masked names, places, amounts; and nothing by which somebody is found."""
    listed = list(cases)
    names = dict(Place.objects.filter(path__in={case.path for case in listed}).values_list("path", "name"))
    rows = []
    for at, case in enumerate(listed, 1):
        who = one_line(case.person.masked) if case.person else BLANK
        fen = case.fen_agreed if case.fen_agreed is not None else case.fen_paid
        rows.append(
            f"|{at}|{who}|{one_line(names.get(case.path, ''))}|{f'{yuan(fen):,}' if fen is not None else BLANK}|"
        )
    return "\n".join(rows)
