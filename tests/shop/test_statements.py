"""From a month's redemptions to the money: the merchant's statement, put forward, approved by another, paid out of the fund."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from tests import world
from tests.desk_business.conftest import refused, send
from tests.offers.cast import an_offer
from tests.shop.conftest import FEN, Shop, signed_in, words_of
from unionhall import catalogue
from unionhall.journal.models import AuditEntry, Line
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.ledger.actions import balance
from unionhall.ledger.models import Entry
from unionhall.ledger.undo_moves import take_back
from unionhall.offers.attendance_moves import redeem
from unionhall.offers.cost_moves import pay_month
from unionhall.offers.models import Counter, Participation
from unionhall.offers.statement_models import RETURNED, Statement
from unionhall.offers.statement_moves import approve, put_forward, send_back
from unionhall.offers.terms_moves import Terms, give_counter, set_terms
from unionhall.offers.use_moves import void
from unionhall.web import monthly

AtDesk = Callable[[str], Client]
JUNE = datetime(2015, 6, 15, 3, 0, tzinfo=UTC)
JULY = datetime(2015, 7, 2, 3, 0, tzinfo=UTC)
AT = (2015, 6)
ONE = "/desk/statements/{}/2015/6/"


def in_june(shop: Shop, people: int = 3) -> list[Participation]:
    """Members redeem in June, each once."""
    members = world.five_people(shop.here)[:people]
    return [redeem(shop.offer, one.person, key="k", now=JUNE, by=shop.merchant) for one in members]


def officer(shop: Shop, role: str) -> Actor:
    return world.an_officer(role, shop.here.root)


def cells(content: bytes) -> list[list[Any]]:
    """The table of a workbook: the heads and what follows; the line of its mark is left out."""
    sheet = openpyxl.load_workbook(BytesIO(content))["数据"]
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]


def test_a_month_goes_from_the_counter_to_the_fund(shop: Shop, at_desk: AtDesk) -> None:
    in_june(shop)
    one = ONE.format(shop.offer)
    labour, finance = at_desk("labour"), at_desk("finance")
    assert "没有付清" in finance.get("/desk/statements/").content.decode()
    listed = words_of(labour.get("/desk/statements/").content.decode())
    assert "2015-06 理发 未提交 3 45.00 0.00" in listed
    assert "对账单已提交" in send(labour, f"{one}put/")
    assert "对账单待同意" in finance.get("/desk/").content.decode()
    assert "已同意" in send(finance, f"{one}approve/")
    assert "对账单待支付" in finance.get("/desk/").content.decode()
    assert "已从资金支付 45.00 元" in send(finance, f"{one}pay/", on="2015-07-03")
    assert balance(shop.fund) == -3 * FEN
    page = words_of(finance.get(one).content.decode())
    assert "已支付" in page and "未支付（元） 0.00" in page and "干部labour" in page
    assert "没有未付清" in finance.get("/desk/statements/").content.decode()
    listed = words_of(finance.get("/desk/statements/?all=1").content.decode())
    assert "2015-06 理发 已支付 3 45.00 45.00" in listed and "干部finance" in listed
    assert f"服务项目 {shop.offer} 对账单 2015-06" in words_of(finance.get("/desk/entries/").content.decode())
    mine = words_of(shop.page("/shop/months/"))
    assert "2015-06 3 笔 · 45.00 元 · 已支付" in mine
    with pytest.raises(Refused, match="还没有提交并由另一位同事同意"):
        pay_month(shop.offer, *AT, on=date(2015, 7, 4), by=officer(shop, "finance"))


def test_a_month_paid_by_mistake_and_reversed_is_to_be_paid_again(shop: Shop, at_desk: AtDesk) -> None:
    rows = in_june(shop)
    labour, finance, one = at_desk("labour"), at_desk("finance"), ONE.format(shop.offer)
    send(labour, f"{one}put/")
    send(finance, f"{one}approve/")
    send(finance, f"{one}pay/", on="2015-07-03")
    posting = Statement.objects.get().posting
    assert posting is not None
    entry = Entry.objects.filter(posting=posting).earliest("pk").pk
    assert "退回未支付" in send(finance, f"/desk/entries/{entry}/reverse/", reason="付错了账户")
    assert balance(shop.fund) == 0
    assert not Participation.objects.filter(pk__in=[row.pk for row in rows], posting__isnull=False).exists()
    told = Statement.objects.get()
    assert (told.state, told.because, told.posting, told.paid_by) == (RETURNED, "付错了账户", None, None)
    assert not Line.objects.standing().filter(act="paid").exists(), "no figure counts money that came back"
    assert "2015-06 理发 已退回 3 45.00 0.00" in words_of(labour.get("/desk/statements/").content.decode())
    assert "2015-06 3 笔 · 45.00 元 · 已退回" in words_of(shop.page("/shop/months/")) or "已支付" not in shop.page(
        "/shop/months/"
    )
    send(labour, f"{one}put/")
    send(finance, f"{one}approve/")
    send(finance, f"{one}pay/", on="2015-07-04")
    assert balance(shop.fund) == -3 * FEN and Line.objects.standing().filter(act="paid").count() == 1
    with pytest.raises(Refused, match="已经冲销"):
        take_back(posting, reason="x", by=SYSTEM)
    with pytest.raises(NotYours):
        take_back(Statement.objects.get().posting or 0, reason="x", by=officer(shop, "labour"))


def test_nothing_is_paid_that_another_did_not_approve(shop: Shop) -> None:
    in_june(shop)
    labour, finance = officer(shop, "labour"), officer(shop, "finance")
    with pytest.raises(Refused, match="还没有提交"):
        pay_month(shop.offer, *AT, on=date(2015, 7, 1), by=finance)
    with pytest.raises(Refused, match="还没有提交"):
        approve(shop.offer, *AT, now=JULY, by=finance)
    put_forward(shop.offer, *AT, now=JULY, by=labour)
    with pytest.raises(Refused, match="还没有提交并由另一位同事同意"):
        pay_month(shop.offer, *AT, on=date(2015, 7, 1), by=finance)
    with pytest.raises(NotYours):
        approve(shop.offer, *AT, now=JULY, by=officer(shop, "women"))
    with pytest.raises(NotYours):
        put_forward(shop.offer, *AT, now=JULY, by=finance)
    assert balance(shop.fund) == 0


def test_one_account_with_both_posts_is_still_one_person(shop: Shop) -> None:
    in_june(shop)
    labour, finance = officer(shop, "labour"), officer(shop, "finance")
    both = Actor(labour.account, labour.name, (*labour.posts, *finance.posts))
    put_forward(shop.offer, *AT, now=JULY, by=both)
    for own in (
        lambda: approve(shop.offer, *AT, now=JULY, by=both),
        lambda: send_back(shop.offer, *AT, because="x", now=JULY, by=both),
    ):
        with pytest.raises(Refused, match="要由另一位同事"):
            own()
    approve(shop.offer, *AT, now=JULY, by=finance)
    with pytest.raises(Refused, match="要由另一位同事支付"):
        pay_month(shop.offer, *AT, on=date(2015, 7, 1), by=both)
    row = Statement.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.filter(pk=row.pk).update(decided_by=row.put_by)


def test_what_was_voided_since_is_not_paid_unseen(shop: Shop) -> None:
    rows = in_june(shop)
    labour, finance = officer(shop, "labour"), officer(shop, "finance")
    put_forward(shop.offer, *AT, now=JULY, by=labour)
    void(rows[0].pk, by=SYSTEM, reason="弄错了人")
    with pytest.raises(Refused, match="金额变了"):
        approve(shop.offer, *AT, now=JULY, by=finance)
    with pytest.raises(Refused, match="写明退回的原因"):
        send_back(shop.offer, *AT, because=" ", now=JULY, by=finance)
    send_back(shop.offer, *AT, because="有一笔作废", now=JULY, by=finance)
    put_forward(shop.offer, *AT, now=JULY, by=labour)
    approve(shop.offer, *AT, now=JULY, by=finance)
    void(rows[1].pk, by=SYSTEM, reason="弄错了人")
    with pytest.raises(Refused, match="金额变了"):
        pay_month(shop.offer, *AT, on=date(2015, 7, 1), by=finance)
    send_back(shop.offer, *AT, because="又有一笔作废", now=JULY, by=finance)
    put_forward(shop.offer, *AT, now=JULY, by=labour)
    approve(shop.offer, *AT, now=JULY, by=finance)
    assert pay_month(shop.offer, *AT, on=date(2015, 7, 1), by=finance) == FEN
    with pytest.raises(Refused, match="已经支付"):
        send_back(shop.offer, *AT, because="x", now=JULY, by=finance)


def test_a_month_that_runs_is_not_put_forward(shop: Shop) -> None:
    in_june(shop)
    with pytest.raises(Refused, match="还没有过完"):
        put_forward(shop.offer, *AT, now=JUNE, by=officer(shop, "labour"))
    with pytest.raises(Refused, match="没有要结算"):
        put_forward(shop.offer, 2015, 5, now=JULY, by=officer(shop, "labour"))
    put_forward(shop.offer, *AT, now=JULY, by=officer(shop, "labour"))
    with pytest.raises(Refused, match="已经提交过"):
        put_forward(shop.offer, *AT, now=JULY, by=officer(shop, "labour"))


def test_what_is_paid_is_counted(shop: Shop) -> None:
    in_june(shop)
    put_forward(shop.offer, *AT, now=JULY, by=officer(shop, "labour"))
    approve(shop.offer, *AT, now=JULY, by=officer(shop, "finance"))
    pay_month(shop.offer, *AT, on=date(2015, 7, 1), by=officer(shop, "finance"))
    assert catalogue.figure("card.items.uses").value(shop.here.root, Period.month(*AT)) == 3
    acts = set(AuditEntry.objects.filter(subject=f"offer:{shop.offer}").values_list("act", flat=True))
    assert {"offer.statement.put", "offer.statement.approved", "offer.statement.paid", "offer.pay"} <= acts


def test_the_merchants_workbook_has_every_redemption_and_nobodys_name(shop: Shop) -> None:
    rows = in_june(shop)
    void(rows[2].pk, by=SYSTEM, reason="弄错了人")
    answer = shop.client.get("/shop/months/2015/6/statement.xlsx")
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    heads, *lines = cells(answer.content)
    assert heads == ["时间", "项目", "流水号", "会员", "数量", "金额（元）"]
    assert [line[2] for line in lines] == [row.number for row in rows[:2]]
    assert [(line[0], line[1], line[4], line[5]) for line in lines] == [("2015-06-15 11:00", "理发", 1, 15)] * 2
    for row in rows:
        person = row.person
        assert all(person.name not in str(cell) for line in lines for cell in line)
    assert lines[0][3] == rows[0].person.masked


def test_a_title_that_looks_like_a_formula_stays_text(shop: Shop) -> None:
    offer = an_offer(shop.here, "=1+1")
    set_terms(offer, Terms(fen_each=FEN, fund=shop.fund), by=SYSTEM)
    assert shop.merchant.account is not None
    give_counter(offer, shop.merchant.account, venue="", on=date(2015, 1, 1), by=SYSTEM)
    redeem(offer, world.a_member(shop.here).person, key="k", now=JUNE, by=shop.merchant)
    content = shop.client.get("/shop/months/2015/6/statement.xlsx").content
    sheet = openpyxl.load_workbook(BytesIO(content))["数据"]
    assert (sheet["B3"].value, sheet["B3"].data_type) == ("=1+1", "s")


def test_the_paper_says_the_same(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = in_june(shop)
    answer = shop.client.get("/shop/months/2015/6/statement.pdf")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    for word in ("核销对账单", "畅柳园理发店", "2015-06", "45.00", *(row.number for row in rows)):
        assert word in text, word
    assert not any(row.person.name in text for row in rows)
    monkeypatch.setattr(monthly, "MOST_ON_PAPER", 2)
    answer = shop.client.get("/shop/months/2015/6/statement.pdf")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert "按天合计" in text and "45.00" in text and rows[0].number not in text


def test_a_merchant_reads_no_name_and_no_number_anywhere(shop: Shop) -> None:
    """Every page of the counter and every file, with a control: the name is in the records."""
    members = world.five_people(shop.here)[:2]
    for member in members:
        redeem(shop.offer, member.person, key="k", now=JUNE, by=shop.merchant)
    now = [shop.redeem(member) for member in members]
    pages = [
        "/shop/", "/shop/today/", "/shop/months/", "/shop/months/2015/6/", f"/shop/uses/{now[0].pk}/",
        "/shop/months/2015/6/statement.xlsx",
    ]  # fmt: skip
    seen = ""
    for address in pages:
        content = shop.client.get(address).content
        seen += str(cells(content)) if address.endswith("xlsx") else content.decode()
    for member in members:
        assert Participation.objects.filter(person__name=member.name).count() == 2
        assert member.name[0] + "*" in seen
        for told in (member.name, member.mobile, member.mobile[-4:], member.number):
            assert told not in seen


def test_the_file_of_the_desk_names_nobody(shop: Shop, at_desk: AtDesk) -> None:
    rows = in_june(shop)
    client = at_desk("finance")
    answer = client.get(f"{ONE.format(shop.offer)}statement.xlsx")
    heads, *lines = cells(answer.content)
    assert heads == ["时间", "流水号", "数量", "金额（元）"] and len(lines) == 3
    assert not any(row.person.masked in str(line) for row in rows for line in lines)
    assert client.get(f"{ONE.format(shop.offer)}statement.pdf").content.startswith(b"%PDF")
    assert client.get(f"{ONE.format(shop.offer)}statement.exe").status_code == 404
    assert AuditEntry.objects.filter(act="offer.statement.file").count() == 2


@pytest.mark.parametrize("month", ["2015/13", "2015/0", "0/1", "99999/1", "2100/1", "2014/6"])
def test_a_month_that_is_none_is_not_there(shop: Shop, month: str) -> None:
    in_june(shop)
    for address in (f"/shop/months/{month}/", f"/shop/months/{month}/statement.xlsx"):
        assert shop.client.get(address).status_code == 404
    assert shop.client.get("/shop/months/2015/6/statement.csv").status_code == 404


def test_a_counter_is_given_and_ended_at_the_desk(shop: Shop, at_desk: AtDesk) -> None:
    labour = at_desk("labour")
    new = world.an_officer("merchant", shop.here.willow, name="望河影院")
    world.an_officer("lawyer", shop.here.willow, name="某律师")
    at = f"/desk/offers/{shop.offer}/counters/"
    form = labour.get(f"{at}give/").content.decode()
    assert "望河影院" in form and "某律师" not in form
    assert "柜台已开通" in send(labour, f"{at}give/", account=str(new.account), venue="一号厅", on="2015-01-01")
    assert "望河影院" in labour.get(at).content.decode()
    refused(labour, f"{at}give/", account=str(new.account), venue="", on="2015-01-01")
    client = signed_in(new)
    assert "理发" in client.get("/shop/").content.decode()
    counter = Counter.objects.get(account=new.account)
    assert "柜台已收回" in send(labour, f"/desk/counters/{counter.pk}/end/", on="2015-02-01")
    assert "没有可以核销的项目" in client.get("/shop/").content.decode()
    refused(labour, f"/desk/counters/{counter.pk}/end/", on="2015-02-01")


def test_a_statement_of_elsewhere_is_not_there(shop: Shop) -> None:
    in_june(shop)
    one = ONE.format(shop.offer)
    street = signed_in(world.an_officer("street", shop.here.willow))
    assert street.get(one).status_code == 404
    assert street.get(f"{one}put/").status_code == 404
    assert "理发" not in street.get("/desk/statements/").content.decode()


def test_what_the_form_refuses_is_said_in_its_place(shop: Shop, at_desk: AtDesk) -> None:
    in_june(shop)
    one, labour, finance = ONE.format(shop.offer), at_desk("labour"), at_desk("finance")
    send(labour, f"{one}put/")
    assert "已经提交过" in refused(labour, f"{one}put/")
    assert "退回的原因" in refused(finance, f"{one}return/", because="")
    send(finance, f"{one}approve/")
    tomorrow = (timezone.localdate() + timedelta(days=9)).isoformat()
    assert "不能晚于今天" in refused(finance, f"{one}pay/", on=tomorrow)


def test_few_questions_are_asked_of_the_database(shop: Shop, at_desk: AtDesk) -> None:
    in_june(shop)
    put_forward(shop.offer, *AT, now=JULY, by=officer(shop, "labour"))
    finance = at_desk("finance")
    for client, address, limit in (
        (finance, "/desk/statements/", 15), (finance, ONE.format(shop.offer), 22),
        (finance, f"/desk/offers/{shop.offer}/counters/", 15), (shop.client, "/shop/months/2015/6/", 10),
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= limit, (address, len(asked), [one["sql"][:150] for one in asked])


def test_many_redemptions_make_no_more_questions(shop: Shop) -> None:
    in_june(shop, 1)
    with CaptureQueriesContext(connection) as few:
        shop.page("/shop/months/2015/6/")
    for member in world.five_people(shop.here)[1:]:
        redeem(shop.offer, member.person, key="k", now=JUNE, by=shop.merchant)
    with CaptureQueriesContext(connection) as many:
        shop.page("/shop/months/2015/6/")
    assert len(many) == len(few)
