"""Authored activities to the objects Lähellä's interface answers with."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from devstack.simulators.lahella.authoring import ActivitySheet, PlaceSheet, ScheduleSheet, TextSheet

_NAMESPACE = uuid5(NAMESPACE_URL, "https://hytevirta.example/simulators/lahella")
_ZONE = ZoneInfo("Europe/Helsinki")
_WEEKDAYS = {day: number for number, day in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), start=1)}
_VISIBLE = (date(2024, 1, 1), date(2037, 1, 1))
_STATE = "Kanta-Häme"


def activity(sheet: ActivitySheet, today: date) -> dict[str, Any]:
    """The wire object. `today` places the events that are authored as lying some days ahead."""
    return {
        "_key": sheet.key,
        "status": sheet.status,
        "tags": {"visibility": _visibility(sheet.schedule, today)},
        "traits": {
            "type": sheet.type,
            "requiredLocales": list(sheet.texts),
            "translations": {locale: _texts(text) for locale, text in sheet.texts.items()},
            "theme": sheet.themes,
            "format": [sheet.format],
            "locale": sheet.languages,
            "demographic": [*(f"ageGroup/range:{ages}" for ages in sheet.ages), "gender/gender"],
            "region": [_region(name) for name in sheet.regions],
            "pricing": [sheet.price],
            "contacts": [_contact(sheet, position) for position in range(len(sheet.contacts))],
            "channels": [_channel(sheet, today)],
        },
    }


def _id(*parts: object) -> str:
    return str(uuid5(_NAMESPACE, "/".join(map(str, parts))))


def _region(name: str) -> str:
    return f"state/FI/{name}" if name == _STATE else f"city/FI/{name}"


def _html(text: str) -> str:
    return text if text.startswith("<") else f'<p dir="ltr">{text}</p>'


def _texts(text: TextSheet) -> dict[str, str]:
    rich = {"summary": text.summary, "description": text.description, "pricing": text.pricing}
    return {"name": text.name} | {key: _html(words) for key, words in rich.items() if words is not None}


def _contact(sheet: ActivitySheet, position: int) -> dict[str, Any]:
    contact = sheet.contacts[position]
    note = {} if contact.note is None else {"fi": {"description": contact.note}}
    return {
        "id": _id(sheet.key, "contact", position),
        "type": contact.type,
        "value": contact.value,
        "translations": note,
    }


def _channel(sheet: ActivitySheet, today: date) -> dict[str, Any]:
    place = {} if sheet.where is None else _place(sheet.where)
    return place | {
        "id": _id(sheet.key, "channel"),
        "type": [sheet.channel],
        "translations": {locale: _channel_texts(text, locale, sheet.where) for locale, text in sheet.texts.items()},
        "events": [_event(schedule, today) for schedule in sheet.schedule],
        "registrationRequired": sheet.sign_up is not None,
        "registrationUrl": sheet.sign_up or "",
        "registrationEmail": "",
    }


def _place(where: PlaceSheet) -> dict[str, Any]:
    centre = {"type": "Point", "coordinates": list(where.at)}
    return {"accessibility": where.accessibility, "map": {"center": centre, "zoom": 16}}


def _channel_texts(text: TextSheet, locale: str, where: PlaceSheet | None) -> dict[str, Any]:
    rich = {"summary": text.place, "registration": text.registration}
    words: dict[str, Any] = {key: _html(value) for key, value in rich.items() if value is not None}
    if where is None:
        return words
    address = {"postalCode": where.postal_code, "city": where.city, "state": _STATE, "country": "FI"}
    # Only the Finnish address has its street, as in the known answers.
    return words | {"address": {"street": where.street, **address} if locale == "fi" else address}


def _visibility(schedules: list[ScheduleSheet], today: date) -> dict[str, int]:
    start, end = _VISIBLE
    dates = [_once(schedule, today).date() for schedule in schedules if schedule.once]
    if dates:
        start, end = today - timedelta(days=30), max(dates) + timedelta(days=1)
    return {"start": _milliseconds(_midnight(start)), "end": _milliseconds(_midnight(end))}


def _event(schedule: ScheduleSheet, today: date) -> dict[str, Any]:
    if schedule.once:
        return _timed("1", _once(schedule, today))
    event = _timed("3" if schedule.daily else "2" if schedule.monthly else "4", _midnight(schedule.start))
    recurrence: dict[str, Any] = {
        "period": "P1D" if schedule.daily else "P1M" if schedule.monthly else schedule.every,
        "end": _milliseconds(_midnight(schedule.end)),
        "exclude": [_milliseconds(_midnight(day)) for day in schedule.exclude],
    }
    if not schedule.daily:
        recurrence["daySpecificTimes"] = _day_times(schedule.monthly or schedule.weekly)
    return event | {"recurrence": recurrence}


def _timed(kind: str, start: datetime) -> dict[str, Any]:
    return {"start": _milliseconds(start), "timeZone": str(_ZONE), "type": kind}


def _day_times(days: dict[str, str]) -> list[dict[str, Any]]:
    split = [(day, *times.split("-")) for day, times in days.items()]
    return [{"weekday": _WEEKDAYS[day], "startTime": start, "endTime": end} for day, start, end in split]


def _once(schedule: ScheduleSheet, today: date) -> datetime:
    days, clock = (schedule.once or "").split()
    return datetime.combine(today + timedelta(days=int(days)), time.fromisoformat(clock), _ZONE)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), _ZONE)


def _milliseconds(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp() * 1000)
