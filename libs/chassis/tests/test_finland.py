"""Finnish identifiers and numbers in the spellings that people use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.finland.business_id import business_id
from chassis.finland.phone import e164


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("2345678-0", "2345678-0"),
        ("1234567-1", "1234567-1"),
        ("12345671", "1234567-1"),
        ("FI12345671", "1234567-1"),
        ("fi 1234567-1", "1234567-1"),
        ("FI-12345671", "1234567-1"),
        (" 1234567\u20131", "1234567-1"),
        ("1234567\u20141", "1234567-1"),
        ("1234567\u22121", "1234567-1"),
        ("1234567 - 1\n", "1234567-1"),
        ("\u202a1234567\u00a0-\u200b1", "1234567-1"),
        ("234567-8", "0234567-8"),
        ("112038-9", "0112038-9"),
        ("1120389", "0112038-9"),
        ("0112038-9", "0112038-9"),
    ],
)
def test_spellings_of_a_business_id_become_one(written: str, number: str) -> None:
    assert business_id(written) == number


@pytest.mark.parametrize(
    "written",
    [
        *("1000008-0", "1000008-1", "1000008-10", "1234567-2", "234567-9"),
        *("0000000-0", "00000000", "FI00000000", "000000-0", " 0000000\u20130 ", "0000000"),
        *(None, "", "-", "FI", "12345-6", "123456789", "12345-671", "1234567--1", "1234567-1 x", "1234567-\u0661"),
    ],
)
def test_wrong_check_digit_placeholder_or_other_text_is_no_business_id(written: str | None) -> None:
    assert business_id(written) is None


@given(st.text() | st.from_regex(r"[0-9]{6,7}-?[0-9]"))
def test_business_id_is_its_own_spelling(text: str) -> None:
    number = business_id(text)
    assert number is None or business_id(number) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("040 123 4567", "+358401234567"),
        ("0400 123456", "+358400123456"),
        ("0457 123 4567", "+3584571234567"),
        ("358401234567", "+358401234567"),
        ("+358 (0)40 123 4567", "+358401234567"),
        ("00358401234567", "+358401234567"),
        ("+46 70 123 45 67", "+46701234567"),
        ("040\u00a01234567", "+358401234567"),
        ("\u202a040 1234567", "+358401234567"),
        ("040\u200b1234\u00ad567\n", "+358401234567"),
        ("040\u20131234567", "+358401234567"),
        ("(09) 123 4567", "+35891234567"),
        ("0800 12345", "+35880012345"),
    ],
)
def test_spellings_of_a_phone_number_become_one(written: str, number: str) -> None:
    assert e164(written) == number


@pytest.mark.parametrize(
    "written",
    [
        *("040 ABC DEFG", "12345", "+358 358 40 1234567", "116117", "000 0001 021"),
        *(None, "", " ", "kysy toimistosta", "040 1234567, 050 1234567", "09 1234567 ext. 5", "09 1234567 # 5"),
    ],
)
def test_letters_short_and_double_numbers_have_no_e164_form(written: str | None) -> None:
    assert e164(written) is None


@given(st.text() | st.from_regex(r"\+?[0-9 ()/-]{5,20}"))
def test_e164_number_is_its_own_spelling(text: str) -> None:
    number = e164(text)
    assert number is None or e164(number) == number
