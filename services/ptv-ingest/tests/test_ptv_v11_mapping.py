"""What services and organisations of v11 and its predecessors write otherwise than v12."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from ptv_rows import ID, OTHER, named, organization, service, texts, words

from ptv_ingest.adapters.ptv_v11.source import PtvV11
from ptv_ingest.domain.objects import GeneralDescription, Kind


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Service", "service"),
        (None, "service"),
        ("PermitOrObligation", "permit"),
        ("PermissionAndObligation", "permit"),
        ("ProfessionalQualification", "qualification"),
        ("ProfessionalQualifications", "qualification"),
    ],
)
def test_types_of_services_are_known_under_their_older_names(written: str | None, kind: str) -> None:
    assert service(type=written).kind == kind


def test_older_names_of_text_types_are_understood() -> None:
    found = service(
        serviceNames=[*named(fi="Neuvonta"), *named("AlternateName", fi="Toinen nimi")],
        serviceDescriptions=[
            *named("ShortDescription", fi="Tiivis"),
            *named("ServiceUserInstruction", fi="Ohje"),
            *named("DeadLineAdditionalInfo", fi="Määräaika"),
        ],
    )
    assert words(found.alternative_name) == {"fi": "Toinen nimi"}
    assert (words(found.summary), words(found.instructions)) == ({"fi": "Tiivis"}, {"fi": "Ohje"})
    assert words(found.restrictions) == {"fi": "Määräaika"}


def test_texts_of_a_general_description_merged_into_a_service_are_not_its_own() -> None:
    described = [*named("GD_Description", fi="Yleinen"), *named("Description", fi="Oma")]
    assert words(service(serviceDescriptions=described).description) == {"fi": "Oma"}


def test_classes_are_keyed_by_code_and_old_addresses_without_one_are_left_out() -> None:
    old = "http://urn.fi/URN:NBN:fi:au:ptvl:v1036"
    new = "http://uri.suomi.fi/codelist/ptv/ptvserclass2/code/P25.1"
    found = service(
        serviceClasses=[{"code": "P4.13", "uri": old}, {"code": None, "uri": old, "newUri": new}, {"uri": old}],
        targetGroups=[{"code": "KR1.3", "newUri": None}],
        ontologyTerms=[{"code": None, "uri": "http://www.yso.fi/onto/koko/p62202"}, {"uri": old}],
        industrialClasses=[{"code": "94", "uri": "http://www.stat.fi/meta/luokitukset/toimiala/001-2008/94"}],
    ).classification
    assert (found.service_classes, found.target_groups) == (("P25.1", "P4.13"), ("KR1.3",))
    assert found.ontology_terms == ("http://www.yso.fi/onto/koko/p62202",)
    assert found.industrial_classes == ("http://uri.suomi.fi/codelist/jhs/toimiala_1_20080101/code/94",)


def test_service_whose_responsible_organisation_is_not_published_has_none_and_others_keep_their_names() -> None:
    found = service(
        organizations=[
            {"organization": {"id": OTHER, "name": "Yhdistys"}, "roleType": "OtherResponsible"},
            {
                "organization": None,
                "roleType": "Producer",
                "provisionType": "ProcuredServices",
                "additionalInformation": texts(fi="Ohjaajat Oy"),
            },
        ]
    )
    assert (found.organization_id, found.responsible_ids) == (None, (OTHER,))
    assert words(found.organization_names[OTHER]) == {"fi": "Yhdistys"}
    assert [words(name) for name in found.producer_names] == [{"fi": "Ohjaajat Oy"}]


@pytest.mark.parametrize(
    ("row", "notes", "addresses"),
    [
        ({"serviceVouchersInUse": False, "serviceVouchers": texts(fi="Seteli")}, None, None),
        ({"serviceVouchersInUse": True, "serviceVouchers": []}, {}, []),
        ({"serviceVouchersInUse": True, "serviceVouchers": texts(fi="Seteli")}, {"fi": "Seteli"}, []),
        (
            {
                "serviceVouchersInUse": True,
                "serviceVouchers": [{"language": "fi", "value": "Ohje", "url": "https://e.example"}],
            },
            {},
            ["https://e.example"],
        ),
    ],
)
def test_vouchers_count_only_where_they_are_in_use(row: dict[str, Any], notes: Any, addresses: Any) -> None:
    found = service(**row).voucher
    if notes is None:
        assert found is None
    else:
        assert found is not None
        assert (words(found.note), [link.url for link in found.links]) == (notes, addresses)


@pytest.mark.parametrize(
    ("area_type", "areas", "expected"),
    [
        ("Nationwide", [], [("nationwide", False)]),
        ("NationwideExceptAlandIslands", [], [("nationwide", True)]),
        ("LimitedType", [{"type": "Region", "code": "05", "municipalities": [{"code": "109"}]}], [("region", "05")]),
        ("LimitedType", [{"type": "WellbeingServiceCounties", "code": "07"}], [("wellbeing-county", "07")]),
        (
            "LimitedType",
            [{"type": "HospitalDistrict", "code": "7", "municipalities": [{"code": "109"}]}],
            [("municipality", "109")],
        ),
        (None, [{"type": "Municipality", "municipalities": [{"code": "109"}]}], [("municipality", "109")]),
        (None, None, []),
    ],
)
def test_areas_keep_their_code_lists_and_districts_that_ended_become_municipalities(
    area_type: str | None, areas: Any, expected: list[Any]
) -> None:
    found = service(areaType=area_type, areas=areas).areas
    assert [(one.kind, getattr(one, "code", getattr(one, "except_aland", None))) for one in found] == expected


def test_general_description_tells_whom_it_is_meant_for() -> None:
    row = {"id": ID, "names": named(fi="Rippikoulu"), "generalDescriptionType": "Church"}
    found = PtvV11.read(Kind.GENERAL_DESCRIPTION, row, Counter())
    assert isinstance(found, GeneralDescription)
    assert found.types == ("Church",)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("SotePublic", "other"), ("SotePrivate", "company"), ("Organization", "ngo"), ("State", "state")],
)
def test_older_types_of_organisations_are_understood(kind: str, expected: str) -> None:
    assert organization(organizationType=kind).provider.type == expected


def test_municipality_is_the_municipality_whatever_areas_it_names() -> None:
    areas = [{"type": "Municipality", "municipalities": [{"code": "109"}, {"code": "165"}]}]
    found = organization(
        organizationType="Municipality", municipality={"code": "109"}, areaType="LimitedType", areas=areas
    )
    assert found.provider.municipality == "109"


def test_alternative_name_is_shown_where_the_owner_wants_it() -> None:
    names = [*named(fi="Virallinen", sv="Officiell"), *named("AlternativeName", fi="Puhekielinen", sv="Annan")]
    shown = [{"language": "fi", "type": "AlternateName"}, {"language": "sv", "type": "Name"}]
    found = organization(organizationNames=names, displayNameType=shown).provider
    assert words(found.name) == {"fi": "Puhekielinen", "sv": "Officiell"}
