"""What is asked before a grant is approved: who brought it, what the household was given already, and what may be given.

Above a cap, or twice for the same, it is refused in words that say why; who may approve may go beyond with a reason.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from unionhall.cases import helped
from unionhall.cases import service as services
from unionhall.cases.models import Case
from unionhall.cases.promise_moves import APPROVED
from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.actions import Entry
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.calendar import official
from unionhall.kernel.errors import Refused
from unionhall.kernel.money import yuan
from unionhall.kernel.workflow import Move
from unionhall.people.households import household_of, people_of
from unionhall.people.models import Person

OVERRIDE = "override"
"""A value of the move that approves: why it is approved all the same. Kept in the journal."""
OVERRIDDEN = "overridden"
"""The act of the journal's line that says so."""
FILE, NOTICE_UNTIL = "aid.file", "notice_until"
"""The service of hardship files; the detail that says until when one is announced."""
_LONGEST = 200


def decide(case: Case, step: Move, values: Mapping[str, Any], *, on: date, by: Actor) -> None:
    """Before a step that approves. Refused: one's own request, above a cap, or the same help twice without a reason.

    Before a hardship file is filed, its public notice must be over, where one is laid down.
    """
    if case.service == FILE:
        _notice(case, step, on)
    if step.target != APPROVED or not helped.looked_at(case.service):
        return
    _not_ones_own(case, by)
    against = _objections(case, values.get("fen_agreed") or case.fen_agreed or 0, on=on, lock=True)
    if not against:
        return
    reason = str(values.get(OVERRIDE) or "").strip()
    if not reason:
        said = "".join(against)
        raise Refused("{said}请核减金额或不予批准；确需批准的，写明超限理由，理由记入日志。", code=OVERRIDE, said=said)
    if len(reason) > _LONGEST:
        raise Refused("超限理由最多 {longest} 个字。", code=OVERRIDE, longest=_LONGEST)
    journal.write(
        Entry(case.service, OVERRIDDEN, case.path, on, case.subject, person=case.person_id, reason=reason), by=by
    )
    audit.write("case.overridden", by=by, subject=case.subject, path=case.path, about=case.person_id, note=case.service)


def _notice(case: Case, step: Move, on: date) -> None:
    """How long a file is announced, and whether that is over when it is filed."""
    days = helped.amounts("notice", on).get("")
    if step.target == "announced":
        if not days:
            raise Refused("这一天没有规定公示天数，不用公示；请直接建档，或请帮扶部先规定。")
        until = official().deadline(on, working_days=days)
        case.details = {**case.details, NOTICE_UNTIL: until.isoformat()}
    elif step.target == "filed" and days:
        until_told = str(case.details.get(NOTICE_UNTIL, ""))
        if case.state != "announced" or not until_told:
            raise Refused("建档前须公示 {days} 个工作日，请先公示。", days=days)
        if on.isoformat() <= until_told:
            raise Refused("公示到 {until_told} 为止，公示期满才能建档。", code="on", until_told=until_told)


def agreed_anew(case: Case, fen: int, *, by: Actor) -> None:
    """Another sum for what is approved already: more than before stays within the caps, too."""
    if case.state == APPROVED and helped.looked_at(case.service) and fen > (case.fen_agreed or 0):
        against = _objections(case, fen, on=case.accepted_on or case.opened_on, lock=True)
        if against:
            raise Refused(
                "{against}请先按“不再发放”退出，重新申请和审批。", code="fen_agreed", against="".join(against)
            )


def _objections(case: Case, fen: int, *, on: date, lock: bool = False) -> list[str]:
    """What stands against giving `fen` in this matter, in sentences: caps, and the same help for the same cause.

    `lock`: two who decide about one household at once wait for each other.
    """
    if case.person_id is None or not case.service.startswith(helped.AID):
        return []
    people = people_of(household_of(case.person_id, on))
    if lock:
        list(Person.objects.select_for_update().filter(pk__in=people).order_by("pk").values_list("pk"))
    before = helped.given(people, but=case.pk)
    found = [_above(cap, fen, on.year) for cap in helped.caps(before, on, service=case.service) if fen > cap.left]
    twice = helped.overlap(before, case.service, case.cause, on.year)
    if twice is not None:
        title = services.find(case.service).title
        found.append(f"这一户今年已因同一原因得到{title} {_yuan(twice.fen)} 元（{twice.case.number}）。")
    return found


def _above(cap: helped.Cap, fen: int, year: int) -> str:
    of = services.find(cap.service).title if cap.service else "各项救助合计"
    return (
        f"{of}一户一年最多 {_yuan(cap.most)} 元，这一户 {year} 年已有 {_yuan(cap.used)} 元，"
        f"还可以给 {_yuan(cap.left)} 元，批准 {_yuan(fen)} 元就超过了。"
    )


def _not_ones_own(case: Case, by: Actor) -> None:
    """Whoever wrote the request down does not decide on it."""
    brought = Line.objects.standing().filter(subject=case.subject, act=services.find(case.service).workflow.initial)
    if by.account is not None and brought.filter(by=by.account, batch=None).exists():
        raise Refused("这件申请是您自己登记的，不能由您自己批准，请由另一位审批人办理。", code="fen_agreed")


def _yuan(fen: int) -> str:
    return f"{yuan(fen):,}"
