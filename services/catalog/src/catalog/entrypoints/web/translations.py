"""The pages' words: gettext catalogues, one per language, read when the process starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from catalog.entrypoints.web.labels import LABELS

LOCALE = Path(__file__).with_name("locale")
LANGUAGES: Mapping[str, str] = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
"""Languages of the pages, each by its own name."""

CLOCK: Mapping[str, str] = {"fi": "H.mm", "sv": "H.mm", "en": "H:mm"}
"""How times of day are written in each, as a pattern of CLDR."""


def preferred(accepted: str) -> str:
    """The language of the pages that a visitor likes best, by Accept-Language; Finnish where there is none."""
    wishes = [_wish(part) for part in accepted.split(",")]
    liked = [(quality, tag) for tag, quality in wishes if tag in LANGUAGES and quality > 0]
    return max(liked, key=lambda one: one[0], default=(1.0, "fi"))[1]


def _wish(part: str) -> tuple[str, float]:
    """Language and quality; one that can't be read counts as none."""
    tag, _, parameter = part.partition(";")
    name, _, written = parameter.partition("=")
    try:
        quality = float(written) if name.strip() == "q" else 1.0
    except ValueError:
        quality = 0.0
    return tag.strip()[:2].lower(), quality


@dataclass(frozen=True, slots=True)
class Wording:
    """Words of one language; the English text is the key of each."""

    language: str
    translations: Translations

    def text(self, english: str) -> str:
        return self.translations.gettext(english)

    def label(self, group: str, code: str) -> str:
        """What a code is called; a code that is new at its source is shown as it is."""
        found = LABELS[group].get(code)
        return self.text(found) if found else code

    def labels(self, group: str) -> dict[str, str]:
        """Code → what it is called, in the order of the group."""
        return {code: self.text(english) for code, english in LABELS[group].items()}


def read_wording(language: str) -> Wording:
    """The words of a language, from its catalogue."""
    with (LOCALE / f"{language}.po").open("rb") as written:
        catalogue = read_po(written, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Wording(language, Translations(compiled))


WORDING: Mapping[str, Wording] = {language: read_wording(language) for language in LANGUAGES}
