"""Papers for many matters at once: a bundle with one file a matter and a list of what became of each; or one notice about all."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django_tasks import task

from unionhall.access import reveal
from unionhall.cases import paper_moves, paper_values
from unionhall.cases.models import Case, IssuedPaper
from unionhall.exchange.export import Mark, xlsx_bytes
from unionhall.exchange.papers.letter import letter
from unionhall.exchange.papers.letter_forms import FORMS
from unionhall.jobs.context import Context
from unionhall.jobs.queue import READING
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.roles import holders

FIELD = "cases.issuedpaper.content"
HEADERS = ("事项编号", "文号", "结果")
_NOT_YOURS = "不在您的岗位范围内。"


@task(takes_context=True, queue_name=READING)
def papers_of_many(context: Context, register: str, what: str) -> dict[str, int]:
    """Make the papers, open them (one line each in the book of looks) and bundle them; how many were made, refused.

    Private: `keys`, the matters in the list's order; `said`, the form as it was sent (paper, form). Papers are numbered and
    committed before they are set in type, which takes long: done again after a stop, the job finds its own and makes none
    twice. A matter the paper cannot be made for stands in the list with the reason and stops no other.
    """
    by, told = context.actor(), context.private()
    said, keys = QueryDict(told["said"]), [int(key) for key in told["keys"]]
    paper, form = said.get("paper", ""), said.get("kind", "")
    if form not in FORMS or len(keys) > paper_moves.MOST_AT_ONCE:
        raise Refused("一次最多 {most_at_once} 件，请按地方或日期分几次做。", most_at_once=paper_moves.MOST_AT_ONCE)
    if not (by.holds(*holders("cases.change")) and by.holds(*holders("exports.do"))):
        raise NotYours(paper)
    kind, _services = paper_values.kind_of(paper)
    context.progress(0, len(keys), "编号")
    with context.aside():
        results = _notice(context, keys, paper, by) if kind.many else _each(context, keys, paper, by)
        made = list(IssuedPaper.objects.filter(job=context.job.pk).order_by("pk").select_related("case"))
        opened = reveal.open_many(FIELD, [row.pk for row in made], by=by, purpose=f"成批打印送达：{kind.title}")
    mark = str(Mark(by.name, timezone.now(), by.trace))
    bundle = _bundle(context, made, opened, results, form, mark, by)
    context.begin()
    where = audit.above([row.path for row in made])
    audit.write("paper.bundle", by=by, subject=f"job:{context.job.pk}", path=where, note=f"{paper} {len(made)}")
    context.keep(f"{kind.title}-{timezone.localdate().isoformat()}.zip", bundle)
    refused = sum(bool(why) for why in results.values())
    return {"done": len(results) - refused, "refused": refused}


def _each(context: Context, keys: Sequence[int], paper: str, by: Actor) -> dict[int, str]:
    """Matter -> "" or why there is no paper for it."""
    there = set(IssuedPaper.objects.filter(job=context.job.pk).values_list("case", flat=True))
    found = {}
    for key in keys:
        found[key] = (
            "" if key in there else _tried(lambda key=key: paper_moves.issue(key, paper, {}, by=by, job=context.job.pk))
        )
    return found


def _notice(context: Context, keys: Sequence[int], paper: str, by: Actor) -> dict[int, str]:
    """The same of one notice: it is made about all of them, or there is none."""
    why = ""
    if not IssuedPaper.objects.filter(job=context.job.pk).exists():
        why = _tried(lambda: paper_moves.issue_notice(keys, paper, by=by, job=context.job.pk))
    return dict.fromkeys(keys, why)


def _tried(make: Callable[[], object]) -> str:
    try:
        with transaction.atomic():
            make()
    except Refused as refused:
        return refused.message
    except NotYours:
        return _NOT_YOURS
    return ""


def _bundle(
    context: Context, made: Sequence[IssuedPaper], opened: Mapping[int, str], results: Mapping[int, str], form: str, mark: str, by: Actor
) -> bytes:  # fmt: skip
    numbers = dict(Case.objects.visible_to(by).filter(pk__in=list(results)).values_list("pk", "number"))
    of = {row.case_id: row.number for row in made if row.case_id is not None}
    whole = made[0].number if made and made[0].case_id is None else ""
    lines: list[list[Any]] = [
        [numbers.get(key, ""), of.get(key, whole), why or "已制作"] for key, why in results.items()
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for at, row in enumerate(made):
            context.progress(at, len(made), "排版")
            name = f"{at + 1:03d}-{row.title}-{row.number}.{form}".replace("/", "-")
            bundle.writestr(name, FORMS[form](letter(json.loads(opened[row.pk]), mark)))
        listed = xlsx_bytes(HEADERS, lines, mark=Mark(by.name, timezone.now(), by.trace))
        bundle.writestr("结果.xlsx", listed)
    return out.getvalue()
