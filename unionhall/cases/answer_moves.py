"""Answer templates laid down and ended; a matter answered by one, as it stands."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from unionhall.cases import answers, case_moves, reach
from unionhall.cases import service as services
from unionhall.cases.answer_models import AnswerText
from unionhall.cases.models import Case
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations import places
from unionhall.storage import turns


def lay_down(service: str, title: str, body: str, *, since: date, by: Actor) -> int:
    """A template of a service from a day on, in place of the one of this title; the row's id.

    Refused: an empty or too long text, a field that does not exist ("body"), a day that has passed ("since").
    """
    if not any(one.key == service for one in answers.answered()) or not reach.may_lay_down(by, service):
        raise NotYours(f"answers:{service}")
    title, body = title.strip(), "\n".join(line.rstrip() for line in body.strip().splitlines())
    answers.check(title, body)
    if since < timezone.localdate():
        raise Refused("新的模板从今天或以后起用。", code="since")
    with transaction.atomic():
        turns.take(AnswerText)
        same = AnswerText.objects.filter(service=service, title=title)
        later = same.filter(since__gte=since).order_by("since").first()
        if later is not None:
            raise Refused("{since} 起用的同名模板已经定好，新的要从那以后的一天起用。", code="since", since=later.since)
        before = [row for row in same if row.until is None or row.until > since]
        for row in before:
            row.until = since
            row.save(update_fields=["until"])
        made = AnswerText.objects.create(
            service=service, title=title, body=body, since=since, by=by.account, at=timezone.now()
        )
        rows = [made, *before]
        audit.write("answer.text", by=by, subject=f"answertext:{made.pk}", path=places.top(), rows=rows, note=service)
        return made.pk


def end(text: int, *, until: date, by: Actor) -> None:
    """A template is used no more from a day on. Refused: the day has passed or is before its first, or it has ended."""
    with transaction.atomic():
        row = AnswerText.objects.select_for_update().filter(pk=text).first()
        if row is None or not reach.may_lay_down(by, row.service):
            raise NotYours(f"answertext:{text}")
        if row.until is not None:
            raise Refused("这个模板已经停用，或者已经有新的一版。", code="until")
        if until < max(timezone.localdate(), row.since):
            raise Refused("停用的日期不能早于今天，也不能早于起用的日期。", code="until")
        row.until = until
        row.save(update_fields=["until"])
        audit.write("answer.end", by=by, subject=f"answertext:{text}", path=places.top(), rows=[row], note=row.service)


def answer_by(case: int, text: int, *, by: Actor) -> Case:
    """Answer a matter today by a template, as it stands; for many at once, each by itself.

    Refused: the template holds no more or is another service's, in this state there is no answer, something it says is not known
    of this matter, or it gets too long.
    """
    today = timezone.localdate()
    with transaction.atomic():
        row: Case | None = Case.objects.select_for_update(of=("self",)).visible_to(by).filter(pk=case).first()
        if row is None:
            raise NotYours(f"case:{case}")
        by_text = AnswerText.objects.on(today).filter(pk=text).first()
        if by_text is None:
            raise Refused("这个模板已经停用，请另选一个。")
        service = services.find(row.service)
        if by_text.service != row.service:
            raise Refused("这个模板是“{title}”的。", title=services.find(by_text.service).title)
        step = next((one for one in answers.at_once(service) if one.source == row.state), None)
        if step is None:
            raise Refused("现在是“{state}”，不能答复。", state=service.workflow.title(row.state))
        if missing := answers.blanks(row, by_text.body, today, by=by):
            raise Refused("这件没有写明{missing}，请单独答复。", missing=list(missing))
        said = answers.with_names(row, answers.filled(row, by_text.body, today, by=by))
        if len(said) > answers.LONGEST_ANSWER:
            raise Refused("填好以后超过 {most} 个字，请单独答复。", most=answers.LONGEST_ANSWER)
        return case_moves.take_on(case, step.name, on=today, values={answers.ANSWER: said}, by=by)
