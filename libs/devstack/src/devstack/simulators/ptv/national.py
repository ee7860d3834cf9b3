"""A country's worth of PTV v12 content, made from a seed: the same seed and sizes give the same objects everywhere.

Shapes are those of `wire.ENTITIES`. Texts are invented, codes are the real ones of the simulator's code lists, and
nothing of it is anybody's: numbers begin with zeros, hosts are `.example`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import chain
from random import Random

from devstack.simulators.ptv import national_parts as parts
from devstack.simulators.ptv.content import load_content
from devstack.simulators.ptv.national_channels import channel_parts
from devstack.simulators.ptv.national_parts import Wire
from devstack.simulators.ptv.national_places import area, municipality
from devstack.simulators.ptv.national_texts import Phrases

KINDS = ("organization", "general-description", "service", "channel", "connection")
GROUP = 50
"""Services in a group; the connections of a group are exactly one page of a hundred."""
CHANGED_EVERY = 100
"""One object of this many is in the changed set."""
_CHANGED_AT = 37
_PUBLISHED = "2026-09-02T11:06:00Z"
_REPUBLISHED = "2026-11-20T08:00:00Z"
_BUSINESS_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Sizes:
    """How many objects of a kind; connections are two a service on average. Services are a multiple of `GROUP`."""

    organizations: int = 10_000
    general_descriptions: int = 1_000
    services: int = 100_000
    channels: int = 100_000

    @classmethod
    def scaled(cls, share: float) -> Sizes:
        """The whole country's sizes times `share`, at least one group of services."""
        whole = cls()
        services = max(GROUP, round(whole.services * share / GROUP) * GROUP)
        organizations = max(10, round(whole.organizations * share))
        descriptions = max(10, round(whole.general_descriptions * share))
        return cls(organizations, descriptions, services, channels=services)

    def of(self, kind: str) -> int:
        counts = (self.organizations, self.general_descriptions, self.services, self.channels, 2 * self.services)
        return dict(zip(KINDS, counts, strict=True))[kind]


@dataclass(frozen=True)
class Country:
    """The content of one seed."""

    sizes: Sizes
    seed: int = 7

    def content_id(self, kind: str, number: int) -> str:
        """A UUID; spread as PTV's are, so that whoever stores by id meets no lucky order."""
        digits = blake2b(f"{self.seed}/{kind}/{number}".encode(), digest_size=16).hexdigest()
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"

    def objects(self, kind: str) -> Iterator[Wire]:
        """All objects of a kind, in the order in which searches give them."""
        if kind == "connection":
            return chain.from_iterable(self.connections_of(service) for service in range(self.sizes.services))
        make = {
            "organization": self._organization,
            "general-description": self._general_description,
            "service": self._service,
            "channel": self._channel,
        }[kind]
        return (make(number) for number in range(self.sizes.of(kind)))

    def changed(self, kind: str, number: int) -> bool:
        """Whether the object is in the changed set; organisations and general descriptions never are."""
        return kind in ("service", "channel", "connection") and number % CHANGED_EVERY == _CHANGED_AT

    @staticmethod
    def altered(wire: Wire) -> Wire:
        """The object after an edit: one more sentence, and a new time of publishing."""
        texts = wire["languageVersions"]["fi"]
        described = f"{texts['description'] or ''} Tieto on tarkistettu."
        versions = {**wire["languageVersions"], "fi": {**texts, "description": described}}
        return {**wire, "publishedAt": _REPUBLISHED, "languageVersions": versions}

    def connections_of(self, service: int) -> list[Wire]:
        """Connections of one service, each to a different channel."""
        group, place = divmod(service, GROUP)
        count = self._reach(group)[place]
        rng = self._rng("reach", service)
        first = rng.randrange(self.sizes.channels)
        return [self._connection(rng, service, (first + step) % self.sizes.channels) for step in range(count)]

    def _reach(self, group: int) -> list[int]:
        """How many connections each service of a group has: 100 in all, most have one to three, some none."""
        counts = [0] * GROUP
        for place in self._rng("group", group).choices(range(GROUP), k=2 * GROUP):
            counts[place] += 1
        return counts

    def _rng(self, kind: str, number: int) -> Random:
        return Random(f"{self.seed}/{kind}/{number}")

    @cached_property
    def _phrases(self) -> Phrases:
        return Phrases(self.seed)

    @cached_property
    def _codes(self) -> dict[str, list[str]]:
        rows = load_content().vocabulary.rows
        codes = {
            path: [row["code"] for row in rows[path]] for path in ("service-classes", "target-groups", "life-events")
        }
        uris = {path: [row["uri"] for row in rows[path]] for path in ("ontology-terms", "industrial-classes")}
        return {**codes, **uris}

    def _home(self, organization: int) -> str:
        return municipality(self._rng("home", organization))

    def _common(self, kind: str, number: int) -> Wire:
        return {"contentId": self.content_id(kind, number), "publishedAt": _PUBLISHED, "migratedAt": _PUBLISHED}

    def _classes(self, rng: Random) -> Wire:
        codes = self._codes
        return {
            "targetGroups": rng.sample(codes["target-groups"], 2),
            "serviceClasses": rng.sample(codes["service-classes"], rng.randint(1, 3)),
            "lifeEvents": rng.sample(codes["life-events"], rng.randint(0, 1)),
            "ontologyTerms": rng.sample(codes["ontology-terms"], rng.randint(1, 6)),
            "industrialClasses": [],
            "chargeType": rng.choice(("Free", "Charged", None)),
        }

    def _organization(self, number: int) -> Wire:
        rng, home = self._rng("organization", number), self._home(number)
        kind = rng.choices(("Organization", "Company", "State", "Municipality"), (70, 20, 5, 5))[0]
        place = {"areaType": "LimitedArea", "municipalities": [home]} if kind == "Municipality" else area(rng, home)
        return {
            **self._common("organization", number),
            "organizationType": kind,
            "parentOrganizationContentId": None,
            "businessId": _business_id(number),
            "oid": None,
            "eInvoiceAddresses": [],
            "contactAddresses": parts.NO_ADDRESSES,
            "location": {
                "foreignAddresses": [],
                "otherAddresses": [],
                "streetAddresses": [parts.street_address(rng)],
            },
            "area": place,
            "languageVersions": {"fi": self._organization_texts(rng, number)},
        }

    def _organization_texts(self, rng: Random, number: int) -> Wire:
        return {
            "name": f"Järjestäjä {number}",
            "alternativeName": None,
            "isAlternativeNamePrimary": False,
            "summary": self._phrases.sentence(rng, "fi"),
            "description": self._phrases.description(rng, "fi", least=100, most=600),
            "contactEmails": [{**parts.email(rng), "additionalInformation": None}],
            "contactWebPages": [parts.link(rng)],
            "contactPhoneNumbers": [parts.phone(rng)],
        }

    def _general_description(self, number: int) -> Wire:
        rng = self._rng("general-description", number)
        texts = self._described(rng, "fi", number, least=600, most=2500)
        return {
            **self._common("general-description", number),
            "organizationContentId": self.content_id("organization", 0),
            "serviceType": "Service",
            "generalDescriptionTypes": ["Municipality"],
            **self._classes(rng),
            "languageVersions": {"fi": {**texts, "backgroundDescription": None}},
        }

    def _described(self, rng: Random, language: str, number: int, *, least: int, most: int) -> Wire:
        """The texts that services and general descriptions have in common."""
        phrases = self._phrases
        return {
            "name": phrases.name(rng, language, number),
            "description": phrases.description(rng, language, least=least, most=most),
            "userInstructions": phrases.description(rng, language, least=100, most=500),
            "conditions": phrases.sentence(rng, language) if rng.random() < 0.4 else None,
            "chargeTypeAdditionalInformation": None,
            "legislationLinks": [parts.link(rng)] if rng.random() < 0.3 else [],
            "freelyAssignedKeywords": ["hyvinvointi", "osallisuus"] if rng.random() < 0.5 else [],
        }

    def _service(self, number: int) -> Wire:
        rng = self._rng("service", number)
        owner = rng.randrange(self.sizes.organizations)
        languages = ["fi", *(one for one, share in (("sv", 0.5), ("en", 0.4)) if rng.random() < share)]
        base = rng.randrange(self.sizes.general_descriptions) if rng.random() < 0.6 else None
        return {
            **self._common("service", number),
            "serviceType": "Service",
            "organizationContentId": self.content_id("organization", owner),
            "otherResponsibleOrganizations": [],
            "generalDescriptionContentId": self.content_id("general-description", base) if base is not None else None,
            **self._classes(rng),
            "producers": self._producers(owner),
            "fundingType": "PubliclyFunded",
            "serviceLanguages": ["fi", "sv"],
            "area": area(rng, self._home(owner)),
            "languageVersions": {language: self._service_texts(rng, language, number) for language in languages},
        }

    def _producers(self, owner: int) -> Wire:
        nobody: Wire = {"organizations": [], "other": []}
        own = {"organizations": [self.content_id("organization", owner)]}
        return {"selfProducedProducers": own, "procuredProducers": nobody, "otherProducers": nobody}

    def _service_texts(self, rng: Random, language: str, number: int) -> Wire:
        return {
            **self._described(rng, language, number, least=1200, most=3400),
            "alternativeName": None,
            "summary": self._phrases.sentence(rng, language),
            "voucher": {"voucherType": "NotUsed"},
        }

    def _channel(self, number: int) -> Wire:
        rng = self._rng("channel", number)
        owner = rng.randrange(self.sizes.organizations)
        return {
            **self._common("channel", number),
            "organizationContentId": self.content_id("organization", owner),
            "allowedConnectionType": "OwnOrganizations",
            "area": area(rng, self._home(owner)),
            **channel_parts(rng, self._phrases, number),
        }

    def _connection(self, rng: Random, service: int, channel: int) -> Wire:
        own = rng.random() < 0.3
        texts = {
            "description": self._phrases.sentence(rng, "fi") if own else None,
            "chargeTypeAdditionalInformation": None,
            "contactPhoneNumbers": [parts.phone(rng)] if own else [],
            "contactFaxNumbers": [],
            "contactEmails": [parts.email(rng)] if own else [],
            "contactWebPages": [],
        }
        return {
            "serviceContentId": self.content_id("service", service),
            "channelContentId": self.content_id("channel", channel),
            "contactAddresses": parts.NO_ADDRESSES,
            "chargeType": None,
            "serviceHours": parts.opening_hours(rng) if rng.random() < 0.15 else parts.NO_HOURS,
            "publishedAt": _PUBLISHED,
            "migratedAt": _PUBLISHED,
            "languageVersions": {"fi": texts},
        }


def _business_id(number: int) -> str:
    """A Y-tunnus whose check digit holds; ten numbers apart, so that one without a check digit can be stepped over."""
    stem = 1_000_000 + 10 * number
    if _remainder(stem) == 1:
        stem += 1
    remainder = _remainder(stem)
    return f"{stem}-{(11 - remainder) % 11}"


def _remainder(stem: int) -> int:
    return sum(int(digit) * weight for digit, weight in zip(str(stem), _BUSINESS_ID_WEIGHTS, strict=True)) % 11
