"""Items and their uses, funds and their movements, at the desk; the figures follow."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests import world
from tests.desk_business.conftest import day, figure, page, refused, send
from tests.world import World
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import NotYours, Refused
from unionhall.ledger import fund_moves
from unionhall.ledger.actions import balance
from unionhall.ledger.models import Entry, Posting
from unionhall.offers import use_moves
from unionhall.offers.models import Offer, Participation
from unionhall.web.desk.finding import sealed

AtDesk = Callable[..., Client]


def test_an_item_is_opened_used_and_closed(here: World, at_desk: AtDesk) -> None:
    member = world.a_member(here, "钱大海")
    client = at_desk("labour", here.root)
    text = send(
        client,
        "/desk/offers/add/",
        service="card.items",
        code="XM9",
        title="体检",
        provider="区医院",
        since="2015-01-01",
        until="",
        place=here.root,
    )
    assert "服务项目已开放" in text
    item = Offer.objects.get(code="XM9").pk
    station = at_desk("station_worker", here.bridge)
    found = station.post(f"/desk/offers/{item}/use/find/", {"q": "钱大海"}, follow=True).content.decode()
    assert f'value="{member.membership}"' in found
    text = send(station, f"/desk/offers/{item}/use/", sel=[member.membership], on="2015-06-01", quantity="2")
    assert "登记了 1 人次" in text
    assert (figure("card.items.uses", here.bridge), figure("card.items.users", here.bridge)) == (1, 1)
    refused(client, f"/desk/offers/{item}/close/", on="2015-06-01")
    send(client, f"/desk/offers/{item}/close/", on="2015-06-02")
    assert figure("card.items.items", here.root, day("2015-06-02")) == 0


def test_a_number_typed_to_find_a_member_never_stands_in_an_address(here: World, at_desk: AtDesk) -> None:
    member, item = world.a_member(here, "钱大海"), world.an_item(here)
    client = at_desk("station_worker", here.bridge)
    answer = client.post(f"/desk/offers/{item}/use/find/", {"q": member.mobile})
    assert answer.status_code == 302 and member.mobile not in answer.headers["Location"]
    assert "钱大海" in page(client, answer.headers["Location"])


def test_nobody_uses_twice_a_day_nor_before_it_opened_nor_tomorrow(here: World) -> None:
    member, item = world.a_member(here), world.an_item(here, since=date(2015, 3, 1))
    use_moves.record(item, [member.membership], by=SYSTEM, on=date(2015, 3, 2))
    with pytest.raises(Refused, match="当天已经登记过"):
        use_moves.record(item, [member.membership], by=SYSTEM, on=date(2015, 3, 2))
    with pytest.raises(Refused, match="没有开放"):
        use_moves.record(item, [member.membership], by=SYSTEM, on=date(2015, 2, 1))
    with pytest.raises(Refused, match="不能晚于今天"):
        use_moves.record(item, [member.membership], by=SYSTEM, on=date(2099, 1, 1))
    with pytest.raises(NotYours):
        use_moves.record(
            item, [member.membership], by=world.an_officer("station_worker", here.willow), on=date(2015, 3, 3)
        )
    assert Participation.objects.count() == 1


def test_a_voided_use_is_counted_no_more_and_stays_to_be_seen(here: World, at_desk: AtDesk) -> None:
    item = world.an_item(here)
    use = world.a_use(item, world.a_member(here, "钱大海"), date(2015, 6, 1))
    client = at_desk("station_worker", here.bridge)
    refused(client, f"/desk/uses/{use}/void/", reason="")
    assert figure("card.items.uses", here.root) == 1
    text = send(client, f"/desk/uses/{use}/void/", reason="登错了人")
    assert "已作废" in text and "登错了人" in text
    assert (figure("card.items.uses", here.root), figure("card.items.users", here.root)) == (0, 0)
    assert "已作废" in page(client, "/desk/uses/")
    assert "已经作废" in refused(client, f"/desk/uses/{use}/void/", reason="再来一次")
    assert Line.objects.get(subject=f"participation:{use}", act="used").voided_by is not None
    # After it was voided, the same member may be recorded again that day.
    assert (
        use_moves.record(
            item, [Participation.objects.get().person.memberships.get().pk], by=SYSTEM, on=date(2015, 6, 1)
        )
        == 1
    )


def test_uses_of_another_street_are_not_there(here: World, at_desk: AtDesk) -> None:
    use = world.a_use(world.an_item(here), world.a_member(here), date(2015, 6, 1))
    client = at_desk("station_worker", here.willow)
    page(client, f"/desk/uses/{use}/", 404)
    page(client, f"/desk/uses/{use}/void/", 404)
    assert f"/desk/uses/{use}/" not in page(client, "/desk/uses/")


def test_money_in_and_out_with_the_balance_after_each(here: World, at_desk: AtDesk) -> None:
    fund = world.a_fund(here)
    client = at_desk("finance", here.root)
    send(client, f"/desk/funds/{fund}/in/", voucher="P-1", amount="10,000", on="2015-01-05", what="市总拨款")
    text = send(client, f"/desk/funds/{fund}/out/", voucher="P-2", amount="2500.50", on="2015-02-05", what="慰问品")
    assert "7,499.50" in text
    listed = page(client, "/desk/entries/")
    assert "10,000.00" in listed and "-2,500.50" in listed and "7,499.50" in listed
    assert "支出超过" in refused(
        client, f"/desk/funds/{fund}/out/", voucher="P-3", amount="7499.51", on="2015-02-06", what="超支"
    )
    assert "已经付过" in refused(
        client, f"/desk/funds/{fund}/out/", voucher="P-2", amount="1", on="2015-02-06", what="重复"
    )
    assert "大于零" in refused(
        client, f"/desk/funds/{fund}/out/", voucher="P-4", amount="0", on="2015-02-06", what="零"
    )
    assert balance(fund) == 749_950


def test_a_reversal_is_a_movement_of_its_own(here: World, at_desk: AtDesk) -> None:
    fund = world.a_fund(here)
    posting = fund_moves.take_in(fund, 100_000, voucher="P-1", source="捐款", on=date(2015, 1, 5), by=SYSTEM)
    entry = Entry.objects.get(posting=posting, account="cash").pk
    client = at_desk("finance", here.root)
    text = send(client, f"/desk/entries/{entry}/reverse/", reason="重复入账")
    assert "已冲销" in text and "重复入账" in text
    assert balance(fund) == 0
    assert Entry.objects.filter(fund=fund).count() == 4
    assert "已经冲销" in refused(client, f"/desk/entries/{entry}/reverse/", reason="再来")
    reversal = Entry.objects.get(posting=Posting.objects.get(reverses=posting), account="cash").pk
    assert "不能再冲销" in refused(client, f"/desk/entries/{reversal}/reverse/", reason="再来")


def test_money_is_finances_alone(here: World, at_desk: AtDesk) -> None:
    fund = world.a_fund(here)
    for role in ("leader", "audit"):
        client = at_desk(role, here.root)
        assert "由财务部办理" in page(client, f"/desk/funds/{fund}/")
        page(client, f"/desk/funds/{fund}/out/", 403)
    for role in ("aid", "street", "organisation", "station_worker"):
        page(at_desk(role, here.root), "/desk/funds/", 403)
        page(at_desk(role, here.root), "/desk/entries/", 403)


def test_the_balance_after_each_is_right_on_every_page_and_filter(here: World, at_desk: AtDesk) -> None:
    fund, other = world.a_fund(here), world.a_fund(here, "专项")
    for at in range(1, 60):
        fund_moves.take_in(fund, 100 * at, voucher=f"P-{at}", source="拨款", on=date(2015, 1, 5), by=SYSTEM)
        fund_moves.take_in(other, 100, voucher=f"Q-{at}", source="拨款", on=date(2015, 1, 5), by=SYSTEM)
    client = at_desk("finance", here.root)
    assert "1,770.00" in page(client, "/desk/entries/")  # 1 + 2 + … + 59 yuan
    assert "3.00" in page(client, "/desk/entries/?sort=fen&page=1")
    second = page(client, "/desk/entries/?page=2")
    assert "595.00" in second  # after the 34th: 1 + … + 34


def test_few_queries(here: World, at_desk: AtDesk, django_assert_max_num_queries: Any) -> None:
    item, fund = world.an_item(here), world.a_fund(here)
    use = next(world.a_use(item, world.a_member(here, f"钱大海{at}"), date(2015, 6, 1)) for at in "一二三四")
    for at in range(6):
        fund_moves.take_in(fund, 100, voucher=f"P-{at}", source="拨款", on=date(2015, 1, 5), by=SYSTEM)
    entry = Entry.objects.filter(account="cash")[0].pk
    pages = {
        "station_worker": (
            "/desk/offers/",
            f"/desk/offers/{item}/",
            "/desk/uses/",
            f"/desk/uses/{use}/",
            f"/desk/offers/{item}/use/?w={{words}}",
        ),
        "finance": ("/desk/funds/", f"/desk/funds/{fund}/", "/desk/entries/", f"/desk/entries/{entry}/"),
    }
    for role, addresses in pages.items():
        client = at_desk(role, here.root)
        for address in addresses:
            with django_assert_max_num_queries(15):
                page(client, address.format(words=sealed("钱", int(client.session["_auth_user_id"]))))


def test_an_item_of_a_service_with_kinds_asks_for_its_kind_and_takes_no_other_services(
    here: World, at_desk: AtDesk
) -> None:
    client = at_desk("labour", here.root)
    told = {
        "service": "contests", "code": "JS1", "title": "烹饪大赛", "provider": "", "since": "2015-03-01", "until": "", "place": here.root,
    }  # fmt: skip
    for kind in ("", "training.classes/order"):
        answer = client.post("/desk/offers/add/", told | {"kind": kind}, follow=True)
        shown = answer.content.decode()
        assert answer.status_code < 500
        assert "请选择类别：烹饪、广播操" in shown and "烹饪大赛" in shown
    assert not Offer.objects.exists()
    assert "服务项目已开放" in send(client, "/desk/offers/add/", **told, kind="contests/cooking")
    assert Offer.objects.get().kind == "cooking"
