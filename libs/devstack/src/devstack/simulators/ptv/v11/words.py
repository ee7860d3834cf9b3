"""Small shapes that all of v11 is made of: localised items, names, times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

Wire = dict[str, Any]
Texts = Mapping[str, Mapping[str, Any]]
"""The `languageVersions` of a v12 object."""

CHARGES = {"Free": "FreeOfCharge", "Charged": "Chargeable", "ExtraCharge": "Other", "Other": "Other"}
SERVICE_TYPES = {"PermitOrOtherObligation": "PermitOrObligation"}


def items(text: Mapping[str, str | None] | None) -> list[Wire]:
    """A v12 text object as v11 writes it."""
    return [{"value": value, "language": language} for language, value in (text or {}).items()]


def typed(texts: Texts, fields: Mapping[str, str]) -> list[Wire]:
    """One row per language and field, the field's v11 type beside it; what is not written is a null value."""
    return [
        {"language": language, "value": text[name], "type": kind}
        for language, text in texts.items()
        for name, kind in fields.items()
        if name in text
    ]


def names(texts: Texts) -> list[Wire]:
    """Names, and the alternative ones where there are any."""
    rows = typed(texts, {"alternativeName": "AlternativeName", "name": "Name"})
    return [row for row in rows if row["type"] == "Name" or row["value"]]


def display_names(texts: Texts) -> list[Wire]:
    return [
        {"type": "AlternativeName" if text["isAlternativeNamePrimary"] else "Name", "language": language}
        for language, text in texts.items()
    ]


def plain_name(texts: Texts) -> str | None:
    """The one name that references and id lists show: Finnish, or else the first there is."""
    text = texts.get("fi") or next(iter(texts.values()), None)
    return None if text is None else str(text["name"])


def listed(texts: Texts, field: str) -> Iterable[tuple[str, Any]]:
    """Every member of a list in each language, with the language."""
    return ((language, member) for language, text in texts.items() for member in text[field])


def naive(moment: datetime) -> str:
    """UTC without a zone, as v11 writes its times."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def modified_at(published_at: datetime | None, identity: str) -> datetime:
    """When v11 says an object was changed: to the microsecond, where v12 gives less."""
    return (published_at or datetime(2020, 1, 1, tzinfo=UTC)) + timedelta(microseconds=crc32(identity.encode()) % 1000)
