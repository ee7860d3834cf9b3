"""Connections as v11 embeds them in a service and in a channel, each with a time of its own."""

from __future__ import annotations

from devstack.simulators.ptv.shelves import Stored
from devstack.simulators.ptv.v11 import addresses, contacts
from devstack.simulators.ptv.v11.hours import service_hours
from devstack.simulators.ptv.v11.lookup import Lookup
from devstack.simulators.ptv.v11.words import CHARGES, Wire, items, modified_at, naive, typed

_TEXTS = {"description": "Description", "chargeTypeAdditionalInformation": "ChargeTypeAdditionalInfo"}


def channels_of(service_id: str, at: Lookup) -> list[Wire] | None:
    """A service without connections has no list at all."""
    found = at.connections_of_service.get(service_id, [])
    return [
        {"serviceChannel": at.item("channel", one.wire["channelContentId"]), **_connection(one, at)} for one in found
    ] or None


def services_of(channel_id: str, at: Lookup) -> list[Wire]:
    found = at.connections_of_channel.get(channel_id, [])
    return [{"service": at.item("service", one.wire["serviceContentId"]), **_connection(one, at)} for one in found]


def collections_of(identity: str, at: Lookup) -> list[Wire]:
    return [
        {
            "id": one.wire["contentId"],
            "name": items({language: text["name"] for language, text in one.wire["languageVersions"].items()}),
        }
        for one in at.collections_of.get(identity, [])
    ]


def _connection(stored: Stored, at: Lookup) -> Wire:
    wire = stored.wire
    return {
        "serviceChargeType": CHARGES.get(wire["chargeType"]),
        "description": typed(wire["languageVersions"], _TEXTS),
        "extraTypes": [],
        "serviceHours": service_hours(wire["serviceHours"], stored.saves),
        "contactDetails": _contact_details(wire, at),
        "digitalAuthorizations": [],
        "modified": naive(modified_at(stored.published_at, wire["serviceContentId"] + wire["channelContentId"])),
    }


def _contact_details(wire: Wire, at: Lookup) -> Wire | None:
    texts = wire["languageVersions"]
    details = {
        "emails": contacts.emails(texts, "contactEmails"),
        "phoneNumbers": contacts.typed_phones(texts, "contactPhoneNumbers", "contactFaxNumbers"),
        "webPages": contacts.web_pages(texts, "contactWebPages"),
        "addresses": addresses.of_contact(wire["contactAddresses"], at),
    }
    return details if any(details.values()) else None
