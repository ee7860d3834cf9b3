"""Whatever happens to PTV and on the way, the next quiet whole reading makes the listings equal to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ptv_truth import Live

from event_schemas.ingest_run import RunOutcome

if TYPE_CHECKING:
    from conftest import Bench

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

KINDS = ("service", "channel", "connection", "organization", "general-description")
SERVICES = 14
Step = tuple[str, Any]

places = st.integers(0, 40)
changes = st.one_of(
    st.tuples(st.just("rename"), st.tuples(st.sampled_from(KINDS), places, st.sampled_from(["A", "B  b", "C"]))),
    st.tuples(st.just("archive"), st.tuples(st.sampled_from(("service", "channel", "connection")), places)),
    st.tuples(st.just("vanish"), st.tuples(st.sampled_from(("service", "channel", "connection")), places)),
    st.tuples(st.just("return"), st.tuples(st.sampled_from(("service", "channel", "connection")), places)),
    st.tuples(st.just("move"), st.tuples(places, st.sampled_from(["109", "837"]))),
    st.tuples(st.just("break"), places),
    st.tuples(st.just("touch"), st.tuples(st.sampled_from(KINDS), places)),
)
faults = st.tuples(
    st.just("fault"),
    st.fixed_dictionaries(
        {
            "path": st.sampled_from([f"/{kind}/" for kind in ("service", "service-channel", "connection", "archived")]),
            "kind": st.sampled_from(["504-html", "429", "bad-json", "null-lists", "401"]),
            "times": st.integers(1, 6),
        }
    ),
)
acts = st.sampled_from([("read", False), ("read", False), ("read", True), ("wait", 3), ("wait", 200)])
histories = st.lists(st.one_of(changes, faults, acts), min_size=1, max_size=10)


async def afresh(bench: Bench) -> None:
    """A small PTV, a database as before the first reading, and a clock of now."""
    async with bench.base.database.transaction() as tx:
        tables = await tx.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        kept = ("schema_migration", "forgotten_key")
        await tx.execute(f"TRUNCATE {', '.join(row['tablename'] for row in tables if row['tablename'] not in kept)}")
    await bench.renew()
    for key in list(bench.world.shelves["service"].live)[SERVICES:]:
        bench.vanish("service", key)


def edited(bench: Bench, kind: str, place: int, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    live = list(bench.world.shelves[kind].live)
    if live:
        wire = bench.wire(kind, live[place % len(live)])
        bench.world.put(kind, change({name: part for name, part in wire.items() if name != "publishedAt"}))


def renamed(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def change(wire: dict[str, Any]) -> dict[str, Any]:
        versions = {
            language: {**block, "name" if "name" in block else "description": name}
            for language, block in wire["languageVersions"].items()
        }
        return {**wire, "languageVersions": versions}

    return change


def moved(code: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    area = {"areaType": "LimitedArea", "municipalities": [code], "regions": [], "wellbeingServicesCounties": []}
    return lambda wire: {**wire, "area": area}


async def happens(bench: Bench, step: Step) -> None:
    match step:
        case ("rename", (kind, place, name)):
            edited(bench, kind, place, renamed(name))
        case ("touch", (kind, place)):
            edited(bench, kind, place, lambda wire: wire)
        case ("move", (place, code)):
            edited(bench, "service", place, moved(code))
        case ("break", place):
            edited(bench, "service", place, lambda wire: {"contentId": wire["contentId"], "languageVersions": 7})
        case ("archive" | "vanish" as how, (kind, place)):
            live = list(bench.world.shelves[kind].live)
            if live:
                (bench.world.archive if how == "archive" else bench.vanish)(kind, live[place % len(live)])
        case ("return", (kind, place)):
            archived = list(bench.world.shelves[kind].archived)
            if archived:
                bench.world.unarchive(kind, archived[place % len(archived)])
        case ("fault", fault):
            await bench.fault(**fault)
        case ("wait", hours):
            bench.clock.forward(hours=hours)
        case ("read", whole):
            bench.clock.forward(minutes=5)
            await bench.run(full=whole)


@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(histories)
async def test_next_quiet_whole_reading_makes_the_listings_equal_to_ptv(bench: Bench, history: list[Step]) -> None:
    await afresh(bench)
    live = Live()
    for step in history:
        await happens(bench, step)
        live.follow(await bench.told())
    await bench.clear_faults()
    bench.clock.forward(days=8)
    quiet = await bench.run(full=True)
    if quiet.outcome == RunOutcome.HELD:
        quiet = await bench.accept_removals(quiet.run_id)
    assert quiet.outcome == RunOutcome.COMPLETED
    live.follow(await bench.told())
    broken = {f"ptv:{one.object_id}" for one in await bench.overview.rejected()}
    assert {key: content for key, content in live.contents.items() if key not in broken} == bench.truth
    bench.clock.forward(minutes=5)
    await bench.run()
    await bench.run(full=True)
    assert live.follow(await bench.told()) == 0
