"""Addresses and points on the map."""

from typing import Annotated

from pydantic import Field

from event_schemas.base import Value
from event_schemas.ids import AnyMunicipalityCode
from event_schemas.text import LocalizedText


class Point(Value):
    """A point in WGS 84 (EPSG:4326), in degrees."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class Address(Value):
    """A street, post-box or foreign address; `street` holds the house number too."""

    street: LocalizedText = Field(default_factory=dict)
    post_box: LocalizedText = Field(default_factory=dict)
    postal_code: str | None = None
    post_office: LocalizedText = Field(default_factory=dict)
    municipality: AnyMunicipalityCode | None = None
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "FI"
    note: LocalizedText = Field(default_factory=dict)


class Place(Value):
    """Where something happens."""

    name: LocalizedText = Field(default_factory=dict)
    address: Address | None = None
    point: Point | None = None
