"""Service channels of v12 as v11 writes them: flat, told apart by `serviceChannelType`."""

from __future__ import annotations

from devstack.simulators.ptv.shelves import Stored
from devstack.simulators.ptv.v11 import addresses, classes, connections, contacts
from devstack.simulators.ptv.v11.hours import service_hours
from devstack.simulators.ptv.v11.lookup import Lookup
from devstack.simulators.ptv.v11.services import published
from devstack.simulators.ptv.v11.words import Texts, Wire, display_names, items, listed, names, typed

TYPES = {"EService": "EChannel", "TelephoneService": "Phone"}
_FILE_TYPES = {"pdf": "PDF", "doc": "DOC", "excel": "Excel"}
_TEXTS = {"summary": "Summary", "description": "Description"}


def channel(stored: Stored, at: Lookup) -> Wire:
    wire, texts = stored.wire, stored.wire["languageVersions"]
    kind = TYPES.get(wire["serviceChannelType"], wire["serviceChannelType"])
    hours = wire.get("serviceHours")
    return {
        "id": wire["contentId"],
        "sourceId": None,
        "serviceChannelType": kind,
        "organizationId": wire["organizationContentId"],
        "serviceChannelNames": names(texts),
        "serviceChannelDescriptions": typed(texts, _TEXTS),
        **contacts.area(wire["area"], at),
        "languages": wire["serviceLanguages"],
        **_SHAPES[kind](wire, texts, at),
        "serviceHours": [] if hours is None else service_hours(hours, stored.saves),
        "services": connections.services_of(wire["contentId"], at),
        "serviceCollections": connections.collections_of(wire["contentId"], at),
        **published(stored, wire["contentId"]),
        "responsibleSoteOrganization": None,
        "ontologyTerms": classes.ontology_terms(_terms(wire["contentId"], at), at),
    }


def _terms(identity: str, at: Lookup) -> list[str]:
    """A channel is said to be about what its services are about."""
    found = [one.wire["serviceContentId"] for one in at.connections_of_channel.get(identity, [])]
    services = [at.live["service"][service].wire for service in found if service in at.live["service"]]
    return classes.united([], [uri for service in services for uri in service["ontologyTerms"]])


def _electronic(wire: Wire, texts: Texts, _: Lookup) -> Wire:
    signature = wire["electronicSignature"]
    return {
        "signatureQuantity": signature.get("numberOfRequiredSignatures", 0),
        "requiresSignature": signature["type"] == "Required",
        "requiresAuthentication": wire["electronicIdentification"] == "Required",
        "attachments": contacts.attachments(texts),
        **_support(texts),
        "webPages": contacts.web_address(texts),
        "accessibilityClassification": _accessibility(texts),
    }


def _telephone(_: Wire, texts: Texts, __: Lookup) -> Wire:
    return {
        "phoneNumbers": contacts.typed_phones(texts, "phoneNumbers"),
        "supportEmails": contacts.emails(texts, "supportEmails"),
        "webPages": contacts.web_address(texts),
    }


def _form(wire: Wire, texts: Texts, at: Lookup) -> Wire:
    return {
        "formIdentifier": items({language: text["formIdentifier"] for language, text in texts.items()}),
        "deliveryAddresses": addresses.of_delivery(wire["deliveryAddresses"], at),
        "channelUrls": [
            {"value": one["url"], "type": _FILE_TYPES.get(one["type"], one["type"]), "language": language}
            for language, one in listed(texts, "formFiles")
        ],
        "attachments": contacts.attachments(texts),
        **_support(texts),
        "webPages": [],
    }


def _location(wire: Wire, texts: Texts, at: Lookup) -> Wire:
    return {
        "oid": None,
        "displayNameType": display_names(texts),
        "phoneNumbers": contacts.typed_phones(texts, "contactPhoneNumbers", "contactFaxNumbers"),
        "emails": contacts.emails(texts, "contactEmails"),
        "webPages": contacts.web_pages(texts, "contactWebPages"),
        "addresses": addresses.of_location(wire["location"], wire["contactAddresses"], at),
    }


def _web_page(_: Wire, texts: Texts, __: Lookup) -> Wire:
    return {
        **_support(texts),
        "webPages": contacts.web_address(texts),
        "accessibilityClassification": _accessibility(texts),
    }


def _support(texts: Texts) -> Wire:
    return {
        "supportPhones": contacts.phones(texts, "supportPhoneNumbers"),
        "supportEmails": contacts.emails(texts, "supportEmails"),
    }


def _accessibility(texts: Texts) -> list[Wire]:
    return [
        {
            "accessibilityClassificationLevel": text["accessibilityClassificationLevel"],
            "wcagLevel": None,
            "accessibilityStatementWebPageName": None,
            "accessibilityStatementWebPage": None,
            "language": language,
        }
        for language, text in texts.items()
    ]


_SHAPES = {
    "EChannel": _electronic,
    "Phone": _telephone,
    "PrintableForm": _form,
    "ServiceLocation": _location,
    "WebPage": _web_page,
}
