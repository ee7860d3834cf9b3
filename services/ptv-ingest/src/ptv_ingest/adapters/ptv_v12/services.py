"""Services, general descriptions and organisations of v12 in our own form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chassis.finland.business_id import business_id
from event_schemas.classification import Classification
from event_schemas.ids import BusinessId, OrganizationId
from event_schemas.listing import ListingKind
from event_schemas.price import Voucher
from event_schemas.provider import Provider, ProviderType
from event_schemas.text import LocalizedText
from ptv_ingest.adapters.ptv_v12 import wire
from ptv_ingest.adapters.ptv_v12.channels import price
from ptv_ingest.adapters.ptv_v12.contacts import emails, links, phones, web_addresses
from ptv_ingest.adapters.ptv_v12.places import areas, only_municipality
from ptv_ingest.adapters.ptv_v12.tags import content_id, language_tags, sorted_codes
from ptv_ingest.app.ports import RowRejected
from ptv_ingest.domain import objects
from ptv_ingest.domain.texts import joined, localized, one_line, plain

_KINDS = {
    "Service": ListingKind.SERVICE,
    "ProfessionalQualification": ListingKind.QUALIFICATION,
    "PermitOrOtherObligation": ListingKind.PERMIT,
}
_TYPES = {
    "Municipality": ProviderType.MUNICIPALITY,
    "State": ProviderType.STATE,
    "Organization": ProviderType.NGO,
    "Company": ProviderType.COMPANY,
}
_PARISH_WORDS = ("seurakunta", "seurakunna", "församling")
_COUNTY_WORDS = ("hyvinvointialue", "välfärdsområde", "wellbeing services county")


def service(row: dict[str, Any], left_out: Counter[str]) -> objects.Service:
    """Raises RowRejected for a service without a name or of a type nobody knows, and pydantic's ValidationError."""
    given = wire.Service.model_validate(row, context=left_out)
    kind = _KINDS.get(given.service_type)
    blocks = given.language_versions
    name = localized({lang: one_line(block.name) for lang, block in blocks.items()})
    if kind is None:
        raise RowRejected("unknown-service-type")
    if not name:
        raise RowRejected("nameless-service")
    return objects.Service(
        **_described(given, blocks, left_out),
        **_organizations(given, left_out),
        kind=kind,
        name=name,
        alternative_name=localized({lang: one_line(block.alternative_name) for lang, block in blocks.items()}),
        summary=localized({lang: one_line(block.summary) for lang, block in blocks.items()}),
        areas=areas(given.area, left_out),
        languages=language_tags(given.service_languages),
        voucher=_voucher(blocks, left_out),
    )


def _organizations(given: wire.Service, left_out: Counter[str]) -> dict[str, Any]:
    main = content_id(given.organization_content_id) if given.organization_content_id else None
    groups = given.producers
    all_producers = (groups.self_produced_producers, groups.procured_producers, groups.other_producers)
    description = given.general_description_content_id
    names = [_text(other.name) for producers in all_producers for other in producers.other]
    return {
        "organization_id": main,
        "responsible_ids": _others(main, given.other_responsible_organizations, left_out),
        "producer_ids": _others(
            main, [one for producers in all_producers for one in producers.organizations], left_out
        ),
        "producer_names": tuple(sorted((name for name in names if name), key=str)),
        "organization_names": {content_id(one): _text(name) for one, name in sorted(given.organization_names.items())},
        "general_description_id": content_id(description) if description else None,
    }


def _others(main: str | None, ids: Iterable[str], left_out: Counter[str]) -> tuple[str, ...]:
    """One that cannot be read is left out, not the service with it."""
    found: set[str] = set()
    for one in ids:
        try:
            found.add(content_id(one))
        except RowRejected:
            left_out["unreadable-organization-id"] += 1
    return tuple(sorted(found - {main}))


def general_description(row: dict[str, Any], left_out: Counter[str]) -> objects.GeneralDescription:
    """Raises pydantic's ValidationError."""
    given = wire.GeneralDescription.model_validate(row, context=left_out)
    described = _described(given, given.language_versions, left_out)
    return objects.GeneralDescription(**described, types=sorted_codes(given.general_description_types))


def _described(
    given: wire.Classified, blocks: Mapping[str, wire.DescribedBlock], left_out: Counter[str]
) -> dict[str, Any]:
    return {
        "object_id": content_id(given.content_id),
        "published_at": given.published_at,
        "description": joined(
            _texts(blocks, lambda block: block.description), _texts(blocks, lambda block: block.background_description)
        ),
        "instructions": _texts(blocks, lambda block: block.user_instructions),
        "restrictions": joined(
            _texts(blocks, lambda block: block.conditions),
            _texts(blocks, lambda block: block.processing_time_additional_information),
            _texts(blocks, lambda block: block.deadline_additional_information),
            _texts(blocks, lambda block: block.validity_time_additional_information),
        ),
        "price": price(given.charge_type, _texts(blocks, lambda block: block.charge_type_additional_information)),
        "classification": _classification(given, blocks),
        "legislation": links(blocks, lambda block: block.legislation_links, left_out),
    }


def _texts(blocks: Mapping[str, wire.DescribedBlock], of: Callable[[Any], str | None]) -> LocalizedText:
    return localized({language: plain(of(block)) for language, block in blocks.items()})


def _text(texts: dict[str, str]) -> LocalizedText:
    return localized({language: one_line(text) for language, text in texts.items()})


def _classification(given: wire.Classified, blocks: Mapping[str, wire.DescribedBlock]) -> Classification:
    keywords = {
        language: tuple(sorted({word for one in block.freely_assigned_keywords if (word := one_line(one))}))
        for language, block in sorted(blocks.items())
    }
    return Classification(
        service_classes=sorted_codes(given.service_classes),
        ontology_terms=sorted_codes(given.ontology_terms),
        target_groups=sorted_codes(given.target_groups),
        life_events=sorted_codes(given.life_events),
        industrial_classes=sorted_codes(given.industrial_classes),
        keywords={language: words for language, words in keywords.items() if words},
    )


def _voucher(blocks: Mapping[str, wire.ServiceBlock], left_out: Counter[str]) -> Voucher | None:
    used = {
        language: block.voucher
        for language, block in blocks.items()
        if block.voucher is not None and block.voucher.voucher_type != "NotUsed"
    }
    if not used:
        return None
    return Voucher(
        note=localized({language: plain(voucher.additional_information) for language, voucher in used.items()}),
        links=links(used, lambda voucher: voucher.urls, left_out),
    )


def organization(row: dict[str, Any], left_out: Counter[str]) -> objects.Organization:
    """Raises pydantic's ValidationError."""
    given = wire.Organization.model_validate(row, context=left_out)
    blocks = given.language_versions
    where = areas(given.area, left_out)
    name = localized({lang: _organization_name(block) for lang, block in blocks.items()})
    parent = given.parent_organization_content_id
    object_id = content_id(given.content_id)
    number = business_id(given.business_id)
    is_municipality = given.organization_type == "Municipality"
    web = web_addresses(blocks, lambda block: block.contact_web_pages, left_out)
    provider = Provider(
        organization_id=OrganizationId(f"ptv:{object_id}"),
        business_id=BusinessId(number) if number else None,
        type=_provider_type(given, name),
        name=name,
        parent_id=OrganizationId(f"ptv:{content_id(parent)}") if parent else None,
        municipality=only_municipality(where) if is_municipality else None,
        phones=phones(blocks, lambda block: block.contact_phone_numbers, left_out),
        emails=emails(blocks, lambda block: block.contact_emails, left_out),
        links=web.links,
        unlinked=web.unlinked,
    )
    return objects.Organization(object_id=object_id, published_at=given.published_at, provider=provider)


def _organization_name(block: wire.OrganizationBlock) -> str:
    return one_line(block.alternative_name if block.is_alternative_name_primary else None) or one_line(block.name)


def _provider_type(given: wire.Organization, name: LocalizedText) -> ProviderType:
    """PTV files parishes as organisations and counties as regional organisations, beside regional councils.

    A parish is an organisation whose name says so in Finnish or Swedish; a county a regional organisation that is
    responsible for a county's area, or whose name says so.
    """
    names = " ".join(text.text.lower() for text in name.values())
    if given.organization_type == "Organization" and any(word in names for word in _PARISH_WORDS):
        return ProviderType.PARISH
    if given.organization_type == "RegionalOrganization":
        in_county = bool(given.area.wellbeing_services_counties) or any(word in names for word in _COUNTY_WORDS)
        return ProviderType.WELLBEING_COUNTY if in_county else ProviderType.OTHER
    return _TYPES.get(given.organization_type, ProviderType.OTHER)
