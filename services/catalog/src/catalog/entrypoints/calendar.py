"""Sessions of an entry as an iCalendar object (RFC 5545), for people's own calendars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from icalendar import Calendar, Event

from catalog.domain.plain import plain
from event_schemas.entry import EntryPublished
from event_schemas.place import Place
from event_schemas.session import Session
from event_schemas.text import LocalizedText, text_in

MEDIA_TYPE = "text/calendar"
_PAST = timedelta(days=31)
_ORDER = ("fi", "sv", "en")
_ONLINE = {"fi": "Verkossa", "sv": "På nätet", "en": "Online"}


def calendar_of(entry: EntryPublished, language: str, *, page: str, now: datetime) -> bytes | None:
    """Sessions from a month ago on; None where there are none. `page` is the address of the entry's page.

    Times are in UTC, so that they need no rules of a time zone and stay what they are when clocks change.
    """
    recent = sorted((one for one in entry.sessions if one.start >= now - _PAST), key=lambda one: one.start)
    if not recent:
        return None
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Hytevirta//Service tray//EN")
    for uid, session in _with_uids(entry.entry_id, recent):
        calendar.add_component(_event(uid, entry, session, language, page))
    return bytes(calendar.to_ical())


def _with_uids(entry_id: str, sessions: list[Session]) -> Iterator[tuple[str, Session]]:
    """Sources give sessions no id: what begins at the same moment in the same channel is told apart by its order."""
    alike: Counter[str] = Counter()
    for session in sessions:
        key = f"{session.start.isoformat()} {session.channel_id or ''}"
        yield str(uuid5(UUID(entry_id), f"{key} {alike[key]}")), session
        alike[key] += 1


def _event(uid: str, entry: EntryPublished, session: Session, language: str, page: str) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", entry.freshness.changed_at or session.start)
    event.add("dtstart", session.start)
    if session.end and session.end > session.start:
        event.add("dtend", session.end)
    event.add("summary", _text(entry.name, language))
    event.add("url", page)
    event.add("status", "CANCELLED" if session.cancelled else "CONFIRMED")
    told = (_text(session.note, language), _text(entry.summary or entry.description, language))
    for name, value in (("location", _where(session, language)), ("description", "\n\n".join(filter(None, told)))):
        if value:
            event.add(name, value)
    return event


def _where(session: Session, language: str) -> str:
    place = _place(session.place, language) if session.place else ""
    return place or (_ONLINE[language] if session.online else "")


def _place(place: Place, language: str) -> str:
    address = place.address
    street = _text(address.street, language) if address else ""
    post = [address.postal_code or "", _text(address.post_office, language)] if address else []
    lines = (_text(place.name, language), street, " ".join(filter(None, post)))
    return ", ".join(filter(None, lines))


def _text(texts: LocalizedText, language: str) -> str:
    return plain(text_in(texts, language, *_ORDER) or "")
