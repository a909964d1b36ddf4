"""The citizen number, GB 11643: what is read from it, what is forgiven, and exactly why it is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import citizen_fast, mask_document, parse_citizen

TODAY = date(2026, 11, 20)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # as the standard prints them, not as the code computes


def complete(body: str) -> str:
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


BIRTHS = st.dates(date(1900, 1, 1), date(2026, 1, 1))
DIVISIONS = st.sampled_from(["110101", "110102", "110104", "110224", "310115", "440305", "650102", "500101"])
BODIES = st.builds(lambda d, b, o: f"{d}{b:%Y%m%d}{o:03}", DIVISIONS, BIRTHS, st.integers(0, 999))
NUMBERS = BODIES.map(complete)


def refusal(text: str, today: date = TODAY) -> Refused:
    with pytest.raises(Refused) as caught:
        parse_citizen(text, today=today)
    return caught.value


@pytest.mark.parametrize(
    ("text", "number", "birth", "sex"),
    [
        ("110102190001010010", "110102190001010010", date(1900, 1, 1), "male"),
        ("110115190003010024", "110115190003010024", date(1900, 3, 1), "female"),
        ("110104000101001", "110104190001010013", date(1900, 1, 1), "male"),
        ("１１０１０２１９０００１０１００１０", "110102190001010010", date(1900, 1, 1), "male"),
        ("\u3000110102 19000101-0010\ufeff", "110102190001010010", date(1900, 1, 1), "male"),
    ],
)
def test_a_number_is_read_however_it_was_written(text: str, number: str, birth: date, sex: str) -> None:
    found = parse_citizen(text, today=TODAY)
    assert (found.number18, found.birth, found.sex) == (number, birth, sex)


def test_a_lower_case_x_is_the_same_number() -> None:
    number = next(n for order in range(99) if (n := complete(f"11010219850615{order:03}"))[17] == "X")
    assert parse_citizen(number.lower(), today=TODAY).number18 == number


@given(NUMBERS)
def test_every_well_formed_number_passes_and_the_library_agrees(number: str) -> None:
    found = parse_citizen(number, today=TODAY)
    assert found.number18 == number
    assert f"{found.birth:%Y%m%d}" == number[6:14]
    assert (found.sex == "male") == (int(number[16]) % 2 == 1)
    assert citizen_fast(number)
    assert ric.calc_check_digit(number) == number[17]


@given(NUMBERS, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_one_wrong_character_is_caught(number: str, place: int, character: str) -> None:
    wrong = number[:place] + character + number[place + 1 :]
    assert citizen_fast(wrong) == (wrong == number)


@given(NUMBERS, st.integers(0, 16))
def test_any_two_swapped_neighbours_are_caught(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert citizen_fast(swapped) == (swapped == number)


@given(DIVISIONS, st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_an_old_number_and_its_new_form_are_one(division: str, birth: date, order: int) -> None:
    old = f"{division}{birth:%y%m%d}{order:03}"
    found = parse_citizen(old, today=TODAY)
    assert found.number18 == complete(f"{division}{birth:%Y%m%d}{order:03}")
    assert found == parse_citizen(found.number18, today=TODAY)


@given(st.text(max_size=20) | st.text("0123456789X", min_size=18, max_size=18))
def test_the_fast_road_and_the_slow_road_agree_on_clean_text(text: str) -> None:
    try:
        slow = parse_citizen(text, today=date(2199, 1, 1)).number18 == text
    except Refused as refused:
        slow = refused.code == "citizen.age"  # the fast road looks at no age
    assert citizen_fast(text) == slow


@pytest.mark.parametrize("division", ["110103", "110104", "110224"])
def test_an_abolished_district_stays_good_for_life(division: str) -> None:
    assert parse_citizen(complete(f"{division}19850615001"), today=TODAY).division_known


def test_a_child_born_after_its_district_was_abolished_is_doubtful_not_refused() -> None:
    assert not parse_citizen(complete("11010420150615001"), today=TODAY).division_known


def test_an_unknown_county_is_doubtful_not_refused() -> None:
    assert not parse_citizen(complete("11999919850615001"), today=TODAY).division_known


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "citizen.empty", "请填写"),
        ("  \u3000", "citizen.empty", "请填写"),
        ("11010219000101001", "citizen.length", "现为17位"),
        ("1101021900010100101", "citizen.length", "现为19位"),
        ("11010219000101O010", "citizen.letters", "第15位“O”"),
        ("X10102190001010010", "citizen.letters", "第1位"),
        ("11010219000101001٣", "citizen.letters", "第18位"),
        ("990102190001010010", "citizen.other_document", "外国人"),
        ("810000199408230021", "citizen.other_document", "居住证"),
        ("160102190001010010", "citizen.province", "16"),
        ("110102190002290010", "citizen.date", "19000229"),
        ("110102199013010010", "citizen.date", "19901301"),
        ("110102190001010011", "citizen.check", "第18位"),
        ("4.1E+17", "citizen.number_cell", "文本"),
        ("1.10102190001010E+17", "citizen.number_cell", "文本"),
        ("110102190001010000.0", "citizen.number_cell", "文本"),
        ("110102190001010000", "citizen.number_cell", "文本"),
    ],
)
def test_a_refusal_says_exactly_why(text: str, code: str, words: str) -> None:
    refused = refusal(text)
    assert refused.code == code
    assert words in refused.message


def test_29_february_exists_only_in_leap_years() -> None:
    assert citizen_fast(complete("11010220000229001"))
    assert not citizen_fast(complete("11010219000229001"))


def test_a_birth_today_passes_and_tomorrow_is_refused() -> None:
    assert parse_citizen(complete("11010220261120001"), today=TODAY).birth == TODAY
    assert refusal(complete("11010220261121001")).code == "citizen.age"


def test_nobody_is_over_130() -> None:
    assert parse_citizen(complete("11010218960101001"), today=TODAY).birth.year == 1896
    assert parse_citizen(complete("11010218951121001"), today=TODAY)  # 130 until tomorrow
    assert refusal(complete("11010218951120001")).code == "citizen.age"


@given(NUMBERS)
def test_a_mask_shows_five_characters_and_keeps_the_length(number: str) -> None:
    assert mask_document(number) == number[:3] + "*" * 13 + number[16:]
