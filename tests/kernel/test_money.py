"""Money is whole fen: read exactly, refused rather than rounded."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionhall.kernel.errors import Refused
from unionhall.kernel.money import fen, ten_thousand_yuan, yuan


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1200.50", 120050), ("1,204.50", 120450), ("1，204.50", 120450), (" ¥93.33万元 ", 93330000), ("￥0.01", 1),
        ("829万", 829000000), ("1.5亿元", 15000000000), ("1亿", 10000000000), ("7分", 7), ("12元", 1200), (3, 300),
        (Decimal("0.10"), 10), (0, 0), ("-5", -500),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(text: str | int | Decimal, expected: int) -> None:
    assert fen(text) == expected


def test_the_unit_of_the_column_holds_where_the_cell_names_none() -> None:
    assert fen("829", unit="万元") == 829_000_000
    assert fen("829元", unit="万元") == 82_900


@pytest.mark.parametrize("text", ["", "abc", "1.2.3", "十二", "1 200.5x", "--1", "nan", "inf", "-inf"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="不是金额"):
        fen(text)


@pytest.mark.parametrize("text", ["0.001", "33.333", "0.5分"])
def test_a_fraction_of_a_fen_is_refused_not_rounded(text: str) -> None:
    with pytest.raises(Refused, match="不足一分"):
        fen(text)


@pytest.mark.parametrize("text", ["10000000000001", "1e400", "1000001亿"])
def test_more_money_than_there_is_asks_for_the_unit(text: str) -> None:
    with pytest.raises(Refused, match=r"过大|不足一分"):
        fen(text)


@given(amount=st.integers(-(10**15), 10**15))
def test_yuan_and_back_lose_nothing(amount: int) -> None:
    assert fen(yuan(amount)) == amount
    assert fen(ten_thousand_yuan(amount), unit="万元") == amount
    assert yuan(amount).as_tuple().exponent == -2


@given(amounts=st.lists(st.integers(-(10**12), 10**12)))
def test_a_sum_of_amounts_is_the_amount_of_the_sum(amounts: list[int]) -> None:
    assert fen(sum((yuan(amount) for amount in amounts), Decimal(0))) == sum(amounts)
