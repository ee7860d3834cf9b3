"""What the templates show, worked out of entries: texts with their language, places, dates, contacts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time
from markdown_it import MarkdownIt
from markupsafe import Markup

from catalog.domain.areas import County, coverage
from catalog.domain.filing import COUNTY
from catalog.domain.hits import Highlight
from catalog.domain.themes import Filing
from catalog.domain.zones import FINLAND, zone_named
from catalog.entrypoints.web.translations import CLOCK, Wording
from catalog.entrypoints.wording import ReasonWords, reason_words
from event_schemas.channel import Channel, PlaceChannel
from event_schemas.contact import Link
from event_schemas.entry import EntryPublished
from event_schemas.session import Session
from event_schemas.text import LocalizedText, TextOrigin

_MOST_SESSIONS = 6
# Sources write Markdown; what looks like HTML in it is text and stays visible as such.
# Pictures would be fetched from elsewhere: the link to one is enough.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image")


@dataclass(frozen=True, slots=True)
class Said:
    """A text as it is read: `language` only where it differs from the page's, `machine` for machine translations."""

    text: str
    language: str | None
    machine: bool


def said(texts: LocalizedText, language: str) -> Said | None:
    """The text in the page's language, else in Finnish, Swedish, English, or whatever there is."""
    order = [tag for tag in (language, "fi", "sv", "en", *texts) if tag in texts]
    if not order:
        return None
    found = texts[order[0]]
    return Said(found.text, None if order[0] == language else order[0], found.origin == TextOrigin.MACHINE)


def as_html(text: str) -> Markup:
    """Markdown as HTML; its headings go below those of the page."""
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3"
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S704 - the renderer escapes


def places(entry: EntryPublished, county: County, wording: Wording) -> str:
    """Where the service is offered, in words."""
    cover = coverage(entry.areas, county)
    if cover.nationwide:
        return wording.text("Whole country")
    if cover.municipalities >= county.codes:
        return wording.text("All of Kanta-Häme")
    named = [place.name(wording.language) for place in county.municipalities if place.code in cover.municipalities]
    return ", ".join(named) or wording.text("Another area")


def updated(entry: EntryPublished, language: str) -> str | None:
    moment = entry.freshness.changed_at
    return format_date(moment.astimezone(FINLAND), "medium", locale=language) if moment else None


@dataclass(frozen=True, slots=True)
class Filed:
    """A theme of an entry with the reasons for it; `icon` is the main theme's code and `top` its number, from 1."""

    theme: str
    code: str
    icon: str
    top: int
    reasons: tuple[ReasonWords, ...]


def filed(entry: EntryPublished, filing: Filing, language: str) -> list[Filed]:
    tops = [theme.code for theme in filing.themes]
    return [
        Filed(
            filing.names[code][language],
            code,
            placement.theme,
            tops.index(placement.theme) + 1,
            tuple(reason_words(reason, language) for reason in placement.reasons),
        )
        for placement in entry.placements
        if placement.mapping == COUNTY and (code := placement.sub_theme or placement.theme) in filing.names
        if placement.theme in tops
    ]


def sources(entry: EntryPublished, wording: Wording) -> list[tuple[str, str | None]]:
    """Name and address of every source the entry is made of."""
    return [(wording.label("source", member.system), member.url) for member in entry.members]


def provider_links(entry: EntryPublished) -> list[Link]:
    """The provider's web addresses that no channel shows: sources may give one contact for both."""
    shown = {link.url for channel in entry.channels for link in channel.links}
    return [link for link in entry.provider.links if link.url not in shown]


def provider_unlinked(entry: EntryPublished) -> list[LocalizedText]:
    """As `provider_links`, for addresses that make no link."""
    shown = [written for channel in entry.channels for written in channel.unlinked]
    return [written for written in entry.provider.unlinked if written not in shown]


def coming(sessions: Sequence[Session], now: datetime, language: str) -> list[tuple[str, str, Session]]:
    """The next sessions: machine-readable moment, moment in words, session."""
    ahead = sorted((one for one in sessions if (one.end or one.start) >= now), key=lambda one: one.start)
    return [(one.start.isoformat(), _moment(one, language), one) for one in ahead[:_MOST_SESSIONS]]


def _moment(session: Session, language: str) -> str:
    zone = zone_named(session.zone)
    clock = CLOCK[language]
    begins = format_datetime(session.start.astimezone(zone), f"EEE d.M.yyyy {clock}", locale=language)
    return f"{begins}–{format_time(session.end.astimezone(zone), clock, locale=language)}" if session.end else begins


def moment(session: Session, language: str) -> str:
    """When a session is, in words."""
    return _moment(session, language)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an excerpt; `found` where it is what was searched for."""

    text: str
    found: bool


def excerpt(marked: Highlight) -> list[Part]:
    """The excerpt in stretches, in their order."""
    parts, end = [], 0
    for begins, ends in marked.spans:
        parts += [Part(marked.text[end:begins], False), Part(marked.text[begins:ends], True)]
        end = ends
    return [part for part in (*parts, Part(marked.text[end:], False)) if part.text]


@dataclass(frozen=True, slots=True)
class MapLinks:
    """Addresses of a point: for a map application, and of a map on the web."""

    geo: str
    web: str


def map_links(channel: Channel) -> MapLinks | None:
    """Where the channel's place can be seen; nothing is fetched before somebody follows them."""
    if not isinstance(channel, PlaceChannel) or channel.point is None:
        return None
    at = f"{channel.point.latitude:.5f},{channel.point.longitude:.5f}"
    latitude, _, longitude = at.partition(",")
    web = f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
    return MapLinks(f"geo:{at}", web)


def dial_link(number: str) -> str:
    """A number as phones dial it: sources write blanks, hyphens and words around it (RFC 3966)."""
    return f"tel:{''.join(sign for sign in number if sign in '+0123456789*#')}"


def mail_link(address: str) -> str:
    """An address as a link that holds nothing else: no copy to somebody, no text (RFC 6068)."""
    return f"mailto:{quote(address, safe='@')}"


def tongues(codes: Iterable[str], language: str) -> list[str]:
    """What languages are called; a code that nobody knows stays as it is."""
    return [_tongue(code, language) for code in codes]


def _tongue(code: str, language: str) -> str:
    try:
        return (Locale.parse(code, sep="-").get_display_name(language) or code).capitalize()
    except (UnknownLocaleError, ValueError):
        return code
