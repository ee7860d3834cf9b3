"""Phone numbers as they come."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.domain.phone import Unsendable, mobile_number


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
        ("\u202a040 123 4567\u202c", "+358401234567"),
        ("+358401234501", "+358401234501"),
    ],
)
def test_every_usual_way_to_write_a_mobile_number_gives_one_number(written: str, number: str) -> None:
    assert mobile_number(written) == number


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("(09) 123 4567", "number-landline"),
        ("0800 12345", "number-toll-free"),
        ("0600 123456", "number-premium-rate"),
        ("020 1234567", "number-not-mobile"),
        ("040 ABC DEFG", "number-invalid"),
        ("12345", "number-invalid"),
        ("112", "number-invalid"),
        ("+358 358 40 1234567", "number-invalid"),
        ("+999 123 456", "number-invalid"),
        ("maija@posti.example", "number-invalid"),
        ("٠٤٠١٢٣٤٥٦٧", "number-invalid"),
        ("", "number-invalid"),
    ],
)
def test_a_number_that_takes_no_sms_is_refused_with_a_code(written: str, code: str) -> None:
    with pytest.raises(Unsendable) as refusal:
        mobile_number(written)
    assert refusal.value.code == code


@given(st.text(max_size=30))
def test_whatever_is_written_is_a_number_or_refused(written: str) -> None:
    number: str | None = None
    with suppress(Unsendable):
        number = mobile_number(written)
    assert number is None or mobile_number(number) == number
