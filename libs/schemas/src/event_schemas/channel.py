"""How a service is reached: five kinds of channel."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from event_schemas.accessibility import Accessibility
from event_schemas.area import Area
from event_schemas.base import UtcTime, Value, WebAddress, extensible
from event_schemas.contact import Email, Link, Phone
from event_schemas.hours import OpeningHours
from event_schemas.ids import AnyChannelId, LanguageTag
from event_schemas.place import Address, Place, Point
from event_schemas.text import LocalizedText


class AccessibilityLevel(StrEnum):
    """How a web page or e-service meets the accessibility requirements (WCAG)."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"
    UNKNOWN = "unknown"


AnyAccessibilityLevel = Annotated[
    AccessibilityLevel | str, Field(union_mode="left_to_right"), extensible(AccessibilityLevel)
]


class _Channel(Value):
    channel_id: AnyChannelId | None = None
    name: LocalizedText = Field(default_factory=dict)
    summary: LocalizedText = Field(default_factory=dict)
    description: LocalizedText = Field(default_factory=dict)
    languages: tuple[LanguageTag, ...] = ()
    """Languages in which one is served."""
    areas: tuple[Area, ...] = ()
    phones: tuple[Phone, ...] = ()
    emails: tuple[Email, ...] = ()
    links: tuple[Link, ...] = ()
    unlinked: tuple[LocalizedText, ...] = ()
    """Web addresses as written that make no working link: to be shown as text."""
    hours: tuple[OpeningHours, ...] = ()
    published_at: UtcTime | None = None


class PlaceChannel(_Channel):
    """A service point that one visits."""

    kind: Literal["place"] = "place"
    address: Address | None = None
    point: Point | None = None
    further_places: tuple[Place, ...] = ()
    """Visiting addresses beside the first."""
    postal_addresses: tuple[Address, ...] = ()
    accessibility: Accessibility | None = None
    accessibility_point_id: str | None = None
    """Key of the place in the national register of accessibility sentences."""


class PhoneChannel(_Channel):
    """A service given by phone; the numbers are in `phones`."""

    kind: Literal["phone"] = "phone"


class EServiceChannel(_Channel):
    """A service used online."""

    kind: Literal["e-service"] = "e-service"
    addresses: tuple[Link, ...] = ()
    identification_required: bool | None = None
    signatures_required: Annotated[int, Field(ge=0)] | None = None
    accessibility: AnyAccessibilityLevel | None = None


class WebPageChannel(_Channel):
    """A page that informs."""

    kind: Literal["web-page"] = "web-page"
    addresses: tuple[Link, ...] = ()
    accessibility: AnyAccessibilityLevel | None = None


class FormFile(Value):
    """A form to print; `file_type` is pdf, doc, odt …"""

    url: WebAddress
    file_type: str | None = None
    language: LanguageTag | None = None


class PrintableFormChannel(_Channel):
    """A form on paper, and where to send it."""

    kind: Literal["printable-form"] = "printable-form"
    form_identifier: LocalizedText = Field(default_factory=dict)
    files: tuple[FormFile, ...] = ()
    delivery_addresses: tuple[Address, ...] = ()


Channel = Annotated[
    PlaceChannel | PhoneChannel | EServiceChannel | WebPageChannel | PrintableFormChannel,
    Field(discriminator="kind"),
]
