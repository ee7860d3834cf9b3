"""Listings made again from what is stored, held runs, rejections, and rehearsals."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from lahella_activities import REGIONS, RULES, wire
from lahella_reader import Reader

from chassis.ingest.scope import Scope
from event_schemas.ids import MunicipalityCode
from event_schemas.ingest_run import RunMode, RunOutcome
from lahella_ingest.adapters.rehearsal_store import RehearsalStore
from lahella_ingest.app.runs import NotHeld
from lahella_ingest.app.tally import Tally
from lahella_ingest.domain.rules import Rules

pytestmark = pytest.mark.postgres

FORSSA_ONLY = Rules(REGIONS, Scope(frozenset({"061"}), frozenset(), nationwide=False))


async def test_replay_of_unchanged_rules_publishes_nothing_and_calls_nobody(reader: Reader) -> None:
    await reader.run()
    await reader.events()
    await reader.control.post("/_control/faults", json={"path": "/", "kind": "504-html"})
    assert not await reader.replay.is_due()
    run = await reader.derive_again(everything=True)
    kinds, _, ends = await reader.told()
    assert (run.mode, run.outcome, run.counts.read, run.counts.changed) == (
        RunMode.REPLAY,
        RunOutcome.COMPLETED,
        60,
        0,
    )
    assert kinds == {"started": 1, "ended": 1}
    assert ends[0].mode == "replay"


async def test_other_rules_make_listings_again_at_the_next_start_without_the_source(reader: Reader) -> None:
    await reader.run()
    await reader.events()
    reader.follow(FORSSA_ONLY)
    assert await reader.replay.is_due()
    narrowed = await reader.derive_again()
    assert 0 < narrowed.counts.removed < 60
    assert not await reader.replay.is_due()
    assert (await reader.derive_again()).counts.read == 0
    reader.follow(RULES)
    widened = await reader.derive_again()
    assert widened.counts.changed == narrowed.counts.removed
    await reader.events()
    assert (await reader.run()).counts.changed == 0


async def test_rejected_item_is_kept_and_taken_once_its_region_is_known(reader: Reader) -> None:
    await reader.put(wire("1", traits={"region": ["city/FI/Uusikunta"]}))
    first = await reader.run()
    assert [(one.reason, one.examples) for one in first.counts.rejected] == [("unknown-region", ("1",))]
    async with reader.store.transaction() as work:
        (rejection,) = await work.bodies.rejections()
    assert (rejection.id, rejection.reason) == ("1", "unknown-region")
    assert "Uusikunta" not in rejection.explanation
    known = replace(REGIONS, cities={**REGIONS.cities, "uusikunta": MunicipalityCode("109")})
    reader.follow(Rules(known, RULES.scope))
    await reader.events()
    assert (await reader.derive_again()).counts.changed == 1
    async with reader.store.transaction() as work:
        assert await work.bodies.rejections() == []


async def test_rejection_ends_when_the_item_reads_well_again_or_is_gone(reader: Reader) -> None:
    await reader.put(wire("1", traits={"region": ["city/FI/Atlantis"]}))
    await reader.put({"_key": "ei kelpaa", "traits": {}})
    run = await reader.run()
    assert {one.reason: one.count for one in run.counts.rejected} == {"malformed": 1, "unknown-region": 1}
    await reader.put(wire("1"))
    await reader.delete("ei kelpaa")
    reader.now += timedelta(minutes=15)
    assert (await reader.run()).counts.rejected == ()
    async with reader.store.transaction() as work:
        assert await work.bodies.rejections() == []


async def test_replay_keeps_what_came_last_of_a_rejected_item_and_its_listing_as_it_was(reader: Reader) -> None:
    await reader.put(wire("1"))
    await reader.run()
    await reader.put(wire("1", traits={"region": ["city/FI/Atlantis"], "type": "support"}))
    await reader.run()
    await reader.events()
    assert (await reader.derive_again(everything=True)).counts.changed == 0
    async with reader.store.transaction() as work:
        (rejected,) = await work.bodies.rejected()
    assert rejected.item.raw["traits"]["type"] == "support"


async def test_held_run_is_accepted_by_its_id_however_many_runs_came_after_it(reader: Reader) -> None:
    await reader.run()
    await reader.delete("710001", "710002", "710003", "710004")
    held = await reader.run()
    reader.now += timedelta(minutes=15)
    later = await reader.run()
    assert (held.outcome, later.outcome) == (RunOutcome.HELD, RunOutcome.HELD)
    async with reader.store.transaction() as work:
        standing = await work.standing()
    assert standing.held is not None
    assert standing.held.id == later.id
    await reader.put(wire("710004"))
    await reader.events()
    reader.now += timedelta(minutes=15)
    accepted = await reader.accept(held.id)
    _, _, ends = await reader.told()
    assert (accepted.id, accepted.outcome, accepted.counts.removed) == (held.id, RunOutcome.COMPLETED, 3)
    assert [(end.run_id, end.outcome) for end in ends] == [(str(held.id), "completed")]
    async with reader.store.transaction() as work:
        assert (await work.standing()).held is None
    quiet = await reader.run()
    assert (quiet.outcome, quiet.counts.removed) == (RunOutcome.COMPLETED, 0)


async def test_only_a_run_that_is_held_can_be_accepted(reader: Reader) -> None:
    completed = await reader.run()
    with pytest.raises(NotHeld, match="completed, not held"):
        await reader.accept(completed.id)
    with pytest.raises(NotHeld, match="no such run"):
        await reader.accept(uuid4())


async def test_runs_of_few_removals_never_add_up_to_a_held_one(reader: Reader) -> None:
    for number in range(75):
        await reader.put(wire(f"9{number:03}"))
    await reader.run()
    for first in range(0, 12, 3):
        await reader.delete(*(f"9{number:03}" for number in range(first, first + 3)))
        assert (await reader.run()).counts.removed == 3
    await reader.delete(*(f"9{number:03}" for number in range(12, 21)))
    held = await reader.run()
    assert (held.outcome, held.reason) == (RunOutcome.HELD, "too-many-absent")
    assert (await reader.accept(held.id)).counts.removed == 9
    assert (await reader.run()).outcome is RunOutcome.COMPLETED


async def test_rehearsal_says_what_would_change_and_changes_nothing(reader: Reader) -> None:
    await reader.run()
    await reader.events()
    await reader.put(wire("1"))
    await reader.delete("710001")
    rehearsal, tally = RehearsalStore(reader.store), Tally()
    async with rehearsal.only_reader() as alone:
        assert alone
        run = await replace(reader.read, store=rehearsal)(tally=tally)
    assert (run.outcome, tally.published, tally.removed) == (RunOutcome.COMPLETED, ["1"], ["710001"])
    assert await reader.events() == []
    run = await reader.run()
    assert (run.counts.changed, run.counts.removed) == (1, 1)
