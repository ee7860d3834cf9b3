"""Listings and concepts for the tests of the catalogue, made from what matters to a test."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from catalog.domain.listing import Listing
from chassis.core.clock import utc_now
from event_schemas.ids import ListingId
from event_schemas.listing import ListingPublished
from event_schemas.vocabulary import ConceptPublished

TODAY = date(2026, 11, 1)
NGO = "2388924-4"
CITY = "0204819-8"
CLASS_URI = "http://uri.suomi.fi/codelist/ptv/ptvserclass2/code/"
FALLS = "http://www.yso.fi/onto/koko/p9100014"

Texts = dict[str, str]


def ptv_id(name: str) -> str:
    return f"ptv:{uuid5(NAMESPACE_URL, name)}"


def localized(texts: Texts) -> dict[str, dict[str, str]]:
    return {language: {"text": text} for language, text in texts.items()}


def described(
    listing_id: str,
    name: str | Texts,
    *,
    business_id: str | None = CITY,
    municipalities: tuple[str, ...] = ("109",),
    areas: list[dict[str, Any]] | None = None,
    classes: tuple[str, ...] = (),
    terms: tuple[str, ...] = (),
    **more: Any,
) -> ListingPublished:
    """A description by its id and what matters to the test."""
    system, _, key = listing_id.partition(":")
    texts = {"fi": name} if isinstance(name, str) else name
    body: dict[str, Any] = {
        "listing_id": listing_id,
        "source": {"system": system, "key": key, "url": f"https://{system}.example/{key}"},
        "name": localized(texts),
        "provider": {"business_id": business_id, "name": localized({"fi": "Hämeenlinnan kaupunki"})},
        "areas": areas if areas is not None else [{"kind": "municipality", "code": code} for code in municipalities],
        "classification": {"service_classes": [CLASS_URI + code for code in classes], "ontology_terms": list(terms)},
    }
    for field, value in more.items():
        body[field] = localized(value) if field in {"summary", "description"} else value
    return ListingPublished.model_validate(body)


def live(description: ListingPublished, version: int = 1) -> Listing:
    return Listing(description.listing_id, version, True, version, description, utc_now())


def removed(listing_id: str, version: int) -> Listing:
    return Listing(ListingId(listing_id), version, live=False)


def concept(concept_id: str, scheme: str, **names: str) -> ConceptPublished:
    return ConceptPublished.model_validate({"concept_id": concept_id, "scheme": scheme, "name": localized(names)})


CONCEPTS = [
    concept(f"{CLASS_URI}P27.1", "service-class", fi="Liikunta ja urheilu", sv="Motion och idrott", en="Sports"),
    concept(f"{CLASS_URI}P15.1", "service-class", fi="Henkilön talous- ja velkaneuvonta", sv="Skuldrådgivning"),
    concept(FALLS, "ontology", fi="kaatumisen ehkäisy", sv="fallförebyggande", en="fall prevention"),
]
