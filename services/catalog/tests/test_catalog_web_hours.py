"""Opening hours as the pages say them."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from catalog.entrypoints.web.opening_words import hours
from catalog.entrypoints.web.translations import WORDING
from event_schemas.channel import PlaceChannel

CHANNEL = TypeAdapter(PlaceChannel).validate_python(
    {
        "hours": [
            {"kind": "exception", "valid_from": "2026-12-06", "valid_to": "2026-12-06"},
            {
                "kind": "weekly",
                "valid_from": "2026-09-01",
                "intervals": [
                    {"day": "monday", "opens": "08:00", "closes": "12:00"},
                    {"day": "tuesday", "opens": "09:00", "closes": "15:00", "status": "on-reservation"},
                    {"day": "friday", "opens": "12:00", "closes": "13:00", "status": "closed"},
                ],
            },
        ]
    }
)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "fi",
            [
                "maanantai 08:00–12:00 (1.9.2026–)",
                "tiistai 09:00–15:00 ajanvarauksella (1.9.2026–)",
                "perjantai 12:00–13:00 suljettu (1.9.2026–)",
                "6.12.2026: suljettu",
            ],
        ),
        (
            "en",
            [
                "Monday 08:00–12:00 (1.9.2026–)",
                "Tuesday 09:00–15:00 by appointment (1.9.2026–)",
                "Friday 12:00–13:00 closed (1.9.2026–)",
                "6.12.2026: closed",
            ],
        ),
    ],
)
def test_week_comes_before_what_deviates_from_it(language: str, told: list[str]) -> None:
    assert hours(CHANNEL, WORDING[language]) == told
