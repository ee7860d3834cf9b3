"""Recorded answers, where somebody has them: `HYTE_LAHELLA_SAMPLES` names a folder of JSON files with activities or
pages of them; without it, one beside the repository is taken. What is expected was read from the files by hand."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lahella_activities import REGIONS, moment

from chassis.ingest.scope import Scope
from event_schemas.channel import PlaceChannel
from event_schemas.listing import ListingPublished
from event_schemas.text import text_in
from lahella_ingest.domain.activity import read_activity
from lahella_ingest.domain.rules import Rules
from lahella_ingest.domain.verdict import judge
from lahella_ingest.domain.wire import HELSINKI

BESIDE = Path(__file__).resolve().parents[4] / "shared" / "reference" / "lahella_samples"
SAMPLES = Path(os.environ.get("HYTE_LAHELLA_SAMPLES", BESIDE))
NOW = moment("2026-03-18 12:00")
EVERYWHERE = Rules(
    REGIONS, Scope(frozenset(REGIONS.cities.values()), frozenset(REGIONS.states.values()), nationwide=True)
)

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="no recorded answers: set HYTE_LAHELLA_SAMPLES to their folder"
)


def activities(content: Any) -> list[dict[str, Any]]:
    items = content.get("items", [content]) if isinstance(content, dict) else []
    return [item for item in items if item.get("traits", {}).get("translations")]


def sample(name: str, now: datetime = NOW) -> ListingPublished:
    file = SAMPLES / name
    if not file.is_file():
        pytest.skip(f"{name} is not among the samples")
    (item,) = activities(json.loads(file.read_bytes()))
    verdict = judge(read_activity({"_key": "1", "status": "published"} | item), None, EVERYWHERE, now)
    assert verdict.listing is not None, verdict
    return verdict.listing


def times(listing: ListingPublished) -> list[str]:
    local = [
        (each.start.astimezone(HELSINKI), (each.end or each.start).astimezone(HELSINKI)) for each in listing.sessions
    ]
    return [f"{start:%d.%m.%Y %H:%M}-{end:%H:%M}" for start, end in local]


def test_every_sample_becomes_a_listing_or_is_out_of_its_window() -> None:
    found = [item for file in SAMPLES.glob("*.json") for item in activities(json.loads(file.read_bytes()))]
    verdicts = [
        judge(read_activity({"_key": "1", "status": "published"} | item), None, EVERYWHERE, NOW) for item in found
    ]
    assert found
    assert [verdict.rejected for verdict in verdicts if verdict.rejected] == []
    for verdict in verdicts:
        if verdict.listing:
            assert ListingPublished.from_json(verdict.listing.to_json()) == verdict.listing


@pytest.mark.parametrize("name", ["activity_api_response.json", "activities_list_page.json"])
def test_recorded_taiji_course(name: str) -> None:
    course = sample(name)
    assert {language: text.text for language, text in course.name.items()} == {
        "fi": "Taiji-kurssi",
        "en": "Tai chi course",
    }
    assert (text_in(course.summary, "fi"), text_in(course.description, "en")) == ("Peruskurssi", "Course description")
    assert course.price is not None
    assert (course.price.charge, text_in(course.price.note, "fi")) == ("charged", "100 euroa")
    assert [area.model_dump() for area in course.areas] == [{"kind": "municipality", "code": "091"}]
    assert [(age.lowest, age.highest) for age in course.ages] == [(18, 64)]
    assert course.languages == ("fi",)
    assert course.classification.source_themes == ("ht_hyvinvointi", "ht_urheilu")


def test_recorded_course_is_taught_at_its_place_on_its_weekday() -> None:
    course = sample("activity_api_response.json", moment("2025-03-26 12:00"))
    (place,) = course.channels
    assert isinstance(place, PlaceChannel)
    assert place.point is not None
    assert (place.point.latitude, place.point.longitude) == (60.2, 24.9)
    assert place.address is not None
    assert (text_in(place.address.street, "fi"), place.address.postal_code) == ("Testikatu 1", "00100")
    assert [(link.url, text_in(link.title, "en")) for link in place.links] == [("https://example.com", "More info")]
    assert course.enrolment is not None
    assert (course.enrolment.required, course.enrolment.url, course.enrolment.email) == (
        True,
        "https://example.com/register",
        "test@example.com",
    )
    # Tuesdays until Thursday 15 May 2025; summer time begins on 30 March.
    assert times(course)[:2] == ["25.03.2025 18:00-19:30", "01.04.2025 18:00-19:30"]
    assert (times(course)[-1], len(course.sessions)) == ("13.05.2025 18:00-19:30", 8)
    assert [each.start.hour for each in course.sessions[:2]] == [16, 15]


def test_course_as_its_client_writes_it() -> None:
    course = sample("activity_create_payload.json")
    assert (course.kind, text_in(course.name, "fi"), text_in(course.name, "en")) == (
        "hobby",
        "Taiji-kurssi Lauttasaaressa",
        "Tai chi course in Lauttasaari",
    )
    assert [getattr(area, "code", None) for area in course.areas] == ["049", "091", "092"]
    assert [(age.lowest, age.highest) for age in course.ages] == [(18, None)]
    (place,) = course.channels
    assert isinstance(place, PlaceChannel)
    assert place.point is not None
    assert (place.point.latitude, place.point.longitude) == (60.16061, 24.87076)
    assert place.address is not None
    assert (text_in(place.address.street, "fi"), place.address.postal_code, place.address.municipality) == (
        "Myllykalliontie 3",
        "00200",
        "091",
    )
    assert [link.url for link in place.links] == ["https://taichichuan.fi/kurssit"]
    assert {language: text.text for language, text in place.links[0].title.items()} == {
        "fi": "Lisätietoja",
        "en": "Details",
    }
    assert [email.address for email in place.emails] == ["teacher@example.org"]
    assert course.enrolment is not None
    assert (course.enrolment.required, course.enrolment.email) == (True, "teacher@example.org")
    assert course.enrolment.url == "https://taichichuan.fi/kurssit/0d73bcf1-c22e-4c14-8d24-23a934a1fc90"


def test_sundays_of_the_course_keep_their_clock_time_over_the_change_to_summer_time() -> None:
    sundays = sample("activity_create_payload.json")
    # From the week of 18 March to the course's last day, Sunday 24 May 2026.
    assert times(sundays)[:3] == ["22.03.2026 11:00-12:00", "29.03.2026 11:00-12:00", "05.04.2026 11:00-12:00"]
    assert times(sundays)[-1] == "24.05.2026 11:00-12:00"
    assert len(sundays.sessions) == 10
    assert [each.start.hour for each in sundays.sessions[:2]] == [9, 8]


def test_support_group_of_carers() -> None:
    group = sample("synthetic_kanta_hame_support.json")
    assert (group.kind, text_in(group.name, "fi")) == ("support", "Omaishoitajien vertaisryhmä")
    assert text_in(group.description, "fi") == "Kokoonnumme joka toinen tiistai. Ei ennakkoilmoittautumista."
    assert [getattr(area, "code", None) for area in group.areas] == ["082", "109", "165"]
    (place,) = group.channels
    assert isinstance(place, PlaceChannel)
    assert place.point is not None
    assert (place.point.latitude, place.point.longitude) == (60.9959, 24.459)
    assert [(phone.number, text_in(phone.note, "fi")) for phone in place.phones] == [
        ("+358401234567", "Toiminnanohjaaja")
    ]
    assert group.accessibility is not None
    assert group.accessibility.features == ("ac_itoilet", "ac_wheelchair")
    assert group.source.visible_until == moment("2026-06-01 00:00")
    # Every other Tuesday from 2 September 2025, of which 17 March 2026 is one.
    assert times(group)[:3] == ["17.03.2026 13:00-15:00", "31.03.2026 13:00-15:00", "14.04.2026 13:00-15:00"]


def test_single_walk_is_shown_in_its_window_only() -> None:
    walk = sample("synthetic_kanta_hame_event.json")
    assert {language: text.text for language, text in walk.name.items()} == {
        "fi": "Kävelytapahtuma Aulangolla",
        "sv": "Promenad i Aulanko",
    }
    assert [area.model_dump() for area in walk.areas] == [{"kind": "region", "code": "05"}]
    assert times(walk) == ["28.03.2026 12:00-12:00"]
    assert walk.accessibility is None
    assert walk.source.visible_until is not None
    (item,) = activities(json.loads((SAMPLES / "synthetic_kanta_hame_event.json").read_bytes()))
    over = judge(read_activity(item), None, EVERYWHERE, walk.source.visible_until + timedelta(seconds=1))
    assert over.removal == "expired"
