"""What a service costs."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from event_schemas.base import Value, extensible
from event_schemas.contact import Link
from event_schemas.text import LocalizedText


class Charge(StrEnum):
    """Whether a service costs anything."""

    FREE = "free"
    CHARGED = "charged"
    OTHER = "other"


AnyCharge = Annotated[Charge | str, Field(union_mode="left_to_right"), extensible(Charge)]


class Money(Value):
    """An amount in the currency's hundredths (cents)."""

    cents: Annotated[int, Field(ge=0)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "EUR"


class Price(Value):
    """Free or charged; the amounts only where a source states them as numbers."""

    charge: AnyCharge
    lowest: Money | None = None
    highest: Money | None = None
    note: LocalizedText = Field(default_factory=dict)


class Voucher(Value):
    """A service voucher (palveluseteli) can pay for the service."""

    note: LocalizedText = Field(default_factory=dict)
    links: tuple[Link, ...] = ()
