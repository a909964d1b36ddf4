"""The way of every claim: filed, its papers checked, approved in full or in part or refused by a code, paid once for one event.

What is asked for, approved and paid are three sums that stay apart.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone

from unionhall.cases.models import Case
from unionhall.cases.promise_moves import APPROVED, PAID
from unionhall.cases.reach import WORKER
from unionhall.kernel.errors import Refused
from unionhall.kernel.workflow import Move, Workflow
from unionhall.people.models import Person

Covered = Callable[[str, int, date], None]
"""(plan's code, person, day) -> None, or Refused: was the person insured under the plan on that day?"""


class Reject(NamedTuple):
    """A ground on which claims are refused, from a day until a day."""

    code: str
    title: str
    since: date
    until: date | None = None


REJECTS = (
    Reject("R01", "出险不在保障期内", date(2010, 1, 1)),
    Reject("R02", "未投保该计划", date(2010, 1, 1)),
    Reject("R03", "不属于保障责任", date(2010, 1, 1)),
    Reject("R04", "材料不全且逾期未补", date(2010, 1, 1)),
    Reject("R05", "同一事件已经赔付", date(2010, 1, 1)),
    Reject("R06", "已由其他渠道全额报销", date(2012, 1, 1)),
    Reject("R07", "等待期内患病", date(2010, 1, 1), date(2015, 1, 1)),
)
"""The codes of the plans' rules; the waiting period fell in 2015."""


def rejects_on(day: date) -> dict[str, str]:
    """The codes that may be given on a day: code -> title."""
    return {one.code: one.title for one in REJECTS if one.since <= day and (one.until is None or day < one.until)}


def reject_title(code: str) -> str:
    """What a code says, also one that is given no more."""
    return next((f"{one.code} {one.title}" for one in REJECTS if one.code == code), code)


def claim_workflow(covered: Covered) -> Workflow:
    """The workflow of a claim whose cover is asked of `covered`."""

    def in_order(case: Any, values: Mapping[str, Any]) -> None:
        _check(case, values, covered)

    return Workflow(
        "received",
        Move("withdraw", "received", "withdrawn", by=WORKER, title="撤回"),
        Move("verify", "received", "verified", by="station_worker", guard=in_order, title="材料齐全"),
        Move("approve", "verified", APPROVED, by="aid", asks=("fen_agreed",), guard=in_order, title="核定赔付"),
        Move("reject", "received", "refused", by="aid", asks=("reject",), guard=_known, title="拒赔"),
        Move("refuse", "verified", "refused", by="aid", asks=("reject",), guard=_known, title="拒赔"),
        Move("drop", APPROVED, "refused", by="aid", asks=("reject",), guard=_known, title="撤销核定"),
        Move("pay", APPROVED, PAID, by="finance", asks=("fund",), title="赔付"),
        titles={
            "received": "已报案",
            "verified": "材料齐全",
            APPROVED: "已核定",
            PAID: "已赔付",
            "refused": "拒赔",
            "withdrawn": "撤回",
        },
    )


def _check(case: Any, values: Mapping[str, Any], covered: Covered) -> None:
    """The plan held on the day it happened, the person was insured, no more is approved than asked, and the event is not paid."""
    if not case.cause or case.event_on is None or case.person_id is None:
        raise Refused("请先写明投保人、计划和出险日期；写错的请退回重新报案。")
    covered(case.cause, case.person_id, case.event_on)
    agreed = values.get("fen_agreed")
    if agreed is not None and not 0 < agreed <= (case.fen_claimed or 0):
        raise Refused("核定金额应大于零，也不能超过申请金额。", code="fen_agreed")
    # Two claims of one event wait for each other here; the table refuses the second, too.
    Person.objects.select_for_update().get(pk=case.person_id)
    same = Case.objects.filter(service=case.service, cause=case.cause, person=case.person_id, event_on=case.event_on)
    paid = same.filter(Q(state=APPROVED) | Q(state=PAID)).exclude(pk=case.pk).first()
    if paid is not None:
        raise Refused("同一计划同一出险日的理赔已经核定（{number}），不能再赔。", number=paid.number)


def _known(case: Any, values: Mapping[str, Any]) -> None:
    if values["reject"] not in rejects_on(timezone.localdate()):
        raise Refused("请从列表中选择拒赔代码。", code="reject")
