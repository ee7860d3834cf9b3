"""Opening hours and sessions as HSDS schedules: what users of open referral data stumble on."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jsonschema import Draft202012Validator

from catalog.adapters.content_files import load_content
from catalog.domain.identity import entry_id
from catalog.domain.schedules import schedules
from catalog.entrypoints.web.application import application
from catalog.settings import CONTENT
from chassis.core.clock import utc_now
from event_schemas.entry import EntryPublished
from event_schemas.ids import ListingId

from .samples import TODAY, described
from .trays import entries_of_all, tray_of
from .web_client import Client

HELSINKI = ZoneInfo("Europe/Helsinki")
_SCHEMAS = Path(__file__).resolve().parents[4] / "shared" / "reference" / "hsds" / "schema" / "compiled"
SCHEMA = Path(os.environ.get("HYTE_HSDS_SCHEMAS") or _SCHEMAS) / "service.json"


def entry(*hours: dict[str, Any], sessions: list[dict[str, Any]] | None = None) -> EntryPublished:
    channel = {"kind": "place", "channel_id": "ptv:4f4b3a1c-9a44-4dd4-8b2f-0d0f3f3c7a10", "hours": list(hours)}
    listing = described("lahella:1", "Ryhmä", channels=[channel], sessions=sessions or [])
    (made,) = entries_of_all([listing], load_content(CONTENT, on=TODAY))
    return made


def weekly(*intervals: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    made = [{"day": day, "opens": opens, "closes": closes} for day, opens, closes in intervals]
    return {"kind": "weekly", "intervals": made, **more}


def sundays(first: date, weeks: int, *, cancelled: int | None = None) -> list[dict[str, Any]]:
    """A weekly group at ten o'clock local time, as the sources give it: single moments in UTC."""
    made = []
    for week in range(weeks):
        day = first + timedelta(weeks=week)
        start = datetime(day.year, day.month, day.day, 10, tzinfo=HELSINKI).astimezone(UTC)
        made.append(
            {
                "start": start.isoformat(),
                "end": (start + timedelta(hours=1)).isoformat(),
                "cancelled": week == cancelled,
            }
        )
    return made


def test_monday_with_two_openings_has_two_schedules_that_the_data_ends_for_and_not_the_service() -> None:
    hours = weekly(("monday", "09:00", "11:00"), ("monday", "13:00", "15:00"), valid_to="2026-12-31")
    morning, afternoon = schedules(entry(hours))
    assert (morning["opens_at"], morning["closes_at"]) == ("09:00", "11:00")
    assert (afternoon["opens_at"], afternoon["closes_at"]) == ("13:00", "15:00")
    for one in (morning, afternoon):
        assert (one["freq"], one["byday"], one["valid_to"]) == ("WEEKLY", "MO", "2026-12-31")
        assert "until" not in one
    assert morning["id"] != afternoon["id"]


def test_days_with_one_opening_share_a_schedule() -> None:
    (one,) = schedules(entry(weekly(("friday", "09:00", "15:00"), ("monday", "09:00", "15:00"))))
    assert one["byday"] == "MO,FR"


def test_weekly_group_stays_at_ten_over_the_change_to_summer_time() -> None:
    (one,) = schedules(entry(sessions=sundays(date(2027, 3, 14), 4)))
    assert (one["freq"], one["byday"], one["dtstart"], one["opens_at"]) == ("WEEKLY", "SU", "2027-03-14", "10:00")
    assert one["valid_to"] == "2027-04-04"
    assert "timezone" not in one
    assert "until" not in one
    assert one["notes"].startswith("Europe/Helsinki")


def test_cancelled_session_parts_the_recurrence() -> None:
    before, after = schedules(entry(sessions=sundays(date(2027, 3, 14), 4, cancelled=1)))
    assert (before["count"], before["dtstart"]) == (1, "2027-03-14")
    assert (after["freq"], after["dtstart"], after["valid_to"]) == ("WEEKLY", "2027-03-28", "2027-04-04")


def test_closed_independence_day_is_recognisable_as_an_exception() -> None:
    closed = {"kind": "exception", "valid_from": "2026-12-06", "valid_to": "2026-12-06"}
    (one,) = schedules(entry(closed))
    assert (one["valid_from"], one["valid_to"]) == ("2026-12-06", "2026-12-06")
    assert one["description"] == "exception; closed"
    assert not {"freq", "opens_at", "closes_at"} & one.keys()


def test_holiday_without_hours_is_an_exception_that_names_the_holiday() -> None:
    (one,) = schedules(entry({"kind": "holiday", "holiday": "independence-day"}))
    assert one["description"] == "exception: holiday independence-day; closed"


def test_round_the_clock_is_every_day_from_midnight_to_midnight() -> None:
    (one,) = schedules(entry({"kind": "continuous"}))
    assert (one["byday"], one["opens_at"], one["closes_at"]) == ("MO,TU,WE,TH,FR,SA,SU", "00:00", "24:00")
    assert one["description"] == "round the clock"


def test_unbroken_stretch_tells_its_end_in_words() -> None:
    stretch = {
        "kind": "continuous",
        "from_day": "friday",
        "from_time": "16:00",
        "to_day": "monday",
        "to_time": "08:00",
    }
    (one,) = schedules(entry(stretch))
    assert (one["byday"], one["opens_at"]) == ("FR", "16:00")
    assert one["description"] == "without a break until MO 08:00"


def test_odd_weeks_are_named_so_that_a_year_of_53_weeks_does_not_slip() -> None:
    hours = {
        "kind": "weekly",
        "intervals": [{"day": "monday", "opens": "09:00", "closes": "11:00", "week_parity": "odd"}],
    }
    (one,) = schedules(entry(hours))
    assert one["byweekno"].split(",")[:2] == ["1", "3"]
    assert "interval" not in one


def test_ids_stay_while_the_schedule_says_the_same() -> None:
    hours = weekly(("monday", "09:00", "11:00"))
    assert schedules(entry(hours)) == schedules(entry(hours))


@pytest.mark.skipif(not SCHEMA.is_file(), reason="the schema of HSDS 3.1 lies beside the repository or nowhere")
def test_schedules_pass_the_schema_of_hsds() -> None:
    schema = json.loads(SCHEMA.read_text())["properties"]["schedules"]
    hours = [
        weekly(("monday", "09:00", "11:00"), ("monday", "13:00", "15:00"), valid_to="2026-12-31"),
        {"kind": "exception", "valid_from": "2026-12-06", "valid_to": "2026-12-06"},
        {"kind": "holiday", "holiday": "independence-day"},
        {"kind": "continuous"},
    ]
    made = schedules(entry(*hours, sessions=sundays(date(2027, 3, 14), 4)))
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in validator.iter_errors(made)] == []
    known = schema["items"]["properties"].keys()
    assert all(one.keys() <= known for one in made)


def test_api_gives_an_entrys_schedules() -> None:
    channel = {"kind": "phone", "hours": [weekly(("monday", "09:00", "11:00"))]}
    listing = described("lahella:1", "Ryhmä", channels=[channel])
    client = Client(application(tray_of([listing]), clock=utc_now))
    id_of_entry = entry_id(ListingId("lahella:1"))
    (one,) = client.get(f"/v1/entries/{id_of_entry}/schedules").json()["schedules"]
    assert (one["service_id"], one["byday"], one["opens_at"]) == (id_of_entry, "MO", "09:00")
    assert client.get("/v1/entries/no-such/schedules").status_code == 404
