"""A process that is killed while it reads loses nothing and tells nothing twice."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import httpx
import pytest
from ptv_process import CommandLine, served
from ptv_truth import Live

from devstack.testing import eventually

if TYPE_CHECKING:
    from conftest import Bench

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

ROUNDS = 6


async def test_sync_killed_at_random_moments_ends_equal_to_ptv(bench: Bench) -> None:
    chance = random.Random(11)
    live = Live()
    template = bench.wire("service", (bench.service_named("Liikuntaneuvonta"),))
    for number in range(450):
        bench.world.put("service", {**template, "contentId": f"00000000-0000-4000-8000-{number:012d}"})
    async with served(bench.app) as url, httpx.AsyncClient(base_url=url) as control:
        run = CommandLine(
            {
                "HYTE_PTV_URL": url,
                "HYTE_PTV_API_KEY": "a-key",
                "HYTE_KAFKA": bench.base.kafka.kafka,
                "HYTE_DATABASE_URL": bench.base.postgres.dsn(),
            }
        )
        killed = 0
        for number in range(ROUNDS):
            killed += await killed_after(chance.randint(1, 8), run, control)
            live.follow(await bench.told())
            bench.vanish("service", (f"00000000-0000-4000-8000-{number:012d}",))
            bench.world.put("service", {**template, "contentId": f"00000000-0000-4000-8000-{number + 900:012d}"})
        assert killed > ROUNDS / 2
        # The first ends the round that was begun before the last change, the second has seen nothing but the end.
        for _ in range(2):
            code, out, err = await run("sync", "--full")
            assert (code, "full run" in out) == (0, True), (out, err)
        live.follow(await bench.told())
        assert live.contents == bench.truth
        await run("sync", "--full")
        assert live.follow(await bench.told()) == 0


async def killed_after(requests: int, run: CommandLine, control: httpx.AsyncClient) -> bool:
    """Starts a whole reading and kills it once PTV has been asked that often, unless it has less left to ask."""
    before = await asked_of(control)
    await control.post("/_control/faults", json={"path": "/search", "kind": "slow", "delay_seconds": 0.03})
    process = await run.start("sync", "--full")

    async def asked() -> bool:
        return await asked_of(control) >= before + requests or process.returncode is not None

    await eventually(asked, what=f"{requests} requests")
    alive = process.returncode is None
    if alive:
        process.kill()
    await process.communicate()
    await control.delete("/_control/faults")
    return alive


async def asked_of(control: httpx.AsyncClient) -> int:
    counts = (await control.get("/_control/requests")).json()["counts"]
    return sum(counts.values())
