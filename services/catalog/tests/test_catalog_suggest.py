"""Suggestions while a person types."""

from __future__ import annotations

import pytest

from catalog.app.search import Suggestion
from catalog.app.tray import EntryChange, Tray
from catalog.bootstrap import make_tray
from catalog.settings import CONTENT

from .samples import described, ptv_id
from .trays import entries_of_all, tray_of

SERVICES = [
    described(ptv_id("senior"), "Seniorijumppa", classes=("P27.1",)),
    described(ptv_id("hyphen"), "Senior-jumppa"),
    described(ptv_id("age"), "65+ jumppa"),
    described(ptv_id("diabetes"), "Tyypin 2-diabetes"),
    described(ptv_id("place"), "Lähiliikuntapaikka Kivikko"),
    described(ptv_id("grandpa"), "Vaari'n kerho"),
    described(ptv_id("swim"), {"fi": "Uimakoulu", "sv": "Simskola"}, municipalities=("061",)),
    described(ptv_id("swim-2"), "Uimakoulu", municipalities=("109",)),
    described(ptv_id("pool"), "Uimahallin vuorot", municipalities=("109",)),
    described(ptv_id("sali"), "Säli", municipalities=("109",)),
]


@pytest.fixture(scope="module")
def tray() -> Tray:
    return tray_of(SERVICES)


def texts(found: tuple[Suggestion, ...], kind: str = "entry") -> list[str]:
    return [one.text for one in found if one.kind == kind]


@pytest.mark.parametrize(
    "typed",
    ["s", "se", "senior", "senior-", "senior -", "senior-j", "senior-jumppa", "Seniorijumppa", "seniorijumppa "],
)
def test_suggestions_never_go_empty_by_one_more_sign(tray: Tray, typed: str) -> None:
    assert {"Seniorijumppa", "Senior-jumppa"} & set(texts(tray.suggest(typed, "fi")))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("jumppa", "Seniorijumppa"),
        ("jump", "Senior-jumppa"),
        ("65", "65+ jumppa"),
        ("2-dia", "Tyypin 2-diabetes"),
        ("kivi", "Lähiliikuntapaikka Kivikko"),
        ("lahiliik", "Lähiliikuntapaikka Kivikko"),
        ("vaari'n", "Vaari'n kerho"),
        ("vaarin ke", "Vaari'n kerho"),
        ("jumppa senior", "Seniorijumppa"),
        ("uimakuolu", "Uimakoulu"),
    ],
)
def test_typed_beginning_finds_the_name(tray: Tray, typed: str, name: str) -> None:
    assert name in texts(tray.suggest(typed, "fi"))


def test_name_of_one_entry_leads_to_it_and_a_name_of_several_to_a_search(tray: Tray) -> None:
    (one,) = [found for found in tray.suggest("uimah", "fi") if found.kind == "entry"]
    entry = tray.entry(one.entry_id or "")
    assert entry is not None
    assert entry.name["fi"].text == one.text == "Uimahallin vuorot"
    assert tray.suggest("uimak", "fi") == (Suggestion("Uimakoulu", "word"),)
    assert texts(tray.suggest("uimak", "fi", municipality="061")) == ["Uimakoulu"]


def test_names_of_the_page_come_in_its_language_first(tray: Tray) -> None:
    assert texts(tray.suggest("simsk", "sv")) == ["Simskola"]
    assert texts(tray.suggest("uimah", "sv")) == ["Uimahallin vuorot"]


def test_only_names_offered_in_the_municipality_are_suggested(tray: Tray) -> None:
    assert texts(tray.suggest("uima", "fi", municipality="061")) == ["Uimakoulu"]
    assert set(texts(tray.suggest("u", "fi", municipality="109"))) == {"Uimahallin vuorot", "Uimakoulu"}


def test_themes_places_and_words_are_suggested_too(tray: Tray) -> None:
    name = tray.content.filing.names["exercise"]["fi"]
    assert Suggestion(name, "theme", theme="exercise") in tray.suggest(name[:4], "fi")
    assert "Hämeenlinna" in texts(tray.suggest("hameen", "fi"), "place")
    assert "Tavastehus" in texts(tray.suggest("tavas", "sv"), "place")
    assert "liikuntapaikka" not in texts(tray.suggest("lähi", "fi"), "word")
    assert "kerho" in texts(tray.suggest("ker", "fi"), "word")


@pytest.mark.parametrize("typed", ["", "   ", "-", "*", '"', "\x00", "🏊", "zzzz", "x" * 3000, "a" * 59 + "ö̈", "\\"])
def test_whatever_is_typed_has_an_answer(tray: Tray, typed: str) -> None:
    assert len(tray.suggest(typed, "fi")) <= 8


@pytest.mark.parametrize("typed", ["", "   ", "-", "*", "%", "🏊"])
def test_signs_without_words_suggest_nothing(tray: Tray, typed: str) -> None:
    assert tray.suggest(typed, "fi") == ()


def test_no_more_are_suggested_than_were_asked_for(tray: Tray) -> None:
    assert len(tray.suggest("s", "fi", limit=2)) == 2


async def test_removed_entry_is_suggested_no_more() -> None:
    tray = make_tray(CONTENT)
    (entry,) = entries_of_all(SERVICES[:1], tray.content)
    await tray.apply([EntryChange(entry.entry_id, 1, entry)], [])
    assert texts(tray.suggest("senio", "fi")) == ["Seniorijumppa"]
    await tray.apply([EntryChange(entry.entry_id, 2, None)], [])
    assert tray.suggest("senio", "fi") == ()
