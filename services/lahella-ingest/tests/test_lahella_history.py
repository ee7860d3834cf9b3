"""Whatever happens to the source and on the way, the next quiet reading makes the listings equal to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lahella_activities import moment
from lahella_reader import Reader
from lahella_truth import Live, contents, truth

from devstack.simulators.lahella.activities import Activities
from event_schemas.ingest_run import RunOutcome

pytestmark = pytest.mark.postgres

OLD = [f"7100{number:02}" for number in range(1, 26)]
NEW = ["801", "802", "803", "804"]
GROUPS = [f"71000000{number:02}" for number in range(1, 16)]
NOW = moment("2026-03-18 12:00")
LIST = "/v1/activities$"

Step = dict[str, Any]
keys = st.sampled_from(OLD + NEW)
words = st.sampled_from(["Kerho", "Ryhmä <b>A</b>", "5 < 6 & 7", "Ilta"])
regions = st.sampled_from([["city/FI/Loppi"], ["city/FI/Honkajoki"], [], ["state/FI/Lappi", "city/FI/Forssa"]])
positions = st.integers(0, 30)

changes = st.one_of(
    st.builds(lambda key, like: {"step": "create", "key": key, "like": like}, st.sampled_from(NEW), keys),
    st.builds(lambda key, name: {"step": "change", "key": key, "name": name}, keys, words),
    st.builds(lambda key, region: {"step": "change", "key": key, "traits": {"region": region}}, keys, regions),
    st.builds(
        lambda key, status: {"step": "change", "key": key, "status": status},
        keys,
        st.sampled_from(["draft", "published"]),
    ),
    st.builds(lambda gone: {"step": "remove", "keys": gone}, st.lists(keys, min_size=1, max_size=3, unique=True)),
    st.builds(lambda key, hours: {"step": "expire", "key": key, "hours": hours}, keys, st.integers(-1, 30)),
    st.builds(lambda key: {"step": "unknown-region", "key": key}, keys),
    st.builds(lambda key: {"step": "damage", "key": key}, keys),
    st.builds(lambda key, name: {"step": "group", "key": key, "name": name}, st.sampled_from(GROUPS), words),
    st.just({"step": "coordinates"}),
    st.just({"step": "touch"}),
)
faults = st.one_of(
    st.builds(
        lambda kind, path, times: {"step": "fault", "kind": kind, "path": path, "times": times},
        st.sampled_from(["429", "504-html", "bad-json", "401", "null-lists"]),
        st.sampled_from([LIST, "/v1/activities/"]),
        st.integers(1, 3),
    ),
    st.builds(lambda times: {"step": "repeat-page", "times": times}, st.integers(1, 2)),
    st.builds(lambda at, lies: {"step": "truncate", "at": at, "total_lies": lies}, positions, st.booleans()),
    st.builds(
        lambda after, gone, key: {
            "step": "page-drift",
            "after": after,
            "remove": gone,
            "insert": [{"key": key, "like": OLD[0]}],
        },
        st.sampled_from([10, 20]),
        st.lists(keys, max_size=2, unique=True),
        st.sampled_from(NEW),
    ),
)
acts = st.one_of(
    st.just({"act": "read"}),
    st.just({"act": "read"}),
    st.builds(lambda hours: {"act": "wait", "hours": hours}, st.integers(1, 200)),
)
histories = st.lists(st.one_of(changes, faults, acts), min_size=1, max_size=14)


async def afresh(reader: Reader) -> Activities:
    """The source and the database as before the first reading; gives what the source holds."""
    await reader.control.post("/_control/reset")
    async with reader.base.database.transaction() as tx:
        tables = await tx.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = ", ".join(row["tablename"] for row in tables if row["tablename"] != "schema_migration")
        await tx.execute(f"TRUNCATE {names}")
    reader.now = NOW
    reader.read_pages_of(10)
    held: Activities = reader.simulator.state.activities  # type: ignore[attr-defined]
    return held


def possible(step: Step, held: Activities) -> Step | None:
    """The step with what it can act on, None when nothing is left of it."""
    if step["step"] in ("remove", "page-drift"):
        gone = [key for key in step["remove" if step["step"] == "page-drift" else "keys"] if key in held.held]
        if step["step"] == "remove":
            return {**step, "keys": gone} if gone else None
        return {**step, "remove": [key for key in gone if key != OLD[0]]} if OLD[0] in held.held else None
    needed = step.get("like") or (step.get("key") if step["step"] != "group" else None)
    return step if needed is None or needed in held.held else None


async def happens(step: Step, reader: Reader, held: Activities) -> None:
    if step.get("act") == "read":
        await reader.run()
    elif step.get("act") == "wait":
        await reader.pass_time((reader.now + timedelta(hours=step["hours"])).replace(tzinfo=None).isoformat())
    elif (real := possible(step, held)) is not None:
        if "hours" in real:
            real = {
                "step": "expire",
                "key": real["key"],
                "at": (reader.now + timedelta(hours=real["hours"])).isoformat(),
            }
        await reader.play(real)


@settings(
    max_examples=50,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(histories)
async def test_next_quiet_reading_makes_the_listings_equal_to_the_source(reader: Reader, history: list[Step]) -> None:
    held, live = await afresh(reader), Live()
    for step in history:
        await happens(step, reader, held)
        live.follow(await reader.events())
    await reader.play({"step": "calm"})
    reader.now += timedelta(minutes=15)
    quiet = await reader.run()
    if quiet.outcome is RunOutcome.HELD:
        await reader.accept(quiet.id)
    live.follow(await reader.events())
    expected = truth(held, reader.rules, reader.now)
    rejected = {key for key, verdict in expected.items() if verdict.rejected}
    assert live.contents(without=rejected) == contents(expected)
    assert rejected == await rejections(reader)
    await reader.run()
    assert live.follow(await reader.events()) == 0


async def rejections(reader: Reader) -> set[str]:
    async with reader.store.transaction() as work:
        return {f"lahella:{one.id}" for one in await work.bodies.rejections()}
