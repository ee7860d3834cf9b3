"""What of a listing speaks for or against its being the same service as another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import orjson

from catalog.domain.areas import County, coverage
from catalog.domain.identity import system_of
from catalog.domain.matching.names import organisation_name, places_named, plain, service_name, tell_tale, words_of
from chassis.finland.business_id import business_id
from event_schemas.channel import Channel, EServiceChannel, PlaceChannel, WebPageChannel
from event_schemas.ids import ListingId
from event_schemas.listing import ListingPublished
from event_schemas.place import Address
from event_schemas.text import LocalizedText

SYSTEMS = ("ptv", "lahella", "content")
"""Systems whose listings can be the same service."""

FORM = 1
"""Another number has every listing's evidence taken anew at the next start."""

_LONGEST_TEXT = 600
_MOST_TOKENS = 6
_SHORTEST_TOKEN = 4
_STEM = 6


@dataclass(frozen=True)
class Evidence:
    """Plain words and codes only. `names` and `texts` by language; `telling` by kind of word; `municipalities` empty
    with `nationwide` False means that nothing is said of where."""

    listing_id: ListingId
    system: str
    organization_id: str
    business_id: str
    organisation: str
    names: Mapping[str, str]
    texts: Mapping[str, str]
    telling: Mapping[str, frozenset[str]]
    places_named: frozenset[str]
    municipalities: frozenset[str]
    nationwide: bool
    phones: frozenset[str]
    contacts: frozenset[str]
    addresses: frozenset[str]

    def to_json(self) -> bytes:
        """Equal evidence gives equal bytes."""
        fields = {name: _sorted(getattr(self, name)) for name in self.__dataclass_fields__}
        return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)

    @staticmethod
    def from_json(body: bytes, keys: Sequence[int]) -> Evidence:
        """`keys` are those stored with it: to make them again costs more than all the rest."""
        given = orjson.loads(body)
        for name in ("places_named", "municipalities", "phones", "contacts", "addresses"):
            given[name] = frozenset(given[name])
        given["telling"] = {kind: frozenset(words) for kind, words in given["telling"].items()}
        read = Evidence(**given)
        vars(read)["keys"] = list(keys)
        return read

    @cached_property
    def keys(self) -> list[int]:
        """By what others find it: 64-bit hashes, each of its own system, so that a city's thousand other services in it
        are not even looked at."""
        return sorted({_hashed(f"{self.system} {key}") for key in _keys(self)} | set(self.name_keys))

    @cached_property
    def wanted(self) -> list[int]:
        """Keys of listings in other systems that are worth comparing."""
        others = [system for system in SYSTEMS if system != self.system]
        return sorted({_hashed(f"{system} {key}") for key in _keys(self) for system in others})

    @cached_property
    def name_keys(self) -> list[int]:
        """Of `keys` those of the whole names, which alone make listings of one source worth comparing."""
        return sorted({_hashed(f"n {self.source_key} {name}") for name in self.names.values()})

    @property
    def source_key(self) -> str:
        """The system and the organisation in it."""
        return f"{self.system} {self.organization_id}"

    @property
    def namesake_key(self) -> str:
        """The system and the organisation's name: under it a system may have the same organisation twice."""
        return f"{self.system} {self.organisation}" if self.organisation else ""


def evidence_of(description: ListingPublished, county: County) -> Evidence:
    """The evidence of a description, as seen from the county served."""
    cover = coverage(description.areas, county)
    provider = description.provider
    written = {language: text.text for language, text in description.name.items()}
    every_name = " ".join(written.values())
    return Evidence(
        listing_id=description.listing_id,
        system=system_of(description.listing_id),
        organization_id=provider.organization_id or "",
        business_id=business_id(provider.business_id) or "",
        organisation=organisation_name(_one_of(provider.name)),
        names={language: service_name(text, county) for language, text in written.items()},
        texts=_texts(description),
        telling=tell_tale(every_name),
        places_named=places_named(every_name, county),
        municipalities=cover.municipalities,
        nationwide=cover.nationwide,
        phones=frozenset(phone.number for channel in description.channels for phone in channel.phones),
        contacts=frozenset(_contacts(description)),
        addresses=frozenset(_addresses(description.channels)),
    )


def _texts(description: ListingPublished) -> dict[str, str]:
    found: dict[str, str] = {}
    for given in (description.summary, description.description):
        for language, text in given.items():
            found[language] = f"{found.get(language, '')} {text.text}"
    return {language: plain(text)[:_LONGEST_TEXT] for language, text in found.items()}


def _contacts(description: ListingPublished) -> Iterator[str]:
    """E-mail and web addresses that a copy takes along with the text."""
    for channel in description.channels:
        yield from (f"mailto:{email.address.casefold()}" for email in channel.emails)
        yield from (_address(link.url) for link in channel.links)
        if isinstance(channel, EServiceChannel | WebPageChannel):
            yield from (_address(link.url) for link in channel.addresses)
    if description.enrolment and description.enrolment.url:
        yield _address(description.enrolment.url)


def _address(url: str) -> str:
    bare = url.partition("://")[2].partition("#")[0].casefold().removeprefix("www.")
    return bare.rstrip("/")


def _addresses(channels: Iterable[Channel]) -> Iterator[str]:
    for channel in channels:
        if isinstance(channel, PlaceChannel):
            given = (channel.address, *(place.address for place in channel.further_places))
            yield from (written for one in given if one and (written := _street(one)))


def _street(address: Address) -> str:
    """Street and number; two towns have a Keskuskatu 1, so the municipality is part of it."""
    street = plain(_one_of(address.street))
    return f"{street} {address.municipality or ''}".strip() if street else ""


def _one_of(texts: LocalizedText) -> str:
    """One language's text: Finnish where there is one, else the first by tag."""
    return next((texts[tag].text for tag in ("fi", *sorted(texts)) if tag in texts), "")


def _keys(evidence: Evidence) -> Iterator[str]:
    organisations = [
        *((f"y {evidence.business_id}",) if evidence.business_id else ()),
        *((f"o {evidence.organisation}",) if evidence.organisation else ()),
    ]
    tokens = _tokens(evidence)
    for organisation in organisations:
        yield from (f"{organisation} {token}" for token in tokens)
        # A description in another language shares no word, but a number to call or a page.
        yield from (f"{organisation} {contact}" for contact in (*evidence.phones, *evidence.contacts))
    for contact in (*evidence.phones, *evidence.contacts):
        yield from (f"c {contact} {token}" for token in tokens)


def _tokens(evidence: Evidence) -> list[str]:
    """Beginnings of the longest words of the names; short words tell nothing."""
    words = {word for name in evidence.names.values() for word in words_of(name) if len(word) >= _SHORTEST_TOKEN}
    longest = sorted(words, key=lambda word: (-len(word), word))[:_MOST_TOKENS]
    return sorted({word[:_STEM] for word in longest}) or sorted(evidence.names.values())[:1]


def _hashed(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)


def _sorted(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return {key: _sorted(part) for key, part in value.items()}
    return value
