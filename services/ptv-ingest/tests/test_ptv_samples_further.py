"""More recorded objects compared with what a person has read in them, and with points computed by other means."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from ptv_samples import channel_of_v11, needs_v11, needs_v12, read, service_of, v11, v12

from event_schemas.text import LocalizedText
from ptv_ingest.adapters.ptv_v11.source import PtvV11
from ptv_ingest.adapters.ptv_v12.source import PtvV12
from ptv_ingest.domain.objects import Connection, GeneralDescription, Kind, Organization


def words(texts: LocalizedText) -> dict[str, str]:
    return {language: text.text for language, text in texts.items()}


@needs_v11
def test_v8_place_with_an_empty_fax_row_and_a_point() -> None:
    place = channel_of_v11("real_v8_channel_servicelocation_sundom_13992280")
    assert words(place.address.street) == {"fi": "Sundomvägen 13", "sv": "Sundomvägen 13"}
    assert (place.address.postal_code, place.address.municipality) == ("65410", "905")
    assert (place.point.latitude, place.point.longitude) == pytest.approx((63.0412, 21.557), abs=0.00005)
    (phone,) = place.phones
    # A person's number: its beginning is enough.
    assert (phone.number[:6], phone.kind, phone.charge, phone.languages) == (
        "+35840",
        "voice",
        "local",
        ("fi", "sv"),
    )
    assert words(phone.note) == {"fi": "Rektor", "sv": "Rektor"}
    assert [(link.url, words(link.title)["sv"]) for link in place.links] == [
        ("https://www.vaasa.fi/sv/node/20791", "Sundom skola")
    ]
    assert place.languages == ("sv",)


@needs_v11
def test_v8_second_house_has_its_own_point() -> None:
    place = channel_of_v11("real_v8_channel_servicelocation_paivakoti_1bd39cda")
    (second,) = place.further_places
    assert (second.point.latitude, second.point.longitude) == pytest.approx((60.4683, 22.0197), abs=0.00005)
    assert [phone.number[:6] for phone in place.phones] == ["+35844"]


@needs_v11
@pytest.mark.parametrize(
    "name", ["real_v8_channel_printableform_hissi_c38feebb", "constructed_v11_channel_printableform"]
)
def test_form_without_an_address_or_identifier_in_both_shapes(name: str) -> None:
    form = channel_of_v11(name)
    assert words(form.name) == {"fi": "Maksatushakemus, hissi", "sv": "Betalningsansökan, hiss"}
    assert {(file.url, file.file_type, file.language) for file in form.files} == {
        ("https://www.vaasa.fi/sites/default/files/maksatushakemus_0.pdf", "pdf", "fi"),
        ("https://www.vaasa.fi/sites/default/files/maksatushakemus_ru_0.pdf", "pdf", "sv"),
    }
    assert (form.delivery_addresses, form.form_identifier) == ((), {})


@needs_v11
@pytest.mark.parametrize("name", ["real_v8_channel_echannel_wilma_2f648147", "constructed_v11_channel_echannel"])
def test_e_service_with_one_address_a_language_in_both_shapes(name: str) -> None:
    service = channel_of_v11(name)
    assert {(link.url, link.language) for link in service.addresses} == {
        ("https://wilma.vaasa.fi/", "fi"),
        ("https://wilma.vaasa.fi/?langid=3", "en"),
        ("https://wilma.vaasa.fi/?langid=2", "sv"),
    }
    assert words(service.summary)["sv"] == "Wilma är läroanstaltens www-anslutning."
    assert (service.identification_required, service.signatures_required) == (True, 0)


@needs_v11
def test_v11_web_page_without_areas() -> None:
    page = channel_of_v11("constructed_v11_channel_webpage")
    assert (page.areas, page.accessibility, page.languages) == ((), "unknown", ("fi", "sv"))
    assert words(page.name)["sv"] == "Sektorsövergripande samservice som främjar sysselsättningen"


@needs_v11
def test_v11_service_wrapped_under_its_id() -> None:
    (row,) = v11("real_v11_services_by_id_liperi_6c00d407").values()
    service = service_of(PtvV11, row)
    assert words(service.name) == {"fi": "Yksilöllistetty oppimäärä"}
    assert service.general_description_id == "9403ae40-861d-4a86-ae23-44f4bfc9f572"
    assert [area.code for area in service.areas] == ["123", "426"]  # type: ignore[union-attr]
    assert (service.price, service.voucher) == (None, None)
    assert service.classification.service_classes == ("P6.2",)
    assert service.classification.target_groups == ("KR1", "KR1.2")
    assert service.classification.ontology_terms == (
        "http://www.yso.fi/onto/koko/p1275",
        "http://www.yso.fi/onto/koko/p14592",
    )
    assert words(service.organization_names["a6e72986-0d23-4d4b-8619-b49fa0c5baa3"]) == {"fi": "Liperin kunta"}


@needs_v11
def test_v8_service_with_another_name_and_a_life_event() -> None:
    service = service_of(PtvV11, v11("real_v8_service_kriisiryhma_9f242076"))
    assert words(service.name) == {"fi": "Päivystävän kriisiryhmän palvelut", "sv": "Krisgruppens jour"}
    assert words(service.alternative_name) == {"fi": "Kriisiryhmän päivystys"}
    assert (service.classification.life_events, service.restrictions) == (("KE14",), {})
    assert words(service.instructions)["fi"].startswith("Kriisiryhmä päivystää jokaisena viikonpäivänä klo 8-16.")


@needs_v11
def test_v8_description_keeps_its_list() -> None:
    text = words(service_of(PtvV11, v11("real_v8_service_etsiva_nuorisotyo_228738ee")).description)["fi"]
    assert sum(line.startswith("• Etsivä") for line in text.splitlines()) == 4
    assert "* " not in text


@needs_v11
@pytest.mark.parametrize(
    ("name", "business_id", "municipality", "names", "numbers"),
    [
        (
            "real_v8_organization_naantali_3d1759a2",
            "0135457-2",
            "529",
            {"fi": "Naantalin kaupunki"},
            ["+35824345111"],
        ),
        (
            "constructed_v11_organization",
            "0209602-6",
            "905",
            {"fi": "Vaasan kaupunki", "sv": "Vasa stad", "en": "City of Vaasa"},
            ["+35863251111"],
        ),
    ],
)
def test_municipality_in_both_shapes(name: str, business_id: str, municipality: str, names: Any, numbers: Any) -> None:
    found, left_out = read(PtvV11, Kind.ORGANIZATION, v11(name))
    assert isinstance(found, Organization)
    provider = found.provider
    assert (provider.type, provider.business_id, provider.municipality) == ("municipality", business_id, municipality)
    assert (words(provider.name), [phone.number for phone in provider.phones]) == (names, numbers)
    assert left_out == {}


@needs_v12
def test_v12_services_with_producers_vouchers_and_regions() -> None:
    outreach = service_of(PtvV12, v12("service_3_etsiva_nuorisotyo_694"))
    assert [words(name) for name in outreach.producer_names] == [{"fi": "Nuorten talo -yhdistys (esimerkki)"}]
    assert [area.code for area in outreach.areas] == ["086", "433", "694"]  # type: ignore[union-attr]
    assert [words(law.title)["fi"] for law in outreach.legislation] == ["Nuorisolaki"]
    support = service_of(PtvV12, v12("service_5_ehkaiseva_paihdetyo_region05"))
    assert [(area.kind, area.code) for area in support.areas] == [("region", "05")]  # type: ignore[union-attr]
    assert support.voucher is not None
    assert (support.languages, support.responsible_ids) == (
        ("en", "fi", "sgn-fi", "sv"),
        ("959dd555-b289-50a4-b683-0bfecd418cfc",),
    )
    grant = service_of(PtvV12, v12("service_6_yhdistysavustus_165"))
    assert (grant.kind, grant.voucher and [link.url for link in grant.voucher.links]) == (
        "permit",
        ["https://www.example.org/seteli"],
    )
    assert words(grant.restrictions)["fi"].split("\n\n") == [
        "Yhdistyksen kotipaikka tai toiminta on kunnan alueella.",
        "Päätös tehdään kuukauden kuluessa hakuajan päättymisestä.",
        "Haku päättyy vuosittain 31.1. kello 15.00.",
        "Avustus on käytettävä saman vuoden aikana.",
    ]
    swimming = service_of(PtvV12, v12("extra_service_professionalqualification"))
    assert (swimming.kind, swimming.areas[0].kind) == ("qualification", "nationwide")


@needs_v12
def test_v12_general_description() -> None:
    found, left_out = read(PtvV12, Kind.GENERAL_DESCRIPTION, v12("extra_general_description"))
    assert isinstance(found, GeneralDescription)
    assert (found.types, found.price and found.price.charge) == (("WellbeingServicesCounty",), "free")
    assert words(found.description) == {"fi": "Pohjakuvauksen yleinen kuvausteksti."}
    assert [(law.url, words(law.title)["fi"]) for law in found.legislation] == [
        ("https://www.example.org/laki/shl", "Sosiaalihuoltolaki")
    ]
    assert left_out == {}


@needs_v12
def test_v12_connections_with_an_address_contacts_or_a_charge_of_their_own() -> None:
    visit, camp = (PtvV12.read(Kind.CONNECTION, v12(f"connection_{number}"), Counter()) for number in (4, 5))
    assert isinstance(visit, Connection)
    assert isinstance(camp, Connection)
    assert [(words(one.street)["fi"], one.postal_code) for one in visit.postal_addresses] == [
        ("Nuortenkuja 3", "11100")
    ]
    assert ([one.address for one in visit.emails], [one.url for one in visit.links]) == (
        ["etsiva@example.org"],
        ["https://www.example.org/etsivat"],
    )
    assert camp.price is not None
    assert (camp.price.charge, words(camp.price.note)) == ("charged", {"fi": "Kertamaksu 3 euroa."})
    (stretch,) = camp.hours
    assert (stretch.kind, str(stretch.valid_from), stretch.to_time) == ("continuous", "2027-06-07", "14:00")  # type: ignore[union-attr]
