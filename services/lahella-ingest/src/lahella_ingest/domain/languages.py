"""Language codes of Lähellä.fi, and texts by language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from event_schemas.text import LocalizedText, Text

_SIGN_LANGUAGE = {"fisl": "fse"}


def language_tag(code: str) -> str:
    """`fi-FI` → `fi`; Finnish Sign Language is `fse` in ISO 639-3."""
    return _SIGN_LANGUAGE.get(code, code.partition("-")[0].lower())


def language_tags(codes: Iterable[str]) -> tuple[str, ...]:
    """The languages of several codes, each once, in one order."""
    return tuple(sorted({language_tag(code) for code in codes}))


def localized(texts: Mapping[str, str]) -> LocalizedText:
    """Texts by language tag, in one order; what is empty is left out."""
    return {language_tag(code): Text(text=text) for code, text in sorted(texts.items()) if text}
