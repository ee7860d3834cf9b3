"""Kinds of values on Lähellä's wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, model_validator

HELSINKI = ZoneInfo("Europe/Helsinki")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def from_milliseconds(value: object) -> object:
    """A moment from milliseconds since 1970; anything else is left for pydantic to judge."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    try:
        return _EPOCH + timedelta(milliseconds=value)
    except (OverflowError, ValueError) as exc:
        raise ValueError("time is out of range") from exc


def _within_reach(moment: datetime) -> datetime:
    """Some write the year 1 or 9999 for "always": such a time must survive a change of zone."""
    return min(max(moment, _EARLIEST), _LATEST)


def _zone(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise ValueError("no such time zone") from exc


Moment = Annotated[AwareDatetime, BeforeValidator(from_milliseconds), AfterValidator(_within_reach)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Codes = Annotated[tuple[str, ...], BeforeValidator(lambda value: sorted(set(value)) if _texts(value) else value)]
"""A set of codes, sorted so that their order on the wire does not matter."""


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


class Wire(BaseModel):
    """A part of an answer: unknown fields are ignored, null is the same as absent."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: Any) -> Any:
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data
