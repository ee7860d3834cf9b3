"""What an answer shows beside its entries: excerpts with the words found, and a content pack that is renewed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from catalog.adapters.content_files import load_lexicon
from catalog.app.search import Filters, Hit
from catalog.app.tray import Ask, EntryChange, Tray
from catalog.bootstrap import make_tray
from catalog.domain.words.analysis import Analyser
from catalog.domain.words.lexicon import Synonyms
from catalog.settings import CONTENT
from event_schemas.entry import EntryPublished, Placement

from .samples import described, ptv_id
from .trays import entries_of_all, tray_of

LONG = (
    "Tule mukaan. " * 30
    + "Ryhmässä keskustellaan velkaantumisesta ja arjen rahasta luottamuksellisesti. "
    + "Kahvia on. " * 30
)
SERVICES = [
    described(
        ptv_id("debt"), {"fi": "Talouspiiri", "sv": "Ekonomigrupp"},
        description={"fi": LONG, "sv": "Vi talar om skulder."},
    ),
    described(ptv_id("swim"), "Uinti kaikille", summary={"fi": "Uintia uimahallissa, myös uintikoulu"}),
    described(ptv_id("sport"), "Sauvakävely", classes=("P27.1",)),
]  # fmt: skip


@pytest.fixture(scope="module")
def tray() -> Tray:
    return tray_of(SERVICES)


def first(tray: Tray, text: str, language: str = "fi") -> Hit:
    return tray.search(Ask(text, language=language)).hits[0]


def marked_words(hit: Hit) -> list[str]:
    assert hit.marked is not None
    return [hit.marked.text[start:end] for start, end in hit.marked.spans]


def test_excerpt_is_cut_around_the_word_found_in_any_inflection(tray: Tray) -> None:
    hit = first(tray, "velkaantuminen")
    assert marked_words(hit) == ["velkaantumisesta"]
    assert hit.marked is not None
    assert len(hit.marked.text) < 200
    assert hit.marked.text.startswith("… ")
    assert hit.marked.text.endswith(" …")


def test_excerpt_is_in_the_language_of_the_page_where_it_has_the_word(tray: Tray) -> None:
    hit = first(tray, "skuld", "sv")
    assert (marked_words(hit), hit.other_language) == (["skulder"], None)
    assert hit.marked is not None
    assert hit.marked.language == "sv"


def test_hit_in_another_language_says_in_which(tray: Tray) -> None:
    hit = first(tray, "uinti", "sv")
    assert hit.other_language == "fi"
    assert hit.marked is not None
    assert hit.marked.language == "fi"


def test_name_that_has_every_word_is_the_excerpt(tray: Tray) -> None:
    hit = first(tray, "uinti kaikki")
    assert hit.marked is not None
    assert (hit.marked.text, marked_words(hit)) == ("Uinti kaikille", ["Uinti", "kaikille"])


def test_browsing_has_nothing_to_mark(tray: Tray) -> None:
    assert {hit.marked for hit in tray.search(Ask("")).hits} == {None}


def test_words_of_a_place_that_is_understood_are_not_marked(tray: Tray) -> None:
    assert marked_words(first(tray, "uinti Hämeenlinna")) == ["Uinti"]


@pytest.mark.parametrize("text", ["velka", "uinti", "skuld", "sauvakävely", "uint"])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_spans_are_inside_the_excerpt_and_do_not_overlap(tray: Tray, text: str, language: str) -> None:
    for hit in tray.search(Ask(text, language=language)).hits:
        assert hit.marked is not None
        bounds = [at for span in hit.marked.spans for at in span]
        assert bounds == sorted(bounds)
        assert bounds[-1] <= len(hit.marked.text)


def refiled(entry: EntryPublished) -> EntryPublished:
    other = Placement(mapping="tarmoa", theme="exercise")
    return entry.model_copy(update={"placements": (other,)})


def test_only_placements_of_the_countys_own_list_are_filters() -> None:
    tray = make_tray(CONTENT)
    (entry,) = entries_of_all(SERVICES[2:], tray.content)
    asyncio.run(tray.apply([EntryChange(entry.entry_id, 1, entry)], []))
    assert tray.search(Ask("", Filters(themes=("exercise",)))).total == 1
    asyncio.run(tray.apply([EntryChange(entry.entry_id, 2, refiled(entry))], []))
    page = tray.search(Ask(""))
    assert (page.total, page.facets["theme"]) == (1, {})


async def test_renewed_content_is_searched_from_one_moment_on_and_no_search_fails_meanwhile() -> None:
    tray = make_tray(CONTENT)
    listings = [described(ptv_id(f"{n}"), f"Kuntosali {n:04}") for n in range(1500)]
    entries = entries_of_all(listings, tray.content)
    await tray.apply([EntryChange(entry.entry_id, 1, entry) for entry in entries], [])
    analyser = Analyser(load_lexicon(CONTENT), Synonyms([{"fi": ["kuntosali", "rautala"]}]))
    renewing = asyncio.create_task(tray.renew(replace(tray.content, digest="new"), analyser))
    totals = []
    while not renewing.done():
        totals.append((tray.search(Ask("kuntosali")).total, tray.search(Ask("rautala")).total))
        await asyncio.sleep(0)
    await renewing
    assert (1500, 0) in totals
    assert set(totals) <= {(1500, 0), (1500, 1500)}
    assert tray.search(Ask("rautala")).total == 1500
    assert tray.content.digest == "new"


async def test_entries_that_change_while_content_is_renewed_are_not_lost() -> None:
    tray = make_tray(CONTENT)
    listings = [described(ptv_id(f"{n}"), f"Kuntosali {n:03}") for n in range(300)]
    entries = entries_of_all(listings, tray.content)
    await tray.apply([EntryChange(entry.entry_id, 1, entry) for entry in entries[:299]], [])
    renewing = asyncio.create_task(tray.renew(tray.content, Analyser(load_lexicon(CONTENT), Synonyms([]))))
    await asyncio.sleep(0)
    await tray.apply(
        [EntryChange(entries[0].entry_id, 2, None), EntryChange(entries[299].entry_id, 1, entries[299])], []
    )
    await renewing
    assert (len(tray), tray.search(Ask("kuntosali")).total) == (299, 299)
    assert tray.search(Ask("299")).total == 1
