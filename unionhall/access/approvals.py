"""Two pairs of eyes before the data of many people leaves the house: asked by one, allowed by another, used once, in a day."""

from datetime import UTC, datetime, timedelta

from django.db import models, transaction

from unionhall.access import notices
from unionhall.access.looking import Approval
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.messages import actions as messages
from unionhall.organisations.roles import holders
from unionhall.storage.sealed import keys

MANY = 500
"""An export of this many people needs a second officer."""
GOOD_FOR = timedelta(hours=24)
ASKS, DECIDES = "exports.do", "exports.approve"
_LONGEST = 200


def needed(people: int) -> bool:
    """Does an export of so many people need a second officer?"""
    return people >= MANY


def ask(*, what: str, title: str, path: str, people: int, reason: str, by: Actor) -> int:
    """Ask for an export: its approval's id. `what` says exactly which rows and columns, and is kept only as a digest.

    Asked again for the same before it was decided, it is the same request. Refused without a reason.
    """
    by.must_reach(path, *holders(ASKS))
    if by.account is None:
        raise NotYours("approval")
    _check_reason(reason)
    now = datetime.now(UTC)
    with transaction.atomic():
        mine = Approval.objects.filter(what=_digest(what), asked_by=by.account, state="waiting", expires_at__gt=now)
        standing = mine.select_for_update().first()
        if standing is not None and standing.people >= people:
            return int(standing.pk)
        approval = Approval.objects.create(
            what=_digest(what), title=title[:100], reason=reason.strip(), people=people, path=path, asked_by=by.account,
            asked_name=by.name[:64], asked_at=now, expires_at=now + GOOD_FOR,
        )  # fmt: skip
        note = f"{people:,} 人"
        audit.write("export.ask", by=by, subject=f"approval:{approval.pk}", path=path, rows=[approval], note=note)
        return approval.pk


def approve(approval: int, *, by: Actor) -> None:
    """Say yes: from now it is good for a day. Refused to who asked for it."""
    with transaction.atomic():
        found = _waiting(approval, by)
        _decide(found, "approved", "", by)


def refuse(approval: int, *, because: str, by: Actor) -> None:
    """Say no, with the reason."""
    _check_reason(because)
    with transaction.atomic():
        found = _waiting(approval, by)
        _decide(found, "refused", because.strip(), by)


def use(*, what: str, people: int, by: Actor) -> Approval:
    """Take the yes to exactly this export, in the transaction that makes it. Refused when there is none that is good, or
    when there are now more people in it than were allowed.
    """
    now = datetime.now(UTC)
    with transaction.atomic():
        good = _mine(what, by).filter(state="approved", expires_at__gt=now)
        found: Approval | None = good.select_for_update().order_by("pk").first()
        if found is None:
            raise Refused(
                "导出 {people:,} 人的资料须先由另一位同事审批，请先提交申请。", code="export.approval", people=people
            )
        if people > found.people:
            raise Refused(
                "审批时是 {people:,} 人，现在是 {people_2:,} 人，请重新申请。",
                code="export.approval",
                people=found.people,
                people_2=people,
            )
        by.must_reach(found.path, *holders(ASKS))
        found.state, found.used_at = "used", now
        Approval.objects.filter(pk=found.pk).update(state="used", used_at=now)
        audit.write("export.use", by=by, subject=f"approval:{found.pk}", path=found.path, rows=[found])
        return found


def standing(*, what: str, by: Actor) -> Approval | None:
    """This account's latest request for exactly this export, if it still says something: waiting, approved or refused."""
    latest: Approval | None = _mine(what, by).exclude(state="used").order_by("-pk").first()
    return None if latest is None or latest.lapsed(datetime.now(UTC)) else latest


def _mine(what: str, by: Actor) -> models.QuerySet[Approval]:
    if by.account is None:
        return Approval.objects.none()
    return Approval.objects.filter(what=_digest(what), asked_by=by.account)


def _waiting(approval: int, by: Actor) -> Approval:
    found: Approval | None = Approval.objects.select_for_update().filter(pk=approval).first()
    if found is None or not by.reaches(found.path, *holders(DECIDES)):
        raise NotYours(f"approval:{approval}")
    if by.account is None or by.account == found.asked_by:
        raise Refused("自己的申请要由另一位同事审批。", code="export.own")
    if found.state != "waiting":
        raise Refused("这份申请已经办理过了。")
    if found.lapsed(datetime.now(UTC)):
        raise Refused("这份申请已过 24 小时，请申请人重新提交。")
    return found


def _decide(found: Approval, state: str, because: str, by: Actor) -> None:
    now = datetime.now(UTC)
    Approval.objects.filter(pk=found.pk).update(
        state=state, because=because, decided_by=by.account, decided_name=by.name[:64], decided_at=now,
        expires_at=now + GOOD_FOR,
    )  # fmt: skip
    act = "export.approve" if state == "approved" else "export.refuse"
    audit.write(act, by=by, subject=f"approval:{found.pk}", path=found.path, rows=[found])
    fields = {"title": found.title, "officer": by.name, "because": because, "people": f"{found.people:,}"}
    kind = notices.EXPORT_ALLOWED if state == "approved" else notices.EXPORT_REFUSED
    subject = f"approval:{found.pk}"
    messages.queue(kind, account=found.asked_by, key=f"{kind.key}:{found.pk}", fields=fields, subject=subject, by=by)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("请写明原因。", code="reason")
    if len(reason) > _LONGEST:
        raise Refused("原因最多 {longest} 个字，请缩短。", code="reason", longest=_LONGEST)


def _digest(what: str) -> bytes:
    return keys().mac("access/approval")(what.encode())
