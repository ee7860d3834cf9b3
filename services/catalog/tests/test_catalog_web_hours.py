"""Opening hours as the pages say them."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from catalog.entrypoints.web.labels import LABELS
from catalog.entrypoints.web.opening_words import hours
from catalog.entrypoints.web.translations import WORDING
from event_schemas.channel import PlaceChannel
from event_schemas.hours import Holiday

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
                "maanantai 8.00–12.00 (1.9.2026–)",
                "tiistai 9.00–15.00 ajanvarauksella (1.9.2026–)",
                "perjantai 12.00–13.00 suljettu (1.9.2026–)",
                "6.12.2026: suljettu",
            ],
        ),
        (
            "en",
            [
                "Monday 8:00–12:00 (1.9.2026–)",
                "Tuesday 9:00–15:00 by appointment (1.9.2026–)",
                "Friday 12:00–13:00 closed (1.9.2026–)",
                "6.12.2026: closed",
            ],
        ),
    ],
)
def test_week_comes_before_what_deviates_from_it(language: str, told: list[str]) -> None:
    assert hours(CHANNEL, WORDING[language]) == told


DEVIATING = TypeAdapter(PlaceChannel).validate_python(
    {
        "hours": [
            {
                "kind": "holiday",
                "holiday": "midsummer-eve",
                "years": [2026, 2027],
                "intervals": [{"opens": "10:00", "closes": "14:00"}],
            },
            {
                "kind": "holiday",
                "holiday": "christmas-day",
                "note": {"fi": {"text": "Päivystys auki", "origin": "source"}},
            },
            {"kind": "holiday", "holiday": "new-at-the-source"},
            {
                "kind": "continuous",
                "status": "on-reservation",
                "from_day": "friday",
                "from_time": "16:30",
                "to_day": "sunday",
                "to_time": "24:00",
            },
            {"kind": "continuous", "valid_from": "2026-06-01", "valid_to": "2026-08-31"},
            {
                "kind": "weekly",
                "intervals": [
                    {
                        "day": "monday",
                        "opens": "08:00",
                        "closes": "24:00",
                        "week_parity": "odd",
                        "note": {"fi": {"text": "Vain ryhmät", "origin": "source"}},
                    }
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
                "maanantai 8.00–24.00, parittomilla viikoilla – Vain ryhmät",
                "perjantai 16.30 – sunnuntai 24.00 ajanvarauksella",
                "Avoinna ympäri vuorokauden (1.6.2026–31.8.2026)",
                "juhannusaatto (2026, 2027): 10.00–14.00",
                "joulupäivä: suljettu – Päivystys auki",
                "new-at-the-source: suljettu",
            ],
        ),
        (
            "sv",
            [
                "måndag 8.00–24.00, udda veckor – Vain ryhmät",
                "fredag 16.30 – söndag 24.00 enligt tidsbokning",
                "Öppet dygnet runt (1.6.2026–31.8.2026)",
                "midsommarafton (2026, 2027): 10.00–14.00",
                "juldagen: stängt – Päivystys auki",
                "new-at-the-source: stängt",
            ],
        ),
    ],
)
def test_holidays_unbroken_stretches_and_every_other_week_are_put_into_words(language: str, told: list[str]) -> None:
    assert hours(DEVIATING, WORDING[language]) == told


@pytest.mark.parametrize("holiday", list(Holiday))
def test_every_holiday_that_a_source_can_name_has_a_name_in_each_language(holiday: Holiday) -> None:
    assert holiday in LABELS["holiday"]


def test_days_in_a_row_with_the_same_hours_share_a_line_and_others_do_not() -> None:
    split = [("09:00", "11:00"), ("13:00", "15:00")]
    week = [{"day": day, "opens": a, "closes": b} for day in ("tuesday", "wednesday", "thursday") for a, b in split]
    week += [{"day": day, "opens": "09:00", "closes": "11:00"} for day in ("saturday", "monday")]
    channel = TypeAdapter(PlaceChannel).validate_python({"hours": [{"kind": "weekly", "intervals": week}]})
    assert hours(channel, WORDING["fi"]) == [
        "maanantai–torstai 9.00–11.00",
        "tiistai–torstai 13.00–15.00",
        "lauantai 9.00–11.00",
    ]
