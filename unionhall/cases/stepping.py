"""What every step of some services asks: days in their order, and somebody else to approve what one has entered. Nothing here writes."""

from datetime import date

from django.utils import timezone

from unionhall.cases.models import Case
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused


def not_ahead(on: date) -> None:
    """Refused: a day to come."""
    if on > timezone.localdate():
        raise Refused("办理日期不能晚于今天。", code="on")


def in_order(case: Case, on: date) -> None:
    """Refused: a day to come, or before the last step's."""
    not_ahead(on)
    last = Line.objects.standing().filter(subject=case.subject).order_by("-on").values_list("on", flat=True).first()
    if last is not None and on < last:
        raise Refused("办理日期不能早于上一步的 {last}。", code="on", last=last.isoformat())


def by_another(case: Case, entered: str, by: Actor) -> None:
    """Refused: whoever took the step to `entered` takes the one that approves it."""
    lines = Line.objects.standing().filter(subject=case.subject, act=entered).order_by("-pk")
    wrote = lines.values_list("by", flat=True).first()
    if by.account is not None and wrote == by.account:
        raise Refused("这一步的材料是您自己登记的，不能由您自己批准，请由另一位有权批准的人办理。")
