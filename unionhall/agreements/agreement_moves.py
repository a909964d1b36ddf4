"""What an officer does with one agreement: records it with its cover, adds and ends cover, renews it, ends it early.

Registers brought in whole are `agreements.actions`, which every one of these ends in.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from unionhall.agreements.actions import (
    AgreementCoverRow,
    AgreementRow,
    change_agreements,
    change_covers,
    record_agreements,
    record_covers,
)
from unionhall.agreements.models import Agreement, AgreementCover
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.models import Employer
from unionhall.organisations.roles import holders

LONGEST = timedelta(days=366 * 3)
"""A collective contract runs one to three years (集体合同规定 第三十八条)."""


def record(row: AgreementRow, employers: Sequence[int], *, by: Actor) -> int:
    """Register one agreement and put these employers under it from the day it holds; its id.

    Refused: no employer, a term that is none or over three years, a number used before.
    """
    by.must_reach(row.path, *holders("agreements.change"))
    _check_term(row)
    if not employers:
        raise Refused("请至少选择一个受这份协议覆盖的单位。", code="employers")
    with transaction.atomic():
        if Agreement.objects.filter(service=row.service, number=row.number).exists():
            raise Refused("编号 {number} 已经登记过，请核对。", code="number", number=row.number)
        (number,) = record_agreements([row], by=by)
        record_covers(_covers(number, row.service, employers, row.since, row.until, by), by=by)
        return number


def cover(agreement: int, employers: Sequence[int], *, by: Actor, since: date) -> int:
    """Put more employers under an agreement from a day of its term on; how many. Those already under it are left alone."""
    with transaction.atomic():
        row = _locked(agreement, by)
        if since < row.since or (row.until is not None and since >= row.until):
            raise Refused("覆盖的开始日期要在协议的期限内（{row}）。", code="since", row=_term(row))
        holding = AgreementCover.objects.on(since).filter(agreement=agreement).values_list("employer_id", flat=True)
        fresh = [employer for employer in dict.fromkeys(employers) if employer not in set(holding)]
        if not fresh:
            raise Refused("选中的单位都已受这份协议覆盖。", code="employers")
        record_covers(_covers(agreement, row.service, fresh, since, row.until, by), by=by)
        return len(fresh)


def uncover(cover_row: int, *, by: Actor, on: date) -> int:
    """An employer leaves an agreement on a day; the agreement's id."""
    with transaction.atomic():
        row = AgreementCover.objects.select_for_update().filter(pk=cover_row).first()
        if row is None:
            raise NotYours(f"cover:{cover_row}")
        by.must_reach(row.path, *holders("agreements.change"))
        agreement = _locked(row.agreement_id, by)
        if on < row.since or (row.until is not None and on >= row.until):
            raise Refused("结束日期要在覆盖的期限内，且早于现在登记的结束日期。", code="on")
        ended = AgreementCoverRow(row.service, agreement.pk, row.employer_id, row.path, row.since, on)
        change_covers([(cover_row, ended)], by=by)
        return agreement.pk


def renew(
    agreement: int, *, by: Actor, number: str, signed_on: date, since: date, until: date, workers: int | None = None
) -> int:
    """The next term of an agreement, over the employers covered when the old one ended; the new agreement's id.

    An old term that would run into the new one ends the day the new one begins.
    """
    with transaction.atomic():
        old = _locked(agreement, by)
        if old.ended_because:
            raise Refused("这份协议已提前终止，不能续签，请登记新的协议。")
        if Agreement.objects.filter(renews=agreement).exists():
            raise Refused("这份协议已经续签过。")
        if since <= old.since:
            raise Refused(
                "续签的生效日期要晚于原协议的生效日期（{since}）。", code="since", since=old.since.isoformat()
            )
        if Agreement.objects.filter(service=old.service, number=number).exists():
            raise Refused("编号 {number} 已经登记过，请核对。", code="number", number=number)
        following = _row(old)._replace(
            number=number, signed_on=signed_on, since=since, until=until, filed_on=None, filing_no="",
            workers=old.workers if workers is None else workers, renews_id=agreement,
        )  # fmt: skip
        _check_term(following)
        last = (min(since, old.until) if old.until is not None else since) - timedelta(days=1)
        covered = list(
            AgreementCover.objects.on(last).filter(agreement=agreement).values_list("employer_id", flat=True)
        )
        if old.until is None or old.until > since:
            change_agreements([(agreement, _row(old)._replace(until=since))], by=by)
        (fresh,) = record_agreements([following], by=by)
        record_covers(_covers(fresh, old.service, covered, since, until, by), by=by)
        return fresh


def end(agreement: int, *, by: Actor, on: date, because: str) -> None:
    """The agreement ends before its term; the cover that stands on it ends with it."""
    if not because.strip():
        raise Refused("提前终止必须写明原因。", code="because")
    with transaction.atomic():
        row = _locked(agreement, by)
        if row.ended_because:
            raise Refused("这份协议已经提前终止。")
        if on <= row.since or (row.until is not None and on >= row.until):
            raise Refused("终止日期要在协议的期限内（{row}）。", code="on", row=_term(row))
        change_agreements([(agreement, _row(row)._replace(until=on, ended_because=because.strip()))], by=by)


def file(agreement: int, *, by: Actor, on: date, filing_no: str) -> None:
    """The labour authority took it on file (劳动合同法 第五十四条)."""
    with transaction.atomic():
        row = _locked(agreement, by)
        if on < row.signed_on:
            raise Refused("备案日期不能早于签订日期。", code="on")
        change_agreements([(agreement, _row(row)._replace(filed_on=on, filing_no=filing_no.strip()))], by=by)


def _locked(agreement: int, by: Actor) -> Agreement:
    row: Agreement | None = Agreement.objects.select_for_update().filter(pk=agreement).first()
    if row is None:
        raise NotYours(f"agreement:{agreement}")
    by.must_reach(row.path, *holders("agreements.change"))
    return row


def _row(old: Agreement) -> AgreementRow:
    return AgreementRow(
        old.service, old.number, old.title, old.path, old.signed_on, old.since, old.until, old.level, old.union_id,
        old.filed_on, old.filing_no, old.workers, old.renews_id, old.ended_because,
    )  # fmt: skip


def _covers(
    agreement: int, service: str, employers: Sequence[int], since: date, until: date | None, by: Actor
) -> list[AgreementCoverRow]:
    paths = dict(Employer.objects.filter(pk__in=employers).values_list("pk", "path"))
    for employer in employers:
        if employer not in paths:
            raise NotYours(f"employer:{employer}")
        by.must_reach(paths[employer], *holders("agreements.change"))
    return [AgreementCoverRow(service, agreement, one, paths[one], since, until) for one in dict.fromkeys(employers)]


def _check_term(row: AgreementRow) -> None:
    if row.until is None or row.until <= row.since:
        raise Refused("届满日期要晚于生效日期。", code="until")
    if row.until - row.since > LONGEST:
        raise Refused("集体合同的期限为一年至三年，请核对届满日期。", code="until")
    if row.since < row.signed_on:
        raise Refused("生效日期不能早于签订日期。", code="since")


def _term(row: Agreement) -> str:
    return f"{row.since.isoformat()} 至 {row.until.isoformat() if row.until else '未定'}"
