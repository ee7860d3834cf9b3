"""Single occasions on which something takes place."""

from typing import Annotated

from pydantic import Field

from event_schemas.base import TimeZone, UtcTime, Value, WebAddress
from event_schemas.ids import AnyChannelId
from event_schemas.place import Place
from event_schemas.text import LocalizedText


class Session(Value):
    """From `start` to `end` (where the source gives one) in UTC; `zone` is where its clock time is read."""

    start: UtcTime
    end: UtcTime | None = None
    zone: TimeZone = "Europe/Helsinki"
    place: Place | None = None
    online: bool = False
    channel_id: AnyChannelId | None = None
    note: LocalizedText = Field(default_factory=dict)
    cancelled: bool = False


class Enrolment(Value):
    """How to sign up: always elsewhere, by a link or a contact, never here."""

    required: bool = False
    url: WebAddress | None = None
    email: Annotated[str, Field(pattern="^[^@\\s]+@[^@\\s]+$")] | None = None
    instructions: LocalizedText = Field(default_factory=dict)
