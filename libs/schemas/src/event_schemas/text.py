"""Texts in several languages, each with its origin."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from event_schemas.base import Value, extensible
from event_schemas.ids import LanguageTag


class TextOrigin(StrEnum):
    """Where a text comes from; readers show machine translations as such."""

    SOURCE = "source"
    GENERAL_DESCRIPTION = "general-description"
    CHANNEL = "channel"
    CURATED = "curated"
    MACHINE = "machine"


AnyTextOrigin = Annotated[TextOrigin | str, Field(union_mode="left_to_right"), extensible(TextOrigin)]


class Text(Value):
    """One text in one language."""

    text: Annotated[str, Field(min_length=1)]
    origin: AnyTextOrigin = TextOrigin.SOURCE


LocalizedText = dict[LanguageTag, Text]
"""Text by language tag. Languages are open (fi sv en se smn sms …); a missing translation is a missing key."""


def text_in(texts: LocalizedText, *languages: str) -> str | None:
    """The text in the first of the languages that has one, else in any language, else None."""
    found = next((texts[language] for language in languages if language in texts), None)
    found = found or next(iter(texts.values()), None)
    return found.text if found else None
