"""Money: postings sum to zero, a cause is paid once, a reversal undoes exactly one posting."""

import threading
from datetime import date

import pytest
from django.db import connection
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.world import World, a_district, a_fund, an_actor
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import NotYours, Refused
from unionhall.ledger import actions
from unionhall.ledger.models import Entry, Posting

DAY = date(2015, 9, 1)


def _pay(here: World, fund: int, cause: str, fen: int = 100, batch: int | None = None) -> int:
    return actions.post_many(
        [actions.payment(cause, fund, fen, "aid.medical", DAY, here.willow)], by=SYSTEM, batch=batch
    )[0]


@pytest.mark.django_db
def test_a_payment_leaves_the_cash_and_is_found_where_it_went(here: World) -> None:
    fund = a_fund(here)
    _pay(here, fund, "aid.medical:1:paid", 300_000)
    assert actions.balance(fund) == -300_000
    assert actions.balance(fund, "paid:aid.medical") == 300_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moves", "because"),
    [
        ([("cash", -100), ("paid:x", 99)], "合计必须为零"),
        ([("cash", 0), ("paid:x", 0)], "不能为零"),
        ([], "一进一出"),
    ],
)
def test_what_does_not_sum_to_zero_is_refused(here: World, moves: list[tuple[str, int]], because: str) -> None:
    fund = a_fund(here)
    with pytest.raises(Refused, match=because):
        actions.post("c", fund, moves, on=DAY, path=here.root, by=SYSTEM)
    assert Posting.objects.count() == 0


@pytest.mark.django_db
def test_the_same_cause_is_paid_once(here: World) -> None:
    fund = a_fund(here)
    _pay(here, fund, "aid.medical:1:paid")
    with pytest.raises(Refused, match="这笔款已经付过"):
        _pay(here, fund, "aid.medical:1:paid")
    twice = [actions.payment("aid.medical:2:paid", fund, 1, "x", DAY, here.root)] * 2
    with pytest.raises(Refused, match="这笔款已经付过"):
        actions.post_many(twice, by=SYSTEM)
    assert actions.balance(fund) == -100


@pytest.mark.django_db
def test_after_a_reversal_the_cause_may_be_paid_again_and_only_then(here: World) -> None:
    fund = a_fund(here)
    for turn in range(3):
        posting = _pay(here, fund, "aid.medical:1:paid", 100 + turn)
        actions.reverse(posting, reason="付错了", by=SYSTEM)
        assert actions.balance(fund) == 0
        with pytest.raises(Refused, match="已经冲销"):
            actions.reverse(posting, reason="再冲一次", by=SYSTEM)
    last = _pay(here, fund, "aid.medical:1:paid", 7)
    standing = actions.standing_of("aid.medical:1:paid")
    assert standing is not None and standing.pk == last
    with pytest.raises(Refused, match="这笔款已经付过"):
        _pay(here, fund, "aid.medical:1:paid")


@pytest.mark.django_db
def test_a_reversal_needs_a_reason_and_a_posting(here: World) -> None:
    posting = _pay(here, a_fund(here), "c:1:paid")
    with pytest.raises(Refused, match="理由"):
        actions.reverse(posting, reason="", by=SYSTEM)
    with pytest.raises(Refused, match="没有这笔款"):
        actions.reverse(posting + 99, reason="没有的", by=SYSTEM)


@pytest.mark.django_db
def test_a_fund_nobody_opened_pays_nothing(here: World) -> None:
    with pytest.raises(Refused, match="没有这项资金"):
        _pay(here, 999, "c:1:paid")


@pytest.mark.django_db
def test_money_of_another_place_cannot_be_moved(here: World) -> None:
    fund = a_fund(here)
    movement = actions.payment("c:1:paid", fund, 5, "x", DAY, here.willow)
    with pytest.raises(NotYours):
        actions.post_many([movement], by=an_actor("finance", here.bridge))
    assert actions.post_many([movement], by=an_actor("finance", here.willow))


@pytest.mark.django_db
def test_a_withdrawn_batch_is_reversed_and_what_it_had_corrected_is_paid_again(here: World) -> None:
    fund = a_fund(here)
    _pay(here, fund, "c:1:paid", 100, batch=1)
    corrected = actions.payment("c:1:paid", fund, 80, "x", DAY, here.willow)
    actions.repost([corrected], reason="更正", by=SYSTEM, batch=2)
    assert actions.balance(fund) == -80
    assert actions.withdraw_batch(2, reason="撤回", by=SYSTEM) == 1
    assert actions.balance(fund) == -100
    assert actions.withdraw_batch(1, reason="撤回", by=SYSTEM) == 1
    assert actions.balance(fund) == 0


@pytest.mark.django_db
def test_a_number_with_a_hash_in_it_keeps_its_money_when_its_correction_is_withdrawn(here: World) -> None:
    fund = a_fund(here)
    causes = ["aid.medical:2015#1:paid", "aid.medical:2015#2:paid"]
    for cause in causes:
        _pay(here, fund, cause, 100, batch=1)
    corrected = [actions.payment(cause, fund, 80, "x", DAY, here.willow) for cause in causes]
    actions.repost(corrected, reason="更正", by=SYSTEM, batch=2)
    actions.withdraw_batch(2, reason="撤回", by=SYSTEM)
    paid = [actions.standing_of(cause) for cause in causes]
    assert [(posting.cause, posting.batch) for posting in paid if posting] == [(f"{cause}#3", 1) for cause in causes]
    assert actions.balance(fund) == -200
    actions.repost(corrected, reason="又更正", by=SYSTEM, batch=3)
    assert actions.balance(fund) == -160


@pytest.mark.django_db
def test_a_cause_may_not_look_like_the_second_turn_of_another(here: World) -> None:
    with pytest.raises(Refused, match="不能以“#”和数字结尾"):
        _pay(here, a_fund(here), "aid.medical:1:paid#2")


@pytest.mark.django_db
def test_reposting_what_stands_moves_nothing(here: World) -> None:
    fund = a_fund(here)
    _pay(here, fund, "c:1:paid", 100)
    actions.repost([actions.payment("c:1:paid", fund, 100, "aid.medical", DAY, here.willow)], reason="更正", by=SYSTEM)
    assert Posting.objects.count() == 1


amounts = st.lists(st.integers(-(10**12), 10**12).filter(bool), min_size=1, max_size=6)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(amounts, st.booleans()), min_size=1, max_size=6), st.integers(0, 10**9))
def test_whatever_is_posted_and_reversed_every_posting_and_the_whole_ledger_sum_to_zero(
    here: World, story: list[tuple[list[int], bool]], salt: int
) -> None:
    fund = actions.open_funds([actions.FundRow(f"资金{salt}-{Posting.objects.count()}", "", here.root)], by=SYSTEM)[0]
    kept: dict[str, int] = {}
    for number, (fens, reversed_) in enumerate(story):
        moves = [(f"account-{at}", fen) for at, fen in enumerate(fens)]
        if sum(fens):
            moves.append(("cash", -sum(fens)))
        if len(moves) < 2:
            continue
        posting = actions.post(f"{fund}:{number}", fund, moves, on=DAY, path=here.root, by=SYSTEM)
        if reversed_:
            actions.reverse(posting, reason="试", by=SYSTEM)
        else:
            for account, fen in moves:
                kept[account] = kept.get(account, 0) + fen
    entries = Entry.objects.filter(fund=fund)
    assert not [one for one in entries.values("posting").annotate(total=Sum("fen")) if one["total"]]
    assert {account: fen for account, fen in kept.items() if fen} == {
        one["account"]: one["total"] for one in entries.values("account").annotate(total=Sum("fen")) if one["total"]
    }


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_treasurers_paying_the_same_cause_at_once_pay_it_once() -> None:
    here = a_district()
    fund = a_fund(here)
    start, told = threading.Barrier(4), []

    def pay() -> None:
        start.wait()
        try:
            _pay(here, fund, "c:1:paid")
            told.append("paid")
        except Refused:
            told.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=pay) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["paid", "refused", "refused", "refused"]
    assert actions.balance(fund) == -100
