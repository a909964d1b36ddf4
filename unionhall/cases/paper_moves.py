"""Papers: a text laid down from a day on; one made out about a matter, with the next number of the register; one declared void.

A number is given once. What is void keeps its number, and the next paper gets the next one.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from unionhall.cases import merge_fields, notices, paper_values, reach
from unionhall.cases import service as services
from unionhall.cases.models import Case
from unionhall.cases.paper_models import IssuedPaper, PaperText
from unionhall.cases.papers import LONGEST_WRITTEN, Paper, wrong_text
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.messages import actions as messages
from unionhall.organisations import places
from unionhall.storage import bulk, turns
from unionhall.storage.sealed import indexer, sealer

MOST_AT_ONCE = 499
"""Matters in one notice or one bundle: five hundred people's data leave the house by two officers only (access.approvals)."""


def lay_down(paper: str, title: str, numbering: str, body: str, *, since: date, by: Actor) -> int:
    """The text of a paper from a day on; the row's id. What was made before keeps its words.

    Refused: an empty or too long text, a field that does not exist ("body"), a day that has passed ("since").
    """
    kind, served = paper_values.kind_of(paper)
    if not any(reach.may_lay_down(by, service) for service in served):
        raise NotYours(f"paper:{paper}")
    title, numbering, body = title.strip(), numbering.strip(), "\n".join(body.strip().splitlines())
    part, wrong = wrong_text(kind, title, numbering, body)
    if wrong:
        raise Refused(wrong, code=part)
    if since < timezone.localdate():
        raise Refused("新的文本从今天或以后起施行，以前的文书已经按当时的文本制作。", code="since")
    with transaction.atomic():
        turns.take(PaperText)
        later = PaperText.objects.filter(paper=paper, since__gte=since).order_by("since").first()
        if later is not None:
            raise Refused(
                "{since} 起施行的文本已经定好，新的文本要从那以后的一天起施行。", code="since", since=later.since
            )
        before = list(PaperText.objects.filter(paper=paper, until=None))
        for row in before:
            row.until = since
            row.save(update_fields=["until"])
        made = PaperText.objects.create(
            paper=paper, title=title, numbering=numbering, body=body, since=since, by=by.account, at=timezone.now()
        )
        audit.write(
            "paper.text", by=by, subject=f"papertext:{made.pk}", path=places.top(), rows=[made, *before], note=paper
        )
        return made.pk


def issue(case: int, paper: str, written: Mapping[str, str], *, by: Actor, job: int | None = None) -> IssuedPaper:
    """Make a paper out about a matter, today; `written` are the fields the officer fills in; of those made by a job with
    others, what is left out is left to be written by hand.

    Refused: in this state there is none, or something is still to be written (the field's name).
    """
    with transaction.atomic():
        row: Case | None = Case.objects.select_for_update(of=("self",)).visible_to(by).filter(pk=case).first()
        if row is None or not reach.may_handle(by, row.service, row.path):
            raise NotYours(f"case:{case}")
        kind = services.find(row.service).paper(paper)
        if kind is None or kind.many:
            raise NotYours(f"paper:{paper}")
        if row.state not in kind.states:
            titles = "、".join(services.find(row.service).workflow.title(state) for state in kind.states)
            raise Refused("“{title}”要在“{titles}”时制作。", title=kind.title, titles=titles)
        told = dict.fromkeys(kind.asks, merge_fields.BLANK) if job is not None else _written(kind, written)
        today = timezone.localdate()
        text, year, serial, number = _next(kind, today)
        body = merge_fields.fill(text.body, paper_values.values(row, number, today, maker=by.name) | told)
        return _enter(kind, text, row.service, row.path, body, (year, serial, number), by, case=row, job=job)


def issue_notice(cases: Sequence[int], paper: str, *, by: Actor, job: int | None = None) -> IssuedPaper:
    """One notice about many matters of a service, with masked names, in the order they are given.

    Refused: too many, of several services, or one that is not in the state for it.
    """
    with transaction.atomic():
        if not 0 < len(cases) <= MOST_AT_ONCE:
            raise Refused("一份公示可以列 1 到 {most_at_once} 件，请按地方或日期分开做。", most_at_once=MOST_AT_ONCE)
        related = Case.objects.visible_to(by).select_related("person").filter(pk__in=list(cases))
        found = {row.pk: row for row in related}
        rows = [found[key] for key in cases if key in found]
        if len(rows) != len(cases) or not all(reach.may_handle(by, row.service, row.path) for row in rows):
            raise NotYours("cases")
        if len({row.service for row in rows}) != 1:
            raise Refused("一份公示只列同一项业务的事项，请先按业务筛选。")
        service = services.find(rows[0].service)
        kind = service.paper(paper)
        if kind is None or not kind.many:
            raise Refused("“{title}”没有这种公示。", title=service.title)
        if early := [row.number for row in rows if row.state not in kind.states]:
            titles = "、".join(service.workflow.title(state) for state in kind.states)
            raise Refused("只有“{titles}”的事项可以公示；{early} 不是。", titles=titles, early=list(early[:3]))
        today, path = timezone.localdate(), audit.above([row.path for row in rows])
        text, year, serial, number = _next(kind, today)
        told = paper_values.general(path, service.key, number, today)
        told |= {merge_fields.LIST: paper_values.masked_rows(rows), "件数": f"{len(rows):,}"}
        body = merge_fields.fill(text.body, told)
        return _enter(kind, text, service.key, path, body, (year, serial, number), by, people=len(rows), job=job)


def void(paper: int, *, reason: str, by: Actor) -> None:
    """Declare a paper void; it keeps its number and can be read, and is printed no more."""
    if not reason.strip():
        raise Refused("请写明作废的理由。", code="reason")
    if len(reason.strip()) > 200:
        raise Refused("理由最多 200 个字，请写得短一些。", code="reason")
    with transaction.atomic():
        row = IssuedPaper.objects.select_for_update(of=("self",)).visible_to(by).filter(pk=paper).first()
        path = (
            row.path if row is not None and row.case is None else row.case.path if row is not None and row.case else ""
        )
        if row is None or not reach.may_handle(by, row.service, path):
            raise NotYours(f"paper:{paper}")
        if row.void_at is not None:
            raise Refused("这份文书已经作废。")
        row.void_at, row.void_by_id, row.void_reason = timezone.now(), by.account, reason.strip()
        row.save(update_fields=["void_at", "void_by", "void_reason"])
        audit.write(
            "paper.void", by=by, subject=row.subject, path=path, rows=(row,), about=row.person_id, note=row.number
        )


def _written(kind: Paper, written: Mapping[str, str]) -> dict[str, str]:
    told = {name: merge_fields.many_lines(str(written.get(name, ""))) for name in kind.asks}
    for name, said in told.items():
        if not said:
            raise Refused("请填写“{name}”。", code=name, name=name)
        if len(said) > LONGEST_WRITTEN:
            raise Refused(
                "“{name}”最多 {longest_written} 个字，请写得短一些。",
                code=name,
                name=name,
                longest_written=LONGEST_WRITTEN,
            )
    return told


def _next(kind: Paper, today: date) -> tuple[paper_values.Wording, int, int, str]:
    """The text of today and the next number of its numbering: nobody else gets one until this transaction ends."""
    turns.take(IssuedPaper)
    text = paper_values.wording(kind, today)
    last = IssuedPaper.objects.filter(series=text.numbering, year=today.year).aggregate(last=Max("serial"))["last"]
    serial = (last or 0) + 1
    return text, today.year, serial, paper_values.number_of(text.numbering, today.year, serial)


def _enter(
    kind: Paper, text: paper_values.Wording, service: str, path: str, body: str, numbered: tuple[int, int, str], by: Actor, *,
    case: Case | None = None, people: int = 1, job: int | None = None,
) -> IssuedPaper:  # fmt: skip
    year, serial, number = numbered
    today, key = timezone.localdate(), bulk.ids(IssuedPaper, 1)[0]
    content: dict[str, Any] = {
        "title": text.title, "number": number, "body": body, "signed": paper_values.issuer(path), "on": today.isoformat(),
    }  # fmt: skip
    whole = json.dumps(content, ensure_ascii=False)
    about = case.person_id if case is not None else None
    row = IssuedPaper(
        pk=key, case=case, person_id=about, service=service, path=path, paper=kind.key, title=text.title, text_id=text.row, series=text.numbering,
        year=year, serial=serial, number=number, people=people, made_on=today, made_at=timezone.now(), made_by_id=by.account,
        job=job, content=sealer(IssuedPaper, "content")(key, whole), digest=indexer(IssuedPaper, "content")(whole),
    )  # fmt: skip
    row.save(force_insert=True)
    audit.write(
        "paper.issue", by=by, subject=row.subject, path=path, rows=(row,), about=about, note=f"{kind.key} {number}"
    )
    if case is not None and about is not None and kind.handed:
        fields = notices.about(case) | {"paper": text.title}
        messages.queue(notices.PAPER, person=about, key=row.subject, fields=fields, subject=case.subject, by=by)
    return row
