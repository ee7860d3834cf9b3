"""Everyday services of Kanta-Häme, as a resident would meet them: for the tests that look at pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from catalog.domain.identity import entry_id
from event_schemas.ids import ListingId
from event_schemas.listing import ListingPublished

from .samples import NGO, described, ptv_id

_SOON = datetime.now(UTC).replace(hour=15, minute=0, second=0, microsecond=0)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def _sessions(count: int) -> list[dict[str, str]]:
    starts = [_SOON + timedelta(days=1, weeks=week) for week in range(count)]
    return [{"start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat()} for start in starts]


def _place(street: str, phone: str, *, hours: bool = True) -> dict[str, Any]:
    week = [{"day": day, "opens": "09:00", "closes": "15:00"} for day in _WEEKDAYS]
    return {
        "kind": "place",
        "name": {"fi": {"text": "Toimipiste"}},
        "address": {"street": {"fi": {"text": street}}, "postal_code": "13100", "municipality": "109"},
        "point": {"latitude": 60.996, "longitude": 24.464},
        "phones": [{"number": phone}],
        "emails": [{"address": "neuvonta@kunta.example"}],
        "hours": [{"kind": "weekly", "intervals": week}] if hours else [],
    }


def _service(name: str, summary: str, **more: Any) -> ListingPublished:
    given = {"summary": {"fi": summary}, "description": {"fi": f"{summary} Lisätietoja saat puhelimitse."}, **more}
    return described(ptv_id(name), name, **given)


SWIMMING = entry_id(ListingId("lahella:uimaryhma"))
HOME_VIOLENCE = entry_id(ListingId(ptv_id("Lähisuhdeväkivallan avopalvelu")))

EVERYDAY: list[ListingPublished] = [
    described(
        "lahella:uimaryhma",
        "Uimaryhmä aloittelijoille",
        business_id=NGO,
        summary={"fi": "Opi uimaan turvallisesti pienessä ryhmässä."},
        description={"fi": "Kymmenen kertaa lämpimässä altaassa. Ohjaaja on mukana vedessä."},
        sessions=_sessions(4),
        channels=[_place("Turuntie 40", "+358405550101", hours=False)],
        price={"charge": "free"},
        classification={"service_classes": ["http://uri.suomi.fi/codelist/ptv/ptvserclass2/code/P27.1"]},
    ),
    described(
        ptv_id("uimahalli"),
        {"fi": "Uimahalli", "sv": "Simhall", "en": "Swimming hall"},
        summary={"fi": "Altaat ja kuntosali kaikille.", "sv": "Bassänger och gym för alla.", "en": "Pools and a gym."},
        description={"fi": "Uimahalli on auki joka päivä.", "sv": "Simhallen är öppen varje dag.", "en": "Open daily."},
        classes=("P27.1",),
        channels=[_place("Turuntie 42", "+358405550102")],
    ),
    _service(
        "Tuolijumppa",
        "Rauhallista jumppaa tuolilla.",
        classes=("P27.1",),
        channels=[_place("Raatihuoneenkatu 9", "+358405550103")],
    ),
    _service("Kävelyryhmä", "Yhdessä ulkona joka tiistai.", classes=("P27.1",), sessions=_sessions(2)),
    _service("Kuntosali ikäihmisille", "Ohjattua harjoittelua.", classes=("P27.1",)),
    _service(
        "Lähisuhdeväkivallan avopalvelu",
        "Tukea väkivaltaa kokeneille, luottamuksellisesti.",
        classes=("P4.12",),
        channels=[_place("Kaivokatu 1", "+358405550104")],
    ),
    _service("Velkaneuvonta", "Apua laskujen ja velkojen kanssa.", classes=("P10.4",)),
    _service("Digituki kirjastossa", "Apua puhelimen ja tietokoneen käyttöön.", classes=("P5.13",)),
    _service("Unikoulu", "Viiden kerran ryhmä univaikeuksiin.", classes=("P5.11",), sessions=_sessions(5)),
    _service("Omaishoitajien vertaisryhmä", "Jaetaan arkea kahvin äärellä.", classes=("P4.4",)),
    _service("Elintapaohjauksen käsikirja", "Ammattilaisen tueksi.", classes=("P5.11",), audience=["professionals"]),
    _service("Lukupiiri", "Yksi kirja kuukaudessa.", classes=("P25.3",)),
    *[
        _service(f"Ryhmä {number:02}", "Harrastusryhmä.", classes=("P25.2",), municipalities=("061",))
        for number in range(1, 26)
    ],
]
