"""Each sub-theme by a typical service and a near miss; curators' words, general descriptions, Tarmoa, quick exit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.adapters.content_files import load_content
from catalog.domain.entries import Content
from catalog.domain.sensitive import is_sensitive
from catalog.domain.themes import Override
from catalog.entrypoints.wording import reason_text
from catalog.settings import CONTENT
from event_schemas.entry import EntryPublished
from event_schemas.listing import ListingPublished

from .samples import TODAY, described, ptv_id
from .trays import entries_of_all

content = load_content(CONTENT, on=TODAY)
GENERAL = "0c1f5b0a-2f8e-4c5f-9a51-7f3c1de0a001"
NAMES = {"fi": "pohja", "sv": "grund", "en": "base"}


def entry_of(description: ListingPublished, by: Content = content) -> EntryPublished:
    (entry,) = entries_of_all([description], by)
    return entry


def filed(name: str, *classes: str, by: Content = content) -> set[str | None]:
    entry = entry_of(described(ptv_id("x"), name, classes=classes), by)
    return {one.sub_theme for one in entry.placements if one.mapping == "county"}


@pytest.mark.parametrize(
    ("sub_theme", "typical", "near_miss"),
    [
        ("exercise", ("Vesijumppa senioreille", "P27.1"), ("Liikuntalupa tapahtumaan", "P27.1")),
        ("nearby-nature", ("Laavu järven rannalla", "P27.2"), ("Kalastusluvat", "P27.5")),
        ("cultural-wellbeing", ("Kirjaston lukupiiri", "P25.1"), ("Vanhojen talojen korjaus, kulttuuri", "P23.6")),
        ("healthy-habits", ("Elintapaohjaus", "P5.17"), ("Potilasasiavastaava ja omahoito", "P5.17")),
        ("nutrition", ("Ravitsemusneuvonta", "P5.20"), ("Ruokailupaikan valvonta", "P5.21")),
        ("mental-wellbeing", ("Mielen hyvinvoinnin ryhmä", "P5.16"), ("Psykiatrian osasto, masennus", "P5.6")),
        ("substances-and-addictions", ("Ehkäisevä päihdetyö", "P5.7"), ("Tupakan vähittäismyyntilupa", "P5.7")),
        ("oral-health", ("Suuhygienistin vastaanotto", "P5.10"), ("Hammaslaboratorio", "P5.10")),
        ("participation", ("Asukasraati", "P8.3"), ("Vaalien vapaaehtoiset", "P8.2")),
        ("social-life", ("Ystävätoiminta", "P4.12"), ("Iltapäiväkerho koulussa", "P6.3")),
        ("income-work-study", ("Velkaneuvonta", "P15.1"), ("Yrityksen velkaneuvonta", "P15.2")),
        ("health-and-social-advice", ("Palveluohjaus", "P4.13"), ("Rakennusneuvonta, palveluneuvonta", "P2.1")),
        ("functional-ability", ("Kaatumisen ehkäisy", "P5.13"), ("Ammatillinen kuntoutus", "P10.4")),
        ("integration", ("Kielikahvila", "P4.11"), ("Oleskelulupa maahanmuuttajalle", "P22.1")),
    ],
)
def test_typical_service_lands_in_its_sub_theme_and_a_near_miss_does_not(
    sub_theme: str, typical: tuple[str, str], near_miss: tuple[str, str]
) -> None:
    assert sub_theme in filed(*typical)
    assert sub_theme not in filed(*near_miss)


def test_prevention_of_domestic_violence_is_social_life_and_has_a_quick_exit() -> None:
    entry = entry_of(described(ptv_id("x"), "Lähisuhdeväkivallan ehkäisy", classes=("P4.13",)))
    (reason, supporting) = next(one for one in entry.placements if one.sub_theme == "social-life").reasons
    assert (reason.kind, supporting.code) == ("keyword", "P4.13")
    assert is_sensitive(entry, content.filing)


@pytest.mark.parametrize("name", ["Ruoka-apua viikoittain", "RUOKA-APU", "Vauva-jumppa", "Liikunta- ja ulkoilukerho"])
def test_hyphenated_word_is_looked_at_whole_and_in_its_parts(name: str) -> None:
    expected = {"nutrition", "income-work-study"} if "-ap" in name.casefold() else {"exercise"}
    assert expected <= filed(name)


def test_shelter_built_on_the_national_text_is_filed_by_it_whatever_it_is_called() -> None:
    given = {"service_classes": ["P3.8"], "general_description_id": "3da5189c-e798-4fac-b245-ff8e69da54cb"}
    entry = entry_of(described(ptv_id("x"), "Pihlajakoti", classification=given))
    (placed,) = [one for one in entry.placements if one.mapping == "county"]
    assert placed.sub_theme == "social-life"
    assert reason_text(placed.reasons[0], "fi") == "pohjakuvaus Turvakotitoiminta"


def test_voluntary_work_of_lahella_is_participation() -> None:
    described_there = described("lahella:1", "Saattaja", classification={"source_themes": ["voluntary_theme"]})
    assert [one.sub_theme for one in entry_of(described_there).placements if one.mapping == "county"] == [
        "participation"
    ]


def test_page_of_exercise_has_no_quick_exit() -> None:
    assert not is_sensitive(entry_of(described(ptv_id("x"), "Jumppa", classes=("P27.1",))), content.filing)


@pytest.mark.parametrize("name", [{"fi": "Apu", "sv": "Våld i hemmet"}, {"fi": "Apu", "en": "Domestic violence"}])
def test_quick_exit_is_found_in_every_language(name: dict[str, str]) -> None:
    assert is_sensitive(entry_of(described(ptv_id("x"), name)), content.filing)


def test_curators_word_adds_and_removes_and_is_the_reason_shown() -> None:
    word = Override(
        frozenset({"social-life"}), frozenset({"exercise"}), {"fi": "tapaaminen", "sv": "träff", "en": "meet"}
    )
    by = replace(content, filing=replace(content.filing, overrides={ptv_id("x"): (word,)}))
    entry = entry_of(described(ptv_id("x"), "Porukka", classes=("P27.1",)), by)
    (placed,) = (one for one in entry.placements if one.mapping == "county")
    assert placed.sub_theme == "social-life"
    assert reason_text(placed.reasons[0], "sv") == "servicebrickans redaktion träff"


def test_curators_word_files_what_target_groups_leave_out() -> None:
    word = Override(frozenset({"participation"}), frozenset(), NAMES)
    by = replace(content, filing=replace(content.filing, overrides={ptv_id("x"): (word,)}))
    service = described(ptv_id("x"), "Avustus", classification={"target_groups": ["KR2"]})
    assert [one.sub_theme for one in entry_of(service, by).placements] == ["participation", None]


def test_general_description_places_and_is_named() -> None:
    themes = [
        replace(
            theme,
            sub_themes=tuple(
                replace(sub, rules=replace(sub.rules, general_descriptions=frozenset({GENERAL})))
                if sub.code == "oral-health"
                else sub
                for sub in theme.sub_themes
            ),
        )
        for theme in content.filing.themes
    ]
    filing = replace(content.filing, themes=tuple(themes), general_description_names={GENERAL: NAMES})
    service = described(ptv_id("x"), "Vastaanotto", classification={"general_description_id": GENERAL})
    (placed, *_) = entry_of(service, replace(content, filing=filing)).placements
    assert placed.sub_theme == "oral-health"
    assert reason_text(placed.reasons[0], "fi") == "pohjakuvaus pohja"


def test_tarmoa_has_eight_themes_over_the_same_entries_with_the_same_reasons() -> None:
    (tarmoa,) = content.mappings
    assert len(tarmoa.themes) == 8
    entry = entry_of(described(ptv_id("x"), "Uniryhmä", classes=("P27.1",)))
    placed = {one.theme: one for one in entry.placements if one.mapping == "tarmoa"}
    assert set(placed) == {"sports-and-exercise", "nutrition-and-sleep", "advice-and-support"}
    assert [reason.code for reason in placed["sports-and-exercise"].reasons] == ["P27.1"]
    assert [reason.code for reason in placed["nutrition-and-sleep"].reasons] == ["uniryhmä"]


def test_every_sub_theme_of_the_county_is_in_some_theme_of_tarmoa() -> None:
    held = {code for theme in content.mappings[0].themes for code in theme.sub_themes}
    assert {sub.code for _, sub in content.filing.sub_themes} == held
