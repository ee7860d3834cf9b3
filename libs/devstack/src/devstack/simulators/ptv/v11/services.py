"""Services and general descriptions of v12 as v11 writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from devstack.simulators.ptv.shelves import Stored
from devstack.simulators.ptv.v11 import classes, connections, contacts
from devstack.simulators.ptv.v11.lookup import Lookup
from devstack.simulators.ptv.v11.words import (
    CHARGES,
    SERVICE_TYPES,
    Texts,
    Wire,
    items,
    listed,
    modified_at,
    naive,
    names,
    typed,
)

_TEXTS = {
    "validityTimeAdditionalInformation": "ValidityTime",
    "processingTimeAdditionalInformation": "ProcessingTime",
    "userInstructions": "UserInstruction",
    "chargeTypeAdditionalInformation": "ChargeTypeAdditionalInfo",
    "summary": "Summary",
    "deadlineAdditionalInformation": "DeadLine",
    "description": "Description",
}
_GENERAL_TEXTS = {**_TEXTS, "backgroundDescription": "BackgroundDescription"}
_CLASSIFIED = ("serviceClasses", "ontologyTerms", "targetGroups")


def service(stored: Stored, at: Lookup) -> Wire:
    """A service; the classes of its general description stand in it unmarked, its texts do not."""
    wire, texts = stored.wire, stored.wire["languageVersions"]
    general = _general_of(wire, at)
    given = {name: classes.united(general[name] if general else [], wire[name]) for name in _CLASSIFIED}
    return {
        "id": wire["contentId"],
        "sourceId": None,
        "generalDescriptionId": wire["generalDescriptionContentId"],
        "subType": None,
        "type": SERVICE_TYPES.get(wire["serviceType"], wire["serviceType"]),
        "fundingType": wire["fundingType"],
        "serviceNames": names(texts),
        "serviceChargeType": None if general and general["chargeType"] else CHARGES.get(wire["chargeType"]),
        **contacts.area(wire["area"], at),
        "serviceDescriptions": typed(texts, _TEXTS),
        "languages": wire["serviceLanguages"],
        **_classified({**wire, **given}, at),
        "legislation": contacts.legislation(texts),
        "keywords": _keywords(texts),
        "requirements": _requirements(texts),
        "serviceChannels": connections.channels_of(wire["contentId"], at),
        "organizations": list(_organisations(wire, at)),
        **_vouchers(texts),
        "serviceCollections": connections.collections_of(wire["contentId"], at),
        **published(stored, wire["contentId"]),
        "responsibleSoteOrganization": None,
    }


def service_with_general_description(stored: Stored, at: Lookup) -> Wire:
    """The service with its general description's texts, charge, laws and life events joined in."""
    plain, general = service(stored, at), _general_of(stored.wire, at)
    if general is None:
        return plain
    texts = general["languageVersions"]
    own = {row["language"]: row["value"] for row in plain["requirements"]}
    conditions = {row["language"]: row["value"] for row in _requirements(texts)}
    joined = {key: "\n\n".join(filter(None, (conditions.get(key), own.get(key)))) for key in {**conditions, **own}}
    life_events = classes.united(general["lifeEvents"], stored.wire["lifeEvents"])
    return {
        **plain,
        "subType": next(iter(general["generalDescriptionTypes"]), None),
        "serviceChargeType": CHARGES.get(general["chargeType"]) or plain["serviceChargeType"],
        "serviceDescriptions": plain["serviceDescriptions"] + [_marked(row) for row in typed(texts, _GENERAL_TEXTS)],
        "lifeEvents": classes.coded("life-events", life_events, at),
        "legislation": plain["legislation"] + contacts.legislation(texts),
        "requirements": items(joined),
    }


def general_description(stored: Stored, at: Lookup) -> Wire:
    wire, texts = stored.wire, stored.wire["languageVersions"]
    return {
        "id": wire["contentId"],
        "names": names(texts),
        "descriptions": typed(texts, _GENERAL_TEXTS),
        **_classified(wire, at),
        "requirements": _requirements(texts),
        "type": SERVICE_TYPES.get(wire["serviceType"], wire["serviceType"]),
        "serviceChargeType": CHARGES.get(wire["chargeType"]),
        "legislation": contacts.legislation(texts),
        "generalDescriptionType": next(iter(wire["generalDescriptionTypes"]), None),
        "serviceChannels": [],
        **published(stored, wire["contentId"]),
    }


def published(stored: Stored, identity: str) -> Wire:
    return {"publishingStatus": "Published", "modified": naive(modified_at(stored.published_at, identity))}


def _general_of(wire: Wire, at: Lookup) -> Wire | None:
    stored = at.live["general-description"].get(wire["generalDescriptionContentId"] or "")
    return None if stored is None else stored.wire


def _classified(wire: Wire, at: Lookup) -> Wire:
    return {
        "serviceClasses": classes.service_classes(wire["serviceClasses"], at),
        "ontologyTerms": classes.ontology_terms(wire["ontologyTerms"], at),
        "targetGroups": classes.coded("target-groups", wire["targetGroups"], at),
        "lifeEvents": classes.coded("life-events", wire["lifeEvents"], at),
        "industrialClasses": classes.industrial_classes(wire["industrialClasses"], at),
    }


def _keywords(texts: Texts) -> list[Wire]:
    return [{"value": word, "language": language} for language, word in listed(texts, "freelyAssignedKeywords")]


def _requirements(texts: Texts) -> list[Wire]:
    return items({language: text["conditions"] for language, text in texts.items()})


def _marked(row: Wire) -> Wire:
    return {**row, "type": f"GD_{row['type']}"}


def _organisations(wire: Wire, at: Lookup) -> Iterable[Wire]:
    """Rows of organisations that are not published are left out, whatever their role."""
    producers = wire["producers"]
    yield from _role([wire["organizationContentId"]], "Responsible", None, at)
    yield from _role(wire["otherResponsibleOrganizations"], "OtherResponsible", None, at)
    yield from _role(producers["selfProducedProducers"]["organizations"], "Producer", "SelfProducedServices", at)
    for field, how in (("procuredProducers", "ProcuredServices"), ("otherProducers", "Other")):
        yield from _role(producers[field]["organizations"], "Producer", how, at)
        for other in producers[field]["other"]:
            yield {**_organisation_row(None, "Producer", how), "additionalInformation": items(other["name"])}


def _role(ids: list[str], role: str, how: str | None, at: Lookup) -> Iterable[Wire]:
    published_ids = [identity for identity in ids if identity in at.live["organization"]]
    return (_organisation_row(at.item("organization", identity), role, how) for identity in published_ids)


def _organisation_row(organisation: Wire | None, role: str, how: str | None) -> Wire:
    return {"organization": organisation, "roleType": role, "provisionType": how, "additionalInformation": []}


def _vouchers(texts: Texts) -> Wire:
    found = [row for language, text in texts.items() for row in _voucher(language, text["voucher"])]
    return {"serviceVouchersInUse": bool(found), "serviceVouchers": found}


def _voucher(language: str, voucher: dict[str, Any]) -> list[Wire]:
    if voucher["voucherType"] == "NotUsed":
        return []
    links = voucher.get("urls") or [{"name": None, "url": None, **voucher}]
    return [
        {
            "value": link["name"],
            "language": language,
            "url": link["url"],
            "additionalInformation": link["additionalInformation"],
        }
        for link in links
    ]
