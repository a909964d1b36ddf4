"""Documents other than the citizen card, and telling which document a number is of."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import (
    KINDS,
    infer_kind,
    mask_document,
    parse_document,
    parse_hm_permit,
    parse_hmt_residence,
    parse_passport,
    parse_prc_permanent,
    parse_tw_permit,
)

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "kind", "number", "sex", "birth"),
    [
        ("110102190001010010", "citizen", "110102190001010010", "male", date(1900, 1, 1)),
        ("110104000101001", "citizen", "110104190001010013", "male", date(1900, 1, 1)),
        ("810000199408230021", "hmt_residence", "810000199408230021", "female", date(1994, 8, 23)),
        ("830000 199201300022", "hmt_residence", "830000199201300022", "female", date(1992, 1, 30)),
        ("932682198501010017", "prc_permanent", "932682198501010017", "male", date(1985, 1, 1)),
        ("abc123456789012", "prc_permanent", "ABC123456789012", None, None),
        ("h12345678", "hm_permit", "H12345678", None, None),
        ("M1234567801", "hm_permit", "M12345678", None, None),
        ("12345678", "tw_permit", "12345678", None, None),
        ("1234567801", "tw_permit", "12345678", None, None),
        ("Ｅ12345678", "passport", "E12345678", None, None),
    ],
)
def test_a_number_finds_its_kind_and_says_no_more_than_it_can(
    text: str, kind: str, number: str, sex: str | None, birth: date | None
) -> None:
    found = parse_document(text, today=TODAY)
    assert (found.kind, found.number, found.sex, found.birth) == (kind, number, sex, birth)
    assert parse_document(text, kind, today=TODAY) == found._replace(doubt=None)


def test_a_kind_that_was_guessed_among_several_is_doubtful() -> None:
    assert "护照" in (parse_document("E12345678", today=TODAY).doubt or "")
    assert parse_document("E12345678", "passport", today=TODAY).doubt is None
    assert parse_document("110102190001010010", today=TODAY).doubt is None


def test_an_unknown_county_and_a_suspicious_end_are_doubtful() -> None:
    assert "119999" in (parse_document(_citizen("11999919850615001"), today=TODAY).doubt or "")
    ends_in_000 = next(
        n
        for o in range(0, 1000, 100)
        for d in range(1, 29)
        if (n := _citizen(f"110102198506{d:02}{o:03}")).endswith("000")
    )
    assert "000" in (parse_document(ends_in_000, today=TODAY).doubt or "")


def _citizen(body: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


@given(
    st.sampled_from(["810000199408230021", "830000199201300022", "932682198501010017"]),
    st.integers(7, 17),
    st.sampled_from("0123456789X"),
)
def test_any_one_wrong_character_of_an_eighteen_is_caught(number: str, place: int, character: str) -> None:
    wrong = number[:place] + character + number[place + 1 :]
    parse = parse_prc_permanent if number[0] == "9" else parse_hmt_residence
    if wrong == number:
        assert parse(wrong, today=TODAY).number == number
    else:
        with pytest.raises(Refused):
            parse(wrong, today=TODAY)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("hmt_residence", "110102190001010010"),
        ("hmt_residence", "810000209908230021"),
        ("hm_permit", "A12345678"),
        ("hm_permit", "H1234567"),
        ("tw_permit", "123456789"),
        ("prc_permanent", "AB1234567890123"),
        ("passport", "ABCDE"),
        ("passport", "E123"),
        ("passport", "E12345678901234567"),
        ("passport", "1.2E+9"),
        ("citizen", "810000199408230021"),
    ],
)
def test_a_wrong_number_of_each_kind_is_refused(kind: str, text: str) -> None:
    with pytest.raises(Refused):
        parse_document(text, kind, today=TODAY)


def test_an_unknown_kind_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="证件类型") as caught:
        parse_document("E12345678", "driver", today=TODAY)
    assert caught.value.code == "document.kind"


def test_a_permit_renewed_is_still_one_number() -> None:
    assert parse_hm_permit("H1234567801").number == parse_hm_permit("H1234567802").number
    assert parse_tw_permit("1234567801").number == parse_tw_permit("12345678").number


def test_a_number_of_no_kind_hears_why_it_is_not_a_citizen_number() -> None:
    with pytest.raises(Refused, match="现为17位"):
        parse_document("11010219000101001", today=TODAY)


@given(st.text("0123456789ABCDEFGHX", max_size=20))
def test_a_guess_is_always_a_known_kind_and_never_fails(text: str) -> None:
    assert infer_kind(text)[0] in KINDS


@given(st.text("0123456789ABCDEFGHX", min_size=1, max_size=20))
def test_a_mask_hides_at_least_half(number: str) -> None:
    masked = mask_document(number)
    assert len(masked) == len(number)
    assert masked.count("*") * 2 >= len(number)


def test_a_passport_is_five_to_seventeen_characters() -> None:
    assert parse_passport("AB123").number == "AB123"
    assert parse_passport("A1" * 8 + "9").number == "A1" * 8 + "9"
