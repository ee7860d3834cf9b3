"""A process that is killed while it reads loses nothing and tells nothing twice."""

from __future__ import annotations

import random

import pytest
from lahella_activities import RULES, wire
from lahella_process import CommandLine, served
from lahella_reader import Reader
from lahella_truth import Live, contents, truth

from chassis.core.clock import utc_now
from devstack.simulators.lahella.activities import Activities
from devstack.testing import eventually

pytestmark = pytest.mark.postgres

ROUNDS = 4


async def requests_served(reader: Reader) -> int:
    counts = (await reader.control.get("/_control/requests")).json()["counts"]
    return sum(counts.values())


async def test_sync_killed_at_random_moments_ends_equal_to_the_source(reader: Reader, free_port: int) -> None:
    chance = random.Random(7)
    held: Activities = reader.simulator.state.activities  # type: ignore[attr-defined]
    for number in range(300):
        await reader.put(wire(f"9{number:04}"))
    live = Live()
    async with served(reader.simulator, free_port) as url:
        dsn = reader.base.postgres.dsn()
        run = CommandLine({"HYTE_LAHELLA_URL": url, "HYTE_LAHELLA_TOKEN": "key", "HYTE_DATABASE_URL": dsn})
        for number in range(ROUNDS):
            await reader.play({"step": "fault", "kind": "slow", "delay_seconds": 0.02, "path": "/v1/activities$"})
            await killed_after(chance.randint(1, 4), run, reader)
            live.follow(await reader.events())
            await reader.play({"step": "calm"}, {"step": "remove", "keys": [f"9{number:04}"]})
            await reader.put(wire(f"9{number + 100:04}", traits={"translations": {"fi": {"name": f"Uusi {number}"}}}))
        code, out, err = await run("sync")
        assert (code, "completed" in out) == (0, True), (out, err)
        live.follow(await reader.events())
        assert live.contents() == contents(truth(held, RULES, utc_now()))
        await run("sync")
        assert live.follow(await reader.events()) == 0


async def killed_after(requests: int, run: CommandLine, reader: Reader) -> None:
    """Starts a reading and kills it once the source has been asked that often."""
    before = await requests_served(reader)
    process = await run.start("sync")

    async def asked() -> bool:
        return await requests_served(reader) >= before + requests or process.returncode is not None

    await eventually(asked, what=f"{requests} requests")
    assert process.returncode is None, "the process ended before it was killed"
    process.kill()
    assert await process.wait() != 0
