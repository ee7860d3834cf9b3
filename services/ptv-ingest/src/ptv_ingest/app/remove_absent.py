"""Removes what a whole reading has not met, within a guard against half a catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from event_schemas.listing import RemovalReason
from ptv_ingest.app.confirm_gone import confirm_gone
from ptv_ingest.app.ports import Listings, Objects, PtvSource, Run, Tally
from ptv_ingest.domain.objects import Kind

# What residents lose when it vanishes; organisations and general descriptions only dress a listing.
_GUARDED = (Kind.SERVICE, Kind.CHANNEL, Kind.CONNECTION)


class TooManyAbsent(Exception):
    """More would vanish than a run may remove without being asked to."""


async def remove_absent(
    run: Run,
    *,
    sources: Sequence[PtvSource],
    objects: Objects,
    listings: Listings,
    tally: Tally,
    most_absent: float,
) -> None:
    """Each absence is confirmed by id.

    Raises:
        TooManyAbsent: the share of absent objects of a kind, or of published listings, is above `most_absent`;
            nothing has been removed.
    """
    # What earlier removals left behind must not count again, or every run trips the guard.
    await objects.mark_orphans_gone(await objects.unseen(run, Kind.CONNECTION))
    absent = {kind: set(await objects.unseen(run, kind)) for kind in Kind}
    # Published by a version that stored objects elsewhere.
    absent[Kind.SERVICE].update(await listings.unknown_services())
    absent[Kind.CONNECTION] -= _following(absent)
    await _guard(absent, objects, listings, most_absent)
    for kind in Kind:
        await confirm_gone(kind, absent[kind], RemovalReason.ABSENT, sources=sources, objects=objects, tally=tally)
    await objects.mark_orphans_gone(await objects.unseen(run, Kind.CONNECTION))


def _following(absent: dict[Kind, set[str]]) -> set[str]:
    """Connections that are absent only because their service or channel is."""
    return {
        one
        for one in absent[Kind.CONNECTION]
        if one.partition("/")[0] in absent[Kind.SERVICE] or one.partition("/")[2] in absent[Kind.CHANNEL]
    }


async def _guard(absent: dict[Kind, set[str]], objects: Objects, listings: Listings, most_absent: float) -> None:
    for kind in _GUARDED:
        if len(absent[kind]) > most_absent * await objects.live_count(kind):
            raise TooManyAbsent
    published = await listings.published_services()
    if len(absent[Kind.SERVICE].intersection(published)) > most_absent * len(published):
        raise TooManyAbsent
