"""Payments sent to the bank together: gathered by one, above a sum decided by another, and paid only as the bank answers."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.money import yuan
from unionhall.ledger import actions, commitment_moves, orders, payables
from unionhall.ledger.models import Fund, Order, OrderLine, Threshold
from unionhall.ledger.order_models import APPROVED, CANCELLED, DONE, DROPPED, MADE, PAID, RETURNED, SENT, WAITING
from unionhall.ledger.payables import Payable
from unionhall.organisations.roles import holders
from unionhall.people.payees import accounts_of
from unionhall.storage import bulk

MOST = 500
"""Payments in one order: what the bank's answer can be worked through in one go."""
_LONGEST = 200


class Answer(NamedTuple):
    """What the bank says of one line (its id): paid, or returned with its code and reason. `fen`, when it says how much."""

    line: int
    paid: bool
    code: str = ""
    reason: str = ""
    fen: int | None = None


def set_threshold(path: str, fen: int, *, since: date, reason: str, by: Actor) -> int:
    """From `since` orders of more than `fen` need a second person; the rule's id. Refused: negative, or without a reason."""
    by.must_reach(path, *holders("funds.allow"))
    if fen < 0:
        raise Refused("金额不能是负数。", code="amount")
    _say_why(reason, "reason")
    with transaction.atomic():
        row = Threshold.objects.create(
            path=path, fen=fen, since=since, reason=reason.strip(), by=by.account, at=datetime.now(UTC)
        )
        audit.write("order.threshold", by=by, subject=f"threshold:{row.pk}", path=path, rows=[row])
        return row.pk


def make(fund: int, subjects: Sequence[str], *, by: Actor) -> int:
    """Gather approved payments of a fund into an order; its id. What no fund was promised for is promised from this one.

    Refused: something paid or on its way already, promised from another fund, nobody's account known, or not enough money.
    """
    if not subjects:
        raise Refused("请选择要支付的款项。", code="sel")
    if len(subjects) > MOST or len(set(subjects)) < len(subjects):
        raise Refused("一批最多 {most} 笔，每笔只能选一次。", code="sel", most=MOST)
    with transaction.atomic():
        # What is paid is held before its fund is, as when it is paid at the desk.
        owed = _held(subjects, by)
        purse: Fund | None = Fund.objects.select_for_update().filter(pk=fund).first()
        if purse is None or by.account is None:
            raise NotYours(f"fund:{fund}")
        by.must_reach(purse.path, *holders("funds.change"))
        orders.check_free([one.cause for one in owed])
        total = sum(one.fen for one in owed)
        left = actions.balance(fund) - orders.waiting_fen(fund)
        if total > left:
            raise Refused(
                "资金余额除去在途的还有 {left:,} 元，这一批要 {total:,} 元，请少选几笔。",
                code="sel",
                left=yuan(left),
                total=yuan(total),
            )
        _promise(purse, owed, by)
        today = timezone.localdate()
        order = Order.objects.create(
            fund=purse, path=purse.path, state=MADE, fen=total, count=len(owed), made_by=by.account, made_at=datetime.now(UTC),
            two=orders.needs_two(purse.path, total, len(owed), today),
        )  # fmt: skip
        lines = _lines(order, owed)
        audit.write("order.make", by=by, subject=f"order:{order.pk}", path=purse.path, rows=[order, *lines])
        return order.pk


def _held(subjects: Sequence[str], by: Actor) -> list[Payable]:
    found: list[Payable] = []
    for kind in dict.fromkeys(subject.partition(":")[0] for subject in subjects):
        mine = [subject for subject in subjects if subject.partition(":")[0] == kind]
        found += payables.source_of(mine[0]).held(mine, by)
    return found


def _promise(purse: Fund, owed: Sequence[Payable], by: Actor) -> None:
    for one in owed:
        if one.fund not in (None, purse.pk):
            raise Refused("{title}占用的是另一项资金的预算，请放到那项资金的批次里。", code="sel", title=one.title)
        if one.fund is None:
            commitment_moves.reserve(
                one.cause, purse.pk, one.fen, subject=one.subject, service=one.service, on=timezone.localdate(), path=one.path,
                by=by,
            )  # fmt: skip


def _lines(order: Order, owed: Sequence[Payable]) -> list[OrderLine]:
    accounts = accounts_of(one.person for one in owed if one.person is not None)
    without = [one.title for one in owed if one.person not in accounts]
    if without:
        raise Refused(
            "还没有登记收款账户：{without}。请服务站在会员页面登记，或先不选。", code="sel", without=list(without[:5])
        )
    numbers = bulk.ids(OrderLine, len(owed))
    lines = [
        OrderLine(
            pk=number, order=order, path=one.path, subject=one.subject, cause=one.cause, service=one.service, title=one.title[:64],
            fen=one.fen, payee=accounts[one.person or 0],
        )
        for number, one in zip(numbers, owed, strict=True)
    ]  # fmt: skip
    for line in lines:
        line.save(force_insert=True)
    return lines


def approve(order: int, *, by: Actor) -> None:
    """Another finds it right; refused to who made it."""
    with transaction.atomic():
        row = _locked(order, by, "funds.approve", (MADE,))
        _another(row, by)
        row.state, row.decided_by, row.decided_at = APPROVED, by.account, datetime.now(UTC)
        row.save()
        audit.write("order.approve", by=by, subject=f"order:{order}", path=row.path, rows=[row])


def refuse(order: int, *, because: str, by: Actor) -> None:
    """Another finds it wrong: it is cancelled with the reason, and its payments may be gathered again."""
    _say_why(because, "because")
    with transaction.atomic():
        row = _locked(order, by, "funds.approve", (MADE, APPROVED))
        _another(row, by)
        row.decided_by, row.decided_at = by.account, datetime.now(UTC)
        _drop(row, because, "order.refuse", by)


def cancel(order: int, *, because: str, by: Actor) -> None:
    """Not sent after all. Refused once it was sent: then the bank must answer, or must not have taken it (`recall`)."""
    _say_why(because, "because")
    with transaction.atomic():
        _drop(_locked(order, by, "funds.change", (MADE, APPROVED)), because, "order.cancel", by)


def _drop(row: Order, because: str, act: str, by: Actor) -> None:
    lines = list(row.lines.filter(state=WAITING))
    for line in lines:
        line.state = DROPPED
        line.save(update_fields=["state"])
    row.state, row.because = CANCELLED, because.strip()
    row.save()
    audit.write(act, by=by, subject=f"order:{row.pk}", path=row.path, rows=[row, *lines])


def send(order: int, *, by: Actor) -> list[OrderLine]:
    """The file for the bank is being made of these lines, in the caller's transaction; from now on the bank has the word.

    Refused: not decided by a second person where one is needed, or sent already.
    """
    with transaction.atomic():
        row = _locked(order, by, "funds.change", (MADE, APPROVED))
        if row.two and row.state != APPROVED:
            raise Refused("这一批要先由另一位同事同意，才能送银行。", code="order.two")
        row.state, row.sent_by, row.sent_at = SENT, by.account, datetime.now(UTC)
        row.save()
        audit.write("order.send", by=by, subject=f"order:{order}", path=row.path, rows=[row])
        return list(row.lines.select_related("payee").order_by("pk"))


def recall(order: int, *, because: str, by: Actor) -> None:
    """The bank never took the file: it may be made again. Refused once the bank has answered a line."""
    _say_why(because, "because")
    with transaction.atomic():
        row = _locked(order, by, "funds.change", (SENT,))
        if row.lines.exclude(state=WAITING).exists():
            raise Refused("银行已经回盘，不能撤回送银行。")
        row.state = APPROVED if row.decided_by is not None else MADE
        row.sent_by, row.sent_at, row.because = None, None, because.strip()
        row.save()
        audit.write("order.recall", by=by, subject=f"order:{order}", path=row.path, rows=[row])


def answer(order: int, answers: Sequence[Answer], *, on: date, by: Actor) -> int:
    """What the bank did with the lines of an order; how many it told of that were not known yet.

    What it paid becomes paid by its own concept's move, which posts it; what it returned stays owed. Told again, nothing
    happens. Refused, all of it: a line of another order, another sum, or another answer than was given before.
    """
    if on > timezone.localdate():
        raise Refused("日期不能晚于今天。", code="on")
    with transaction.atomic():
        row = _locked(order, by, "funds.change", (SENT, DONE))
        if row.sent_at is not None and on < timezone.localdate(row.sent_at):
            raise Refused("银行支付的日期不能早于送银行的日期。", code="on")
        told = {one.line: one for one in answers}
        if len(told) < len(answers):
            raise Refused("回盘里同一序号出现了两次，请核对。", code="file")
        lines = {line.pk: line for line in row.lines.select_for_update().order_by("pk")}
        if strange := sorted(set(told) - set(lines)):
            raise Refused("回盘里的序号 {strange} 不在这一批，请核对文件。", code="file", strange=strange[0])
        new = [line for number, line in lines.items() if number in told and _is_new(line, told[number])]
        # Everything to be paid is held before the first of it touches the fund, as when it is paid at the desk.
        if paying := [line.subject for line in new if told[line.pk].paid]:
            _held(paying, by)
        for line in new:
            _take(row, line, told[line.pk], on, by)
        if not new:
            return 0
        if all(line.state != WAITING for line in lines.values()):
            row.state, row.done_at = DONE, datetime.now(UTC)
            row.save()
        note = f"{len(new)}: {sum(line.state == PAID for line in new)}"
        audit.write("order.answer", by=by, subject=f"order:{order}", path=row.path, rows=[row, *new], note=note)
        return len(new)


def _is_new(line: OrderLine, told: Answer) -> bool:
    if told.fen is not None and told.fen != line.fen:
        raise Refused(
            "序号 {pk} 应付 {fen:,} 元，回盘是 {fen_2:,} 元，请核对。",
            code="file",
            pk=line.pk,
            fen=yuan(line.fen),
            fen_2=yuan(told.fen),
        )
    if line.state == WAITING:
        if not told.paid and not (told.code.strip() or told.reason.strip()):
            raise Refused("序号 {pk} 是退回，请填写原因代码或原因。", code="file", pk=line.pk)
        return True
    if (line.state == PAID) != told.paid:
        raise Refused("序号 {pk} 上次回盘不是这个结果，请先与银行核对。", code="file", pk=line.pk)
    return False


def _take(order: Order, line: OrderLine, told: Answer, on: date, by: Actor) -> None:
    """The line first: from then on its cause is not on its way any more, and the concept may pay it."""
    source = payables.source_of(line.subject)
    line.state, line.answered_on = PAID if told.paid else RETURNED, on
    line.code, line.reason = told.code.strip()[:16], told.reason.strip()[:_LONGEST]
    line.save()
    if not told.paid:
        source.came_back(line.subject, on, " ".join(part for part in (line.code, line.reason) if part), by)
        return
    source.pay(line.subject, order.fund.name, on, by)
    posting = actions.standing_of(line.cause)
    if posting is None or not posting.entries.filter(account=actions.CASH, fen=-line.fen).exists():
        raise Refused("{title}记账的金额与批次不符，请核对后再回盘。", code="file", title=line.title)
    line.posting = posting.pk
    line.save(update_fields=["posting"])


def _locked(order: int, by: Actor, right: str, states: tuple[str, ...]) -> Order:
    row: Order | None = Order.objects.select_for_update(of=("self",)).select_related("fund").filter(pk=order).first()
    if row is None:
        raise NotYours(f"order:{order}")
    by.must_reach(row.path, *holders(right))
    if row.state not in states:
        raise Refused("这一批已经办到别的步骤，请刷新页面看看。", code="state")
    return row


def _another(row: Order, by: Actor) -> None:
    if by.account is None or by.account == row.made_by:
        raise Refused("自己做的支付批次要由另一位同事同意。", code="own")


def _say_why(words: str, code: str) -> None:
    if not words.strip():
        raise Refused("请写明原因。", code=code)
    if len(words) > _LONGEST:
        raise Refused("原因最多 {longest} 个字，请缩短。", code=code, longest=_LONGEST)
