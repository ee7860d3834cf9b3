"""Activities to listings: mapping, visibility, and what is no change."""

from datetime import timedelta
from typing import Any

import pytest
from lahella_activities import RULES, activity, channel, moment, ms, weekly

from chassis.core.errors import PermanentError
from event_schemas.area import MunicipalityArea, NationwideArea, RegionArea
from event_schemas.channel import EServiceChannel, PhoneChannel, PlaceChannel
from event_schemas.listing import AgeRange, ListingPublished, RemovalReason
from event_schemas.text import text_in
from lahella_ingest.domain.activity import content_hash, key_of
from lahella_ingest.domain.contacts import email_address, phone_number
from lahella_ingest.domain.organization import Organization
from lahella_ingest.domain.people import age_ranges
from lahella_ingest.domain.sessions import next_week
from lahella_ingest.domain.verdict import judge
from lahella_ingest.domain.visibility import State, state_at

NOW = moment("2026-03-18 12:00")
ORGANIZATION = Organization("7100", "Lopen Kerho ry", "FI9103563-8")


def listing(traits: dict[str, Any] | None = None, **top: Any) -> ListingPublished:
    verdict = judge(activity(traits=traits, **top), ORGANIZATION, RULES, NOW)
    assert verdict.listing is not None, verdict
    return verdict.listing


def rejected(traits: dict[str, Any]) -> str | None:
    return judge(activity(traits=traits), None, RULES, NOW).rejected


def test_provider_is_an_ngo_with_its_valid_business_id() -> None:
    provider = listing().provider
    assert (provider.organization_id, provider.business_id, provider.type) == ("lahella:7100", "9103563-8", "ngo")
    assert text_in(provider.name, "fi") == "Lopen Kerho ry"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("9103563-8", "9103563-8"),
        ("fi 9103563\u20138", "9103563-8"),
        ("112038-9", "0112038-9"),
        ("9103563-7", None),
        ("FI00000000", None),
        ("", None),
        (None, None),
    ],
)
def test_only_a_true_business_id_is_passed_on(written: str | None, number: str | None) -> None:
    verdict = judge(activity(), Organization("7100", None, written), RULES, NOW)
    assert verdict.listing is not None
    assert verdict.listing.provider.business_id == number


def test_regions_become_areas_of_their_own_kind() -> None:
    both = listing({"region": ["state/FI/Kanta-Häme", "city/FI/Ypäjä", "city/FI/Forssa"]}).areas
    assert both == (MunicipalityArea(code="061"), MunicipalityArea(code="981"), RegionArea(code="05"))
    assert listing({"region": []}).areas == (NationwideArea(),)


def test_unknown_or_missing_region_rejects_the_item_and_never_means_everywhere() -> None:
    assert rejected({"region": ["city/FI/Loppi", "city/FI/S\ufffdkyl\ufffd"]}) == "unknown-region"
    assert rejected({"region": None}) == "no-region"


def test_item_without_name_or_known_type_is_rejected_with_its_reason() -> None:
    assert rejected({"translations": {"fi": {"name": "<b> </b>"}}}) == "no-name"
    assert rejected({"type": "event"}) == "unknown-type"


@pytest.mark.parametrize(
    ("codes", "ranges"),
    [
        (["18-29", "30-64", "65-99"], (AgeRange(lowest=18),)),
        (["2-6", "7-12", "30-64"], (AgeRange(lowest=2, highest=12), AgeRange(lowest=30, highest=64))),
        (["0-1", "2-6", "7-12", "13-17", "18-29", "30-64", "65-99"], ()),
    ],
)
def test_age_groups_join_and_all_of_them_are_no_limit(codes: list[str], ranges: tuple[AgeRange, ...]) -> None:
    assert age_ranges(["gender/gender", *(f"ageGroup/range:{code}" for code in codes)]) == ranges


def test_contacts_are_in_the_forms_of_their_standards() -> None:
    assert phone_number("040 123 4567") == "+358401234567"
    assert phone_number("+358 (0)40\u00a0123 4567") == "+358401234567"
    assert phone_number("000 0001 021") == "000 0001 021"
    assert phone_number("040 ABC DEFG") == "040 ABC DEFG"
    assert phone_number("kysy toimistosta") is None
    assert email_address("mailto:a@b.example") == "a@b.example"
    assert email_address("a at b.example") is None


def test_contacts_reach_every_channel_and_without_channels_the_provider() -> None:
    contacts = [
        {
            "type": "phone",
            "value": "+358 40 123 4567",
            "translations": {"fi": {"description": "Ohjaaja"}, "sv": {"description": "Detaljer"}},
        },
        {"type": "www", "value": "https://esim.example"},
    ]
    described = listing(
        {"contacts": contacts, "channels": [channel(type=["hybrid"]), channel(id="c2", type=["phone"])]}
    )
    assert [type(each) for each in described.channels] == [PlaceChannel, EServiceChannel, PhoneChannel]
    assert [each.channel_id for each in described.channels] == ["lahella:1:c1", "lahella:1:c1-online", "lahella:1:c2"]
    assert {(each.phones[0].number, each.links[0].url) for each in described.channels} == {
        ("+358401234567", "https://esim.example")
    }
    assert set(described.channels[0].phones[0].note) == {"fi"}
    assert listing({"contacts": contacts}).provider.phones[0].number == "+358401234567"


def test_point_is_read_longitude_first_and_address_falls_back_to_finnish() -> None:
    address = {"postalCode": "12700", "city": "Loppi", "state": "Kanta-Häme", "country": "FI"}
    place = channel(
        map={"center": {"type": "Point", "coordinates": [24.44, 60.71]}},
        translations={"fi": {"address": {"street": "Kylätie 5", **address}}, "sv": {"address": address}},
        accessibility=["ac_unknow", "ac_rollator"],
    )
    described = listing({"channels": [place]})
    (found,) = described.channels
    assert isinstance(found, PlaceChannel)
    assert found.point is not None
    assert (found.point.latitude, found.point.longitude) == (60.71, 24.44)
    assert found.address is not None
    assert (text_in(found.address.street, "sv"), found.address.municipality) == ("Kylätie 5", "433")
    assert described.accessibility == found.accessibility
    assert described.accessibility is not None
    assert described.accessibility.features == ("ac_rollator",)


def test_sign_up_words_are_found_at_the_activity_or_the_channel() -> None:
    texts = {
        "fi": {"name": "Kerho", "registration": "<p>Soita ensin</p>"},
        "sv": {"name": "Klubb", "registration": "Ring"},
    }
    at_channel = channel(
        registrationRequired=True,
        registrationUrl="esim.example/ilmo",
        translations={"fi": {"registration": "Ilmoittaudu"}},
    )
    enrolment = listing({"translations": texts, "channels": [at_channel]}).enrolment
    assert enrolment is not None
    assert (enrolment.required, enrolment.url) == (True, "https://esim.example/ilmo")
    assert {language: each.text for language, each in enrolment.instructions.items()} == {
        "fi": "Ilmoittaudu",
        "sv": "Ring",
    }
    assert listing({"channels": [channel()]}).enrolment is None


def test_languages_and_price() -> None:
    described = listing(
        {
            "locale": ["fi-FI", "fisl", "uk-UA"],
            "pricing": ["paid"],
            "translations": {"fi": {"name": "K", "pricing": "<p>5 €</p>"}},
        }
    )
    assert described.languages == ("fi", "fse", "uk")
    assert described.price is not None
    assert (described.price.charge, text_in(described.price.note, "fi")) == ("charged", "5 €")
    assert listing({"pricing": []}).price is None


@pytest.mark.parametrize(
    ("status", "start", "end", "state"),
    [
        ("published", None, None, State.SHOWN),
        ("published", "2026-03-18 12:00", None, State.SHOWN),
        ("published", "2026-03-18 12:01", None, State.PENDING),
        ("published", None, "2026-03-18 12:00", State.EXPIRED),
        (None, "2026-03-01 00:00", "2026-04-01 00:00", State.SHOWN),
        (None, None, None, State.DRAFT),
        ("draft", "2026-03-01 00:00", "2026-04-01 00:00", State.DRAFT),
        ("archived", None, None, State.DRAFT),
    ],
)
def test_state_follows_status_and_window(status: str | None, start: str | None, end: str | None, state: State) -> None:
    window = {"start": start and ms(start), "end": end and ms(end)}
    assert state_at(activity(status=status, tags={"visibility": window}), NOW) is state


def test_hidden_activity_is_taken_away_although_it_is_incomplete() -> None:
    verdict = judge(activity(traits={"region": None}, status="draft"), None, RULES, NOW)
    assert (verdict.removal, verdict.rejected) == (RemovalReason.ARCHIVED, None)


def test_next_change_is_the_window_or_the_next_week_of_sessions() -> None:
    meets = {"channels": [channel(events=[weekly("2026-01-12 00:00", 2, "18:00", "19:00")])]}
    closing = {"visibility": {"end": ms("2026-03-20 00:00")}}
    assert judge(activity(traits=meets), None, RULES, NOW).due_at == next_week(NOW)
    assert judge(activity(traits=meets, tags=closing), None, RULES, NOW).due_at == moment("2026-03-20 00:00")
    over = {"channels": [channel(events=[{"start": ms("2026-03-01 12:00"), "type": "1"}])]}
    assert judge(activity(traits=over), None, RULES, NOW).due_at is None


def test_listing_is_the_same_all_week_and_moves_on_with_the_next() -> None:
    meets = activity(traits={"channels": [channel(events=[weekly("2026-01-12 00:00", 2, "18:00", "19:00")])]})
    monday = moment("2026-03-16 00:00")
    bodies = [judge(meets, None, RULES, monday + timedelta(days=days)).listing for days in (0, 3, 6, 7)]
    assert bodies[0] == bodies[1] == bodies[2] != bodies[3]


def test_sessions_are_sorted_and_never_more_than_two_hundred() -> None:
    times = [{"weekday": day, "startTime": f"{hour:02}:00"} for day in range(7, 0, -1) for hour in range(20, 8, -1)]
    event = weekly("2026-01-12 00:00", 1, "10:00", "11:00", daySpecificTimes=times)
    sessions = listing({"channels": [channel(events=[event])]}).sessions
    assert len(sessions) == 200
    assert list(sessions) == sorted(sessions, key=lambda session: session.start)


def test_what_the_server_adds_by_itself_is_no_change_of_content() -> None:
    def with_point(*coordinates: float) -> bytes:
        point = {"center": {"coordinates": list(coordinates) or None}}
        return content_hash(activity(traits={"channels": [channel(map=point)]}))

    assert with_point(24.44, 60.71) == with_point(24.45, 60.72)
    assert with_point(24.44, 60.71) != with_point()
    locked = activity(lockedAt=1, lockedBy="x")
    assert content_hash(locked) == content_hash(activity())


def test_markup_and_order_of_codes_are_no_change_of_content_but_words_are() -> None:
    def described(summary: str, *themes: str) -> bytes:
        return content_hash(
            activity(traits={"translations": {"fi": {"name": "K", "summary": summary}}, "theme": [*themes]})
        )

    assert described('<p dir="ltr">Tule  mukaan</p>', "a", "b") == described("<p>Tule <b>mukaan</b></p>", "b", "a")
    assert described("<p>Tule mukaan</p>", "a") != described("<p>Tulkaa mukaan</p>", "a")


@pytest.mark.parametrize(
    "broken",
    [
        {"channels": [channel(events=[{"start": "huomenna", "type": "1"}])]},
        {"channels": [channel(events=[{"start": 1, "type": "1", "timeZone": "Nowhere/Here"}])]},
        {"channels": [channel(events=[{"start": 1, "type": "9"}])]},
        {"channels": {"0": {}}},
        {"translations": ["fi"]},
    ],
)
def test_malformed_item_is_refused_without_quoting_it(broken: dict[str, Any]) -> None:
    with pytest.raises(PermanentError) as caught:
        activity(traits=broken)
    assert caught.value.code == "malformed"
    assert "huomenna" not in str(caught.value)


@pytest.mark.parametrize("raw", [{}, {"_key": 5}, {"_key": "a\x00"}, {"_key": "å"}, {"_key": ""}, None, ["1"]])
def test_key_that_cannot_be_part_of_a_listing_id_is_none(raw: object) -> None:
    assert key_of(raw) is None


def test_time_for_ever_survives() -> None:
    assert (
        listing(tags={"visibility": {"start": -62135596800000, "end": 253402300799000}}).source.visible_until
        is not None
    )
