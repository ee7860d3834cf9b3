"""Steps 1 and 2: both sources are read, merged and filed; an inflected Finnish question finds what it means."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

from chassis.kafka.follow import read_all
from chassis.kafka.records import decode
from devstack.journey.world import World, expect, name_of, until
from event_schemas.ingest_run import IngestRunEnded, RunMode, RunOutcome

INFLECTED = ("velkaneuvontapalveluista", "kaatumisen ehkäisyyn")


async def both_sources_are_read(world: World) -> None:
    with world.show.step(
        "A full read of PTV and of Lähellä.fi becomes listings, and the catalogue merges and files them"
    ):
        runs, _ = await until(lambda: _full_runs(world), seconds=60, what="a full read of both sources")
        for source, run in sorted(runs.items()):
            world.show.tell(f"{source}: {run.counts.read} objects read, {run.counts.changed} listings published")
        listings, _ = await until(lambda: _listings(world), seconds=30, what="listings of both sources")
        world.show.tell(
            f"hyte.listings.v1 holds {listings['ptv']} listings of PTV and {listings['lahella']} of Lähellä.fi"
        )
        entries, _ = await until(lambda: _entry_total(world, listings), seconds=30, what="an entry for every listing")
        world.show.tell(f"the tray holds {entries} entries: what both sources describe is there once")
        world.show.look(f"{world.stack.tray_url}  ·  topics on {world.stack.kafka}")


async def _full_runs(world: World) -> dict[str, IngestRunEnded] | None:
    runs: dict[str, IngestRunEnded] = {}
    async for record in read_all(world.kafka, "hyte.ingest-runs.v1"):
        event = decode(record).event
        if isinstance(event, IngestRunEnded) and event.outcome == RunOutcome.COMPLETED and event.mode == RunMode.FULL:
            runs.setdefault(str(event.source), event)
    return runs if len(runs) == 2 else None


async def _listings(world: World) -> Counter[str] | None:
    alive: dict[str, bool] = {}
    async for record in read_all(world.kafka, "hyte.listings.v1"):
        delivery = decode(record)
        alive[delivery.key] = delivery.envelope.type.endswith("published.v1")
    sources = Counter(key.split(":", 1)[0] for key, lives in alive.items() if lives)
    return sources if len(sources) == 2 else None


async def _entry_total(world: World, listings: Counter[str]) -> int | None:
    """How many entries there are, once each listing is a member of one."""
    entries = await world.all_entries()
    members = Counter(member["system"] for entry in entries for member in entry["members"])
    return len(entries) if all(members[system] == count for system, count in listings.items()) else None


async def inflected_questions_find(world: World) -> None:
    with world.show.step("A Finnish search in an inflected form finds them, and each placement says why"):
        for question in INFLECTED:
            hits, _ = await until(partial(world.search, question), seconds=15, what=f"a hit for “{question}”")
            world.show.tell(f"“{question}” finds “{name_of(hits[0])}”")
            filed = [one for one in hits[0]["placements"] if one["mapping"] == "county"]
            expect(bool(filed), f"“{name_of(hits[0])}” is filed under no theme")
            for placement in filed:
                world.show.tell(f"  filed under {placement['sub_theme']}: {_why(placement)}")
            world.show.look(f"{world.stack.tray_url}/fi?q={question.replace(' ', '+')}")


def _why(placement: dict[str, Any]) -> str:
    return "; ".join(reason["text"]["fi"] for reason in placement["reasons"])
