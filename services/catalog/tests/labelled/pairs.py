"""Labelled pairs of listings: which describe one real service, in the eyes of a curator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml
from stdnum.fi import ytunnus

from event_schemas.listing import ListingPublished

_FOLDER = Path(__file__).parent
_LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True, slots=True)
class Description:
    """One source's description, of which real service, and what is particular about it."""

    listing: ListingPublished
    organisation: str
    service: int
    kind: str


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two listings with the label; `split` is `tune` or `report`, never both for one organisation."""

    one: ListingPublished
    other: ListingPublished
    same: bool
    kind: str
    split: str


@cache
def labelled_pairs() -> tuple[LabelledPair, ...]:
    """All of them: every two descriptions of one service are the same; the others, of one organisation, are not.

    So are services of different organisations whose names begin with the same word.
    """
    organisations = _organisations()
    own = [pair for number, one in enumerate(organisations) for pair in _within(number, one)]
    return (*own, *_between(organisations))


def listings(split: str) -> list[ListingPublished]:
    """All listings of a half, as a catalogue would hold them side by side."""
    organisations = enumerate(_organisations())
    return [one.listing for number, its in organisations if its["split"] == split for one in _descriptions(number, its)]


def _organisations() -> list[Mapping[str, Any]]:
    files = sorted(_FOLDER.glob("services_*.yaml"))
    return [one for file in files for one in yaml.safe_load(file.read_text(encoding="utf-8"))]


def _within(number: int, organisation: Mapping[str, Any]) -> Iterator[LabelledPair]:
    unlike = [service["unlike"] for service in organisation["services"]]
    for one, other in combinations(_descriptions(number, organisation), 2):
        same = one.service == other.service
        kind = other.kind or one.kind if same else unlike[other.service]
        if same or _worth_asking(one, other):
            yield LabelledPair(one.listing, other.listing, same, kind, organisation["split"])


def _worth_asking(one: Description, other: Description) -> bool:
    """Two descriptions of one source under one organisation are two services, as everyone can tell."""
    here, there = one.listing, other.listing
    return (here.source.system, here.provider.organization_id) != (there.source.system, there.provider.organization_id)


def _between(organisations: list[Mapping[str, Any]]) -> Iterator[LabelledPair]:
    described = [
        (one["split"], each) for number, one in enumerate(organisations) for each in _descriptions(number, one)
    ]
    for (split, one), (other_split, other) in combinations(described, 2):
        foreign = one.organisation != other.organisation
        if foreign and split == other_split and _first_word(one) == _first_word(other):
            yield LabelledPair(one.listing, other.listing, False, "different-number", split)


def _first_word(one: Description) -> str:
    return next(iter(one.listing.name.values())).text.split()[0].casefold()


def _descriptions(number: int, organisation: Mapping[str, Any]) -> list[Description]:
    return [
        Description(_listing(number, organisation, where, given), organisation["org"], where[0], given.get("kind", ""))
        for place, service in enumerate(organisation["services"])
        for where, given in zip(product([place], range(9)), service["as"], strict=False)
    ]


def _listing(
    number: int, organisation: Mapping[str, Any], where: tuple[int, int], given: Mapping[str, Any]
) -> ListingPublished:
    key = f"{organisation['org']}-{where[0]}-{where[1]}"
    system = given["from"]
    listing_id = f"ptv:{uuid5(NAMESPACE_URL, key)}" if system == "ptv" else f"lahella:{key.replace('_', '-')}"
    names = {tag: {"text": given[tag]} for tag in _LANGUAGES if tag in given}
    return ListingPublished.model_validate(
        {
            "listing_id": listing_id,
            "source": {"system": system, "key": key},
            "name": names,
            "description": {next(iter(names)): {"text": given["text"]}},
            "provider": _provider(number, organisation, given),
            "areas": [{"kind": "municipality", "code": str(code).zfill(3)} for code in given["in"]],
            "channels": [_place(given)],
        }
    )


def _provider(number: int, organisation: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Under a duplicate the organisation has another id, and its number is left out or wrong."""
    copy = given.get("dup", 1)
    known = copy == 1 and not given.get("nonumber") and organisation.get("number") != "none"
    return {
        "organization_id": f"{given['from']}:{uuid5(NAMESPACE_URL, organisation['org'] + str(copy))}",
        "business_id": _numbers()[number] if known else None,
        "type": organisation.get("type", "ngo"),
        "name": {"fi": {"text": organisation["name"]}},
    }


def _place(given: Mapping[str, Any]) -> dict[str, Any]:
    street = {"street": {"fi": {"text": given["street"]}}} if "street" in given else None
    return {
        "kind": "place",
        "address": street,
        "phones": [{"number": given["phone"]}] if "phone" in given else [],
        "emails": [{"address": given["mail"]}] if "mail" in given else [],
        "links": [{"url": given["url"]}] if "url" in given else [],
    }


@cache
def _numbers() -> list[str]:
    """Valid business ids, one for each organisation; invented."""
    every = (f"{base}{digit}" for base in range(2341001, 2341200) for digit in range(10))
    return [ytunnus.format(number) for number in every if ytunnus.is_valid(number)]
