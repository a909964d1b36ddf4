"""Mobile numbers, bank cards and names: what is forgiven, why the rest is refused, what a list shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import (
    mask_card,
    mask_mobile,
    mask_name,
    name_key,
    narrow,
    parse_bankcard,
    parse_mobile,
    parse_name,
    squeeze,
)

CARD = "6220000000000000008"


@pytest.mark.parametrize(
    "text",
    [
        "13812341234",
        "+86 138-1234-1234",
        "0086 13812341234",
        "8613812341234",
        "１３８１２３４１２３４",
        "(138)12341234",
        "13812341234.0",
        "\u200b138 1234 1234\u00a0",
    ],
)
def test_a_mobile_number_is_read_however_it_was_written(text: str) -> None:
    assert parse_mobile(text) == "13812341234"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "mobile.empty"),
        ("010-83081234", "mobile.landline"),
        ("（010）83081234", "mobile.landline"),
        ("+86-10-83081234", "mobile.form"),
        ("83081234", "mobile.landline"),
        ("400-800-1234", "mobile.landline"),
        ("1.38E+10", "mobile.number_cell"),
        ("1381234123", "mobile.form"),
        ("138123412345", "mobile.form"),
        ("12812341234", "mobile.form"),
        ("13812341234/13912341234", "mobile.form"),
        ("٣3812341234", "mobile.form"),
    ],
)
def test_what_is_no_mobile_number_is_refused_with_its_own_reason(text: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_mobile(text)
    assert caught.value.code == code


def test_a_list_shows_seven_digits_of_a_mobile_number_and_nothing_of_rubbish() -> None:
    assert mask_mobile("13812341234") == "138****1234"
    assert mask_mobile("83081234") == "********"


@given(st.text("0123456789", min_size=12, max_size=18), st.integers(0, 18), st.sampled_from("123456789"))
def test_luhn_catches_any_one_wrong_digit_of_a_card(body: str, place: int, plus: str) -> None:
    digits = [int(d) for d in body]
    total = sum(sum(divmod(2 * d, 10)) if odd % 2 == 0 else d for odd, d in enumerate(reversed(digits)))
    card = body + str(-total % 10)
    assert parse_bankcard(" ".join(card[at : at + 4] for at in range(0, len(card), 4))) == card
    place %= len(card)
    with pytest.raises(Refused):
        parse_bankcard(card[:place] + str((int(card[place]) + int(plus)) % 10) + card[place + 1 :])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "card.empty"),
        ("622000000000", "card.form"),
        ("62200000000000000080", "card.form"),
        ("622000000000000000X", "card.form"),
        ("6220000000000000009", "card.check"),
        ("6.22E+18", "card.number_cell"),
        ("6228480402564880000", "card.number_cell"),
    ],
)
def test_what_is_no_card_is_refused_with_its_own_reason(text: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_bankcard(text)
    assert caught.value.code == code


def test_a_list_shows_only_the_end_of_a_card() -> None:
    assert parse_bankcard("６２２０ 0000-0000 0000 008") == CARD
    assert mask_card(CARD) == "****0008"
    assert mask_card("123") == "****"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("张三", "张三"),
        ("张 三", "张三"),
        ("\u3000张\u3000三 ", "张三"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提‧吐尔逊", "买买提·吐尔逊"),
        ("买买提・吐尔逊", "买买提·吐尔逊"),
        ("买买提.吐尔逊", "买买提·吐尔逊"),
        ("买买提 ．吐尔逊", "买买提·吐尔逊"),
        ("买买提 · 吐尔逊", "买买提·吐尔逊"),
        ("John  Smith", "John Smith"),
        ("J. R. O’Neill-Li", "J. R. O’Neill-Li"),
        ("José Núñez", "José Núñez"),
        ("王\U0002c386", "王\U0002c386"),  # extension E
        ("李\U0003134f", "李\U0003134f"),  # extension H, newer than Python's own table
        ("刘〇", "刘〇"),
        ("邓\u4e00\U000e0100", "邓一"),
        ("张\u200b三", "张三"),
    ],
)
def test_a_name_is_settled(text: str, name: str) -> None:
    assert parse_name(text) == name
    assert parse_name(name) == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "name.empty"),
        ("张", "name.length"),
        ("张" * 51, "name.length"),
        ("张三1", "name.digit"),
        ("张三２", "name.digit"),
        ("张①", "name.digit"),
        ("张?", "name.lost"),
        ("张？", "name.lost"),
        ("张□", "name.lost"),
        ("张\ue000", "name.private"),
        ("张*", "name.form"),
        ("张三（大）", "name.form"),
        ("·张三", "name.form"),
        ("张三·", "name.form"),
        ("张😀", "name.form"),
    ],
)
def test_what_is_no_name_is_refused_with_its_own_reason(text: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_name(text)
    assert caught.value.code == code


def test_a_rare_character_counts_as_one() -> None:
    assert parse_name("\U00020000" * 50) == "\U00020000" * 50


def test_spellings_of_one_name_share_a_key_and_other_names_do_not() -> None:
    assert len({name_key(text) for text in ("买买提•吐尔逊", "买买提.吐尔逊", "买买提 吐尔逊", "买买提吐尔逊")}) == 1
    assert name_key("JOHN SMITH") == name_key("John-Smith")
    assert name_key("张三") != name_key("张山")


@pytest.mark.parametrize(
    ("name", "mask"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳娜娜", "欧阳**"),
        ("司马光", "司马*"),
        ("欧阳", "欧*"),
        ("买买提·吐尔逊", "买**·***"),
        ("John Smith", "J*** *****"),
        ("𬎆王", "𬎆*"),
    ],
)
def test_a_masked_name_keeps_the_surname(name: str, mask: str) -> None:
    assert mask_name(name) == mask


@given(st.text(max_size=40))
def test_making_text_narrow_twice_changes_nothing_more(text: str) -> None:
    assert narrow(narrow(text)) == narrow(text)
    assert squeeze(squeeze(text)) == squeeze(text)


@given(st.text(max_size=20))
def test_a_name_that_passes_stays_as_it_is_and_keeps_its_key(text: str) -> None:
    try:
        name = parse_name(text)
    except Refused:
        return
    assert parse_name(name) == name
    assert name_key(name) == name_key(text)
