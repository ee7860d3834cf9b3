"""An activity as Lähellä.fi gives it, with its texts already plain.

No official description of the interface exists: the shape follows what the third-party client jkseppan/lahella-cli
(MIT) shows. Fields not listed here are not read.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, time
from hashlib import sha256
from typing import Annotated, Any, Literal

import orjson
from pydantic import BeforeValidator, Field, ValidationError

from chassis.core.errors import PermanentError
from lahella_ingest.domain.plain_text import OneLine, PlainText
from lahella_ingest.domain.wire import HELSINKI, Codes, Moment, Wire, Zone


class Texts(Wire):
    """What an activity says in one language. `registration` may stand here or at the channel."""

    name: OneLine = ""
    summary: PlainText = ""
    description: PlainText = ""
    pricing: PlainText = ""
    registration: PlainText = ""


class Note(Wire):
    description: OneLine = ""


class Contact(Wire):
    type: str
    value: OneLine = ""
    translations: dict[str, Note] = Field(default_factory=dict)


def _country(value: object) -> object:
    """A code of two letters; people also write the country's name, and here that means home."""
    return value.upper() if isinstance(value, str) and re.fullmatch("[A-Za-z]{2}", value) else "FI"


class Address(Wire):
    street: OneLine = ""
    postal_code: OneLine = Field(default="", alias="postalCode")
    city: OneLine = ""
    country: Annotated[str, BeforeValidator(_country)] = "FI"


class ChannelTexts(Wire):
    summary: PlainText = ""
    registration: PlainText = ""
    address: Address | None = None


def _position(value: object) -> object:
    """Empty or half-written coordinates are no position; a third number is the height."""
    numbers = [each for each in value if isinstance(each, int | float)] if isinstance(value, list) else []
    return tuple(numbers[:2]) if len(numbers) >= 2 else None


class Centre(Wire):
    """GeoJSON: longitude first. The server adds it by itself from the address."""

    coordinates: Annotated[tuple[float, float] | None, BeforeValidator(_position)] = None


class Map(Wire):
    center: Centre = Centre()


class DayTime(Wire):
    """A weekday (1 is Monday) with wall-clock times; an end of 24:00 is midnight."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    start: Annotated[time, Field(alias="startTime")]
    end: Annotated[time | None, Field(alias="endTime"), BeforeValidator(lambda t: "00:00" if t == "24:00" else t)] = (
        None
    )


class Recurrence(Wire):
    period: Annotated[str, Field(pattern="^P(1D|[1-9]W|1M)$")] = "P1W"
    end: Moment | None = None
    exclude: tuple[Moment, ...] = ()
    day_times: tuple[DayTime, ...] = Field(default=(), alias="daySpecificTimes")


class Event(Wire):
    """Type 1: once; 2: on given days; 3: a range without a break; 4: weekly with times of the day."""

    type: Annotated[Literal["1", "2", "3", "4"], BeforeValidator(str)]
    start: Moment
    zone: Zone = Field(default=HELSINKI, alias="timeZone")
    recurrence: Recurrence | None = None


class ActivityChannel(Wire):
    id: str = ""
    type: Codes = ()
    accessibility: Codes = ()
    map: Map = Map()
    translations: dict[str, ChannelTexts] = Field(default_factory=dict)
    events: tuple[Event, ...] = ()
    registration_required: bool = Field(default=False, alias="registrationRequired")
    registration_url: OneLine = Field(default="", alias="registrationUrl")
    registration_email: OneLine = Field(default="", alias="registrationEmail")


class Traits(Wire):
    """`region` is None when the answer has none: that is not the same as [], the whole country."""

    type: str = ""
    translations: dict[str, Texts] = Field(default_factory=dict)
    theme: Codes = ()
    format: Codes = ()
    locale: Codes = ()
    demographic: Codes = ()
    region: Codes | None = None
    pricing: Codes = ()
    contacts: tuple[Contact, ...] = ()
    channels: tuple[ActivityChannel, ...] = ()


class Visibility(Wire):
    start: Moment | None = None
    end: Moment | None = None


class Tags(Wire):
    visibility: Visibility = Visibility()


_KEY = "^[A-Za-z0-9._-]{1,80}$"


class Activity(Wire):
    key: Annotated[str, Field(alias="_key", pattern=_KEY)]
    status: str | None = None
    tags: Tags = Tags()
    traits: Traits = Traits()

    @property
    def visible_from(self) -> datetime | None:
        return self.tags.visibility.start

    @property
    def visible_until(self) -> datetime | None:
        return self.tags.visibility.end


def key_of(raw: object) -> str | None:
    """The key of an item that may be malformed otherwise; None when it has none that can be part of a listing's id."""
    key = raw.get("_key") if isinstance(raw, dict) else None
    return key if isinstance(key, str) and re.fullmatch(_KEY, key) else None


def body_id(raw: object) -> str:
    """A name for an item without a usable key, made of its body."""
    body = json.dumps(raw, sort_keys=True, ensure_ascii=True)
    return f"row-{sha256(body.encode()).hexdigest()[:32]}"


def read_activity(raw: object) -> Activity:
    """Raises PermanentError `malformed`, naming the field at fault but not its content."""
    try:
        return Activity.model_validate(raw)
    except ValidationError as exc:
        place = ".".join(str(part) for part in exc.errors(include_input=False)[0]["loc"][:2])
        raise PermanentError("malformed", f"{place or 'item'} is not as expected") from None


def content_hash(activity: Activity) -> bytes:
    """Hash of what the organisation wrote, so that two readings of the same content compare equal.

    Left out are values that the server writes by itself: coordinates count only by being there or not, and locks are
    never read. Texts are compared as plain text, sets of codes sorted.
    """
    content = activity.model_dump(mode="python")
    for channel in content["traits"]["channels"]:
        channel["map"] = channel["map"]["center"]["coordinates"] is not None
    return sha256(orjson.dumps(content, default=_as_text, option=orjson.OPT_SORT_KEYS)).digest()


def _as_text(value: Any) -> str:
    return str(value)
