"""Posts given and taken by officers. A post over the whole district, or over the machine, takes two: one asks, another decides.

Nobody gives themselves a post, asks for one for themselves, or decides on what they asked for.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.paths import STEP
from unionhall.organisations import places
from unionhall.organisations.accounts import Account, PostAsked, PostHeld
from unionhall.organisations.actions.locked import locked
from unionhall.organisations.actions.posts import PostRow, end_post, enter_posts, give_post
from unionhall.organisations.roles import ROLES, holders, needs_two

GIVE, DECIDE = "posts.change", "posts.approve"
KEEPERS = ("system_admin", "organisation")
"""Posts of which the district must never be without a holder: nobody could open an account, or give a post, again."""


def appoint(row: PostRow, reason: str, *, by: Actor) -> int | None:
    """Give an account a post; the id of the record, or None when it now waits for a second officer."""
    with transaction.atomic():
        by.must_reach(row.path, *holders(GIVE))
        account = _account(row.account_id)
        if row.role not in ROLES:
            raise Refused("没有这个岗位，请从列表中选。", code="role")
        places.standing(row.path, max(row.since, timezone.localdate()))
        if row.until is not None and row.until <= row.since:
            raise Refused("终止日期要晚于起始日期。", code="until")
        if not needs_two(row.role, row.path):
            return give_post(row, by=by)
        if by.account is None or account.pk == by.account:
            raise Refused("不能给自己安排岗位，请由另一位同事办理。")
        if not reason.strip():
            raise Refused("这个岗位要由另一位同事批准，请写明理由。", code="reason")
        if PostAsked.objects.filter(account=account, role=row.role, path=row.path, state="asked").exists():
            raise Refused("已经提出过，正在等另一位同事批准。")
        asked = PostAsked.objects.create(
            account=account, role=row.role, path=row.path, since=row.since, until=row.until, reason=reason.strip()[:100],
            asked_by=by.account, asked_at=timezone.now(),
        )  # fmt: skip
        audit.write("post.ask", by=by, subject=f"account:{account.pk}", path=row.path, rows=[asked], note=row.role)
        return None


def grant_asked(asked: int, *, by: Actor) -> int:
    """The second officer agrees: the account holds the post; the id of the record. It begins today at the earliest."""
    with transaction.atomic():
        row = _waiting(asked, by=by)
        since = max(row.since, timezone.localdate())
        if row.until is not None and row.until <= since:
            raise Refused("申请的任期已经过了，请退回后重新提出。")
        post = enter_posts([PostRow(row.account_id, row.role, row.path, since, row.until)], by=by)[0]
        _decide(row, "granted", "", by=by)
        return post


def decline_asked(asked: int, reason: str, *, by: Actor) -> None:
    """The second officer does not agree; or who asked takes it back."""
    with transaction.atomic():
        mine = PostAsked.objects.filter(pk=asked, asked_by=by.account, state="asked").exists()
        if mine:
            _decide(PostAsked.objects.select_for_update().get(pk=asked), "taken_back", reason.strip(), by=by)
            return
        row = _waiting(asked, by=by)
        if not reason.strip():
            raise Refused("请写明不同意的理由。", code="reason")
        _decide(row, "declined", reason.strip(), by=by)


def remove_post(post: int, *, on: date, by: Actor) -> None:
    """A post is held no longer from the day `on`: from today on, from the next request."""
    with transaction.atomic():
        held = locked(PostHeld, post, right=GIVE, by=by)
        if held.until is not None and held.until <= on:
            raise Refused("这个岗位已于 {until} 终止。", until=held.until.isoformat())
        if held.role in KEEPERS and len(held.path) <= STEP:
            others = PostHeld.objects.on(on).filter(role=held.role, path=held.path, account__is_active=True)
            if not others.exclude(account=held.account_id).exists():
                raise Refused("这是最后一位{role}，请先安排接任的人。", role=ROLES[held.role])
        end_post(post, on=on, by=by)


def _account(number: int) -> Account:
    account = Account.objects.filter(pk=number).first()
    if account is None:
        raise NotYours(f"account {number}")
    if not account.is_active:
        raise Refused("这个账号已经停用，不能安排岗位；需要时请先恢复。")
    return account


def _waiting(asked: int, *, by: Actor) -> PostAsked:
    row = locked(PostAsked, asked, right=DECIDE, by=by)
    if row.state != "asked":
        raise Refused("这项申请已经办过了。")
    if by.account is None or row.asked_by == by.account:
        raise Refused("不能批准自己提出的申请，请由另一位同事办理。")
    if row.account_id == by.account:
        raise Refused("不能批准给自己的岗位，请由另一位同事办理。")
    _account(row.account_id)
    return row


def _decide(row: PostAsked, state: str, reason: str, *, by: Actor) -> None:
    PostAsked.objects.filter(pk=row.pk).update(
        state=state, decided_by=by.account, decided_at=timezone.now(), decided_because=reason[:100]
    )
    audit.write(f"post.{state}", by=by, subject=f"account:{row.account_id}", path=row.path, keys=[(PostAsked, [row.pk])],
                note=row.role)  # fmt: skip
