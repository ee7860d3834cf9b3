"""HTML of the source to text."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lahella_ingest.domain.plain_text import one_line, plain_text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "Ohjaaja<br/>paikalla<li>tiistaisin</li>t&auml;m&auml; on maksuton&nbsp;ryhm&auml;",
            "Ohjaaja\npaikalla\n• tiistaisin\ntämä on maksuton ryhmä",
        ),
        ("5 < 6 & 7", "5 < 6 & 7"),
        ("<p>5 < 6 & 7, a<b ja x<y>z</p>", "5 < 6 & 7, a<b ja x<y>z"),
        ("<p>&lt;b&gt; &amp;amp;</p>", "<b> &amp;"),
        ('<p dir="ltr">Yksi</p><p dir="ltr">Kaksi <strong>kol</strong>me</p>', "Yksi\n\nKaksi kolme"),
        ("<ul><li><p>eväät</p></li><li><p>kengät</p></li></ul>loppu", "• eväät\n• kengät\n\nloppu"),
        ('Katso <a href="https://esim.example/x">täältä</a>.', "Katso täältä (https://esim.example/x)."),
        ('<a href="https://esim.example">https://esim.example</a>', "https://esim.example"),
        ("<!-- luonnos --><script>alert(1)</script><p>teksti</p>", "teksti"),
        ("<table><tr><td>ma</td><td>klo 10</td></tr><tr><td>ti</td></tr></table>", "ma klo 10\n\nti"),
        ("rivi 1\r\nrivi 2\n\n\n\nrivi 3 ", "rivi 1\nrivi 2\n\nrivi 3"),
    ],
)
def test_words_around_tags_never_grow_together_and_literal_signs_survive(source: str, text: str) -> None:
    assert plain_text(source) == text


@pytest.mark.parametrize(
    "variant", ["Hyvinvointi  a\u0308a\u0308ni ", "Hyvinvointi ääni\r\n", "<p class='x'>Hyvinvointi <b>ääni</b></p>"]
)
def test_equal_words_give_equal_text(variant: str) -> None:
    assert plain_text(variant) == "Hyvinvointi ääni"


def test_blank_line_between_paragraphs_counts() -> None:
    assert plain_text("Yksi.\n\nKaksi.") != plain_text("Yksi.\nKaksi.")


def test_name_is_one_line() -> None:
    assert (
        one_line(" Läheisten  vertais&shy;ryhm&auml;<br>keskiviikkoisin\n")
        == "Läheisten vertais\u00adryhmä keskiviikkoisin"
    )


@given(st.lists(st.text("abcåäö<>&;/ ", min_size=1), max_size=6))
def test_escaped_words_come_out_as_they_were(words: list[str]) -> None:
    source = "".join(f"<p>{html.escape(word)}</p>" for word in words)
    assert plain_text(source).split() == " ".join(words).split()


@given(st.text(max_size=200))
def test_any_text_is_read_without_control_characters(source: str) -> None:
    text = plain_text(source)
    assert all(char == "\n" or char.isprintable() or ord(char) > 0x9F for char in text)
    assert text == text.strip()
