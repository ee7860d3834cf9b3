"""What went wrong in others' search: markup, engine syntax, hyphens, diacritics, typing errors, languages."""

from __future__ import annotations

from itertools import pairwise

import pytest

from catalog.app.search import Filters, Match, Page
from catalog.app.tray import Ask, EntryChange, Tray
from catalog.bootstrap import make_tray
from catalog.domain.documents import collation_key
from catalog.settings import CONTENT

from .samples import described, ptv_id
from .trays import entries_of_all, tray_of

MARKDOWN = "**Ilmoittaudu**[tästä](https://esim.example)\n\n- Ohjaaja paikalla\n- tiistaisin\n\n5 < 6 & 7 \\*tähti\\*"
SORTED = ["Aalto", "Maa", "Myllymäki", "Mäki", "Wahlman", "Väinölä", "Zeppeliini", "Åby", "Älypää", "Öljymäki"]
HYPHENS = [
    "Seniorijumppa",
    "Senior-jumppa",
    "65+ jumppa",
    "Tyypin 2-diabetes",
    "Lähiliikuntapaikka Kivikko",
    "Klo 2 kerho",
]
FOLDED = ["Päiväkoti Kielo", "Työkyky kuntoon", "Salin varaus", "Säli", "Njalla-ŋ", "Tanssi Hämeenlinnassa"]
SLIPS = [
    "Uintikerho",
    "Uniryhmä",
    "Päiväkerho",
    "Päihdekerho",
    "Sauvakävely",
    "Ilmaistiryhmä",
    "Kartoitus menot ja tulot",
]


def names(page: Page) -> list[str]:
    return [hit.entry.name["fi"].text for hit in page.hits]


def tray_named(*given: str) -> Tray:
    return tray_of([described(ptv_id(name), name) for name in given])


@pytest.fixture(scope="module")
def marked_up() -> Tray:
    return tray_of(
        [described(ptv_id("markdown"), "Ryhmä", description={"fi": MARKDOWN}), described(ptv_id("b"), "Toinen")]
    )


@pytest.fixture(scope="module")
def hyphens() -> Tray:
    return tray_named(*HYPHENS)


@pytest.fixture(scope="module")
def folded() -> Tray:
    return tray_named(*FOLDED)


@pytest.fixture(scope="module")
def slips() -> Tray:
    english = described(ptv_id("men"), {"fi": "Miesten piiri", "en": "Group for men"})
    return tray_of([*(described(ptv_id(name), name) for name in SLIPS), english])


@pytest.mark.parametrize("word", ["ilmoittaudu", "tästä", "paikalla", "tiistaisin", "tähti", "ohjaaja"])
def test_word_beside_markup_is_found_and_shown_without_its_signs(marked_up: Tray, word: str) -> None:
    (hit,) = marked_up.search(Ask(word)).hits
    assert hit.marked is not None
    assert [hit.marked.text[start:end].casefold() for start, end in hit.marked.spans] == [word]
    assert not {"**", "](", "\\*"} & {hit.marked.text[at : at + 2] for at in range(len(hit.marked.text))}


def test_literal_signs_are_unharmed_and_addresses_of_links_are_no_words(marked_up: Tray) -> None:
    (hit,) = marked_up.search(Ask("tähti")).hits
    assert hit.marked is not None
    assert "5 < 6 & 7 *tähti*" in hit.marked.text
    assert marked_up.search(Ask("esim.example")).total == 0


@pytest.mark.parametrize("sign", ["*", '"', "-", ":*", "%", "\\", "   ", ",", "(", "+", "🏊"])
def test_lone_signs_give_the_browse_page(slips: Tray, sign: str) -> None:
    page = slips.search(Ask(sign))
    assert (page.match, page.total) == (Match.BROWSE, len(slips))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("sauvakävely AND", "sauvakävely"), ("+sauvakävely", "sauvakävely"), ('"sauvakävely"', "sauvakävely"),
     ("sauvakävely*", "sauvakävely"), ("sauvakävely^9", "sauvakävely 9"), ("name:sauvakävely", "name sauvakävely"),
     ("-sauvakävely", "sauvakävely"), ("sauvakävely~2", "sauvakävely 2"), ("sauvakävely\x00", "sauvakävely")],
)  # fmt: skip
def test_syntax_of_engines_has_no_power(slips: Tray, typed: str, meant: str) -> None:
    one, other = slips.search(Ask(typed)), slips.search(Ask(meant))
    assert (names(one), one.match) == (names(other), other.match)


def test_word_with_an_apostrophe_is_found_however_it_is_typed() -> None:
    tray = tray_named("Vaari'n kerho", "Mummon kerho")
    for typed in ("vaari'n kerho", "vaari’n", "vaari n", "vaarin kerho", "VAARI'N"):
        assert names(tray.search(Ask(typed)))[0] == "Vaari'n kerho"


@pytest.mark.parametrize(
    "typed", ["seniorijumppa", "senior-jumppa", "seniori jumppa", "senior jumppa", "seniorijumppaan"]
)
def test_compound_hyphenated_and_split_spellings_find_each_other(hyphens: Tray, typed: str) -> None:
    assert {"Seniorijumppa", "Senior-jumppa"} <= set(names(hyphens.search(Ask(typed))))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("jumppa", {"Seniorijumppa", "Senior-jumppa", "65+ jumppa"}),
        ("liikuntapaikka", {"Lähiliikuntapaikka Kivikko"}),
        ("lähi liikunta paikka", {"Lähiliikuntapaikka Kivikko"}),
        ("2-diabetes", {"Tyypin 2-diabetes"}),
        ("65-vuotiaille", {"65+ jumppa"}),
    ],
)
def test_parts_are_found_and_numbers_do_not_bring_everything(hyphens: Tray, typed: str, expected: set[str]) -> None:
    assert set(names(hyphens.search(Ask(typed)))) == expected


def test_names_are_sorted_as_finns_and_swedes_do() -> None:
    assert sorted(SORTED, key=collation_key) == [
        "Aalto", "Maa", "Myllymäki", "Mäki", "Väinölä", "Wahlman", "Zeppeliini", "Åby", "Älypää", "Öljymäki",
    ]  # fmt: skip
    browsed = names(tray_named(*reversed(SORTED)).search(Ask("")))
    assert all(collation_key(one) <= collation_key(other) for one, other in pairwise(browsed))
    assert browsed[-3:] == ["Åby", "Älypää", "Öljymäki"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("paivakodissa", "Päiväkoti Kielo"),
        ("paivakoti", "Päiväkoti Kielo"),
        ("tyokyky", "Työkyky kuntoon"),
        ("tyokykya", "Työkyky kuntoon"),
        ("njalla-n", "Njalla-ŋ"),
        ("njalla", "Njalla-ŋ"),
    ],
)
def test_question_without_diacritics_finds_inflected_words_too(folded: Tray, typed: str, name: str) -> None:
    assert names(folded.search(Ask(typed))) == [name]


def test_place_without_diacritics_is_understood(folded: Tray) -> None:
    page = folded.search(Ask("tanssi hameenlinna"))
    assert (page.municipality, names(page)) == ("109", ["Tanssi Hämeenlinnassa"])


def test_folded_neighbour_comes_below_the_word_spelt_right(folded: Tray) -> None:
    assert names(folded.search(Ask("sali"))) == ["Salin varaus", "Säli"]
    assert names(folded.search(Ask("säli"))) == ["Säli"]


@pytest.mark.parametrize(
    ("typed", "never"),
    [("uni", "Uintikerho"), ("päihde", "Päiväkerho"), ("muistiryhmä", "Ilmaistiryhmä"), ("uin", "Uniryhmä")],
)
def test_word_does_not_bring_its_lookalike(slips: Tray, typed: str, never: str) -> None:
    assert never not in names(slips.search(Ask(typed)))


def test_slip_is_forgiven_marked_and_its_word_is_offered_instead(slips: Tray) -> None:
    page = slips.search(Ask("sauvakävly"))
    assert names(page) == ["Sauvakävely"]
    assert page.hits[0].fuzzy
    assert page.instead == "sauvakävely"
    right = slips.search(Ask("sauvakävely"))
    assert (right.hits[0].fuzzy, right.instead) == (False, None)


def test_slip_among_other_words_keeps_them_in_what_is_offered(slips: Tray) -> None:
    assert slips.search(Ask("kartoitsu menot")).instead == "kartoitus menot"


def test_hits_by_the_word_itself_come_before_those_by_a_slip() -> None:
    page = tray_named("Kävelyrinki", "Sanataide").search(Ask("kävelyrynki sanataide"))
    assert (page.match, names(page)) == (Match.SOME, ["Sanataide", "Kävelyrinki"])
    assert [hit.fuzzy for hit in page.hits] == [False, True]


def test_hit_in_another_language_is_labelled_and_lower(slips: Tray) -> None:
    page = slips.search(Ask("men", Filters(), "en"))
    told = {hit.entry.name["fi"].text: hit.other_language for hit in page.hits}
    assert told["Miesten piiri"] is None
    assert told["Kartoitus menot ja tulot"] == "fi"
    first, *_, last = told
    assert (first, last) == ("Miesten piiri", "Kartoitus menot ja tulot")


async def test_empty_question_pages_through_everything_once_while_entries_change() -> None:
    listings = [described(ptv_id(f"{n}"), f"Ryhmä {n:03}") for n in range(95)]
    tray = make_tray(CONTENT)
    entries = entries_of_all(listings, tray.content)
    await tray.apply([EntryChange(entry.entry_id, 1, entry) for entry in entries], [])
    cursor: str | None = ""
    seen: list[str] = []
    version = 1
    while cursor is not None:
        page = tray.search(Ask("", limit=10, cursor=cursor))
        seen += [hit.entry.entry_id for hit in page.hits]
        cursor, version = page.cursor, version + 1
        renamed = [entry.model_copy(update={"name": entries[-version].name}) for entry in entries[version::7]]
        await tray.apply([EntryChange(entry.entry_id, version, entry) for entry in renamed], [])
    assert len(seen) == len(set(seen)) == 95


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ruoka-avun", "Ruoka-apu"),
        ("ruoka-avusta", "Ruoka-apu"),
        ("apua", "Avun tarve"),
        ("digitukien", "Digituki"),
        ("vanhempia", "Vanhemmat yhdessä"),
        ("hammasta", "Hampaat kuntoon"),
        ("velkoja", "Velkaneuvonta"),
        ("tulkille", "Tulkkipalvelu"),
        ("iltatunnista", "Iltatunti"),
    ],
)
def test_form_that_the_dictionary_takes_for_another_word_finds_its_own(typed: str, name: str) -> None:
    tray = tray_named(name, "Kansalaisopisto", "Seniorikerho")
    assert names(tray.search(Ask(typed))) == [name]


@pytest.mark.parametrize("typed", ["liikuntasali", "liikuntasalissa", "salissa"])
def test_compound_that_no_dictionary_has_is_not_taken_for_its_beginning(typed: str) -> None:
    tray = tray_named("Liikuntasali", "Liikuntaneuvonta")
    assert names(tray.search(Ask(typed))) == ["Liikuntasali"]


def test_compound_found_nowhere_is_looked_for_by_its_parts_before_it_is_taken_for_a_slip() -> None:
    tray = tray_named("Muistikahvila", "Uintiryhmä")
    assert names(tray.search(Ask("muistiryhmä"))) == ["Muistikahvila"]
