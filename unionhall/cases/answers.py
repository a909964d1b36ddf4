"""Answers from templates: which a service has, by which step a matter is answered, what one says of a matter. Nothing here writes.

    filled(case, text.body, by=actor)     "{职工}：\\n您于2026年4月1日反映的事项……"

Whose matter it is stays in braces until the answer is sent, for pages show people by masked names; everything else is filled in.
"""

from datetime import date

from unionhall.cases import merge_fields, paper_values
from unionhall.cases import service as services
from unionhall.cases.answer_models import AnswerText
from unionhall.cases.merge_fields import FIELDS, Merge
from unionhall.cases.models import Case
from unionhall.cases.service import CaseService
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.workflow import Move

ANSWER = "answer"
"""What a step asks for that answers the worker; it is kept sealed and said to them."""
LONGEST = {"title": 40, "body": 500}
LONGEST_ANSWER = 500
NAMES = ("职工", "受益人")
"""Fields that are put in when the answer is sent."""


def answering(service: CaseService) -> tuple[Move, ...]:
    """The steps of a service that answer the worker."""
    return tuple(one for one in service.workflow.moves if ANSWER in one.asks)


def answered() -> tuple[CaseService, ...]:
    """The services with such a step."""
    return tuple(one for one in services.everyone() if answering(one))


def at_once(service: CaseService) -> tuple[Move, ...]:
    """Those of them that may be taken for many matters at once: no refusal, which is decided one by one, and nothing asked besides."""
    return tuple(one for one in answering(service) if one.target != "declined" and one.asks == (ANSWER,))


def fields() -> dict[str, Merge]:
    """What may stand in braces in an answer: what may in a paper, without the number of one."""
    return {name: merge for name, merge in FIELDS.items() if name != "文号"}


def texts(service: str, on: date) -> list[AnswerText]:
    """The templates of a service that hold on a day, by title."""
    return list(AnswerText.objects.on(on).filter(service=service).order_by("title", "pk"))


def check(title: str, body: str) -> None:
    """Refused: a part ("title", "body") that is empty or too long, or a field that does not exist."""
    for part, said in (("title", title), ("body", body)):
        if not said.strip():
            raise Refused("这一项不能空着，请填写。", code=part)
        if len(said) > LONGEST[part]:
            raise Refused("最多 {most} 个字，现在是 {now} 个，请缩短。", code=part, most=LONGEST[part], now=len(said))
    if "{" in title or "}" in title:
        raise Refused("名称里不用合并字段。", code="title")
    if unknown := merge_fields.strange(body, fields()):
        may = [f"{{{name}}}" for name in fields()]
        raise Refused("没有“{unknown}”这样的合并字段。可用的有：{may}。", code="body", unknown=unknown, may=may)


def examples(today: date) -> dict[str, str]:
    """Values for a look at a template, of nobody."""
    return {name: merge.example for name, merge in fields().items()} | {"年": str(today.year)}


def filled(case: Case, body: str, today: date, *, by: Actor, masked: bool = False) -> str:
    """What a template says of a matter. The names stay in braces, or are masked."""
    values = paper_values.values(case, "", today, maker=by.name, masked=masked)
    return merge_fields.fill(body, values if masked else values | {name: f"{{{name}}}" for name in NAMES})


def blanks(case: Case, body: str, today: date, *, by: Actor) -> list[str]:
    """The fields of a template that are not known of a matter."""
    values = paper_values.values(case, "", today, maker=by.name)
    return [name for name in merge_fields.used(body) if values[name] == merge_fields.BLANK]


def with_names(case: Case, said: str) -> str:
    """An answer as it is sent: the worker by name. Nothing else in braces is touched; it is what somebody wrote."""
    known = {"职工": case.person, "受益人": case.beneficiary or case.person}
    for name, person in known.items():
        said = said.replace(
            f"{{{name}}}", merge_fields.one_line(person.name) if person is not None else merge_fields.BLANK
        )
    return said
