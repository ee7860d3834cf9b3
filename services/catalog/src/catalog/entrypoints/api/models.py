"""Bodies of the API's answers. A field that is not known is left out; readers pass over fields they don't know."""

from __future__ import annotations

from typing import Any

import orjson
from pydantic import BaseModel, Field

from catalog.app.search import Hit as FoundHit
from catalog.app.search import Match, Page, Scope, Suggestion
from catalog.domain.entries import Content
from catalog.entrypoints.wording import reason_text
from event_schemas.entry import EntryPublished, Placement, PlacementReason
from event_schemas.session import Session

LANGUAGES = ("fi", "sv", "en")


class Reason(PlacementReason):
    """Why an entry is filed there; `text` says it as a sentence's part, by language."""

    text: dict[str, str]


class Placed(Placement):
    """A theme or sub-theme of a mapping, with reasons that a person can read."""

    reasons: tuple[Reason, ...] = ()


class Entry(EntryPublished):
    """A service: merged from its `members`; `provenance` names for each field the listings it was taken from."""

    placements: tuple[Placed, ...] = ()


class WordFound(BaseModel):
    """A word of the question: `where` is name, label or body; `how` is word, part, synonym, form or similar."""

    word: str
    where: str
    how: str


class Excerpt(BaseModel):
    """A text of the entry; `spans` are [start, end) of the words found in it, in Unicode code points.

    `where` is name, label or body.
    """

    where: str
    text: str
    spans: list[tuple[int, int]]
    language: str


class Hit(BaseModel):
    """Why the entry answers, and what holds at the moment of asking.

    `open_now` is absent where no hours are told; `other_language` is the language in which the words were found where
    the entry has none of them in the one asked for; `fuzzy` hits owe a word to a likely slip.
    """

    scope: Scope | None = None
    reasons: list[WordFound]
    excerpt: Excerpt | None = None
    other_language: str | None = None
    fuzzy: bool = False
    open_now: bool | None = None
    next_session: Session | None = None


class EntryFound(Entry):
    """An entry as the answer to a question."""

    hit: Hit


class NearestAnswers(BaseModel):
    """Where there are no hits: how many each filter left out, or a theme or municipality alone, would give."""

    without: dict[str, int]
    themes: dict[str, int]
    municipalities: dict[str, int]


class SearchAnswer(BaseModel):
    """One page. `total` and `facets` (filter → value → entries) are of all pages.

    `match` tells whether all words were found; `municipality` is the place understood; `question_cut` says that the
    question was too long; `did_you_mean` is the question with likely slips mended.
    """

    total: int
    match: Match
    municipality: str | None = None
    question_cut: bool
    did_you_mean: str | None = None
    next_cursor: str | None = Field(description="for the next page; null on the last one")
    facets: dict[str, dict[str, int]]
    nearest: NearestAnswers | None = None
    entries: list[EntryFound]


class SubTheme(BaseModel):
    """A code to filter by, and its names by language."""

    code: str
    names: dict[str, str]


class Theme(SubTheme):
    """A theme with its sub-themes, in the county's order."""

    sub_themes: list[SubTheme]


class Mapping(SubTheme):
    """Another list of themes over the same entries; its code stands as `mapping` in their placements."""

    themes: list[SubTheme]


class Themes(BaseModel):
    """The county's own themes, which search filters by, and other lists."""

    themes: list[Theme]
    mappings: list[Mapping]


class Schedules(BaseModel):
    """Schedules of HSDS 3.1; docs/hsds.md says what its fields cannot hold."""

    schedules: list[dict[str, Any]]


class Suggested(BaseModel):
    """Something a person may be typing; `entry_id` or `theme` is where it leads."""

    text: str
    kind: str = Field(description="entry, theme, word or place", examples=["word"])
    entry_id: str | None = None
    theme: str | None = None


class Suggestions(BaseModel):
    """The likeliest first."""

    suggestions: list[Suggested]


class ProblemBody(BaseModel):
    """An error (RFC 9457). `type` ends with a stable code; `errors` tell where the request does not fit."""

    type: str = Field(examples=["urn:hytevirta:problem:no-such-entry"])
    title: str
    status: int
    detail: str | None = None
    errors: list[dict[str, str]] | None = None


def entry_json(entry: EntryPublished) -> bytes:
    """The body of an `Entry`: the event with each placement's reasons put into words."""
    body = orjson.loads(entry.to_json())
    for written, placement in zip(body["placements"], entry.placements, strict=True):
        for said, reason in zip(written["reasons"], placement.reasons, strict=True):
            said["text"] = {language: reason_text(reason, language) for language in LANGUAGES}
    return orjson.dumps(body)


def search_json(page: Page) -> bytes:
    """The body of a `SearchAnswer`. Entries are written as they are kept: reading them again is most of the time."""
    near = page.nearest
    body = {
        "total": page.total,
        "match": page.match,
        "municipality": page.municipality,
        "question_cut": page.cut,
        "did_you_mean": page.instead,
        "facets": page.facets,
        "nearest": None
        if page.total
        else {"without": near.without, "themes": near.themes, "municipalities": near.municipalities},
        "entries": [orjson.Fragment(_found(hit)) for hit in page.hits],
    }
    known = {name: value for name, value in body.items() if value is not None}
    return orjson.dumps({**known, "next_cursor": page.cursor})


def _found(hit: FoundHit) -> bytes:
    """The entry's object with `hit` as one more field."""
    return b"".join((hit.kept.body[:-1], b',"hit":', _hit(hit).model_dump_json(exclude_none=True).encode(), b"}"))


def themes_body(content: Content) -> Themes:
    return Themes(
        themes=[
            Theme(
                code=theme.code,
                names=dict(theme.names),
                sub_themes=[SubTheme(code=sub.code, names=dict(sub.names)) for sub in theme.sub_themes],
            )
            for theme in content.filing.themes
        ],
        mappings=[
            Mapping(
                code=mapping.code,
                names=dict(mapping.names),
                themes=[SubTheme(code=theme.code, names=dict(theme.names)) for theme in mapping.themes],
            )
            for mapping in content.mappings
        ],
    )


def suggestions_body(found: tuple[Suggestion, ...]) -> Suggestions:
    return Suggestions(
        suggestions=[Suggested(text=one.text, kind=one.kind, entry_id=one.entry_id, theme=one.theme) for one in found]
    )


def _hit(hit: FoundHit) -> Hit:
    found = hit.marked
    return Hit(
        scope=hit.scope,
        reasons=[WordFound(word=one.word, where=one.where, how=one.how) for one in hit.reasons],
        excerpt=Excerpt(where=found.where, text=found.text, spans=list(found.spans), language=found.language)
        if found
        else None,
        other_language=hit.other_language,
        fuzzy=hit.fuzzy,
        open_now=hit.open_now,
        next_session=hit.next_session,
    )
