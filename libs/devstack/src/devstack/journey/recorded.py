"""The journey on recorded objects: they are read and reach the tray; what could not be read is told with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from chassis.kafka.follow import read_all
from chassis.kafka.records import decode
from devstack.journey.world import World, expect, until
from event_schemas.ingest_run import IngestRunEnded, RunMode, RunOutcome
from event_schemas.listing import ListingPublished
from event_schemas.text import text_in

_SHOWN = 5


async def recorded_objects_are_read(world: World) -> dict[str, ListingPublished]:
    """Gives the listings that came of them."""
    summary = world.stack.recorded_summary()
    with world.show.step(f"The recorded objects of {world.stack.recorded} are read as if PTV held them"):
        for kind, shapes in sorted(summary["loaded"].items()):
            world.show.tell(f"{kind}: {', '.join(f'{count} of {shape}' for shape, count in sorted(shapes.items()))}")
        run, _ = await until(partial(_full_run, world), seconds=120, what="a full read of the recorded objects")
        world.show.tell(f"{run.counts.read} objects read, {run.counts.changed} listings published")
        _tell_what_was_not(world, summary["left_out"], run)
        if not run.counts.changed:
            return {}
        published, _ = await until(partial(_listings, world, run.counts.changed), seconds=60, what="their listings")
    return published


def _tell_what_was_not(world: World, left_out: list[Mapping[str, Any]], run: IngestRunEnded) -> None:
    for one in left_out:
        times = f" ({one['count']} times)" if one["count"] > 1 else ""
        world.show.tell(f"not read: {one['file']} {one['reason']}{times}")
    for rejection in run.counts.rejected:
        examples = f" ({', '.join(rejection.examples)})" if rejection.examples else ""
        world.show.tell(f"not taken: {rejection.count} × {rejection.reason}{examples}")
    if not left_out and not run.counts.rejected:
        world.show.tell("nothing was left out")


async def recorded_services_are_in_the_tray(world: World, published: Mapping[str, ListingPublished]) -> None:
    with world.show.step("Real services are in the tray, found by their own names"):
        expect(bool(published), "no recorded service became a listing: see what was left out")
        for key, listing in sorted(published.items())[:_SHOWN]:
            name = text_in(listing.name, "fi", "sv", "en") or key
            entry, _ = await until(partial(_entry_of, world, name, key), seconds=30, what=f"“{name}” in the tray")
            world.show.tell(f"“{name}”: {world.stack.tray_url}/fi/entries/{entry['entry_id']}")
        world.show.look(world.stack.tray_url)


async def _full_run(world: World) -> IngestRunEnded | None:
    async for record in read_all(world.kafka, "hyte.ingest-runs.v1"):
        event = decode(record).event
        if isinstance(event, IngestRunEnded) and event.source == "ptv" and event.mode == RunMode.FULL:
            expect(event.outcome == RunOutcome.COMPLETED, f"the reading ended as {event.outcome} ({event.reason})")
            return event
    return None


async def _listings(world: World, many: int) -> dict[str, ListingPublished] | None:
    events = [decode(record) async for record in read_all(world.kafka, "hyte.listings.v1")]
    found = {one.key: one.event for one in events if one.key.startswith("ptv:")}
    published = {key: event for key, event in found.items() if isinstance(event, ListingPublished)}
    return published if len(published) >= many else None


async def _entry_of(world: World, name: str, key: str) -> dict[str, Any] | None:
    """The hit that is made of this listing."""
    return next((entry for entry in await world.search(name) if key in str(entry)), None)
