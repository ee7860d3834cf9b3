"""Organisations and service collections of v12 as v11 writes them."""

from __future__ import annotations

from collections.abc import Iterable

from devstack.simulators.ptv.shelves import Stored
from devstack.simulators.ptv.v11 import addresses, contacts
from devstack.simulators.ptv.v11.channels import TYPES
from devstack.simulators.ptv.v11.lookup import Lookup
from devstack.simulators.ptv.v11.services import published
from devstack.simulators.ptv.v11.words import Wire, display_names, items, listed, names, typed
from devstack.simulators.ptv.world import root_of

_TEXTS = {"summary": "Summary", "description": "Description"}


def organisation(stored: Stored, at: Lookup) -> Wire:
    wire, texts = stored.wire, stored.wire["languageVersions"]
    municipal = wire["organizationType"] == "Municipality"
    return {
        "id": wire["contentId"],
        "sourceId": None,
        "oid": wire["oid"] or "",
        "parentOrganizationId": wire["parentOrganizationContentId"],
        "organizationRootId": _root(wire["contentId"], at),
        "organizationType": wire["organizationType"],
        "municipality": at.municipality(wire["area"]["municipalities"][0]) if municipal else None,
        "businessCode": wire["businessId"],
        "businessName": None,
        "organizationNames": names(texts),
        "displayNameType": display_names(texts),
        **(contacts.area(None, at) if municipal else contacts.area(wire["area"], at)),
        "organizationDescriptions": typed(texts, _TEXTS),
        "emails": _emails(wire),
        "phoneNumbers": contacts.phones(texts, "contactPhoneNumbers"),
        "webPages": contacts.web_pages(texts, "contactWebPages"),
        "electronicInvoicings": [_invoicing(one) for one in wire["eInvoiceAddresses"]],
        "addresses": addresses.of_organisation(wire["location"], wire["contactAddresses"], at),
        "services": list(_services(wire["contentId"], at)),
        "subOrganizations": [at.item("organization", child) for child in children(wire["contentId"], at)],
        **published(stored, wire["contentId"]),
    }


def children(identity: str, at: Lookup) -> list[str]:
    organisations = at.live["organization"].items()
    return [child for child, stored in organisations if stored.wire["parentOrganizationContentId"] == identity]


def collection(stored: Stored, at: Lookup) -> Wire:
    wire, texts = stored.wire, stored.wire["languageVersions"]
    services = [item["contentId"] for item in wire["items"] if item["itemType"] == "Service"]
    channels = [item["contentId"] for item in wire["items"] if item["itemType"] == "Channel"]
    return {
        "id": wire["contentId"],
        "sourceId": None,
        "organizationId": wire["organizationContentId"],
        "serviceCollectionNames": items({language: text["name"] for language, text in texts.items()}),
        "serviceCollectionDescriptions": typed(texts, _TEXTS),
        "services": [_member("service", identity, at) for identity in services if identity in at.live["service"]],
        "serviceChannels": [_channel(identity, at) for identity in channels if identity in at.live["channel"]],
        **published(stored, wire["contentId"]),
    }


def _channel(identity: str, at: Lookup) -> Wire:
    kind = at.live["channel"][identity].wire["serviceChannelType"]
    return {**_member("channel", identity, at), "serviceChannelType": TYPES.get(kind, kind)}


def _member(kind: str, identity: str, at: Lookup) -> Wire:
    texts = at.live[kind][identity].wire["languageVersions"]
    return {"id": identity, "name": names(texts), "description": typed(texts, _TEXTS)}


def _root(identity: str, at: Lookup) -> str:
    organisations = at.live["organization"].items()
    return root_of(identity, {key: one.wire["parentOrganizationContentId"] for key, one in organisations})


def _emails(wire: Wire) -> list[Wire]:
    found = listed(wire["languageVersions"], "contactEmails")
    return [
        {"value": one["email"], "language": language, "description": one["additionalInformation"]}
        for language, one in found
    ]


def _invoicing(address: Wire) -> Wire:
    return {
        "operatorCode": address["intermediatorCode"],
        "electronicInvoicingAddress": address["address"],
        "additionalInformation": items(address["additionalInformation"]),
    }


def _services(identity: str, at: Lookup) -> Iterable[Wire]:
    for key, stored in at.live["service"].items():
        for role, how in _roles(identity, stored.wire):
            row: Wire = {"roleType": role, "provisionType": how, "additionalInformation": []}
            yield {"service": at.item("service", key), **row}


def _roles(identity: str, service: Wire) -> Iterable[tuple[str, str | None]]:
    if service["organizationContentId"] == identity:
        yield "Responsible", None
    if identity in service["otherResponsibleOrganizations"]:
        yield "OtherResponsible", None
    for field, how in (("selfProducedProducers", "SelfProducedServices"), ("procuredProducers", "ProcuredServices")):
        if identity in service["producers"][field]["organizations"]:
            yield "Producer", how
