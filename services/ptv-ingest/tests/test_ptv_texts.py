"""Markdown and white space."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptv_ingest.domain.texts import many_lines, one_line, plain

WORDS = st.lists(st.from_regex(r"[a-zåäö]{1,8}", fullmatch=True), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        (None, ""),
        ("Liiku **joka** _päivä_.", "Liiku joka päivä."),
        ("Ensin.\n\n### Näin se etenee\nSitten.", "Ensin.\n\nNäin se etenee\n\nSitten."),
        ("* yksi\n* kaksi", "• yksi\n• kaksi"),
        ("3. kolme\n4. neljä", "3. kolme\n4. neljä"),
        ("Ryhmät:\n\n- yksi\n\n- kaksi\n\nTervetuloa", "Ryhmät:\n\n• yksi\n• kaksi\n\nTervetuloa"),
        ("Lue [ohje](https://esim.example/a_b)!", "Lue ohje (https://esim.example/a_b)!"),
        ("<https://esim.example>", "https://esim.example"),
        ("sana<br>toinen<b>kolmas</b>", "sana\ntoinen kolmas"),
        ("<p>sana</p>\n<p>toinen</p>", "sana\ntoinen"),
        ("hinta 2 \\* 3 &amp; 5 < 6", "hinta 2 * 3 & 5 < 6"),
        ("rivi\nrivi", "rivi\nrivi"),
        ("10 - 12 vuotiaat", "10 - 12 vuotiaat"),
        ("5 < 6 & 7", "5 < 6 & 7"),
        ("kahvi&tee <3, a_b_c, 50 % > 40 %", "kahvi&tee <3, a_b_c, 50 % > 40 %"),
    ],
)
def test_markdown_becomes_text_that_reads_the_same(markdown: str | None, text: str) -> None:
    assert plain(markdown) == text


@given(
    WORDS,
    st.sampled_from(["**{}**", "*{}*", "[{}](https://e.example)", "<b>{}</b>", "`{}`", "# {}", "- {}", "{}<br/>"]),
)
def test_words_never_grow_together(words: list[str], markup: str) -> None:
    marked = "\n".join(markup.format(word) for word in words)
    found = plain(marked).replace("(https://e.example)", " ").replace("•", " ").split()
    assert found == words


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert many_lines(many_lines(text)) == many_lines(text)
    assert one_line(one_line(text)) == one_line(text)
    assert "  " not in one_line(text)


@given(st.text())
def test_any_text_is_read_and_its_unicode_form_does_not_matter(text: str) -> None:
    assert plain(unicodedata.normalize("NFD", text)) == plain(unicodedata.normalize("NFC", text))
