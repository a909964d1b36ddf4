"""Referring a matter to somebody who does not handle it: only the chosen fields, until a day, every reading in the book of looks."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from unionhall.access import reveal
from unionhall.access.reveal import Found
from unionhall.cases import note_moves, parties, reach
from unionhall.cases import service as services
from unionhall.cases.models import Case
from unionhall.cases.referral_models import Referral
from unionhall.cases.referring import choices, may_receive
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.money import yuan
from unionhall.organisations.models import Place, PostHeld
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer

LONGEST = 500
MOST_DAYS = 90
"""A referral runs out by itself after so many days at most."""


class To(NamedTuple):
    """Who may read it: one account (id), or whoever holds this post at this place."""

    account: int | None = None
    role: str = ""
    path: str = ""


class Said(NamedTuple):
    """One chosen field as its reader sees it: key, title, and what the matter says."""

    key: str
    title: str
    text: str


def refer(case: int, to: To, fields: Sequence[str], *, asked: str, until: date, by: Actor) -> int:
    """Give somebody these fields of a matter until a day; the referral's id. Refused: nothing chosen, nobody who may
    receive it, nothing asked, a day that is past or more than ninety days ahead.
    """
    today = timezone.localdate()
    if not asked.strip() or len(asked.strip()) > LONGEST:
        raise Refused("请写明请对方做什么，最多 {longest} 个字。", code="asked", longest=LONGEST)
    if not today <= until <= today + timedelta(days=MOST_DAYS):
        raise Refused("期限从今天起，最长 {most_days} 天。", code="until", most_days=MOST_DAYS)
    with transaction.atomic():
        row = _mine(case, by)
        assert by.account is not None  # without an account nothing is one's to refer (_mine)
        chosen = [key for key in choices(row) if key in set(fields)]
        if not chosen or len(chosen) != len(set(fields)):
            raise Refused("请选择给对方看哪几项，只选用得着的。", code="fields")
        _check_receiver(to, today)
        number = bulk.ids(Referral, 1)[0]
        referral = Referral(
            pk=number, case=row, path=row.path, by_id=by.account, at=timezone.now(), to_account_id=to.account, to_role=to.role,
            to_path=to.path, fields=chosen, asked=sealer(Referral, "asked")(number, asked.strip()), expires_on=until,
        )  # fmt: skip
        referral.save(force_insert=True)
        _keep(referral, "referred", by, said={"until": until.isoformat(), "n": len(chosen)})
        return number


def withdraw(referral: int, *, by: Actor) -> None:
    """Nobody reads it any more from now on."""
    with transaction.atomic():
        row = Referral.objects.select_for_update().filter(pk=referral).first()
        if row is None:
            raise NotYours(f"referral:{referral}")
        _mine(row.case_id, by)
        if row.withdrawn_at is not None:
            raise Refused("这份转介已经撤回。")
        row.withdrawn_at = timezone.now()
        row.save(update_fields=["withdrawn_at"])
        _keep(row, "referral_back", by)


def read(referral: int, *, by: Actor) -> tuple[Referral, str, list[Said]]:
    """The referral, what is asked, and the chosen fields as they are now; for who it was given to, while it holds.

    Before anything is given, the reading stands in the book of looks of every worker it tells of, and in the audit.
    """
    row = _given(referral, by)
    case = Case.objects.select_related("person", "employer").get(pk=row.case_id)
    purpose = f"转介 {case.number}"
    reveal.note_given(
        [Found(row.pk, person, case.path) for person in parties.people(case)], subject=case.subject, path=case.path, by=by,
        purpose=purpose,
    )  # fmt: skip
    if row.read_at is None:
        with transaction.atomic():
            row.read_at = timezone.now()
            row.save(update_fields=["read_at"])
            audit.write(
                "case.referral_read", by=by, subject=case.subject, path=case.path, rows=(row,), about=case.person_id
            )
    asked = row.asked.reveal(by, purpose, _noted) if row.asked is not None else ""
    return row, asked, _said(case, row.fields, by, purpose)


def answer(referral: int, text: str, *, by: Actor) -> None:
    """Say to who referred it what came of it: a note of the matter, sealed. Refused: nothing, or too much."""
    if not text.strip() or len(text.strip()) > note_moves.LONGEST:
        raise Refused("请写下意见，最多 {longest} 个字。", code="text", longest=note_moves.LONGEST)
    with transaction.atomic():
        row = _given(referral, by)
        row.answered_at = timezone.now()
        row.save(update_fields=["answered_at"])
        _keep(row, "referral_answer", by, text=text)


def _given(referral: int, by: Actor) -> Referral:
    row: Referral | None = (
        Referral.objects.given_to(by)
        .open_on(timezone.localdate())
        .select_related("by", "case")
        .filter(pk=referral)
        .first()
    )
    if row is None:
        raise NotYours(f"referral:{referral}")
    return row


def _check_receiver(to: To, today: date) -> None:
    held = PostHeld.objects.on(today).filter(role__in=may_receive(), account__is_active=True)
    if to.account is not None and not to.role and held.filter(account=to.account).exists():
        return
    standing = Place.objects.filter(path=to.path, until=None).exists()
    if (
        to.account is None
        and to.role in may_receive()
        and standing
        and held.filter(role=to.role, path=to.path).exists()
    ):
        return
    raise Refused("请选择一位有岗位的收件人；那里现在没有人担任这个岗位的，也不能转介。", code="to")


def _said(case: Case, fields: Sequence[str], by: Actor, purpose: str) -> list[Said]:
    service, titles = services.find(case.service), choices(case)
    sealed = json.loads(case.sealed_details.reveal(by, purpose, _noted)) if case.sealed_details is not None else {}
    named = [party.person.name if party.person else party.name for party in parties.applicants(case)]
    told = {
        "number": case.number, "people": "、".join(named) or (case.person.name if case.person else ""),
        "employer": case.employer.name if case.employer else "", "cause": service.causes.get(case.cause, ""),
        "opened": case.opened_on.isoformat(), "sums": "；".join(
            f"{title} {yuan(fen):,} 元" for title, fen in (("请求", case.fen_claimed), ("协议", case.fen_agreed), ("已付", case.fen_paid)) if fen is not None
        ),
    }  # fmt: skip
    if "mobile" in fields and case.person is not None and case.person.mobile is not None:
        told["mobile"] = case.person.mobile.reveal(by, purpose, _noted)
    for field in service.form:
        said = str(sealed.get(field.key) or case.details.get(field.key) or "")
        told[f"form.{field.key}"] = field.choices.get(said, said)
    return [Said(key, titles[key], told.get(key, "")) for key in fields if key in titles]


def _noted(actor: Actor, purpose: str, column: str, uid: int) -> None:
    """The reading stands in the book of looks already, for everything that was chosen."""


def _keep(row: Referral, kind: str, by: Actor, *, said: dict[str, object] | None = None, text: str = "") -> None:
    case = Case.objects.get(pk=row.case_id)
    note = note_moves.take_down(case, kind, said=said, text=text, by=by)
    audit.write(f"case.{kind}", by=by, subject=case.subject, path=case.path, rows=(row, note), about=case.person_id)


def _mine(case: int, by: Actor) -> Case:
    row: Case | None = Case.objects.select_for_update().visible_to(by).filter(pk=case).first()
    if row is None or not reach.may_handle(by, row.service, row.path) or by.account is None:
        raise NotYours(f"case:{case}")
    return row
