"""The pages' words: each text is in the catalogue of every language, and no catalogue holds what no page says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from catalog.entrypoints.web.translations import LANGUAGES, LOCALE, read_wording

WEB = LOCALE.parent
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "text": None, "mark": None}


def texts_of_the_pages() -> Iterator[str]:
    for _file, _line, text, _comments, _context in extract_from_dir(WEB, _METHODS, keywords=_KEYWORDS):
        yield text if isinstance(text, str) else text[0]


def catalogue(language: str) -> Catalog:
    with (LOCALE / f"{language}.po").open("rb") as written:
        return read_po(written, locale=language)


def texts_in(found: Catalog) -> set[str]:
    return {message.id if isinstance(message.id, str) else message.id[0] for message in found if message.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_has_what_the_pages_say_and_nothing_else(language: str) -> None:
    assert texts_in(catalogue(language)) == set(texts_of_the_pages())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_in_each_plural(language: str) -> None:
    for message in catalogue(language):
        parts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(parts), message.id
        assert not message.fuzzy or not message.id, message.id


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fi", ["0 palvelua", "1 palvelu", "2 palvelua"]),
        ("sv", ["0 tjänster", "1 tjänst", "2 tjänster"]),
        ("en", ["0 services", "1 service", "2 services"]),
    ],
)
def test_counts_have_their_plural(language: str, said: list[str]) -> None:
    translations = read_wording(language).translations
    told = [
        translations.ngettext("%(num)s service", "%(num)s services", number) % {"num": number} for number in range(3)
    ]
    assert told == said


def test_only_catalogues_lie_among_the_catalogues() -> None:
    assert sorted(path.name for path in Path(LOCALE).iterdir()) == sorted(f"{language}.po" for language in LANGUAGES)
