"""`rebuild` while listings stream in and people read: no request fails, and the end is as if nobody had rebuilt."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import httpx
import pytest

from chassis.core.process import running
from chassis.service.base import Base
from devstack.testing import MakeBase, eventually
from event_schemas.listing import ListingPublished

from .conftest import entries_in, entries_of, fresh_tray, publish, publish_concepts, remove
from .rebuilds import from_the_log, histories, id_of, rebuild, settle
from .roles import role
from .samples import CONCEPTS, NGO, described, ptv_id

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

STEADY = [described(ptv_id(f"steady {n}"), f"Ryhmä {n}", business_id=NGO, classes=("P27.1",)) for n in range(30)]
TWINS = [described(f"lahella:steady-{n}", f"Ryhmä {n}", business_id=NGO) for n in range(0, 30, 3)]


def moving(number: int, round_number: int) -> ListingPublished:
    return described(ptv_id(f"moving {number}"), f"Kerho {number}", summary={"fi": f"Kierros {round_number}"})


async def test_rebuild_under_traffic_fails_no_request_and_ends_as_a_reader_of_the_whole_log(
    base: Base, make_base: MakeBase, tmp_path: Path
) -> None:
    async with (
        running(base.relay(), grace=base.guards.stop_grace),
        role(base, "projector", tmp_path),
        role(base, "web", tmp_path) as address,
    ):
        await publish_concepts(base, *CONCEPTS)
        await publish(base, *STEADY, *TWINS)
        await settle(base, *map(id_of, STEADY))
        told = await histories(base)
        async with httpx.AsyncClient(base_url=address) as client, asyncio.TaskGroup() as group:
            await eventually(lambda: _is_served(client), what="steady entry served")
            stop = asyncio.Event()
            publishing = group.create_task(_publish(base, stop))
            reading = group.create_task(_read(client, stop))
            code, said = await rebuild(base)
            stop.set()
        assert code == 0, said
        rounds, answers = publishing.result(), reading.result()
        assert rounds > 2
        assert answers.keys() == {200}
        assert answers[200] > 20
        last = [moving(number, 0) for number in range(10) if number % 3]
        await settle(base, *map(id_of, (*STEADY, *last)))
    after = await histories(base)
    assert {key: after[key] for key in told} == told
    assert entries_of(await fresh_tray(base)) == await entries_in(base) == await from_the_log(base, make_base)


async def _is_served(client: httpx.AsyncClient) -> bool:
    return (await client.get(f"/v1/entries/{id_of(STEADY[-1])}")).status_code == 200


async def _publish(base: Base, stop: asyncio.Event) -> int:
    """Ten listings change in every round, some of them come and go; in the end those are gone. How many rounds."""
    number = 0
    while not stop.is_set():
        number += 1
        await publish(base, *(moving(one, number) for one in range(10)))
        for one in range(0, 10, 3):
            await remove(base, moving(one, number).listing_id)
        await asyncio.sleep(0.1)
    return number


async def _read(client: httpx.AsyncClient, stop: asyncio.Event) -> Counter[int]:
    """Asks for entries and searches; how many answers of each status."""
    answers: Counter[int] = Counter()
    while not stop.is_set():
        for one in STEADY[::10]:
            answers[(await client.get(f"/v1/entries/{id_of(one)}")).status_code] += 1
        found = await client.get("/v1/entries", params={"q": "ryhmä", "limit": 5})
        answers[found.status_code] += 1
        assert found.json()["total"] == len(STEADY)
        await asyncio.sleep(0.1)
    return answers
