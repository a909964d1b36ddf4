"""Card requests and the bank's reply."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.sheets import rewrite
from tests.world import Member, World, a_card_number, five_people
from unionhall.exchange.run import Outcome, run_import, withdraw
from unionhall.exchange.template import Verdict
from unionhall.exchange.templates import by_name
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import Refused
from unionhall.people import actions
from unionhall.people.models import Card

ON = date(2015, 12, 31)
BATCH = ("姓名", "证件号码", "同意办卡日期", "申请日期")
REPLY = ("证件号码", "姓名", "卡号", "结果", "退回原因", "制卡日期", "发放日期", "激活日期")


@pytest.fixture
def people(here: World) -> list[Member]:
    return five_people(here)


def bring(tmp_path: Path, name: str, headers: tuple[str, ...], rows: list[list[Any]], **more: Any) -> Outcome:
    rewrite(tmp_path / "c.xlsx", headers, rows)
    return run_import(by_name(name), tmp_path / "c.xlsx", by=SYSTEM, on=ON, **more)


def ask(tmp_path: Path, people: list[Member]) -> Outcome:
    return bring(
        tmp_path, "card_batch", BATCH, [[p.name, p.number, date(2015, 4, 1), date(2015, 4, 2)] for p in people]
    )


def made(member: Member, serial: int, **more: Any) -> list[Any]:
    cells = dict.fromkeys(REPLY, "") | {"证件号码": member.number, "卡号": a_card_number(serial), "结果": "成功",
                                        "制卡日期": date(2015, 5, 1)} | more  # fmt: skip
    return [cells[header] for header in REPLY]


def test_a_card_goes_from_request_to_activation_over_three_files(tmp_path: Path, people: list[Member]) -> None:
    assert +ask(tmp_path, people).counts == {Verdict.NEW: 5}
    assert +ask(tmp_path, people).counts == {Verdict.UNCHANGED: 5}
    assert +bring(tmp_path, "card_reply", REPLY, [made(p, n) for n, p in enumerate(people)]).counts == {
        Verdict.CHANGED: 5
    }
    later = [made(p, n, 发放日期=date(2015, 6, 1), 激活日期=date(2015, 6, 9)) for n, p in enumerate(people)]
    assert +bring(tmp_path, "card_reply", REPLY, later).counts == {Verdict.CHANGED: 5}
    assert +bring(tmp_path, "card_reply", REPLY, later).counts == {Verdict.UNCHANGED: 5}
    assert +ask(tmp_path, people).counts == {Verdict.UNCHANGED: 5}
    acts = (
        Line.objects.standing().filter(service="card", person=people[0].person).order_by("on").values_list("act", "on")
    )
    assert list(acts) == [("requested", date(2015, 4, 2)), ("made", date(2015, 5, 1)), ("delivered", date(2015, 6, 1)),
                          ("activated", date(2015, 6, 9))]  # fmt: skip
    assert set(Card.objects.values_list("state", flat=True)) == {"active"}


def test_a_rejected_request_may_be_made_again(tmp_path: Path, people: list[Member]) -> None:
    one = people[:1]
    ask(tmp_path, one)
    rejected = [made(one[0], 1, 卡号="", 结果="退回", 退回原因="证件已过有效期", 制卡日期="")]
    assert +bring(tmp_path, "card_reply", REPLY, rejected).counts == {Verdict.CHANGED: 1}
    assert +bring(tmp_path, "card_reply", REPLY, rejected).counts == {Verdict.UNCHANGED: 1}
    again = [[one[0].name, one[0].number, date(2015, 7, 1), date(2015, 7, 2)]]
    assert +bring(tmp_path, "card_batch", BATCH, again).counts == {Verdict.NEW: 1}
    assert sorted(Card.objects.values_list("state", flat=True)) == ["rejected", "requested"]


@pytest.mark.parametrize(
    ("cells", "key", "reason"),
    [
        ({"卡号": ""}, "card", "要有卡号和制卡日期"),
        ({"卡号": "6217000000000001"}, "card", "校验位不符"),
        ({"制卡日期": date(2015, 4, 1)}, "made_on", "早于申请日期"),
        ({"发放日期": date(2015, 4, 20)}, "delivered_on", "早于制卡日期"),
        ({"激活日期": date(2016, 4, 20)}, "activated_on", "还没有到"),
        ({"结果": "退回", "卡号": ""}, "because", "写明退回原因"),
    ],
)
def test_replies_that_cannot_be(
    tmp_path: Path, people: list[Member], cells: dict[str, Any], key: str, reason: str
) -> None:
    ask(tmp_path, people)
    outcome = bring(tmp_path, "card_reply", REPLY, [made(people[0], 1, **cells)])
    assert +outcome.counts == {Verdict.REFUSED: 1}
    assert any(k == key and reason in why for k, why in outcome.faults[0].reasons)


def test_one_number_is_one_card(tmp_path: Path, people: list[Member]) -> None:
    ask(tmp_path, people)
    outcome = bring(tmp_path, "card_reply", REPLY, [made(people[0], 1), made(people[1], 1)])
    assert +outcome.counts == {Verdict.CHANGED: 1, Verdict.REFUSED: 1}
    assert outcome.faults[0].reasons == (("card", "这个卡号已是另一人的，请按卡面核对"),)


def test_no_consent_no_member_no_card(tmp_path: Path, people: list[Member]) -> None:
    late = [people[0].name, people[0].number, date(2015, 4, 3), date(2015, 4, 2)]
    actions.end([people[1].membership], by=SYSTEM, on=date(2015, 3, 1), because="left")
    gone = [people[1].name, people[1].number, date(2015, 4, 1), date(2015, 4, 2)]
    outcome = bring(tmp_path, "card_batch", BATCH, [late, gone])
    assert [fault.reasons[0][1] for fault in outcome.faults] == [
        "同意办卡日期晚于申请日期 2015-04-02，未经同意不能申请", "此人没有正在生效的会籍，不能办卡",
    ]  # fmt: skip


def test_a_reply_taken_back_leaves_the_request(tmp_path: Path, people: list[Member]) -> None:
    ask(tmp_path, people)
    was = list(Card.objects.order_by("id").values())
    outcome = bring(tmp_path, "card_reply", REPLY, [made(p, n) for n, p in enumerate(people)])
    assert outcome.batch is not None
    withdraw(outcome.batch, by=SYSTEM, reason="银行发错")
    assert [{**row, "digest": bytes(row["digest"])} for row in Card.objects.order_by("id").values()] == [
        {**row, "digest": bytes(row["digest"])} for row in was
    ]


def test_a_lost_card_is_replaced_and_a_card_is_cancelled(tmp_path: Path, people: list[Member]) -> None:
    ask(tmp_path, people)
    bring(tmp_path, "card_reply", REPLY, [made(p, n) for n, p in enumerate(people)])
    card = Card.objects.get(person=people[0].person)
    new = actions.replace_card(card.pk, by=SYSTEM, on=date(2015, 9, 1))
    assert (Card.objects.get(pk=card.pk).state, Card.objects.get(pk=new).replaces_id) == ("replaced", card.pk)
    with pytest.raises(Refused, match="已经停用"):
        actions.cancel_card(card.pk, by=SYSTEM, on=date(2015, 9, 1), reason="遗失")
    actions.cancel_card(new, by=SYSTEM, on=date(2015, 9, 2), reason="本人不再使用")
    assert not Card.objects.filter(person=people[0].person, until=None).exists()
