"""Service descriptions as one source gives them: `hyte.listings.v1`."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from event_schemas.accessibility import Accessibility
from event_schemas.area import Area
from event_schemas.base import Event, UtcTime, Value, WebAddress, extensible
from event_schemas.channel import Channel
from event_schemas.classification import Classification
from event_schemas.contact import Link
from event_schemas.ids import AnyListingId, LanguageTag
from event_schemas.price import Price, Voucher
from event_schemas.provider import OtherProvider, Provider
from event_schemas.session import Enrolment, Session
from event_schemas.text import LocalizedText


class SourceSystem(StrEnum):
    """Systems that descriptions come from."""

    PTV = "ptv"
    LAHELLA = "lahella"
    CONTENT = "content"


class ListingKind(StrEnum):
    """What is described."""

    SERVICE = "service"
    QUALIFICATION = "qualification"
    PERMIT = "permit"
    HOBBY = "hobby"
    SUPPORT = "support"
    VOLUNTARY = "voluntary"
    SELF_CARE = "self-care"
    INFORMATION = "information"
    GROUP = "group"
    HANDBOOK = "handbook"
    RECORDING = "recording"
    GATHERING = "gathering"


class Audience(StrEnum):
    """Whom a service or a page is for."""

    RESIDENTS = "residents"
    PROFESSIONALS = "professionals"
    YOUNG_PEOPLE = "young-people"


class Access(StrEnum):
    """Who can open what a description links to."""

    PUBLIC = "public"
    STAFF = "staff"


class RemovalReason(StrEnum):
    """Why a description is no longer offered."""

    ARCHIVED = "archived"
    ABSENT = "absent"
    EXPIRED = "expired"
    OUT_OF_SCOPE = "out-of-scope"


AnySourceSystem = Annotated[SourceSystem | str, Field(union_mode="left_to_right"), extensible(SourceSystem)]
AnyListingKind = Annotated[ListingKind | str, Field(union_mode="left_to_right"), extensible(ListingKind)]
AnyAudience = Annotated[Audience | str, Field(union_mode="left_to_right"), extensible(Audience)]
AnyAccess = Annotated[Access | str, Field(union_mode="left_to_right"), extensible(Access)]
AnyRemovalReason = Annotated[RemovalReason | str, Field(union_mode="left_to_right"), extensible(RemovalReason)]

Age = Annotated[int, Field(ge=0, le=130)]


class AgeRange(Value):
    """Ages in full years, both ends inclusive; None is open."""

    lowest: Age | None = None
    highest: Age | None = None


class Source(Value):
    """Where a description was read. Outside its visibility window it is not shown."""

    system: AnySourceSystem
    key: Annotated[str, Field(min_length=1, max_length=100)]
    """The source's own id."""
    url: WebAddress | None = None
    published_at: UtcTime | None = None
    visible_from: UtcTime | None = None
    visible_until: UtcTime | None = None


class ListingPublished(Event):
    """A description is offered, as a whole: it replaces whatever was known of this listing."""

    event_type: ClassVar[str] = "fi.hytevirta.listing.published.v1"

    listing_id: AnyListingId
    kind: AnyListingKind = ListingKind.SERVICE
    source: Source
    name: LocalizedText
    alternative_name: LocalizedText = Field(default_factory=dict)
    summary: LocalizedText = Field(default_factory=dict)
    description: LocalizedText = Field(default_factory=dict)
    instructions: LocalizedText = Field(default_factory=dict)
    restrictions: LocalizedText = Field(default_factory=dict)
    """Who can get the service, and on which conditions."""
    provider: Provider
    other_providers: tuple[OtherProvider, ...] = ()
    areas: tuple[Area, ...] = ()
    channels: tuple[Channel, ...] = ()
    sessions: tuple[Session, ...] = ()
    enrolment: Enrolment | None = None
    price: Price | None = None
    voucher: Voucher | None = None
    audience: tuple[AnyAudience, ...] = (Audience.RESIDENTS,)
    access: AnyAccess | None = None
    """Public where it is not said."""
    ages: tuple[AgeRange, ...] = ()
    languages: tuple[LanguageTag, ...] = ()
    """Languages in which one is served; not the languages of the texts."""
    accessibility: Accessibility | None = None
    classification: Classification = Classification()
    legislation: tuple[Link, ...] = ()


class ListingRemoved(Event):
    """A description is no longer offered by its source."""

    event_type: ClassVar[str] = "fi.hytevirta.listing.removed.v1"

    listing_id: AnyListingId
    reason: AnyRemovalReason
