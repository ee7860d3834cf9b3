"""What models refuse, and what they put up with."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from event_schemas import UnreadableRecord
from event_schemas.area import MunicipalityArea, NationwideArea, RegionArea, WellbeingCountyArea
from event_schemas.hours import ExceptionHours, Interval
from event_schemas.listing import ListingPublished, RemovalReason
from event_schemas.notification import NotificationStatusChanged
from event_schemas.referral import ReferralSent
from event_schemas.referral_content import Client, ReferralContent
from event_schemas.rules import examples
from event_schemas.sealed import Sealed
from event_schemas.text import LocalizedText, Text, text_in

JWE = "eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn"


def example(model: type[Any], name: str, **changed: Any) -> bytes:
    file = next(file for file in examples(model.contract_name()) if file.stem == name)
    return json.dumps(json.loads(file.read_bytes()) | changed).encode()


def test_code_that_a_source_added_is_kept_as_it_is() -> None:
    listing = ListingPublished.from_json(example(ListingPublished, "minimal", kind="volunteering-abroad"))
    assert listing.kind == "volunteering-abroad"
    assert json.loads(listing.to_json())["kind"] == "volunteering-abroad"


def test_known_code_is_an_enum_member() -> None:
    assert isinstance(RemovalReason("archived"), RemovalReason)
    status = NotificationStatusChanged.from_json(example(NotificationStatusChanged, "minimal"))
    assert status.state.__class__.__name__ == "NotificationState"


def test_times_are_kept_in_utc() -> None:
    status = NotificationStatusChanged.from_json(
        example(NotificationStatusChanged, "minimal", at="2026-11-03T10:00:00+02:00")
    )
    assert status.at == datetime(2026, 11, 3, 8, tzinfo=UTC)
    assert b"2026-11-03T08:00:00Z" in status.to_json()


def test_time_without_offset_is_refused() -> None:
    with pytest.raises(UnreadableRecord, match="at "):
        NotificationStatusChanged.from_json(example(NotificationStatusChanged, "minimal", at="2026-11-03T10:00:00"))


def test_region_and_wellbeing_county_of_one_code_are_different_areas() -> None:
    listing = ListingPublished.from_json(
        example(
            ListingPublished,
            "minimal",
            areas=[{"kind": "region", "code": "05"}, {"kind": "wellbeing-county", "code": "05"}],
        )
    )
    assert [type(area) for area in listing.areas] == [RegionArea, WellbeingCountyArea]


@pytest.mark.parametrize("area", [{"kind": "municipality", "code": "05"}, {"kind": "village", "code": "1"}, {}])
def test_area_of_no_list_is_refused(area: dict[str, str]) -> None:
    with pytest.raises(UnreadableRecord, match="areas"):
        ListingPublished.from_json(example(ListingPublished, "minimal", areas=[area]))


def test_areas_can_be_members_of_a_set() -> None:
    assert len({MunicipalityArea(code="109"), MunicipalityArea(code="109"), NationwideArea()}) == 2


@pytest.mark.parametrize("time", ["24:01", "8:00", "08.00", "25:00"])
def test_clock_time_of_another_form_is_refused(time: str) -> None:
    with pytest.raises(ValidationError):
        Interval(opens=time, closes="10:00")


def test_exception_without_intervals_means_closed() -> None:
    hours = ExceptionHours.model_validate({"valid_from": "2026-07-01", "valid_to": "2026-07-31"})
    assert hours.intervals == ()


@pytest.mark.parametrize("parts", [{}, {"jwe": JWE, "dataref": "https://example.org/1"}])
def test_sealed_part_is_in_exactly_one_place(parts: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="exactly one"):
        Sealed(key_id="k", **parts)


@pytest.mark.parametrize("dataref", ["http://example.org/1", "https://example.org/1?client=Maija"])
def test_reference_to_sealed_data_is_https_without_query(dataref: str) -> None:
    with pytest.raises(ValidationError):
        Sealed(key_id="k", dataref=dataref)


def test_plain_text_can_not_pass_for_sealed() -> None:
    with pytest.raises(UnreadableRecord, match="sealed"):
        ReferralSent.from_json(example(ReferralSent, "full", sealed={"key_id": "k", "jwe": '{"name":"Maija"}'}))


def test_client_is_known_by_birth_year_or_identity_code_but_not_both() -> None:
    with pytest.raises(ValidationError, match="not both"):
        Client(name="Maija Esimerkki", birth_year=1994, identity_code="010594Y9032")


def test_adviser_needs_a_way_to_contact_the_client() -> None:
    with pytest.raises(UnreadableRecord):
        ReferralContent.from_json(example(ReferralContent, "minimal", client={"name": "Kalle Esimerkki"}))


def test_error_text_holds_no_personal_data() -> None:
    client = {"name": "Maija Esimerkki", "phone": "0400 000 001", "identity_code": "010594-9032x"}
    with pytest.raises(UnreadableRecord) as refused:
        ReferralContent.from_json(example(ReferralContent, "full", client=client))
    assert str(refused.value) == "not a fi.hytevirta.referral.content.v1: client (string_pattern_mismatch)"
    assert refused.value.__cause__ is None
    with pytest.raises(ValidationError) as invalid:
        Client.model_validate(client)
    assert "0400" not in str(invalid.value)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff"])
def test_data_that_is_no_json_object_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableRecord, match="document"):
        ListingPublished.from_json(data)


def test_text_is_taken_in_the_first_language_there_is() -> None:
    texts: LocalizedText = {"fi": Text(text="uinti"), "sv": Text(text="simning")}
    assert text_in(texts, "en", "sv", "fi") == "simning"
    assert text_in(texts, "en") == "uinti"
    assert text_in({}, "fi") is None
