"""An entry as the search index takes it: terms by field, and what it can be filtered by."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain

import orjson

from catalog.domain.areas import County, Coverage, coverage
from catalog.domain.cards import Card, card_of
from catalog.domain.concepts import ConceptNames
from catalog.domain.suggesting import called_keys, said_keys
from catalog.domain.themes import Filing
from catalog.domain.words.analysis import LANGUAGES, Analyser, telling
from catalog.domain.words.tokens import as_one, words
from event_schemas.channel import PlaceChannel
from event_schemas.entry import EntryPublished
from event_schemas.hours import OpeningHours
from event_schemas.listing import AgeRange
from event_schemas.price import Charge
from event_schemas.text import text_in

TERM_FIELDS = ("name", "label", "body")
"""Fields with terms of whole words, most telling first.

Beside them `part` has terms inside compounds, `form` written words tagged as terms are, `fold` base and written words
without diacritics, `title` whole names.
"""

EVERYWHERE = "*"
"""In place of municipalities: all of the county."""

_OLDEST = 130


@dataclass(frozen=True, slots=True)
class Document:
    """`terms` maps each text field to its tokens, `values` each facet to the codes it is filtered by.

    `ages` are those it is for, where it names any. `hours` are the opening hours of each channel by a key that equal
    ones share; `called` and `said` are keys of names and words to suggest.
    """

    entry_id: str
    card: Card
    terms: Mapping[str, list[str]]
    values: Mapping[str, Sequence[str]]
    sort_key: str
    ages: Sequence[int] = ()
    called: Sequence[str] = ()
    said: Sequence[str] = ()
    hours: Mapping[str, tuple[OpeningHours, ...]] = field(default_factory=dict)


def document(
    entry: EntryPublished, *, names: ConceptNames, filing: Filing, county: County, analyser: Analyser
) -> Document:
    """What the index needs of an entry; labels of its classes, terms and themes count in all three languages."""
    cover = coverage(entry.areas, county)
    card = card_of(entry, cover)
    return Document(
        entry_id=entry.entry_id,
        card=card,
        terms=terms_by_field(card, names=names, filing=filing, analyser=analyser),
        values={**_values(entry, card), "municipality": _municipalities(cover, county)},
        sort_key=collation_key(text_in(entry.name, *LANGUAGES) or ""),
        ages=_ages(entry.ages),
        called=sorted(called_keys(entry, analyser)),
        said=sorted(said_keys(entry, card.labels(names, filing))),
        hours={_hours_key(channel.hours): channel.hours for channel in entry.channels if channel.hours},
    )


def _municipalities(cover: Coverage, county: County) -> Sequence[str]:
    here = cover.municipalities & county.codes
    return [EVERYWHERE] if cover.nationwide or here == county.codes else sorted(here)


def _values(entry: EntryPublished, card: Card) -> dict[str, Sequence[str]]:
    return {
        "theme": card.themes,
        "audience": [str(one) for one in entry.audience],
        "language": entry.languages,
        "accessibility": sorted(_features(entry)),
        "price": _prices(entry),
        "channel": sorted({channel.kind for channel in entry.channels}),
        "kind": [str(entry.kind)],
        "provider_type": sorted({str(one) for one in entry.provider_types}),
    }


def _features(entry: EntryPublished) -> set[str]:
    places = (channel.accessibility for channel in entry.channels if isinstance(channel, PlaceChannel))
    return {feature for given in (entry.accessibility, *places) if given for feature in given.features}


def _prices(entry: EntryPublished) -> Sequence[str]:
    """Free or paid; a charge of another kind is neither."""
    names = {Charge.FREE: "free", Charge.CHARGED: "paid"}
    return [name for charge, name in names.items() if entry.price and entry.price.charge == charge]


def _ages(ranges: Iterable[AgeRange]) -> list[int]:
    spans = (range(one.lowest or 0, (_OLDEST if one.highest is None else one.highest) + 1) for one in ranges)
    return sorted(set(chain.from_iterable(spans)))


def _hours_key(hours: Iterable[OpeningHours]) -> str:
    """Of what decides when it is open: notes may differ, and the order."""
    told = sorted(_told(one) for one in hours)
    return blake2b(b"".join(told), digest_size=9).hexdigest()


def _told(hours: OpeningHours) -> bytes:
    said = hours.model_dump(mode="json", exclude={"heading": True, "note": True, "intervals": {"__all__": {"note"}}})
    said["intervals"] = sorted(said.get("intervals", ()), key=orjson.dumps)
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)


def terms_by_field(card: Card, *, names: ConceptNames, filing: Filing, analyser: Analyser) -> dict[str, list[str]]:
    """Tokens per index field."""
    found: dict[str, list[str]] = {name: [] for name in (*TERM_FIELDS, "part", "form", "fold", "title")}
    for where, language, text in card.texts(names, filing):
        given = words(text)
        for word in given:
            tokens = analyser.tokens(word, language)
            found[where] += tokens.whole
            found["part"] += tokens.inner
            found["form"] += tokens.form
            found["fold"] += tokens.fold
        if where == "name":
            found["title"].append(as_one(telling(given)))
    return found


def collation_key(name: str) -> str:
    """Sorts å, ä, ö after z, as Finnish and Swedish do; other diacritics don't count."""
    placed = unicodedata.normalize("NFC", name).casefold().replace("å", "{").replace("ä", "|").replace("ö", "}")
    marked = unicodedata.normalize("NFD", placed)
    return "".join(sign for sign in marked if not unicodedata.combining(sign))[:80]
