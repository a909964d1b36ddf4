"""The batch of card requests that goes to the bank: a sealed file for who asked, and the cards in it marked as sent."""

from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task

from unionhall.access import approvals, reveal
from unionhall.exchange.export import Mark, csv_for_bank, xlsx_bytes
from unionhall.exchange.templates.cards import TEMPLATES
from unionhall.jobs.context import Context
from unionhall.jobs.queue import READING
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations.roles import holders
from unionhall.people import card_moves
from unionhall.people.models import Card

FORMS = {"csv": "CSV（GB18030）", "xlsx": "Excel"}
MOST = 5_000
"""Cards in one batch: what a bank takes at once."""
PURPOSE = "送银行办理京卡"


def waiting(by: Actor, path: str, until: str) -> "QuerySet[Card]":
    """Cards only requested, at or below a place within the actor's posts, asked for by that day (ISO)."""
    by.must_reach(path, *holders("cards.change"))
    by.must_reach(path, *holders("exports.do"))
    rows: QuerySet[Card] = Card.objects.at(path).filter(state="requested", requested_on__lte=until)
    return rows.order_by("requested_on", "pk")


def what(path: str, until: str) -> str:
    """How an approval names this batch."""
    return f"cards.batch:{path}:{until}"


@task(takes_context=True, queue_name=READING)
def card_batch(context: Context, path: str, until: str, form: str) -> dict[str, int | str]:
    """Make the file, open the identity numbers it needs (one line each in the book of looks), mark the cards as sent.

    All of it commits together with "done", so there is no card marked as sent whose file nobody has.
    """
    by, today = context.actor(), timezone.localdate()
    if form not in FORMS:
        raise Refused("没有这种格式。")
    context.begin()
    rows = list(waiting(by, path, until).select_related("person")[:MOST])
    if not rows:
        raise Refused("没有等着送银行的京卡。")
    context.progress(0, len(rows), "读取名单")
    permit = approvals.use(what=what(path, until), people=len(rows), by=by) if approvals.needed(len(rows)) else None
    people = [row.person_id for row in rows]
    numbers = reveal.open_many("people.person.number", people, by=by, purpose=PURPOSE, approval=permit)
    lines = [
        [row.person.name, numbers[row.person_id], f"{row.consented_on or ''}", f"{row.requested_on}"] for row in rows
    ]
    context.progress(len(rows) // 2, len(rows), "写文件")
    headers = [column.header for column in TEMPLATES[0].columns]
    name = f"cards-{today.isoformat()}-{context.job.pk}.{form}"
    mark = Mark(by.name, timezone.now(), by.trace)
    context.keep(name, csv_for_bank(headers, lines) if form == "csv" else xlsx_bytes(headers, lines, mark=mark))
    card_moves.send([row.pk for row in rows], by=by, on=today, batch_out=f"job:{context.job.pk}")
    context.progress(len(rows), len(rows))
    return {"cards": len(rows), "file": name}
