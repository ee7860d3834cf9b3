"""Readings of a source that shifts, repeats itself, ends early, or changes what is not its content."""

from __future__ import annotations

from typing import Any

import pytest
from lahella_activities import moment, ms, wire
from lahella_reader import Reader

from event_schemas.ingest_run import RunOutcome
from event_schemas.listing import ListingPublished
from event_schemas.text import text_in

pytestmark = pytest.mark.postgres

GROUP = "7100000015"


async def published_by_next_run(reader: Reader) -> dict[str, ListingPublished]:
    await reader.events()
    await reader.run()
    return (await reader.told())[1]


async def filled(reader: Reader, count: int) -> None:
    """Adds activities until the list has that many, so that it has several pages."""
    for number in range(count - 60):
        await reader.put(wire(f"9{number:05}"))
    await reader.run()
    await reader.events()


async def test_list_that_ends_early_and_says_so_by_its_total_removes_nothing(reader: Reader) -> None:
    await reader.run()
    await reader.play({"step": "truncate", "at": 59})
    run = await reader.run()
    assert (run.outcome, run.reason, run.counts.removed) == (RunOutcome.FAILED, "source-truncated", 0)


async def test_list_that_ends_early_with_a_lying_total_removes_nothing_that_still_answers_by_key(
    reader: Reader,
) -> None:
    await reader.run()
    await reader.events()
    await reader.play({"step": "truncate", "at": 58, "total_lies": True})
    run = await reader.run()
    assert (run.outcome, run.counts.read, run.counts.removed) == (RunOutcome.COMPLETED, 58, 0)
    await reader.play({"step": "truncate", "at": 5, "total_lies": True})
    assert (await reader.run()).outcome is RunOutcome.HELD
    assert (await reader.told())[0]["removed"] == 0


async def test_page_that_comes_again_ends_the_run_and_removes_nothing(reader: Reader) -> None:
    await filled(reader, 150)
    await reader.play({"step": "repeat-page", "times": 5}, {"step": "remove", "keys": ["710001"]})
    run = await reader.run()
    assert (run.outcome, run.reason, run.counts.removed) == (RunOutcome.FAILED, "source-paging", 0)


async def test_list_that_shifts_while_it_is_read_loses_nothing(reader: Reader) -> None:
    await filled(reader, 150)
    new = {"key": "8", "like": "710025"}
    await reader.play({"step": "page-drift", "after": 100, "remove": ["710001", "710002"], "insert": [new]})
    drifted = await reader.run()
    assert (drifted.outcome, drifted.counts.removed) == (RunOutcome.COMPLETED, 0)
    run = await reader.run()
    assert (run.counts.changed, run.counts.removed) == (1, 2)
    assert (await reader.told())[0]["removed"] == 2


async def test_activity_that_left_the_list_as_a_draft_is_taken_as_it_is_by_its_key(reader: Reader) -> None:
    await reader.run()
    await reader.events()
    await reader.play(
        {"step": "change", "key": "710060", "status": "draft"}, {"step": "truncate", "at": 59, "total_lies": True}
    )
    assert (await reader.run()).counts.removed == 1
    removals = [body for key, _, body in await reader.events() if key == "lahella:710060" and body]
    assert b'"reason":"archived"' in removals[0]


async def test_what_the_server_writes_by_itself_is_no_change(reader: Reader) -> None:
    await reader.run()
    await reader.play({"step": "coordinates", "by": 0.01}, {"step": "touch"})
    assert await published_by_next_run(reader) == {}


async def test_window_that_closed_takes_the_listing_away_between_readings(reader: Reader) -> None:
    await reader.play({"step": "expire", "key": "710001", "at": moment("2026-03-18 13:00").isoformat()})
    await reader.run()
    assert (await reader.pass_time("2026-03-18 12:59")).removed == ()
    assert (await reader.pass_time("2026-03-18 13:00")).removed == ("710001",)


async def test_group_that_gives_its_business_id_or_another_name_is_published_anew(reader: Reader) -> None:
    await reader.run()
    await reader.play({"step": "group", "key": GROUP, "business_id": "9103974-3", "name": "Ypäjän Neulojat ry"})
    listings = await published_by_next_run(reader)
    (listing,) = listings.values()
    assert (listing.provider.business_id, text_in(listing.provider.name, "fi")) == ("9103974-3", "Ypäjän Neulojat ry")


async def test_damaged_text_is_published_without_what_no_text_should_hold(reader: Reader) -> None:
    await reader.run()
    await reader.play({"step": "damage", "key": "710001"})
    listing = (await published_by_next_run(reader))["lahella:710001"]
    assert text_in(listing.name, "fi") == "Sydänystävien kävelyryhmä \ufffd\ufffd"
    assert text_in(listing.summary, "fi") == "Tule mukaan\n\nä \ufffd &nosuch; 5 < 6 & 7 <"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"kind": "429", "retry_after": 0}, "source-busy"),
        ({"kind": "504-html"}, "source-busy"),
        ({"kind": "bad-json"}, "source-not-json"),
        ({"kind": "401"}, "source-refuses"),
    ],
)
async def test_fault_of_the_wire_ends_the_run_with_its_reason(
    reader: Reader, fault: dict[str, Any], reason: str
) -> None:
    await reader.play({"step": "fault", "path": "/v1/activities$", **fault})
    run = await reader.run()
    assert (run.outcome, run.reason) == (RunOutcome.FAILED, reason)
    await reader.play({"step": "calm"})
    assert (await reader.run()).outcome is RunOutcome.COMPLETED


async def test_out_of_scope_activity_is_not_published_and_one_that_moves_away_is_removed(reader: Reader) -> None:
    await reader.put(wire("1", traits={"region": ["city/FI/Rovaniemi"]}))
    await reader.put(wire("2", traits={"region": ["city/FI/Rovaniemi", "city/FI/Loppi"]}))
    await reader.put(wire("3", traits={"region": []}))
    await reader.run()
    _, listings, _ = await reader.told()
    assert {"lahella:2", "lahella:3"} <= listings.keys()
    assert "lahella:1" not in listings
    await reader.put(wire("2", traits={"region": ["state/FI/Lappi"]}))
    assert (await reader.run()).counts.removed == 1
    removals = [body for key, _, body in await reader.events() if key == "lahella:2" and body]
    assert b'"reason":"out-of-scope"' in removals[0]


async def test_activities_that_nobody_sees_may_vanish_in_any_number_and_are_not_asked_for(reader: Reader) -> None:
    keys = [f"8{number:03}" for number in range(40)]
    for key in keys:
        await reader.put(wire(key, status="draft", tags={"visibility": {"end": ms("2026-01-01 00:00")}}))
    await reader.run()
    await reader.delete(*keys)
    run = await reader.run()
    assert (run.outcome, run.counts.removed) == (RunOutcome.COMPLETED, 0)
    assert set((await reader.control.get("/_control/requests")).json()["counts"]) == {"GET /v1/activities"}
    async with reader.store.transaction() as work:
        assert (await work.standing()).stored == 60
