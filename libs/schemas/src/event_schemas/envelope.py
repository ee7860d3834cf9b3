"""The CloudEvents context attributes of one record."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_MOST_CHARACTERS = 256
"""Of each attribute: consumers keep id and source in an index, and nobody's id is longer."""

_NOT_PRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Envelope:
    """CloudEvents 1.0 attributes plus our extension `version`.

    `version` grows with every record of one key of a state topic, tombstones included: max(last + 1, now in µs).
    It lives only here, never in the body. Raises ValueError for attributes the specification forbids.
    """

    id: str
    source: str
    type: str
    time: datetime
    subject: str | None
    dataschema: str | None
    datacontenttype: str = "application/json"
    version: int | None = None
    traceparent: str | None = None

    def __post_init__(self) -> None:
        for name in ("id", "source", "type", "subject", "dataschema", "datacontenttype", "traceparent"):
            _check_text(name, getattr(self, name))
        if self.time.tzinfo is None:
            raise ValueError("time has no offset")
        object.__setattr__(self, "time", in_utc(self.time))
        if self.version is not None and not 0 <= self.version < 2**63:
            raise ValueError("version is out of range")


def _check_text(name: str, text: str | None) -> None:
    if text == "":
        raise ValueError(f"{name} is empty")
    if text is not None and len(text) > _MOST_CHARACTERS:
        raise ValueError(f"{name} has more than {_MOST_CHARACTERS} characters")
    # CloudEvents 1.0, "Type System": a String holds no control characters, surrogates or non-characters.
    if text is not None and _NOT_PRINTABLE.search(text):
        raise ValueError(f"{name} holds characters that CloudEvents forbids")


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; ValueError where that falls outside the years 1 to 9999."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("time is out of range") from error
