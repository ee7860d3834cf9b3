"""Hours and sessions in a zone that nobody knows: read as Finnish time, told to whoever keeps the description."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from catalog.adapters.content_files import load_content
from catalog.adapters.postgres_entries import QUALITY
from catalog.app.search import Filters
from catalog.app.tray import Ask, Tray
from catalog.domain.schedules import schedules
from catalog.domain.zones import zone_named
from catalog.entrypoints.web.views import coming
from catalog.settings import CONTENT
from chassis.kafka.follow import read_all
from chassis.kafka.records import decode
from chassis.service.base import Base
from devstack.testing import eventually
from event_schemas.listing import ListingPublished
from event_schemas.quality import ListingAssessed

from .conftest import becomes, publish, running_catalog
from .samples import TODAY, described, live, ptv_id
from .trays import outcome_of

TUESDAY = {"day": "tuesday", "opens": "09:00", "closes": "15:00"}
OPEN, CLOSED = datetime(2026, 11, 24, 7, tzinfo=UTC), datetime(2026, 11, 24, 6, 59, tzinfo=UTC)


def in_zone(zone: str, name: str = "Ryhmä") -> ListingPublished:
    hours: dict[str, Any] = {"kind": "weekly", "zone": zone, "intervals": [TUESDAY]}
    session = {"start": "2026-11-24T07:00:00Z", "zone": zone}
    channel = {"kind": "place", "channel_id": "ptv:1b6e1d5c-66a3-4d0a-8f0e-3c8f5f1e0a11", "hours": [hours]}
    return described(ptv_id(name), name, classes=("P27.1",), channels=[channel], sessions=[session])


def open_names(tray: Tray, at: datetime) -> list[str]:
    page = tray.search(Ask(filters=Filters(open_now=True), at=at))
    return sorted(hit.entry.name["fi"].text for hit in page.hits)


@pytest.mark.parametrize("unknown", ["Europe/Helsinky", "Europe", "Mars/Olympus_Mons", "helsinki"])
def test_unknown_zone_is_read_as_finnish_time_and_becomes_a_finding(unknown: str) -> None:
    told = outcome_of([live(in_zone(unknown))], load_content(CONTENT, on=TODAY))
    assert [one.code for one in told.assessments[0].findings] == ["unknown-time-zone"]
    entry = told.entries[0]
    assert {one["notes"] for one in schedules(entry)} == {"Europe/Helsinki"}
    assert "9.00" in coming(entry.sessions, CLOSED, "fi")[0][1]


def test_known_zone_is_kept_and_needs_no_mending() -> None:
    told = outcome_of([live(in_zone("Europe/London"))], load_content(CONTENT, on=TODAY))
    assert told.assessments[0].findings == ()
    assert {one["notes"] for one in schedules(told.entries[0])} == {"Europe/London"}
    assert zone_named("Europe/London").key == "Europe/London"


@pytest.mark.kafka
@pytest.mark.postgres
async def test_event_with_an_unknown_zone_stops_no_web_replica(base: Base) -> None:
    async with running_catalog(base) as tray:
        await publish(base, in_zone("Europe/Helsinky", "Väärä"), in_zone("Europe/Helsinki", "Oikea"))
        await becomes(lambda: len(tray) == 2, "both entries in the tray")
        assert open_names(tray, OPEN) == ["Oikea", "Väärä"]
        assert open_names(tray, CLOSED) == []
        await publish(base, in_zone("Europe/Helsinki", "Seuraava"))
        await becomes(lambda: len(tray) == 3, "the replica follows on")

        async def told() -> bool:
            return "unknown-time-zone" in await findings(base)

        await eventually(told, what=f"finding on {QUALITY}")


async def findings(base: Base) -> list[str]:
    events = [decode(record).event async for record in read_all(base.kafka, QUALITY)]
    return [one.code for event in events if isinstance(event, ListingAssessed) for one in event.findings]
