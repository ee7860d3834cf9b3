"""Parts of an SMS."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.domain.sms_text import is_gsm7, parts


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("ä" * 160, 1),
        ("ä" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("š" + "a" * 69, 1),
        ("š" + "a" * 70, 2),
        ("a" * 68 + "😀", 1),
        ("a" * 69 + "😀", 2),
        ("]" * 50 + "😀", 1),
        ("a" * 100 + "\u00a0", 2),
        ("ç" + "a" * 70, 2),
        ("Ç" + "a" * 159, 1),
        ("a" * 306, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("", 1),
    ],
)
def test_parts_are_counted_as_the_network_counts_them(text: str, count: int) -> None:
    assert parts(text) == count


def test_finnish_and_swedish_letters_and_the_euro_are_in_the_default_alphabet() -> None:
    assert is_gsm7("åäöÅÄÖé€[]")
    assert not is_gsm7("š")
    assert not is_gsm7("\x1b")


@given(st.text(max_size=400), st.text(max_size=50))
def test_a_longer_text_never_takes_fewer_parts(text: str, more: str) -> None:
    assert parts(text + more) >= parts(text)
