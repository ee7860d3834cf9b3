"""The compact form in which a person writes Lähellä activities (the YAML files of `devstack/data/lahella`)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

Locale = Literal["fi", "sv", "en"]


class Sheet(BaseModel):
    """One authored thing; a misspelt key is an error, not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class GroupSheet(Sheet):
    """An organisation; `business_id` is its Y-tunnus, null when it never gave one."""

    key: str
    id: str
    name: str
    business_id: str | None


class TextSheet(Sheet):
    """Words in one language. Plain text becomes a paragraph; what begins with `<` is HTML already."""

    name: str
    summary: str | None = None
    description: str | None = None
    pricing: str | None = None
    registration: str | None = None
    place: str | None = None


class ContactSheet(Sheet):
    type: Literal["email", "phone", "www"]
    value: str
    note: str | None = None


class PlaceSheet(Sheet):
    """`at` is longitude, latitude in WGS 84 degrees."""

    street: str
    postal_code: str
    city: str
    at: tuple[float, float]
    accessibility: list[str] = ["ac_unknow"]


class ScheduleSheet(Sheet):
    """When it happens; exactly one of `once`, `weekly`, `monthly`, `daily`.

    `once`: days from today and a clock time, `21 12:00`, so that the event always lies ahead. `weekly` and `monthly`:
    weekdays to times, `tue: 18:00-19:30`. `daily`: without interruption from `start` to `end`.
    """

    once: str | None = None
    weekly: dict[str, str] = {}
    monthly: dict[str, str] = {}
    daily: bool = False
    every: Literal["P1W", "P2W"] = "P1W"
    start: date = date(2024, 1, 8)
    end: date = date(2036, 12, 31)
    exclude: list[date] = []


class ActivitySheet(Sheet):
    key: str
    group: str
    type: Literal["hobby", "support", "voluntary"]
    status: Literal["published", "draft"] | None = "published"
    texts: dict[Locale, TextSheet]
    themes: list[str]
    format: str
    languages: list[str] = ["fi-FI"]
    ages: list[str] = ["18-29", "30-64", "65-99"]
    regions: list[str]
    price: Literal["free", "paid"] = "free"
    contacts: list[ContactSheet] = []
    channel: Literal["place", "online", "phone", "hybrid"] = "place"
    where: PlaceSheet | None = None
    schedule: list[ScheduleSheet] = []
    sign_up: str | None = None
