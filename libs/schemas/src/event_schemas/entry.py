"""Entries of the service tray: `hyte.catalog.entries.v1`."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from event_schemas.accessibility import Accessibility
from event_schemas.area import Area
from event_schemas.base import Event, UtcTime, Value, WebAddress, extensible
from event_schemas.channel import Channel
from event_schemas.classification import Classification
from event_schemas.ids import AnyEntryId, AnyListingId, LanguageTag, ReasonCode
from event_schemas.listing import Access, AgeRange, AnyAccess, AnyAudience, AnyListingKind, AnySourceSystem, Audience
from event_schemas.price import Price, Voucher
from event_schemas.provider import AnyProviderType, OtherProvider, Provider
from event_schemas.session import Enrolment, Session
from event_schemas.text import LocalizedText


class LinkOrigin(StrEnum):
    """Why a listing belongs to the entry."""

    SENIOR = "senior"
    RULE = "rule"
    REVIEW = "review"


class ReasonKind(StrEnum):
    """What placed an entry under a sub-theme."""

    SERVICE_CLASS = "service-class"
    ONTOLOGY_TERM = "ontology-term"
    KEYWORD = "keyword"
    GENERAL_DESCRIPTION = "general-description"
    SOURCE_THEME = "source-theme"
    CURATOR = "curator"


AnyLinkOrigin = Annotated[LinkOrigin | str, Field(union_mode="left_to_right"), extensible(LinkOrigin)]
AnyReasonKind = Annotated[ReasonKind | str, Field(union_mode="left_to_right"), extensible(ReasonKind)]


class Member(Value):
    """A listing that is part of the entry."""

    listing_id: AnyListingId
    system: AnySourceSystem
    origin: AnyLinkOrigin
    url: WebAddress | None = None
    published_at: UtcTime | None = None


class PlacementReason(Value):
    """Why an entry is filed where it is, in names that a person knows."""

    kind: AnyReasonKind
    code: Annotated[str, Field(min_length=1, max_length=200)]
    name: LocalizedText = Field(default_factory=dict)


class Placement(Value):
    """A sub-theme of one mapping (the county's own, or another over the same data)."""

    mapping: ReasonCode = "county"
    theme: ReasonCode
    sub_theme: ReasonCode | None = None
    reasons: tuple[PlacementReason, ...] = ()


class Freshness(Value):
    """When the content last changed at its source, and when it was last seen there unchanged."""

    changed_at: UtcTime | None = None
    confirmed_at: UtcTime | None = None


class EntryPublished(Event):
    """One service of the tray, merged from its listings, as a whole."""

    event_type: ClassVar[str] = "fi.hytevirta.entry.published.v1"

    entry_id: AnyEntryId
    aliases: tuple[AnyEntryId, ...] = ()
    """Ids under which members were or would be entries of their own; old links lead here."""
    kind: AnyListingKind
    members: Annotated[tuple[Member, ...], Field(min_length=1)]
    provenance: dict[str, tuple[AnyListingId, ...]] = Field(default_factory=dict)
    """Field name → the listings its content was taken from."""
    name: LocalizedText
    alternative_name: LocalizedText = Field(default_factory=dict)
    summary: LocalizedText = Field(default_factory=dict)
    description: LocalizedText = Field(default_factory=dict)
    instructions: LocalizedText = Field(default_factory=dict)
    restrictions: LocalizedText = Field(default_factory=dict)
    provider: Provider
    other_providers: tuple[OtherProvider, ...] = ()
    provider_types: tuple[AnyProviderType, ...] = ()
    areas: tuple[Area, ...] = ()
    channels: tuple[Channel, ...] = ()
    sessions: tuple[Session, ...] = ()
    enrolment: Enrolment | None = None
    referral_types: tuple[ReasonCode, ...] = ()
    """Referrals by which a professional can point a client here."""
    price: Price | None = None
    voucher: Voucher | None = None
    audience: tuple[AnyAudience, ...] = (Audience.RESIDENTS,)
    access: AnyAccess = Access.PUBLIC
    ages: tuple[AgeRange, ...] = ()
    languages: tuple[LanguageTag, ...] = ()
    accessibility: Accessibility | None = None
    classification: Classification = Classification()
    placements: tuple[Placement, ...] = ()
    freshness: Freshness = Freshness()


class EntryRemoved(Event):
    """An entry is gone; `replaced_by` is the entry that took in its listings, where one did."""

    event_type: ClassVar[str] = "fi.hytevirta.entry.removed.v1"

    entry_id: AnyEntryId
    replaced_by: AnyEntryId | None = None
