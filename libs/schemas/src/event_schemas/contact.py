"""Work contacts of providers: phones, e-mail addresses, links."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from event_schemas.base import Value, WebAddress, extensible
from event_schemas.ids import LanguageTag
from event_schemas.text import LocalizedText


class PhoneKind(StrEnum):
    """What can be sent to a number."""

    VOICE = "voice"
    SMS = "sms"
    FAX = "fax"


class PhoneCharge(StrEnum):
    """What a call costs."""

    FREE = "free"
    LOCAL = "local"
    EXTRA = "extra"
    UNKNOWN = "unknown"


AnyPhoneKind = Annotated[PhoneKind | str, Field(union_mode="left_to_right"), extensible(PhoneKind)]
AnyPhoneCharge = Annotated[PhoneCharge | str, Field(union_mode="left_to_right"), extensible(PhoneCharge)]


class Phone(Value):
    """A number as E.164 where it has such a form (`+358…`), else as written (service numbers)."""

    number: Annotated[str, Field(min_length=2, max_length=40)]
    kind: AnyPhoneKind = PhoneKind.VOICE
    charge: AnyPhoneCharge = PhoneCharge.UNKNOWN
    charge_note: LocalizedText = Field(default_factory=dict)
    note: LocalizedText = Field(default_factory=dict)
    languages: tuple[LanguageTag, ...] = ()
    """Languages of the descriptions that give this number."""


class Email(Value):
    """An e-mail address of a unit or a worker."""

    address: Annotated[str, Field(pattern="^[^@\\s]+@[^@\\s]+$", max_length=320)]
    note: LocalizedText = Field(default_factory=dict)
    languages: tuple[LanguageTag, ...] = ()


class Link(Value):
    """A web address, with the language of the page where it is known."""

    url: WebAddress
    title: LocalizedText = Field(default_factory=dict)
    note: LocalizedText = Field(default_factory=dict)
    language: LanguageTag | None = None
