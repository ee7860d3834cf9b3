"""Listings as their topic has them, made from a number: every tenth is Lähellä.fi's words on the service before it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from random import Random
from typing import Any
from uuid import UUID

import orjson
from stdnum.fi import ytunnus

from bench.core.producing import ToSend
from devstack.simulators.ptv.national_places import KANTA_HAME
from devstack.simulators.ptv.national_texts import Phrases
from event_schemas.codec import headers_of
from event_schemas.envelope import Envelope
from event_schemas.listing import ListingPublished

TOPIC = "hyte.listings.v1"
TWIN_EVERY = 10
_CLASS = "http://uri.suomi.fi/codelist/ptv/ptvserclass2/code/"
_CLASSES = ("P27.1", "P25.2", "P5.17", "P5.20", "P8.4", "P15.1", "P4.13", "P25.5", "P28.2", "P10.4")
_TERMS = ("p15250", "p62202", "p66794", "p32246", "p72236", "p66345", "p35770", "p6198")
# As in life: a few providers have hundreds of services, most have a handful.
_SERVICES_OF_ONE = 40
_AT = datetime(2026, 11, 1, tzinfo=UTC)
_SEED = 7
_phrases = Phrases(_SEED)

Text = dict[str, dict[str, str]]


def entries_of(listings: int) -> int:
    """How many entries that many listings amount to: a twin joins the entry of the one before it."""
    return listings - listings // TWIN_EVERY


def record(number: int) -> ToSend:
    listing = made(number)
    key = listing["listing_id"]
    event_id = str(UUID(bytes=blake2b(f"event/{number}".encode(), digest_size=16).digest()))
    kind = ListingPublished.event_type
    source = "urn:hytevirta:07:ptv-ingest"
    envelope = Envelope(event_id, source, kind, _AT, key, ListingPublished.dataschema(), version=number + 1)
    return ToSend(key.encode(), orjson.dumps(listing), headers_of(envelope))


def made(number: int) -> dict[str, Any]:
    """A listing of about four kilobytes, as an event takes it."""
    if number % TWIN_EVERY == TWIN_EVERY - 1:
        return {**_described(number - 1), **_identity("lahella", f"activity-{number}")}
    digits = blake2b(f"listing/{number}".encode(), digest_size=16).digest()
    return {**_described(number), **_identity("ptv", str(UUID(bytes=digits)))}


def _identity(system: str, key: str) -> dict[str, Any]:
    return {"listing_id": f"{system}:{key}", "source": {"system": system, "key": key}}


def _described(number: int) -> dict[str, Any]:
    rng = Random(f"{_SEED}/listing/{number}")
    place = rng.choice(KANTA_HAME)
    return {
        "name": {language: _text(_phrases.name(rng, language, number)) for language in ("fi", "sv")},
        "summary": {language: _text(_phrases.sentence(rng, language)) for language in ("fi", "sv")},
        "description": {
            language: _text(_phrases.description(rng, language, least=600, most=1000)) for language in ("fi", "sv")
        },
        "provider": _provider(number, place),
        "areas": [{"kind": "municipality", "code": place}],
        "channels": [_place(rng, number, place), _web_page(number)],
        "languages": ["fi", "sv"],
        "price": {"charge": "free"},
        "classification": {
            "service_classes": sorted(_CLASS + code for code in rng.sample(_CLASSES, 2)),
            "ontology_terms": sorted(f"http://www.yso.fi/onto/koko/{term}" for term in rng.sample(_TERMS, 3)),
            "keywords": {"fi": ["hyvinvointi", "liikunta"]},
        },
    }


def _text(text: str) -> dict[str, str]:
    return {"text": text, "origin": "source"}


def _provider(number: int, place: str) -> dict[str, Any]:
    name = {"fi": _text(f"Järjestäjä {number // _SERVICES_OF_ONE}")}
    number_of_provider = business_id_of(number // _SERVICES_OF_ONE)
    return {"business_id": number_of_provider, "type": "municipality", "municipality": place, "name": name}


@cache
def business_id_of(provider: int) -> str:
    """A valid Y-tunnus for each provider; some numbers have no check digit and are passed over."""
    candidates = (f"{3_000_000 + 3 * provider + step}{digit}" for step in range(3) for digit in range(10))
    return next(ytunnus.format(number) for number in candidates if ytunnus.is_valid(number))


def _place(rng: Random, number: int, place: str) -> dict[str, Any]:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday")
    address = {"street": {"fi": _text("Kirjastokatu 1")}, "postal_code": "13100", "municipality": place}
    return {
        "kind": "place",
        "name": {"fi": _text(f"Toimipiste {number}")},
        "address": address,
        "point": {"latitude": 60.9 + rng.random() / 5, "longitude": 24.4 + rng.random() / 5},
        "phones": [{"number": f"+358300{rng.randrange(1_000_000):06}"}],
        "hours": [{"kind": "weekly", "intervals": [{"day": day, "opens": "09:00", "closes": "15:00"} for day in days]}],
    }


def _web_page(number: int) -> dict[str, Any]:
    address = {"url": f"https://kunta.example/palvelut/{number}", "language": "fi"}
    return {"kind": "web-page", "name": {"fi": _text("Palvelun sivut")}, "addresses": [address]}
