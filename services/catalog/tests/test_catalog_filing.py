"""Themes and the reasons for them."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from catalog.adapters.content_files import load_content
from catalog.domain.concepts import ConceptNames, concept_key
from catalog.entrypoints.wording import reason_text
from catalog.settings import CONTENT
from chassis.core.errors import StartError
from event_schemas.entry import Placement
from event_schemas.listing import ListingPublished

from .samples import CONCEPTS, FALLS, TODAY, described, live, ptv_id
from .trays import outcome_of

content = load_content(CONTENT, on=TODAY)
names: ConceptNames = {concept_key(one.concept_id, one.scheme): one.name for one in CONCEPTS}


def filed(description: ListingPublished) -> dict[str | None, Placement]:
    (entry,) = outcome_of([live(description)], content, names).entries
    return {placement.sub_theme: placement for placement in entry.placements}


def test_county_has_six_themes_and_fourteen_sub_themes() -> None:
    assert len(content.filing.themes) == 6
    assert sum(len(theme.sub_themes) for theme in content.filing.themes) == 14


def test_service_class_places_and_says_so_in_words() -> None:
    placement = filed(described(ptv_id("x"), "Vuorot", classes=("P27.1",)))["exercise"]
    assert reason_text(placement.reasons[0], "fi") == "palveluluokka P27.1 Liikunta ja urheilu"
    assert reason_text(placement.reasons[0], "sv") == "serviceklass P27.1 Motion och idrott"


def test_class_of_substance_services_places_under_substances_and_addictions() -> None:
    placement = filed(described(ptv_id("x"), "Vastaanotto", classes=("P5.7",)))["substances-and-addictions"]
    assert [(reason.kind, reason.code) for reason in placement.reasons] == [("service-class", "P5.7")]


def test_ontology_term_places_by_its_label() -> None:
    placement = filed(described(ptv_id("x"), "Kotikäynti", terms=(FALLS,)))["functional-ability"]
    assert reason_text(placement.reasons[0], "en") == "subject term fall prevention"


def test_class_that_holds_other_things_too_counts_only_beside_another_reason() -> None:
    assert "mental-wellbeing" not in filed(described(ptv_id("x"), "Katkaisuhoito", classes=("P5.7",)))
    supported = filed(described(ptv_id("x"), "Mielenterveyden neuvonta", classes=("P5.7",)))
    assert [reason.kind for reason in supported["mental-wellbeing"].reasons] == ["keyword", "service-class"]


def test_excluded_class_forbids_the_sub_theme() -> None:
    assert "nutrition" not in filed(described(ptv_id("x"), "Elintarvikkeet", classes=("P5.20", "P5.21")))


def test_source_theme_of_lahella_places_an_activity_without_classes() -> None:
    activity = described("lahella:1", "Tiistairyhmä", classification={"source_themes": ["ht_luonto"]})
    assert reason_text(filed(activity)["nearby-nature"].reasons[0], "fi") == "Lähellä.fi-teema luonto"


def test_service_for_companies_only_is_filed_nowhere() -> None:
    codes = {"service_classes": ["P27.1"], "target_groups": ["KR2.6", "KR3"]}
    assert filed(described(ptv_id("x"), "Liikuntalupa", classification=codes)) == {}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("code: oral-health", "code: nutrition", "code nutrition is used twice"),
        (
            "        service_classes: [P5.10]\n",
            "",
            "oral-health names no service class that places by itself",
        ),
        ("        service_classes: [P5.7]\n", "", "sub-theme substances-and-addictions names no service class"),
        ("service_classes: [P5.20]", "service_class: [P5.20]", "Extra inputs are not permitted"),
        (
            "sv: Kultur, en: Culture}\n    sub",
            "en: Culture}\n    sub",
            r"themes\.yaml:\d+:\d+: themes\.1\.names\.sv: Field required",
        ),
    ],
)
def test_fault_in_the_content_pack_is_named(tmp_path: Path, before: str, after: str, said: str) -> None:
    folder = Path(copytree(CONTENT, tmp_path / "content"))
    text = (folder / "themes.yaml").read_text()
    assert before in text
    (folder / "themes.yaml").write_text(text.replace(before, after, 1))
    with pytest.raises(StartError, match=said):
        load_content(folder, on=TODAY)


def test_missing_content_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"themes\.yaml cannot be read"):
        load_content(tmp_path, on=TODAY)
