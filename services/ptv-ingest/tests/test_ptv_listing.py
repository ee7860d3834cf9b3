"""What a listing takes from the service, its general description, and its connections."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.ingest.scope import Scope
from event_schemas.area import MunicipalityArea, NationwideArea, RegionArea, WellbeingCountyArea
from event_schemas.channel import Channel, PhoneChannel, PlaceChannel
from event_schemas.classification import Classification
from event_schemas.contact import Phone
from event_schemas.hours import ContinuousHours, WeeklyHours
from event_schemas.ids import MunicipalityCode, RegionCode, WellbeingCountyCode
from event_schemas.listing import AgeRange, Audience, ListingKind
from event_schemas.place import Address, Place
from event_schemas.price import Charge, Price
from event_schemas.provider import Provider, ProviderType
from ptv_ingest.domain.listing import Parts, ages, audience, listing_of, postal_codes
from ptv_ingest.domain.objects import Connection, GeneralDescription, Organization, Service, ServiceChannel
from ptv_ingest.domain.texts import localized

ID = "11111111-1111-4111-8111-111111111111"
CHANNEL = "22222222-2222-4222-8222-222222222222"
HERE = Scope(frozenset({"109"}), frozenset({"05"}), nationwide=True, counties=frozenset({"07"}))


def a_service(**more: Any) -> Service:
    name = localized({"fi": "Palvelu", "sv": "Tjänst"})
    return Service(object_id=ID, kind=ListingKind.SERVICE, organization_id=CHANNEL, name=name, **more)


def connected(channel: Channel, **more: Any) -> tuple[Connection, ServiceChannel]:
    connection = Connection(object_id=f"{ID}/{CHANNEL}", service_id=ID, channel_id=CHANNEL, **more)
    return connection, ServiceChannel(object_id=CHANNEL, channel=channel)


def test_general_description_fills_only_what_the_service_leaves_open_and_is_marked() -> None:
    base = GeneralDescription(
        object_id=CHANNEL,
        description=localized({"fi": "Yleinen", "sv": "Allmän", "en": "General"}),
        price=Price(charge=Charge.FREE),
        classification=Classification(service_classes=("P2",)),
    )
    service = a_service(
        description=localized({"fi": "Oma"}), classification=Classification(service_classes=("P1", "P2"))
    )
    listing = listing_of(Parts(service, general_description=base))
    assert {language: (text.text, text.origin) for language, text in listing.description.items()} == {
        "fi": ("Oma", "source"),
        "sv": ("Allmän", "general-description"),
    }
    assert listing.price == Price(charge=Charge.FREE)
    assert listing.classification.service_classes == ("P1", "P2")
    assert listing.classification.general_description_id == CHANNEL


def test_connection_replaces_hours_and_texts_and_puts_its_contacts_first() -> None:
    channel = PhoneChannel(
        description=localized({"fi": "Kanavan", "sv": "Kanalens"}),
        hours=(ContinuousHours(),),
        phones=(Phone(number="+35836212000"),),
    )
    pair = connected(
        channel,
        description=localized({"fi": "Yhteyden"}),
        hours=(WeeklyHours(),),
        phones=(Phone(number="+35836212001"), Phone(number="+35836212000")),
        price=Price(charge=Charge.CHARGED, note=localized({"fi": "3 euroa"})),
    )
    (found,) = listing_of(Parts(a_service(), [pair])).channels
    assert found.hours == (WeeklyHours(),)
    assert {language: text.text for language, text in found.description.items()} == {
        "fi": "Yhteyden\n\n3 euroa",
        "sv": "Kanalens",
    }
    assert [phone.number for phone in found.phones] == ["+35836212001", "+35836212000"]


def test_charge_that_only_connections_state_becomes_the_services_where_they_agree() -> None:
    charged = connected(PhoneChannel(), price=Price(charge=Charge.CHARGED))
    free = connected(PhoneChannel(), price=Price(charge=Charge.FREE))
    assert listing_of(Parts(a_service(), [charged, charged])).price == Price(charge=Charge.CHARGED)
    assert listing_of(Parts(a_service(), [charged, free])).price is None


def test_provider_that_ptv_does_not_publish_is_named_by_its_id_only() -> None:
    listing = listing_of(Parts(a_service(producer_ids=(ID,), producer_names=(localized({"fi": "Tuottaja"}),))))
    assert (listing.provider.organization_id, listing.provider.name) == (f"ptv:{CHANNEL}", {})
    assert [one.name["fi"].text for one in listing.other_providers] == ["Tuottaja"]


def test_organisation_that_ptv_does_not_publish_has_the_name_that_its_service_gives() -> None:
    names = {CHANNEL: localized({"fi": "Järjestö ry"}), ID: localized({"fi": "Ohjaajat Oy"})}
    listing = listing_of(Parts(a_service(producer_ids=(ID,), organization_names=names)))
    assert listing.provider.name["fi"].text == "Järjestö ry"
    assert [(one.organization_id, one.name["fi"].text) for one in listing.other_providers] == [
        (f"ptv:{ID}", "Ohjaajat Oy")
    ]


def test_service_without_a_responsible_organisation_is_listed_without_a_provider() -> None:
    service = a_service().model_copy(update={"organization_id": None})
    assert listing_of(Parts(service)).provider == Provider()
    assert service.uses() == ()


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        (ProviderType.NGO, ProviderType.PARISH),
        (ProviderType.OTHER, ProviderType.PARISH),
        (ProviderType.MUNICIPALITY, ProviderType.MUNICIPALITY),
    ],
)
def test_organisation_whose_service_builds_on_the_churchs_description_is_a_parish(
    stated: ProviderType, shown: ProviderType
) -> None:
    owner = Organization(object_id=CHANNEL, provider=Provider(type=stated))
    base = GeneralDescription(object_id=ID, types=("Church",))
    listing = listing_of(Parts(a_service(), organizations={CHANNEL: owner}, general_description=base))
    assert listing.provider.type == shown


def test_each_address_of_a_place_gets_the_name_of_its_post_office() -> None:
    place = PlaceChannel(
        address=Address(postal_code="13100"),
        further_places=(Place(address=Address(postal_code="13200")), Place()),
        postal_addresses=(Address(postal_code="13101"), Address(postal_code="99999")),
    )
    pair = connected(place)
    offices = {code: localized({"fi": code}) for code in ("13100", "13200", "13101")}
    (found,) = listing_of(Parts(a_service(), [pair], post_offices=offices)).channels
    assert isinstance(found, PlaceChannel)
    named = [found.address, *(one.address for one in found.further_places), *found.postal_addresses]
    assert [one.post_office["fi"].text if one and one.post_office else None for one in named] == [
        *("13100", "13200", None, "13101", None)
    ]
    assert postal_codes([pair]) == {*offices, "99999"}


def test_web_addresses_that_make_no_link_come_from_channel_and_connection() -> None:
    channel = PhoneChannel(unlinked=(localized({"fi": "kysy"}),))
    (found,) = listing_of(Parts(a_service(), [connected(channel, unlinked=(localized({"fi": "soita"}),))])).channels
    assert [one["fi"].text for one in found.unlinked] == ["soita", "kysy"]


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ((), ()),
        (("KR1",), ()),
        (("KR1", "KR1.3"), (AgeRange(highest=29),)),
        (("KR1.1", "KR1.3"), (AgeRange(lowest=65), AgeRange(highest=29))),
        (("KR1.1", "KR1.2"), ()),
        (("KR2.7",), ()),
    ],
)
def test_ages_follow_where_every_group_of_residents_has_some(groups: tuple[str, ...], expected: Any) -> None:
    assert ages(groups) == expected


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ((), [Audience.RESIDENTS]),
        (("KR1.1",), [Audience.RESIDENTS]),
        (("KR1", "KR1.3"), [Audience.RESIDENTS, Audience.YOUNG_PEOPLE]),
        (("KR3",), [Audience.PROFESSIONALS]),
        (("KR2",), []),
    ],
)
def test_audience_follows_from_the_target_groups(groups: tuple[str, ...], expected: list[Audience]) -> None:
    assert list(audience(groups)) == expected


@pytest.mark.parametrize(
    ("area", "inside"),
    [
        (MunicipalityArea(code=MunicipalityCode("109")), True),
        (MunicipalityArea(code=MunicipalityCode("091")), False),
        (RegionArea(code=RegionCode("05")), True),
        (RegionArea(code=RegionCode("07")), False),
        (WellbeingCountyArea(code=WellbeingCountyCode("07")), True),
        (WellbeingCountyArea(code=WellbeingCountyCode("05")), False),
        (NationwideArea(except_aland=True), True),
    ],
)
def test_region_05_and_county_07_are_ours_and_never_the_other_way_round(area: Any, inside: bool) -> None:
    assert HERE.covers([area]) is inside
