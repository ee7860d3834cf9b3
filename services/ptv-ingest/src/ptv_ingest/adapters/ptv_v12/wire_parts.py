"""The parts that PTV v12's objects are made of, read tolerantly.

Null and "" mean absent everywhere; unknown fields and codes pass; a part of a list that cannot be read is left out
and counted in the validation context, never the whole object with it. Source: DVV's OpenAPI document v12 0.1.0.

Fields marked as ours are not in that document: they hold what only the translation from v11 knows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic.alias_generators import to_camel

T = TypeVar("T")
UNREADABLE_PART = "unreadable-part"
_TAG = re.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def _or_dropped(value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
    try:
        return handler(value)
    except ValidationError:
        if isinstance(info.context, Counter):
            info.context[UNREADABLE_PART] += 1
        return None


def _present(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if value is not None]


def _as_list(value: Any) -> Any:
    return [one for one in value if one is not None and one != ""] if isinstance(value, list) else value


class Wire(BaseModel):
    """Base: camelCase names, unknown fields ignored."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="ignore", hide_input_in_errors=True
    )

    @model_validator(mode="before")
    @classmethod
    def _without_absent(cls, value: Any) -> Any:
        return _without_absent_values(value)

    @model_validator(mode="after")
    def _without_dropped(self) -> Wire:
        for name, value in self.__dict__.items():
            if isinstance(value, tuple) and None in value:
                self.__dict__[name] = tuple(_present(value))
        return self


Many = Annotated[tuple[Annotated[T, WrapValidator(_or_dropped)], ...], BeforeValidator(_as_list)]
"""A list whose unreadable members are dropped."""

Maybe = Annotated[T | None, WrapValidator(_or_dropped)]
"""A part that is absent when it cannot be read."""


def _without_absent_values(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: part for key, part in value.items() if part is not None and part != ""}
    return value


def _by_language(value: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
    known = {key: part for key, part in value.items() if _TAG.fullmatch(key)}
    if isinstance(info.context, Counter):
        info.context[UNREADABLE_PART] += len(value) - len(known)
    return known


def _readable(value: dict[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in value.items() if part is not None}


Named = Annotated[
    dict[str, Annotated[T, WrapValidator(_or_dropped)]],
    BeforeValidator(_without_absent_values),
    AfterValidator(_readable),
]
"""Parts by name; those that cannot be read are dropped."""

Languages = Annotated[Named[T], AfterValidator(_by_language)]
"""Parts by language tag; under any other key they are dropped."""


def _digits_as_text(value: Any) -> Any:
    """A code that somebody sent as a number: 61 and 61.0 are the code "61"."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int) else value


Digits = Annotated[str, BeforeValidator(_digits_as_text)]

Texts = Languages[str]
NO_TEXTS: Texts = {}


class Area(Wire):
    area_type: str = ""
    municipalities: Many[Digits] = ()
    regions: Many[Digits] = ()
    wellbeing_services_counties: Many[Digits] = ()


class Phone(Wire):
    type: str = "DomesticPhone"
    dial_code: Digits | None = None
    number: Digits
    charge_type: str = ""
    charge_description: str | None = None
    additional_information: str | None = None


class Email(Wire):
    email: str
    additional_information: str | None = None


class Link(Wire):
    name: str | None = None
    url: str | None = None
    additional_information: str | None = None


class Coordinate(Wire):
    system: str = ""
    source: str = ""
    easting: float | None = None
    northing: float | None = None


class Address(Wire):
    """Street, box, foreign, other and delivery addresses in one: which fields are there tells them apart.

    Ours: `municipality`, `post_office` and `accessibility_sentences` (one a line).
    """

    street_name: Texts = NO_TEXTS
    address_detail: Digits | None = None
    postal_code: Digits | None = None
    post_office: Texts = NO_TEXTS
    municipality: Maybe[Digits] = None
    accessibility_sentences: Texts = NO_TEXTS
    post_office_box: Texts = NO_TEXTS
    address: Texts = NO_TEXTS
    country_code: str | None = None
    coordinates: Many[Coordinate] = ()
    additional_information: Texts = NO_TEXTS
    accessibility_register_service_point_id: str | None = None
    delivery_information: Texts = NO_TEXTS
    recipient: Texts = NO_TEXTS


class Addresses(Wire):
    """Ours: `unknown_kinds` is how many more there are, of kinds that nobody knows."""

    unknown_kinds: int = 0
    street_addresses: Many[Address] = ()
    post_office_box_addresses: Many[Address] = ()
    other_addresses: Many[Address] = ()
    foreign_addresses: Many[Address] = ()


class HourInterval(Wire):
    start: str
    end: str
    opening_status: str = "Open"
    repetition: str = "Weekly"
    additional_information: Texts = NO_TEXTS


class DayHours(Wire):
    hours: Many[HourInterval] = ()


class Hour(Wire):
    type: str
    heading: Texts = NO_TEXTS
    additional_information: Texts = NO_TEXTS
    weekly_hours: Named[DayHours] = Field(default_factory=dict)
    from_date: date | None = None
    to_date: date | None = None
    opening_status: str = "Open"
    from_day: str | None = None
    to_day: str | None = None
    from_time: str | None = None
    to_time: str | None = None


class HolidayRepetition(Wire):
    type: str = "RepetitionEveryYear"
    years: Many[int] = ()


class Holiday(Wire):
    holiday_name: str
    hours: Many[HourInterval] = ()


class HolidayHours(Wire):
    repetition: HolidayRepetition = HolidayRepetition()
    holidays: Many[Holiday] = ()


class ServiceHours(Wire):
    hours: Many[Hour] = ()
    holiday_service_hours: Maybe[HolidayHours] = None


class FormFile(Link):
    type: str | None = None


class Voucher(Wire):
    voucher_type: str = "NotUsed"
    additional_information: str | None = None
    urls: Many[Link] = ()
