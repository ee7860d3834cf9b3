"""Authored sheets to whole PTV v12 objects."""

from __future__ import annotations

from typing import Any

from devstack.simulators.ptv import expand_parts as parts
from devstack.simulators.ptv.authoring import (
    ClassifiedSheet,
    CollectionSheet,
    ConnectionSheet,
    ContactTextSheet,
    GeneralDescriptionSheet,
    OrganisationSheet,
    OrganisationTextSheet,
    ServiceSheet,
    ServiceTextSheet,
)
from devstack.simulators.ptv.expand_hours import service_hours
from devstack.simulators.ptv.identity import content_id
from devstack.simulators.ptv.vocabulary import Vocabulary


def organisation(sheet: OrganisationSheet, vocabulary: Vocabulary) -> dict[str, Any]:
    area = parts.area(sheet.area, vocabulary.municipality_codes)
    if sheet.type == "Municipality":
        area = {"areaType": "LimitedArea", "municipalities": area["municipalities"]}
    return _stamped(sheet.published, sheet.migrated) | {
        "contentId": content_id("organization", sheet.id),
        "organizationType": sheet.type,
        "parentOrganizationContentId": sheet.parent and content_id("organization", sheet.parent),
        "businessId": sheet.business_id,
        "oid": sheet.oid,
        "area": area,
        "eInvoiceAddresses": _e_invoice(sheet.e_invoice),
        "contactAddresses": parts.contact_addresses(sheet.post),
        "location": parts.location(sheet.addresses),
        "languageVersions": {language: _organisation_texts(text) for language, text in sheet.texts.items()},
    }


def service(sheet: ServiceSheet, vocabulary: Vocabulary) -> dict[str, Any]:
    extended = sheet.type != "Service"
    return _classified(sheet, vocabulary) | {
        "contentId": content_id("service", sheet.id),
        "otherResponsibleOrganizations": [content_id("organization", other) for other in sheet.also_responsible],
        "generalDescriptionContentId": sheet.general_description
        and content_id("general-description", sheet.general_description),
        "producers": _producers(sheet, vocabulary),
        "fundingType": sheet.funding,
        "serviceLanguages": sheet.languages,
        "area": parts.area(sheet.area, vocabulary.municipality_codes),
        "languageVersions": {language: _service_texts(text, extended) for language, text in sheet.texts.items()},
    }


def general_description(sheet: GeneralDescriptionSheet, vocabulary: Vocabulary) -> dict[str, Any]:
    return _classified(sheet, vocabulary) | {
        "contentId": content_id("general-description", sheet.id),
        "generalDescriptionTypes": sheet.for_whom,
        "languageVersions": {language: _general_texts(text) for language, text in sheet.texts.items()},
    }


def collection(sheet: CollectionSheet) -> dict[str, Any]:
    members = [("Service", "service", service) for service in sheet.services]
    members += [("Channel", "channel", channel) for channel in sheet.channels]
    return {
        "contentId": content_id("service-collection", sheet.id),
        "organizationContentId": content_id("organization", sheet.organisation),
        "languageVersions": {language: text.model_dump() for language, text in sheet.texts.items()},
        "items": [{"itemType": kind, "contentId": content_id(shelf, member)} for kind, shelf, member in members],
    }


def connections(sheet: ServiceSheet) -> list[dict[str, Any]]:
    """The connections a service's `channels` list stands for; a bare channel id is a connection without own words."""
    entries = [ConnectionSheet(channel=entry) if isinstance(entry, str) else entry for entry in sheet.channels]
    return [_connection(sheet, entry) for entry in entries]


def _connection(service_sheet: ServiceSheet, sheet: ConnectionSheet) -> dict[str, Any]:
    return _stamped(service_sheet.published, service_sheet.migrated) | {
        "serviceContentId": content_id("service", service_sheet.id),
        "channelContentId": content_id("channel", sheet.channel),
        "contactAddresses": parts.contact_addresses(sheet.addresses),
        "chargeType": sheet.charge,
        "serviceHours": service_hours(sheet.hours, sheet.holidays),
        "languageVersions": {language: _connection_texts(text) for language, text in sheet.texts.items()},
    }


def _stamped(published: str | None, migrated: str | None) -> dict[str, Any]:
    return {"publishedAt": published} | ({} if migrated is None else {"migratedAt": migrated})


def _classified(sheet: ClassifiedSheet, vocabulary: Vocabulary) -> dict[str, Any]:
    return _stamped(sheet.published, sheet.migrated) | {
        "organizationContentId": content_id("organization", sheet.organisation),
        "serviceType": sheet.type,
        "targetGroups": [vocabulary.known_target(code) for code in sheet.targets],
        "serviceClasses": [vocabulary.known_class(code) for code in sheet.classes],
        "lifeEvents": sheet.life_events,
        "ontologyTerms": [vocabulary.term_uris[term] for term in sheet.terms],
        "industrialClasses": [vocabulary.industry_uris[code] for code in sheet.industries],
        "chargeType": sheet.charge,
    }


def _producers(sheet: ServiceSheet, vocabulary: Vocabulary) -> dict[str, Any]:
    own = [sheet.organisation] if sheet.producers is None else sheet.producers
    return {
        "selfProducedProducers": {"organizations": [content_id("organization", producer) for producer in own]},
        "procuredProducers": _bought(sheet.bought_from, vocabulary),
        "otherProducers": {"organizations": [], "other": []},
    }


def _bought(sellers: list[str], vocabulary: Vocabulary) -> dict[str, Any]:
    known = vocabulary.organisation_ids
    return {
        "organizations": [content_id("organization", seller) for seller in sellers if seller in known],
        "other": [{"name": {"fi": seller}} for seller in sellers if seller not in known],
    }


def _service_texts(sheet: ServiceTextSheet, extended: bool) -> dict[str, Any]:
    texts = {
        "name": sheet.name,
        "alternativeName": sheet.alternative_name,
        "summary": sheet.summary,
        "description": sheet.description,
        "userInstructions": sheet.instructions,
        "conditions": sheet.conditions,
        "chargeTypeAdditionalInformation": sheet.charge_note,
        "legislationLinks": parts.links(sheet.laws),
        "freelyAssignedKeywords": sheet.keywords,
        "voucher": _voucher(sheet.voucher),
    }
    if extended:
        texts |= {
            "processingTimeAdditionalInformation": None,
            "deadlineAdditionalInformation": None,
            "validityTimeAdditionalInformation": sheet.validity,
        }
    return texts


def _general_texts(sheet: ServiceTextSheet) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "description": sheet.description,
        "backgroundDescription": sheet.background,
        "userInstructions": sheet.instructions,
        "conditions": sheet.conditions,
        "chargeTypeAdditionalInformation": sheet.charge_note,
        "freelyAssignedKeywords": sheet.keywords,
        "legislationLinks": parts.links(sheet.laws),
    }


def _voucher(words: str | dict[str, str] | None) -> dict[str, Any]:
    if words is None:
        return {"voucherType": "NotUsed"}
    if isinstance(words, str):
        return {"voucherType": "WithAdditionalInformation", "additionalInformation": words}
    return {"voucherType": "WithUrl", "urls": parts.informed_links(words)}


def _connection_texts(sheet: ContactTextSheet) -> dict[str, Any]:
    return {
        "description": sheet.description,
        "chargeTypeAdditionalInformation": sheet.charge_note,
        "contactPhoneNumbers": parts.voice_phones(sheet.phones),
        "contactFaxNumbers": parts.fax_numbers(sheet.phones),
        "contactEmails": parts.emails(sheet.emails),
        "contactWebPages": parts.informed_links(sheet.web),
    }


def _organisation_texts(sheet: OrganisationTextSheet) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "alternativeName": sheet.alternative_name,
        "isAlternativeNamePrimary": sheet.show_alternative,
        "summary": sheet.summary,
        "description": sheet.description,
        "contactEmails": [{"email": email, "additionalInformation": note} for email, note in sheet.emails.items()],
        "contactWebPages": parts.links(sheet.web),
        "contactPhoneNumbers": parts.voice_phones(sheet.phones),
    }


def _e_invoice(address: str | None) -> list[dict[str, Any]]:
    return [] if address is None else [{"address": address, "intermediatorCode": None, "additionalInformation": {}}]
