"""The rule that a message reveals nothing: no service, no unit, no word of health or social care.

Source: Data Protection Ombudsman 20.4.2009 dnro 423/49/2009 and 1.7.2010: that somebody is a client or patient is
itself confidential, also when the person has agreed to unprotected mail.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from notify.domain.sms_text import is_gsm7, parts
from notify.domain.templates import LINK, Template

LANGUAGES = ("fi", "sv", "en")
LONGEST_LINK = "https://" + "x" * 72
"""A link of 80 signs, for counting parts: longer ones are not made."""

_MOST_PARTS = 1
_LEAST_STEM_IN_LINK = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach of the rule; `place` is a template's version and language."""

    place: str
    what: str


def template_findings(template: Template, stems: Sequence[str]) -> list[Finding]:
    """All breaches of one template; empty when it may be sent."""
    place = f"{template.name} {template.version}"
    found = [Finding(place, f"lacks {language}") for language in LANGUAGES if language not in template.texts]
    if not template.is_approved:
        found.append(Finding(place, f"is not approved: its texts have the digest {template.digest}"))
    for language, text in sorted(template.texts.items()):
        found += [Finding(f"{place} {language}", what) for what in _text_findings(text, stems)]
    return found


def _text_findings(text: str, stems: Sequence[str]) -> list[str]:
    found = [f"says '{stem}'" for stem in stems if stem.casefold() in text.casefold()]
    if _fields(text) != ["link"]:
        found.append("needs the placeholder {link} once and no other")
    longest = text.replace(LINK, LONGEST_LINK)
    if not is_gsm7(longest):
        found.append("has signs outside GSM-7")
    if parts(longest) > _MOST_PARTS:
        found.append(f"takes {parts(longest)} parts with a link of {len(LONGEST_LINK)} signs")
    return found


def _fields(text: str) -> list[str]:
    """Names of the placeholders; anything unusual in one (format, conversion, stray brace) is a field of no use."""
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError:
        return ["(unreadable)"]
    return [
        name if not (spec or conversion) else "(formatted)" for _, name, spec, conversion in parsed if name is not None
    ]


def link_reveals(link: str, stems: Sequence[str]) -> bool:
    """Whether a word of the link begins with a forbidden stem. Short stems would turn up in random tokens."""
    words = re.split(r"[^a-z]+", _plain(link))
    long_stems = tuple(_plain(stem) for stem in stems if len(stem) >= _LEAST_STEM_IN_LINK)
    return any(word.startswith(long_stems) for word in words)


def _plain(text: str) -> str:
    """Lower case without accents: addresses write ä as a."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
