"""Recorded objects are read without loss, and some are compared with what a person has read in them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from ptv_samples import (
    channel_of_v11,
    channel_of_v12,
    connections_of_v11,
    files_of_v11,
    needs_v11,
    needs_v12,
    read,
    rows_in,
    service_of,
    v11,
    v12,
)

from event_schemas.text import LocalizedText
from ptv_ingest.adapters.ptv_v11.channels import embedded
from ptv_ingest.adapters.ptv_v11.source import PtvV11
from ptv_ingest.adapters.ptv_v12.source import PtvV12
from ptv_ingest.app.ports import RowRejected
from ptv_ingest.domain.objects import Connection, Kind, Organization

PLACEHOLDER = "string"
"""What generated documentation writes where an example has a text."""


def words(texts: LocalizedText) -> dict[str, str]:
    return {language: text.text for language, text in texts.items()}


def numbers(phones: Any) -> set[tuple[str, str, str]]:
    return {(phone.number, phone.kind, phone.charge) for phone in phones}


def week(hours: Any) -> list[tuple[str, str, str]]:
    return [(one.day, one.opens, one.closes) for one in hours.intervals]


def spot(point: Any) -> tuple[float, float]:
    return (round(point.latitude, 4), round(point.longitude, 4))


@needs_v11
@pytest.mark.parametrize("file", files_of_v11(), ids=lambda file: file.stem)
def test_every_v11_and_v8_shaped_object_is_read_with_nothing_left_out(file: Path) -> None:
    for kind, row in rows_in(orjson.loads(file.read_bytes())):
        if row.get("serviceChannelType") == PLACEHOLDER:
            with pytest.raises(RowRejected, match="unknown-channel-type"):
                PtvV11.read(kind, row, Counter())
            continue
        assert read(PtvV11, kind, row)[1] == {}
        for connection in embedded(row) if kind == Kind.SERVICE else []:
            assert read(PtvV11, Kind.CONNECTION, connection)[1] == {}


@needs_v12
def test_v12_place_with_two_visiting_addresses_and_all_kinds_of_hours() -> None:
    place = channel_of_v12("channel_servicelocation")
    assert (place.kind, words(place.name)["fi"], words(place.name)["sv"]) == (
        "place",
        "Hyvispiste",
        "Välfärdspunkten Exempel",
    )
    assert words(place.address.street) == {"fi": "Mallikatu 12 B", "sv": "Modellgatan 12 B"}
    assert (place.address.postal_code, place.address.municipality) == ("13100", "109")
    assert place.accessibility_point_id == "900001"
    # The entrance (362877.237, 6764995.869) and not the building; the meeting point of groups beside it.
    assert spot(place.point) == (60.996, 24.4646)
    assert [spot(one.point) for one in place.further_places] == [(61.0021, 24.4512)]
    assert words(place.postal_addresses[0].post_box) == {"fi": "PL 84"}
    ordinary, summer, pause, *holidays = place.hours
    assert week(ordinary)[-3:] == [
        ("friday", "09:00", "12:00"),
        ("friday", "13:00", "17:00"),
        ("saturday", "10:00", "14:00"),
    ]
    assert (ordinary.intervals[-1].week_parity, ordinary.intervals[-2].status) == ("odd", "on-reservation")
    assert (summer.valid_from, summer.valid_to) == (date(2027, 6, 1), date(2027, 8, 15))
    assert (pause.kind, pause.intervals) == ("exception", ())
    assert [(one.holiday, one.years, len(one.intervals)) for one in holidays] == [
        ("midsummer-eve", (2026, 2027), 1),
        ("independence-day", (2026, 2027), 0),
    ]


@needs_v12
def test_v12_phone_with_four_kinds_of_numbers() -> None:
    phone = channel_of_v12("channel_telephoneservice")
    kinds = [(one.kind, one.charge, words(one.charge_note).get("fi")) for one in phone.phones]
    assert kinds == [
        ("voice", "free", None),
        ("voice", "local", "paikallisverkkomaksu"),
        ("sms", "extra", "0,20 e/viesti"),
        ("fax", "local", None),
    ]
    assert [link.url for link in phone.links] == ["https://www.example.org/kriisi"]
    (stretch,) = phone.hours
    assert (stretch.from_day, stretch.from_time, stretch.to_day, stretch.to_time) == (
        "thursday",
        "18:00",
        "monday",
        "07:00",
    )


@needs_v12
def test_v12_e_service_with_identification_signature_and_instructions() -> None:
    service = channel_of_v12("channel_eservice")
    assert [link.url for link in service.addresses] == ["https://asiointi.example.org/perhe"]
    assert (service.identification_required, service.signatures_required, service.accessibility) == (True, 1, "partial")
    assert [(link.url, words(link.note)["fi"]) for link in service.links] == [
        ("https://www.example.org/ohje.pdf", "PDF, 200 kt")
    ]
    assert [email.address for email in service.emails] == ["perhe@example.org"]
    assert [hours.kind for hours in service.hours] == ["continuous"]


@needs_v12
def test_v12_form_with_three_ways_to_send_it() -> None:
    form = channel_of_v12("channel_printableform")
    assert words(form.form_identifier) == {"fi": "HYTE-2026-1"}
    assert [(file.url, file.file_type, file.language) for file in form.files] == [
        ("https://www.example.org/lomake.pdf", "pdf", "fi"),
        ("https://www.example.org/lomake.odt", "odt", "fi"),
    ]
    street, box, words_only = form.delivery_addresses
    assert (words(street.street)["fi"], street.postal_code) == ("Esimerkkitie 1 A", "14200")
    assert words(street.note)["fi"] == "Hyvinvointipalvelut"
    assert (words(box.post_box)["fi"], box.postal_code) == ("PL 99", "14201")
    assert words(words_only.note)["fi"] == "Voit jättää hakemuksen myös kirjaston palautuslaatikkoon."


@needs_v12
def test_v12_web_page() -> None:
    page = channel_of_v12("channel_webpage")
    assert [(link.url, words(link.title)["fi"]) for link in page.addresses] == [
        ("https://www.example.org/mieli", "Mielen hyvinvointi")
    ]
    assert page.accessibility == "full"


@needs_v12
def test_v12_service_with_structured_text_in_three_languages() -> None:
    service = service_of(PtvV12, v12("service_1_liikuntaneuvonta_109"))
    assert words(service.name) == {
        "fi": "Liikuntaneuvonta aikuisille",
        "sv": "Motionsrådgivning för vuxna",
        "en": "Exercise counselling for adults",
    }
    assert set(service.summary) == {"fi", "sv"}
    assert [line for line in words(service.description)["fi"].splitlines() if line] == [
        "Liikuntaneuvoja auttaa löytämään sopivan tavan liikkua.",
        "Näin neuvonta etenee",
        "• alkukartoitus",
        "• oma liikuntasuunnitelma",
        "• seurantakäynti kolmen kuukauden kuluttua",
    ]
    assert words(service.restrictions)["fi"].startswith("Palvelu on tarkoitettu yli 18-vuotiaille")
    assert [area.code for area in service.areas] == ["082", "109"]  # type: ignore[union-attr]
    assert service.classification.service_classes == ("P27.1", "P5.17")
    assert service.classification.keywords["fi"] == ("elintapaohjaus", "liikkumisresepti")
    assert (service.price and service.price.charge, service.languages) == ("free", ("en", "fi", "sv"))


@needs_v12
def test_v12_connection_with_hours_and_contacts_of_its_own() -> None:
    found, _ = read(PtvV12, Kind.CONNECTION, v12("connection_1"))
    assert isinstance(found, Connection)
    assert words(found.description) == {"fi": "Neuvonta huoneessa 2, toinen kerros.", "en": "Room 2, second floor."}
    assert [week(hours) for hours in found.hours] == [[("tuesday", "12:00", "16:00")]]
    assert len(found.phones) == 1


@needs_v12
def test_v12_municipality_as_an_organisation_whose_placeholder_number_is_no_business_id() -> None:
    found, _ = read(PtvV12, Kind.ORGANIZATION, v12("organization_municipality_109"))
    assert isinstance(found, Organization)
    provider = found.provider
    assert (words(provider.name)["sv"], provider.type, provider.municipality) == (
        "Exempelstaden (109)",
        "municipality",
        "109",
    )
    assert provider.business_id is None
    assert [email.address for email in provider.emails] == ["kirjaamo@example.org"]


@needs_v11
def test_v11_place_with_coordinates_entrances_and_sentences() -> None:
    place = channel_of_v11("real_v11_channel_servicelocation_otava_961f1a02")
    assert words(place.name) == {"fi": "Otavan Opisto / Otavia"}
    assert (words(place.address.street)["fi"], place.address.postal_code) == ("Otavantie 2 B", "50670")
    assert (place.address.municipality, words(place.address.post_office)["se"]) == ("491", "OTAVA")
    assert spot(place.point) == (61.6455, 27.0732)
    assert "The main entrance" in words(place.accessibility.note)["en"].splitlines()
    assert all(number.startswith("+358") and kind == "voice" for number, kind, _ in numbers(place.phones))
    assert [email.address for email in place.emails][:1] == ["info@otavia.fi"]
    assert week(place.hours[0])[0] == ("monday", "08:00", "16:00")


@needs_v11
def test_v11_phone_given_in_three_languages_is_one_number() -> None:
    phone = channel_of_v11("constructed_v11_channel_phone")
    assert numbers(phone.phones) == {("+35863253122", "voice", "local")}
    assert phone.phones[0].languages == ("en", "fi", "sv")
    assert [area.code for area in phone.areas] == ["905"]


@needs_v11
def test_v11_nationwide_service_with_two_responsible_organisations() -> None:
    service = service_of(PtvV11, v11("real_v11_service_etalukio_3668d250"))
    assert words(service.name) == {"fi": "Nettilukio aikuisille"}
    assert words(service.alternative_name) == {"fi": "Etälukio"}
    assert [area.kind for area in service.areas] == ["nationwide"]
    assert service.organization_id == "df0c2f24-d2bd-4ba7-bdcd-fcfc9f0d65a7"
    assert service.responsible_ids == ("cd8efa0a-44f3-4748-a667-6402242e327d",)
    assert words(service.restrictions)["fi"].endswith("vähintään 18-vuotias.")
    assert "verkkolukio" in service.classification.keywords["fi"]
    assert "P6.10" in service.classification.service_classes
    assert service.price is not None
    assert service.price.charge == "free"


@needs_v11
def test_v11_connections_are_read_out_of_their_service() -> None:
    found = connections_of_v11("real_v11_service_etalukio_3668d250")
    first = next(one for one in found if one.channel_id == "16afd0e8-f069-4ded-9967-f220107494db")
    assert first.service_id == "3668d250-cd80-45c4-abcc-9b2d3a2b3e42"
    assert words(first.description)["fi"].startswith("Sähköinen hakulomake,")


@needs_v11
def test_v8_phone_open_every_day() -> None:
    phone = channel_of_v11("real_v8_channel_phone_krisgruppen_2e7f0b8d")
    assert words(phone.name) == {"fi": "Kriisiryhmän päivystysnumero", "sv": "Krisgruppens jour"}
    assert len(phone.phones) == 1
    assert len(week(phone.hours[0])) == 7
    assert phone.languages == ("fi", "sv")


@needs_v11
def test_v8_web_page_with_an_address_for_each_language() -> None:
    page = channel_of_v11("real_v8_channel_webpage_simhall_8144cba3")
    assert {(link.url, link.language) for link in page.addresses} == {
        ("https://www.vaasa.fi/node/19161", None),
        ("https://www.vaasa.fi/sv/node/19161", "sv"),
    }


@needs_v11
def test_v8_form_sent_to_a_post_box() -> None:
    form = channel_of_v11("real_v8_channel_printableform_kiinteistotoimitus_14a9874a")
    (address,) = form.delivery_addresses
    assert (words(address.post_box)["fi"], address.postal_code, address.municipality) == ("PL 43", "21101", "529")
    assert words(address.note)["fi"].startswith("Tekniset palvelut / Maankäyttöosasto")
    assert [file.file_type for file in form.files] == ["pdf"]


@needs_v11
def test_v8_e_service_that_asks_for_identification() -> None:
    service = channel_of_v11("real_v8_channel_echannel_vrk_80f6bcb5")
    assert [link.url for link in service.addresses] == ["https://asiointi.vrk.fi/#!/login"]
    assert (service.identification_required, service.signatures_required) == (True, 0)


@needs_v11
def test_v8_place_with_two_houses() -> None:
    place = channel_of_v11("real_v8_channel_servicelocation_paivakoti_1bd39cda")
    streets = [place.address, *(one.address for one in place.further_places)]
    assert [words(one.street)["fi"] for one in streets] == ["Mannerheiminkatu 14", "Kaivokatu 9"]
    assert words(place.address.note)["fi"] == "Käynti Alikadun puolelta."
    assert spot(place.point) == (60.4679, 22.018)


@needs_v11
def test_v8_service_for_the_young() -> None:
    service = service_of(PtvV11, v11("real_v8_service_etsiva_nuorisotyo_228738ee"))
    assert service.classification.target_groups == ("KR1", "KR1.3")
    # The producer is the responsible organisation itself.
    assert (service.organization_id, service.producer_ids) == ("3d1759a2-e47a-4947-9a31-cab1c1e2512b", ())
    assert [area.code for area in service.areas] == ["529"]  # type: ignore[union-attr]
    assert len(connections_of_v11("real_v8_service_etsiva_nuorisotyo_228738ee")) == 2
