"""Sessions as a calendar, read back as a calendar would."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from catalog.domain.identity import entry_id
from catalog.entrypoints.web.application import application
from event_schemas.ids import ListingId

from .samples import described, ptv_id
from .trays import tray_of
from .web_client import Client

NOW = datetime(2026, 10, 20, tzinfo=UTC)
HELSINKI = ZoneInfo("Europe/Helsinki")
PLACE = {
    "name": {"fi": {"text": "Uimahalli, iso allas"}, "sv": {"text": "Simhallen"}},
    "address": {
        "street": {"fi": {"text": "Rantakatu 1"}},
        "postal_code": "13100",
        "post_office": {"fi": {"text": "Hämeenlinna"}},
    },
}
SESSIONS: list[dict[str, Any]] = [
    {"start": "2026-10-24T07:00:00Z", "end": "2026-10-24T08:00:00Z", "place": PLACE},
    {"start": "2026-10-31T08:00:00Z", "end": "2026-10-31T09:00:00Z", "cancelled": True},
    {"start": "2026-10-31T08:00:00Z", "online": True},
    {"start": "2026-09-01T08:00:00Z"},
]
GROUP = described(
    "lahella:1",
    {"fi": "Vesijumppa; ilo", "sv": "Vattengympa"},
    summary={"fi": "**Jumppaa** [altaassa](https://a.example)\n\n* joka viikko, <b>ohjattu</b>"},
    sessions=SESSIONS,
)
QUIET = described(ptv_id("neuvola"), "Neuvola")
ID, QUIET_ID = (entry_id(ListingId(one.listing_id)) for one in (GROUP, QUIET))


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(application(tray_of([GROUP, QUIET]), clock=lambda: NOW))


def events(client: Client, query: str = "") -> list[Event]:
    answer = client.get(f"/v1/entries/{ID}/calendar.ics{query}")
    assert answer.headers["content-type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    assert isinstance(calendar, Calendar)
    return list(calendar.events)


def local_start(event: Event) -> str:
    assert isinstance(event.start, datetime)
    return f"{event.start.astimezone(HELSINKI):%d.%m. %H:%M}"


def test_ten_o_clock_stays_ten_o_clock_when_clocks_change(client: Client) -> None:
    assert [*map(local_start, events(client))] == ["24.10. 10:00", "31.10. 10:00", "31.10. 10:00"]


def test_every_session_has_an_id_that_stays(client: Client) -> None:
    first, again = ([str(event["uid"]) for event in events(client, query)] for query in ("", "?lang=sv"))
    assert first == again
    assert len(set(first)) == 3


def test_cancelled_session_says_so(client: Client) -> None:
    assert [str(event["status"]) for event in events(client)] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]


def test_texts_are_plain_and_in_the_language_asked_for(client: Client) -> None:
    first, _, online = events(client)
    assert str(first["summary"]) == "Vesijumppa; ilo"
    assert str(first["location"]) == "Uimahalli, iso allas, Rantakatu 1, 13100 Hämeenlinna"
    assert str(first["description"]) == "Jumppaa altaassa joka viikko, <b>ohjattu</b>"
    assert str(online["location"]) == "Verkossa"
    swedish = events(client, "?lang=sv")[0]
    assert (str(swedish["summary"]), str(swedish["url"])) == ("Vattengympa", f"https://tray.example/sv/entries/{ID}")
    assert str(swedish["location"]).startswith("Simhallen")


def test_entry_without_sessions_has_no_calendar(client: Client) -> None:
    for path, code in ((QUIET_ID, "no-sessions"), ("nothing", "no-such-entry")):
        answer = client.get(f"/v1/entries/{path}/calendar.ics")
        assert (answer.status_code, answer.json()["type"]) == (404, f"urn:hytevirta:problem:{code}")


def test_file_has_a_name_that_every_system_can_write(client: Client) -> None:
    name = client.get(f"/v1/entries/{ID}/calendar.ics").headers["content-disposition"]
    assert name == f'attachment; filename="hytevirta-{ID}.ics"'
