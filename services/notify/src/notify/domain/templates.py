"""Approved texts. What is sent equals one of them byte for byte, but for the link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

LINK = "{link}"
FALLBACK_LANGUAGE = "fi"

_PLAIN_LINK = re.compile(r"https?://[!-~]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Template:
    """One version. It may be sent only while `approved_digest` is the digest of its texts."""

    name: str
    version: int
    texts: Mapping[str, str]
    approved_digest: str | None

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over languages and texts: what an approval is bound to."""
        lines = [f"{language}\0{text}\0" for language, text in sorted(self.texts.items())]
        return sha256("".join(lines).encode()).hexdigest()

    @property
    def is_approved(self) -> bool:
        return self.approved_digest == self.digest

    def text(self, language: str) -> str:
        """In the language asked for, else in its base language, else in Finnish."""
        for tag in (language, language.split("-", 1)[0], FALLBACK_LANGUAGE):
            if tag in self.texts:
                return self.texts[tag]
        raise KeyError(FALLBACK_LANGUAGE)

    def render(self, language: str, link: str) -> str:
        return self.text(language).replace(LINK, link)

    def has_rendered(self, message: str) -> bool:
        """Whether `message` is one of the approved texts with nothing but a plain link put in."""
        return self.is_approved and any(_is_rendering(message, text) for text in self.texts.values())


def _is_rendering(message: str, text: str) -> bool:
    before, _, after = text.partition(LINK)
    if not (message.startswith(before) and message.endswith(after)):
        return False
    return _PLAIN_LINK.fullmatch(message, len(before), len(message) - len(after)) is not None


class Templates:
    """All versions of all templates."""

    def __init__(self, templates: Iterable[Template]) -> None:
        self._by_place = {(template.name, template.version): template for template in templates}

    def __iter__(self) -> Iterator[Template]:
        return iter(self._by_place.values())

    def approved(self, name: str, version: int | None = None) -> Template | None:
        """The version asked for, or the newest, if it is approved; else None."""
        if version is not None:
            found = self._by_place.get((name, version))
            return found if found is not None and found.is_approved else None
        fit = [template for template in self._by_place.values() if template.name == name and template.is_approved]
        return max(fit, key=lambda template: template.version, default=None)
