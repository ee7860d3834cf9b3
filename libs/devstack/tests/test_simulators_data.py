"""The authored content: every expanded object has its wire shape, and the set holds what the demo relies on."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from stdnum.fi import ytunnus

from devstack.simulators.lahella.activities import Activities, load_activities
from devstack.simulators.ptv.content import Content, load_content
from devstack.simulators.ptv.wire import ENTITIES

BESIDE = Path(__file__).resolve().parents[4] / "shared" / "reference" / "ptv_v12_schema.json"
PUBLISHED_SCHEMA = Path(os.environ.get("HYTE_PTV_V12_SCHEMA", BESIDE))
DEFINITIONS = {
    "service": "ServiceItem",
    "channel": "ChannelItem",
    "connection": "ConnectionItem",
    "organization": "OrganizationItem",
    "general-description": "GeneralDescriptionItem",
    "service-collection": "ServiceCollectionDetail",
}
ROWS = {"region-codes": "RefArea", "wellbeing-services-county-codes": "RefArea", "ontology-terms": "RefOntologyTerm"}
CLASSES = ("service-classes", "target-groups", "life-events", "industrial-classes")
KANTA_HAME = {"061", "082", "086", "103", "109", "165", "169", "433", "694", "834", "981"}


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content()


@pytest.fixture(scope="module")
def activities() -> Activities:
    return load_activities(datetime.now(UTC).date())


def every_object(content: Content) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind, members in content.objects.items():
        for member in members:
            yield kind, member


def finnish_names(content: Content) -> dict[str, dict[str, Any]]:
    services = content.objects["service"]
    return {
        service["languageVersions"]["fi"]["name"]: service
        for service in services
        if "fi" in service["languageVersions"]
    }


def normalised(name: str) -> str:
    return " ".join(name.casefold().split())


def service_municipalities(service: dict[str, Any]) -> set[str]:
    area = service["area"]
    if area["areaType"] != "LimitedArea" or area["regions"] or area["wellbeingServicesCounties"]:
        return KANTA_HAME
    return set(area["municipalities"])


def activity_municipalities(wire: dict[str, Any], codes: dict[str, str]) -> set[str]:
    names = {region.rpartition("/")[2] for region in wire["traits"]["region"]}
    return KANTA_HAME if "Kanta-Häme" in names else {codes[name] for name in names}


def twins(content: Content, activities: Activities) -> list[tuple[str, str]]:
    business_ids = {org["contentId"]: org["businessId"] for org in content.objects["organization"]}
    codes = dict(content.vocabulary.municipality_codes)
    return [
        (service["contentId"], key)
        for name, service in finnish_names(content).items()
        for key, held in activities.held.items()
        if activities.groups[held.group].business_id == business_ids[service["organizationContentId"]]
        and normalised(held.wire["traits"]["translations"]["fi"]["name"]) == normalised(name)
        and activity_municipalities(held.wire, codes) & service_municipalities(service)
    ]


def test_every_expanded_object_has_its_closed_wire_shape(content: Content) -> None:
    checked = [ENTITIES[kind].validate_python(member) for kind, member in every_object(content)]
    assert len(checked) > 150


def test_an_object_with_a_field_the_wire_does_not_know_is_refused(content: Content) -> None:
    service = content.objects["service"][0] | {"status": "Published"}
    with pytest.raises(ValueError, match="status"):
        ENTITIES["service"].validate_python(service)


@pytest.mark.skipif(not PUBLISHED_SCHEMA.is_file(), reason="no JSON Schema of PTV v12: set HYTE_PTV_V12_SCHEMA to it")
def test_every_expanded_object_validates_against_the_published_contract(content: Content) -> None:
    definitions = json.loads(PUBLISHED_SCHEMA.read_bytes())["$defs"]

    def check(definition: str, member: dict[str, Any]) -> None:
        schema = {"$defs": definitions, "$ref": f"#/$defs/{definition}"}
        jsonschema.Draft202012Validator(schema).validate(member)

    for kind, member in every_object(content):
        check(DEFINITIONS[kind], member)
    for path, rows in content.vocabulary.rows.items():
        for row in rows:
            check(ROWS.get(path, "RefClass" if path in CLASSES else "RefCode"), row)


def test_business_ids_have_valid_check_digits(content: Content, activities: Activities) -> None:
    ids = [org["businessId"] for org in content.objects["organization"]]
    ids += [group.business_id for group in activities.groups.values() if group.business_id is not None]
    assert [found for found in ids if not ytunnus.is_valid(found)] == []


def test_exactly_twelve_activities_describe_a_ptv_service_of_the_same_organisation(
    content: Content, activities: Activities
) -> None:
    pairs = twins(content, activities)
    assert len(pairs) == 12
    assert len({service for service, _ in pairs}) == 12
    assert len({key for _, key in pairs}) == 12


def test_thirteen_activities_were_copied_into_ptv_with_the_place_in_the_name(
    content: Content, activities: Activities
) -> None:
    business_ids = {org["contentId"]: org["businessId"] for org in content.objects["organization"]}
    copied = {
        (business_ids[service["organizationContentId"]], name.partition(" – ")[0])
        for name, service in finnish_names(content).items()
        if " – " in name
    }
    told = {
        (activities.groups[held.group].business_id, held.wire["traits"]["translations"]["fi"]["name"])
        for held in activities.held.values()
    }
    # One is of an organisation that was made twice under the same number: its activity has a PTV service already.
    assert len(copied & told) == 14


def test_twins_are_long_lived_support_or_hobby_with_texts_of_their_own(
    content: Content, activities: Activities
) -> None:
    services = {service["contentId"]: service for service in content.objects["service"]}
    for service_id, key in twins(content, activities):
        traits = activities.held[key].wire["traits"]
        assert traits["type"] in ("hobby", "support")
        assert {event["type"] for event in traits["channels"][0]["events"]} <= {"2", "3", "4"}
        assert services[service_id]["languageVersions"]["fi"]["summary"] not in traits["translations"]["fi"]["summary"]


def test_every_kind_of_area_channel_and_opening_rule_occurs(content: Content) -> None:
    areas = [service["area"] for service in content.objects["service"]]
    assert {area["areaType"] for area in areas} == {"WholeCountry", "WholeCountryExceptAland", "LimitedArea"}
    assert any(area.get("municipalities") for area in areas)
    assert any(area.get("regions") == ["05"] for area in areas)
    assert any(area.get("wellbeingServicesCounties") == ["07"] for area in areas)
    assert len({channel["serviceChannelType"] for channel in content.objects["channel"]}) == 5
    hours = [channel["serviceHours"] for channel in content.objects["channel"] if "serviceHours" in channel]
    assert len({rule["type"] for block in hours for rule in block["hours"]}) == 6


def test_some_services_are_described_only_in_swedish_or_only_in_english(content: Content) -> None:
    told = [frozenset(service["languageVersions"]) for service in content.objects["service"]]
    assert min(told.count(frozenset({language})) for language in ("sv", "en")) >= 2


def test_one_general_description_serves_two_services(content: Content) -> None:
    used = [service["generalDescriptionContentId"] for service in content.objects["service"]]
    assert sorted(used.count(found) for found in set(used) - {None}) == [1, 2]


@pytest.mark.parametrize("words", ["velkaneuvontapalvelu", "kaatumisen ehkäisy", "liikuntaneuvonta"])
def test_the_searches_of_the_demo_find_something(content: Content, words: str) -> None:
    texts = [json.dumps(service, ensure_ascii=False).casefold() for service in content.objects["service"]]
    assert any(words in text for text in texts)


def test_hameenlinna_offers_exercise_counselling(content: Content) -> None:
    assert finnish_names(content)["Liikuntaneuvonta"]["area"]["municipalities"] == ["109"]


@pytest.mark.parametrize("years", [0, 1, 5])
def test_every_activity_is_visible_today_and_for_years(years: int) -> None:
    today = datetime.now(UTC).date()
    moment = date(today.year + years, today.month, 1)
    at = datetime(moment.year, moment.month, moment.day, tzinfo=UTC).timestamp() * 1000
    for held in load_activities(moment).held.values():
        window = held.wire["tags"]["visibility"]
        assert window["start"] <= at < window["end"], held.wire["_key"]


def test_activities_cover_every_kind_of_event_and_type(activities: Activities) -> None:
    traits = [held.wire["traits"] for held in activities.held.values()]
    assert {one["type"] for one in traits} == {"hobby", "support", "voluntary"}
    events = [event["type"] for one in traits for channel in one["channels"] for event in channel["events"]]
    assert set(events) == {"1", "2", "3", "4"}


def test_two_groups_never_gave_their_business_id(activities: Activities) -> None:
    assert [group.id for group in activities.groups.values() if group.business_id is None] == [
        "neulojat",
        "tammelan-polkijat",
    ]
