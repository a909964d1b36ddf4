"""The unified social credit code, GB 32100, with the organisation code of GB 11714 inside it."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import uscc as library

from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import parse_uscc, uscc_valid

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SYNTHETIC = [
    "91110102TX000001XE",
    "81110115TX0000028A",
    "52110102TX0000036A",
    "91110102TX00001750",  # its sum divides by 31
    "91110102TX0000052Y",
]


def complete(head: str, organisation: str) -> str:
    """A whole code from 8 characters and 8 of organisation code; both checks by the printed tables of the standards."""
    values = [ord(c) - 55 if c.isalpha() else int(c) for c in organisation]
    check = 11 - sum(v * w for v, w in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    body = head + organisation + {10: "X", 11: "0"}.get(check, str(check))
    return body + library.calc_check_digit(body)


CODES = st.builds(
    complete,
    st.builds("{}{}{:06}".format, st.sampled_from("1589"), st.sampled_from("123"), st.integers(0, 999999)),
    st.text(ALPHABET, min_size=8, max_size=8),
)


def refusal(text: str) -> Refused:
    with pytest.raises(Refused) as caught:
        parse_uscc(text)
    return caught.value


@pytest.mark.parametrize("code", SYNTHETIC)
def test_a_right_code_passes_even_where_the_sum_divides_by_31(code: str) -> None:
    assert parse_uscc(code) == code


def test_a_code_is_read_however_it_was_written() -> None:
    assert parse_uscc(" ９１１１０１０２-tx000001 xe\u3000") == "91110102TX000001XE"


@given(CODES)
def test_every_well_formed_code_passes(code: str) -> None:
    assert uscc_valid(code)


@given(CODES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_one_wrong_character_is_caught(code: str, place: int, character: str) -> None:
    wrong = code[:place] + character + code[place + 1 :]
    assert uscc_valid(wrong) == (wrong == code)


@given(CODES, st.integers(0, 16), st.integers(1, 17))
def test_any_two_swapped_characters_are_caught(code: str, place: int, distance: int) -> None:
    other = place + distance
    assume(other <= 17)
    swapped = list(code)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    # The check character has weight 1 in the sum, as the first: that one pair of places is not told apart.
    assume((place, other) != (0, 17))
    assert uscc_valid("".join(swapped)) == ("".join(swapped) == code)


def test_only_a_failing_check_may_be_overridden() -> None:
    assert refusal("91110102TX000001XA").code == "uscc.check"
    assert "干部" in refusal("91350211M0000XUF46").message  # cited as a real certificate whose check fails
    assert refusal("91350211M0000XUF46").code == "uscc.check"


def test_a_wrong_organisation_code_is_told_apart_from_the_outer_check() -> None:
    body = "91110102TX0000012"  # the organisation check is X, not 2
    assert "第9至17位" in refusal(body + library.calc_check_digit(body)).message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "请填写"),
        ("91110102TX000001X", "现为17位"),
        ("9111O102TX000001XE", "是否应为“0”"),
        ("911101A2TX000001XE", "行政区划"),
        ("91110102TX0000０1AE", "第17位“A”"),
        ("91110102TX00000１_E", "现为17位"),
        ("91110102TX0000国1XE", "“国”"),
        ("9.11101E+17", "文本"),
    ],
)
def test_what_cannot_be_a_code_is_refused_with_the_reason_and_no_override(text: str, words: str) -> None:
    refused = refusal(text)
    assert refused.code == "uscc.form"
    assert words in refused.message
