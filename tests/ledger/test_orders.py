"""Orders to the bank: gathered by one, decided by another, paid only as the bank answers, and every payment once."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests import world
from tests.desk_business.conftest import figure, page, refused, send, words_of
from tests.ledger.conftest import APPROVED, Treasury, a_treasury, approved, paid, somebody
from unionhall.access import approvals, reveal
from unionhall.access.models import AccessRow
from unionhall.cases.actions import move
from unionhall.cases.case_moves import Corrected, correct_one
from unionhall.cases.models import Case
from unionhall.jobs import files, verification
from unionhall.jobs.models import Job
from unionhall.jobs.worker import run_until_empty
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.ledger import budgets, order_moves, orders
from unionhall.ledger.actions import balance
from unionhall.ledger.models import Order, OrderLine, Posting
from unionhall.ledger.order_moves import Answer
from unionhall.people import payee_moves
from unionhall.people.models import Membership, PayeeAccount

AtDesk = Callable[..., Client]
TODAY = timezone.localdate()


def with_account(case: Case, number: str = "") -> Case:
    held = Membership.objects.get(person=case.person_id, until=None)
    payee_moves.set_account(
        held.pk,
        number or world.a_card_number(held.pk),
        bank="望河银行",
        holder=held.person.name,
        on=date(2015, 1, 5),
        by=SYSTEM,
    )
    return case


def ready(here: Treasury, name: str = "小李", fen: int = 300_000) -> Case:
    return with_account(approved(here.here, name, fen=fen))


def limit(here: Treasury, fen: int) -> None:
    order_moves.set_threshold(here.here.root, fen, since=date(2015, 1, 1), reason="财务制度", by=here.leader)


def made(here: Treasury, *cases: Case) -> int:
    return order_moves.make(here.fund, [case.subject for case in cases], by=here.keeper)


def sent(here: Treasury, *cases: Case) -> int:
    order = made(here, *cases)
    if Order.objects.get(pk=order).two:
        order_moves.approve(order, by=here.other)
    order_moves.send(order, by=here.keeper)
    return order


def line_of(case: Case) -> OrderLine:
    return OrderLine.objects.filter(subject=case.subject).order_by("-pk")[0]


def all_paid(order: int) -> list[Answer]:
    return [Answer(line.pk, True, fen=line.fen) for line in OrderLine.objects.filter(order=order)]


def test_without_a_rule_every_order_needs_a_second_person(treasury: Treasury) -> None:
    order = made(treasury, ready(treasury, fen=1))
    assert Order.objects.get(pk=order).two
    with pytest.raises(Refused, match="先由另一位同事同意"):
        order_moves.send(order, by=treasury.keeper)


@pytest.mark.parametrize(("fen", "two"), [(99_999, False), (100_000, False), (100_001, True)])
def test_above_the_sum_a_second_person_decides(treasury: Treasury, fen: int, two: bool) -> None:
    limit(treasury, 100_000)
    order = made(treasury, ready(treasury, fen=fen))
    assert Order.objects.get(pk=order).two is two


def test_who_made_an_order_never_decides_on_it(treasury: Treasury) -> None:
    order = made(treasury, ready(treasury))
    with pytest.raises(Refused, match="要由另一位同事同意"):
        order_moves.approve(order, by=treasury.keeper)
    with pytest.raises(Refused, match="要由另一位同事同意"):
        order_moves.refuse(order, because="金额不对", by=treasury.keeper)
    with pytest.raises(NotYours):
        order_moves.approve(order, by=world.an_officer("aid", treasury.here.root))
    order_moves.approve(order, by=treasury.leader)
    assert Order.objects.get(pk=order).state == "approved"


def test_the_rule_is_dated_and_a_leaders(treasury: Treasury) -> None:
    limit(treasury, 100)
    order_moves.set_threshold(
        treasury.here.root, 900, since=TODAY + timedelta(days=1), reason="明天起", by=treasury.leader
    )
    assert orders.threshold(treasury.here.bridge, TODAY) == 100
    assert orders.threshold(treasury.here.bridge, TODAY + timedelta(days=1)) == 900
    with pytest.raises(NotYours):
        order_moves.set_threshold(treasury.here.root, 10**9, since=TODAY, reason="方便", by=treasury.keeper)


def test_an_order_of_as_many_people_as_an_export_needs_a_second_person_too(treasury: Treasury) -> None:
    limit(treasury, 10**12)
    assert orders.MANY == approvals.MANY
    assert orders.needs_two(treasury.here.root, 1, orders.MANY, TODAY)
    assert not orders.needs_two(treasury.here.root, 1, orders.MANY - 1, TODAY)


def test_only_what_the_bank_paid_is_paid(treasury: Treasury) -> None:
    good, bad = ready(treasury), ready(treasury, "王芳", fen=200_000)
    order = sent(treasury, good, bad)
    assert Case.objects.filter(state="paid").count() == 0
    answers = [
        Answer(line_of(good).pk, True, fen=300_000),
        Answer(line_of(bad).pk, False, "E013", "账号户名不符"),
    ]
    assert order_moves.answer(order, answers, on=TODAY, by=treasury.keeper) == 2
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, good.fen_paid, bad.state, bad.fen_paid) == ("paid", 300_000, "approved", None)
    assert balance(treasury.fund) == 700_000
    assert figure("aid.medical.amount", treasury.here.bridge, Period.year(TODAY.year)) == 300_000
    assert Line.objects.get(subject=bad.subject, act="returned").reason == "E013 账号户名不符"
    assert line_of(good).posting == Posting.objects.get(cause__endswith=":paid").pk
    assert Order.objects.get(pk=order).state == "done"
    # What came back may be sent again, to another account.
    with_account(bad, world.a_card_number(77))
    again = sent(treasury, bad)
    order_moves.answer(again, all_paid(again), on=TODAY, by=treasury.keeper)
    assert balance(treasury.fund) == 500_000
    assert [one.what for one in verification.verify(Period.year(2015)) if not one.right] == []


def test_an_answer_told_again_does_nothing(treasury: Treasury) -> None:
    case = ready(treasury)
    order = sent(treasury, case)
    told = all_paid(order)
    assert order_moves.answer(order, told, on=TODAY, by=treasury.keeper) == 1
    assert order_moves.answer(order, told, on=TODAY, by=treasury.other) == 0
    assert balance(treasury.fund) == 700_000
    with pytest.raises(Refused, match="上次回盘不是这个结果"):
        order_moves.answer(order, [Answer(line_of(case).pk, False, "E1")], on=TODAY, by=treasury.keeper)


def test_a_wrong_answer_changes_nothing_at_all(treasury: Treasury) -> None:
    one, two = ready(treasury), ready(treasury, "王芳")
    order = sent(treasury, one, two)
    good = Answer(line_of(one).pk, True)
    for wrong, said in (
        (Answer(line_of(two).pk, True, fen=299_999), "回盘是 2,999.99 元"),
        (Answer(line_of(two).pk, False), "原因代码或原因"),
        (Answer(999_999, True), "不在这一批"),
        (good, "出现了两次"),
    ):
        with pytest.raises(Refused, match=said):
            order_moves.answer(order, [good, wrong], on=TODAY, by=treasury.keeper)
    with pytest.raises(Refused, match="不能早于送银行"):
        order_moves.answer(order, [good], on=TODAY - timedelta(days=1), by=treasury.keeper)
    assert balance(treasury.fund) == 1_000_000
    assert not Case.objects.filter(state="paid").exists()


def test_what_is_on_its_way_is_neither_paid_otherwise_nor_changed(treasury: Treasury) -> None:
    case = ready(treasury)
    order = made(treasury, case)
    with pytest.raises(Refused, match=f"在第 {order} 批支付里"):
        paid(treasury.here, case)
    with pytest.raises(Refused, match="批支付里"):
        made(treasury, case)
    with pytest.raises(Refused, match="批支付里"):
        move(case.pk, "drop", on=TODAY, values={"reason": "不发了"}, by=somebody(treasury.here, "aid"))
    with pytest.raises(Refused, match="批支付里"):
        correct_one(case.pk, Corrected("", "", 1, None, None, 1), reason="改小", by=somebody(treasury.here, "aid"))
    order_moves.cancel(order, because="重做", by=treasury.keeper)
    paid(treasury.here, case)
    with pytest.raises(Refused, match="不是待发放"):
        made(treasury, case)


def test_an_order_is_cancelled_or_recalled_only_while_the_bank_has_not_spoken(treasury: Treasury) -> None:
    one, two = ready(treasury), ready(treasury, "王芳")
    order = sent(treasury, one, two)
    with pytest.raises(Refused, match="别的步骤"):
        order_moves.cancel(order, because="重做", by=treasury.keeper)
    order_moves.recall(order, because="文件没有送到", by=treasury.keeper)
    order_moves.send(order, by=treasury.keeper)
    order_moves.answer(order, [Answer(line_of(one).pk, True)], on=TODAY, by=treasury.keeper)
    with pytest.raises(Refused, match="已经回盘"):
        order_moves.recall(order, because="再来", by=treasury.keeper)
    assert Order.objects.get(pk=order).state == "sent"


def test_nobody_is_paid_without_an_account_nor_beyond_the_money(treasury: Treasury) -> None:
    case = approved(treasury.here)
    with pytest.raises(Refused, match=f"还没有登记收款账户：{case.number}"):
        made(treasury, case)
    first, second = ready(treasury, "王芳", fen=999_999), ready(treasury, "赵建国", fen=2)
    made(treasury, first)
    with pytest.raises(Refused, match=r"还有 0\.01 元，这一批要 0\.02 元"):
        made(treasury, second)


def test_what_was_promised_from_another_fund_is_not_paid_from_this(treasury: Treasury) -> None:
    other = world.a_fund(treasury.here, "大病救助")
    case = with_account(approved(treasury.here, fund="大病救助"))
    with pytest.raises(Refused, match="另一项资金"):
        made(treasury, case)
    assert budgets.rooms(other, 2015)[0].committed == 300_000


def test_a_grant_no_fund_was_promised_for_is_promised_when_it_is_gathered(treasury: Treasury) -> None:
    case = with_account(approved(treasury.here, fund=""))
    made(treasury, case)
    assert budgets.rooms(treasury.fund, TODAY.year)[0].committed == 300_000


def test_an_account_is_sealed_masked_and_dated(treasury: Treasury) -> None:
    case = ready(treasury)
    number = world.a_card_number(5)
    with_account(case, number)
    first, second = PayeeAccount.objects.order_by("pk")
    assert first.until == date(2015, 1, 5) and second.until is None
    assert number.encode() not in bytes(second.number.envelope) and str(second.number) != number
    held = Membership.objects.get(person=case.person_id)
    for wrong in (number[:-1] + str((int(number[-1]) + 1) % 10), "1234"):
        with pytest.raises(Refused, match="号"):
            payee_moves.set_account(held.pk, wrong, bank="x", holder="x", on=TODAY, by=SYSTEM)
    with pytest.raises(NotYours):
        payee_moves.set_account(held.pk, number, bank="x", holder="x", on=TODAY, by=treasury.keeper)
    for reader in (treasury.keeper, somebody(treasury.here, "station_worker")):
        with pytest.raises(NotYours):
            reveal.reveal("people.payeeaccount.number", second.pk, by=reader, purpose="看看")
        with pytest.raises(NotYours):
            second.number.reveal(reader, "看看", reveal.witness)
    payee_moves.end_account(held.pk, on=TODAY, by=SYSTEM)
    assert not PayeeAccount.objects.filter(until=None).exists()


def a_file(treasury: Treasury, client: Client, order: int, form: str) -> Job:
    send(client, f"/desk/orders/{order}/send/", kind=form)
    run_until_empty()
    return Job.objects.order_by("-pk")[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_file_for_the_bank_and_its_answer(at_desk: AtDesk, form: str) -> None:
    treasury = a_treasury(world.a_district())
    limit(treasury, 10**9)
    number = world.a_card_number(123_456)
    case = with_account(approved(treasury.here, "小李"), number)
    client = at_desk("finance", treasury.here.root)
    send(client, f"/desk/orders/make/{treasury.fund}/", sel=[case.subject])
    order = Order.objects.get().pk
    said = page(client, f"/desk/orders/{order}/")
    assert number not in said and "3,000.00" in said and number[-4:] in said
    job = a_file(treasury, client, order, form)
    assert (job.state, job.result["payments"]) == ("done", 1), job.message
    content = b"".join(files.opened_file(job))
    if form == "csv":
        row = list(csv.reader(io.StringIO(content.decode("gb18030"))))[1]
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        assert sheet.cell(3, 3).data_type == "s"
        row = [str(cell.value) for cell in sheet[3]]
    assert row == [str(line_of(case).pk), "小李", number, "望河银行", "3000.00", case.number]
    look = AccessRow.objects.get(field="people.payeeaccount.number")
    assert look.purpose == f"第 {order} 批支付送银行" and look.about == case.person_id
    assert number.encode() not in (files.folder() / job.file).read_bytes()
    reply = f"序号,金额,处理结果,原因代码,原因\n{line_of(case).pk},3000.00,支付成功,,\n".encode()
    for said_now in ("银行回盘 1 笔", "没有新的结果"):
        at = f"/desk/orders/{order}/reply/"
        upload = SimpleUploadedFile("reply.csv", reply, "text/csv")
        assert said_now in send(client, at, on=str(TODAY), file=upload)
    assert Case.objects.get().state == "paid" and balance(treasury.fund) == 700_000


def test_orders_at_the_desk(treasury: Treasury, at_desk: AtDesk) -> None:
    one, other, leader = (at_desk(role, treasury.here.root) for role in ("finance", "finance", "leader"))
    send(leader, "/desk/orders/threshold/", amount="1000", since="2015-01-01", reason="财务制度")
    page(one, "/desk/orders/threshold/", 403)
    case, without = ready(treasury), approved(treasury.here, "王芳", fen=500)
    said = words_of(page(one, f"/desk/orders/make/{treasury.fund}/"))
    assert case.number in said and without.number in said and "没有收款账户" in said
    assert "请选择" in refused(one, f"/desk/orders/make/{treasury.fund}/")
    assert "收款账户" in refused(one, f"/desk/orders/make/{treasury.fund}/", sel=[without.subject])
    send(one, f"/desk/orders/make/{treasury.fund}/", sel=[case.subject])
    at = f"/desk/orders/{Order.objects.get().pk}/"
    assert "支付批次待同意" in page(other, "/desk/") and "支付批次待同意" not in page(one, "/desk/")
    assert "要由另一位同事同意" in refused(one, f"{at}approve/")
    assert "先由另一位同事同意" in refused(one, f"{at}send/", kind="xlsx")
    assert "退回" in send(other, f"{at}refuse/", because="先核对户名")
    assert "先核对户名" in page(one, at)
    page(at_desk("aid", treasury.here.root), "/desk/orders/", 403)
    reply = SimpleUploadedFile("reply.csv", "序号,结果\n1,好\n".encode(), "text/csv")
    assert "第 2 行：没有“好”这一项" in refused(one, f"{at}reply/", on=str(TODAY), file=reply)
    reply = SimpleUploadedFile("reply.csv", "序号,结果\n1,成功\n".encode(), "text/csv")
    assert "别的步骤" in refused(one, f"{at}reply/", on=str(TODAY), file=reply)


def test_a_station_writes_down_where_a_member_is_paid(treasury: Treasury, at_desk: AtDesk) -> None:
    li = world.a_member(treasury.here, "钱大海")
    number = world.a_card_number(8)
    client = at_desk("station_worker", treasury.here.bridge)
    at = f"/desk/members/{li.membership}/payee/"
    text = refused(client, at, number=number[:-1] + "x", bank="望河银行", holder="钱大海", on="2015-02-01")
    assert 'value="望河银行"' in text
    text = send(client, at, number=number, bank="望河银行", holder="钱大海", on="2015-02-01")
    assert number not in text and number[-4:] in text and "望河银行" in text
    page(at_desk("station_worker", treasury.here.willow), at, 404)
    page(at_desk("finance", treasury.here.root), at, 403)
    assert APPROVED < TODAY
