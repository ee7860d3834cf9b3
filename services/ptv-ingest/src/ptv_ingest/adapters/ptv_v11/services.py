"""Services, general descriptions and organisations of v11 in v12's shape."""

from __future__ import annotations

from typing import Any

from ptv_ingest.adapters.ptv_v11 import contacts
from ptv_ingest.adapters.ptv_v11.places import area, municipality_area
from ptv_ingest.adapters.ptv_v11.words import (
    CHARGES,
    Texts,
    Wire,
    blocks,
    by_language,
    codes,
    part,
    rows,
    texts,
    typed,
    uris,
    word,
)

_TYPES = {
    "PermitOrObligation": "PermitOrOtherObligation",
    "PermissionAndObligation": "PermitOrOtherObligation",
    "ProfessionalQualifications": "ProfessionalQualification",
}
_PRODUCERS = {
    "SelfProducedServices": "selfProducedProducers",
    "SelfProduced": "selfProducedProducers",
    "ProcuredServices": "procuredProducers",
    "PurchaseServices": "procuredProducers",
}
_ORGANIZATION_TYPES = {"SotePublic": "RegionalOrganization", "Region": "RegionalOrganization", "SotePrivate": "Company"}
_INDUSTRIES = "http://uri.suomi.fi/codelist/jhs/toimiala_1_20080101/code/"
# The language of an organisation's name within a service is not told; PTV gives the Finnish one where there is one.
_NAME_LANGUAGE = "fi"


def service(row: Wire) -> Wire:
    return {
        "contentId": row.get("id"),
        **_described(row),
        **_organizations(row.get("organizations")),
        "generalDescriptionContentId": row.get("generalDescriptionId"),
        "serviceLanguages": row.get("languages"),
        "area": area(row.get("areaType"), row.get("areas")),
        "languageVersions": blocks(
            {
                **_texts(row, "serviceNames", "serviceDescriptions"),
                "alternativeName": typed(row.get("serviceNames"), "AlternativeName", "AlternateName"),
                "voucher": _vouchers(row),
            }
        ),
    }


def general_description(row: Wire) -> Wire:
    kind = row.get("generalDescriptionType")
    return {
        "contentId": row.get("id"),
        **_described(row),
        "generalDescriptionTypes": [kind] if kind else [],
        "languageVersions": blocks(_texts(row, "names", "descriptions")),
    }


def _described(row: Wire) -> Wire:
    kind = word(row.get("type")) or "Service"
    return {
        "serviceType": _TYPES.get(kind, kind),
        "chargeType": CHARGES.get(word(row.get("serviceChargeType"))),
        "targetGroups": codes(row.get("targetGroups")),
        "serviceClasses": codes(row.get("serviceClasses")),
        "lifeEvents": codes(row.get("lifeEvents")),
        "ontologyTerms": uris(row.get("ontologyTerms")),
        "industrialClasses": uris(row.get("industrialClasses"), _INDUSTRIES),
    }


def _texts(row: Wire, names: str, descriptions: str) -> dict[str, dict[str, Any]]:
    """What a general description adds when it is merged (types that begin with GD_) is its own, and not taken here."""
    described = row.get(descriptions)
    keywords = {language: [one["value"] for one in found if one.get("value")] for language, found in _keywords(row)}
    return {
        "name": typed(row.get(names), "Name") or texts([one for one in rows(row.get(names)) if "type" not in one]),
        "summary": typed(described, "Summary", "ShortDescription"),
        "description": typed(described, "Description"),
        "backgroundDescription": typed(described, "BackgroundDescription"),
        "userInstructions": typed(described, "UserInstruction", "ServiceUserInstruction"),
        "conditions": texts(row.get("requirements")),
        "chargeTypeAdditionalInformation": typed(described, "ChargeTypeAdditionalInfo"),
        "processingTimeAdditionalInformation": typed(described, "ProcessingTime", "ProcessingTimeAdditionalInfo"),
        "deadlineAdditionalInformation": typed(described, "DeadLine", "DeadLineAdditionalInfo"),
        "validityTimeAdditionalInformation": typed(described, "ValidityTime", "ValidityTimeAdditionalInfo"),
        "legislationLinks": _legislation(row.get("legislation")),
        "freelyAssignedKeywords": keywords,
    }


def _keywords(row: Wire) -> list[tuple[str, list[Wire]]]:
    return list(by_language(row.get("keywords")).items())


def _legislation(given: Any) -> dict[str, list[Wire]]:
    found: dict[str, list[Wire]] = {}
    for law in rows(given):
        names = texts(law.get("names"))
        for page in rows(law.get("webPages")):
            language = page.get("language")
            if isinstance(language, str):
                name = names.get(language) or page.get("value")
                found.setdefault(language, []).append({"name": name, "url": page.get("url")})
    return found


def _vouchers(row: Wire) -> dict[str, Wire]:
    """In every language of the service where none of them is described."""
    if row.get("serviceVouchersInUse") is False:
        return {}
    described = {
        lang: _voucher(links) for lang, links in contacts.links_of_vouchers(row.get("serviceVouchers")).items()
    }
    if described or not row.get("serviceVouchersInUse"):
        return described
    return {language: _voucher([]) for language in texts(row.get("serviceNames"))}


def _voucher(links: list[Wire]) -> Wire:
    """One without an address says only how vouchers are used."""
    if any(link["url"] for link in links):
        return {"voucherType": "WithUrl", "urls": links}
    said = [text for link in links for text in (word(link["name"]), word(link["additionalInformation"])) if text]
    return {"voucherType": "WithAdditionalInformation", "additionalInformation": "\n\n".join(said)}


def _organizations(given: Any) -> Wire:
    """The responsible organisation is missing where it is not published."""
    found = rows(given)
    responsible = _ids(found, "Responsible")
    producers: dict[str, Wire] = {
        name: {"organizations": [], "other": []}
        for name in ("selfProducedProducers", "procuredProducers", "otherProducers")
    }
    for one in (row for row in found if row.get("roleType") == "Producer"):
        group = producers[_PRODUCERS.get(word(one.get("provisionType")), "otherProducers")]
        object_id = part(one.get("organization")).get("id")
        if object_id:
            group["organizations"].append(object_id)
        elif said := texts(one.get("additionalInformation")):
            group["other"].append({"name": said})
    return {
        "organizationContentId": responsible[0] if responsible else None,
        "otherResponsibleOrganizations": [*responsible[1:], *_ids(found, "OtherResponsible")],
        "producers": producers,
        "organizationNames": _names(found),
    }


def _ids(given: list[Wire], role: str) -> list[Any]:
    organizations = [part(one.get("organization")) for one in given if one.get("roleType") == role]
    return [one["id"] for one in organizations if one.get("id")]


def _names(given: list[Wire]) -> dict[str, Texts]:
    named = [one for row in given if (one := part(row.get("organization"))).get("id") and one.get("name")]
    return {str(one["id"]).lower(): {_NAME_LANGUAGE: one["name"]} for one in named}


def organization(row: Wire) -> Wire:
    kind = word(row.get("organizationType"))
    return {
        "contentId": row.get("id"),
        "organizationType": _ORGANIZATION_TYPES.get(kind, kind),
        "parentOrganizationContentId": row.get("parentOrganizationId"),
        "businessId": row.get("businessCode"),
        "area": _area_of_organization(row, kind),
        "languageVersions": blocks(
            {
                **display_names(row.get("organizationNames"), row.get("displayNameType")),
                "contactEmails": contacts.emails(row.get("emails"), row.get("emailAddresses")),
                "contactWebPages": contacts.links(row.get("webPages")),
                "contactPhoneNumbers": contacts.phones(row.get("phoneNumbers")),
            }
        ),
    }


def _area_of_organization(row: Wire, kind: str) -> Wire:
    """A municipality's is the municipality, whatever else it names; others may name one only so."""
    own = municipality_area(row.get("municipality"))
    stated = bool(rows(row.get("areas")) or row.get("areaType"))
    if own["municipalities"] and (kind == "Municipality" or not stated):
        return own
    return area(row.get("areaType"), row.get("areas"))


def display_names(names: Any, display: Any) -> dict[str, dict[str, Any]]:
    """Name, other name, and which of them is shown."""
    other = typed(names, "AlternativeName", "AlternateName")
    shown = {word(one.get("language")): one.get("type") for one in rows(display)}
    primary = {language: shown.get(language) in ("AlternativeName", "AlternateName") for language in other}
    return {
        "name": typed(names, "Name") or texts([one for one in rows(names) if "type" not in one]),
        "alternativeName": dict(other),
        "isAlternativeNamePrimary": {language: True for language, is_shown in primary.items() if is_shown},
    }
