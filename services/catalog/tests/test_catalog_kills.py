"""A role killed at random moments while listings stream in: the end is that of an undisturbed run."""

from __future__ import annotations

import asyncio
import random
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from catalog.bootstrap import projector
from chassis.core.process import running
from chassis.service.base import Base
from devstack.testing import MakeBase, eventually
from event_schemas.listing import ListingPublished

from .conftest import entries_in, entries_of, fresh_tray, publish, publish_concepts, remove
from .rebuilds import from_the_log, id_of, settle
from .roles import RoleProcess
from .samples import CONCEPTS, NGO, described, ptv_id

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

KILLS = 2
EACH = 40


def from_ptv(number: int, *, round_number: int = 0) -> ListingPublished:
    summary = {"fi": f"Kierros {round_number}"}
    listing_id = ptv_id(f"killed {number}")
    return described(listing_id, f"Ryhmä {number}", business_id=NGO, classes=("P27.1",), summary=summary)


def twin(number: int) -> ListingPublished:
    return described(f"lahella:killed-{number}", f"Ryhmä {number}", business_id=NGO)


async def stream(base: Base, round_number: int) -> None:
    """New services, some of them with a twin; of those of the round before some change and some go."""
    first = round_number * EACH
    for number in range(first, first + EACH, 20):
        await publish(base, *(from_ptv(one) for one in range(number, number + 20)), twin(number))
    if round_number:
        before = range(first - EACH, first)
        await publish(base, *(from_ptv(one, round_number=round_number) for one in before if one % 3 == 0))
        for one in before[1::6]:
            await remove(base, from_ptv(one).listing_id)


@pytest.mark.parametrize("killed", ["projector", "relay", "web"])
async def test_role_killed_at_random_moments_ends_in_the_entries_of_an_undisturbed_run(
    killed: str, base: Base, make_base: MakeBase, tmp_path: Path
) -> None:
    chance = random.Random(f"kills of {killed}")
    others = [*(base.relay() if killed != "relay" else ()), *(projector(base) if killed != "projector" else ())]
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running(others, grace=base.guards.stop_grace))
        process = RoleProcess(base, killed, tmp_path)
        stack.callback(process.stop)
        await publish_concepts(base, *CONCEPTS)
        for number in range(KILLS):
            # A projector once: the broker lets a killed one's successor read only when its session of 15 s is over,
            # but what was stored is recomputed from the start on.
            if number == 0 or killed != "projector":
                await process.ready()
            await stream(base, number)
            await asyncio.sleep(chance.uniform(0, 0.3 if number == 0 else 2))  # the moment of the kill
            process.kill_and_start_again()
        # The sessions of both that were killed have to be over, one perhaps after the other.
        await process.ready(seconds=60)
        await stream(base, KILLS)
        gone = {one for number in range(KILLS) for one in range(number * EACH, (number + 1) * EACH)[1::6]}
        left = [id_of(from_ptv(one)) for one in range((KILLS + 1) * EACH) if one not in gone]
        await settle(base, *left, seconds=60)
        if killed == "web":
            await eventually(lambda: _serves(process.address, len(left)), what="replica serves all entries")
    assert entries_of(await fresh_tray(base)) == await entries_in(base) == await from_the_log(base, make_base)


async def _serves(address: str, number: int) -> bool:
    async with httpx.AsyncClient(base_url=address) as client:
        return bool((await client.get("/v1/entries")).json()["total"] == number)
