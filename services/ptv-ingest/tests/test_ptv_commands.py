"""What an operator types, and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ptv_process import CommandLine

if TYPE_CHECKING:
    from conftest import Bench

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

NAME = "Liikuntaneuvonta"


async def test_dry_run_says_what_would_change_and_changes_nothing(bench: Bench, run: CommandLine) -> None:
    code, out, err = await run("sync", "--dry-run")
    assert (code, "nothing was kept or published" in out, "would be published: ptv:" in out) == (0, True, True), err
    assert await bench.told() == []
    assert (await bench.overview.standing()).runs == []
    code, out, err = await run("sync")
    assert (code, f"published {len(bench.truth)} and removed 0 listings" in out) == (0, True), err


async def test_status_tells_runs_sources_objects_and_what_waits(bench: Bench, run: CommandLine) -> None:
    await bench.run()
    bench.world.put("service", {"contentId": bench.service_named(NAME), "languageVersions": 7})
    for key in list(bench.world.shelves["service"].live)[:12]:
        bench.vanish("service", key)
    bench.clock.forward(days=1)
    held = await bench.run(full=True)
    code, out, err = await run("status")
    assert code == 0, err
    assert "v12 is read up to" in out
    assert f"published: {len(await bench.state())} listings" in out
    assert "rejected, unreadable-service: 1" in out
    assert f"python -m ptv_ingest sync --accept-removals {held.run_id}" in out


async def test_inspect_shows_the_objects_the_last_event_and_why_it_is_in_scope(bench: Bench, run: CommandLine) -> None:
    await bench.run()
    key = bench.service_named(NAME)
    code, out, err = await run("inspect", f"ptv:{key}")
    assert code == 0, err
    assert "last event: published, version " in out
    assert "scope: in scope: offered in municipality 109" in out
    for kind in ("service", "organization", "connection", "channel"):
        assert f"{kind} " in out
    assert '"serviceChannelType"' in out


async def test_inspect_of_an_unknown_listing_is_one_sentence(run: CommandLine) -> None:
    code, out, err = await run("inspect", "ptv:00000000-0000-4000-8000-000000000000")
    assert (code, out) == (1, "")
    assert err.strip() == "ptv-ingest: nothing is known of ptv:00000000-0000-4000-8000-000000000000"


async def test_rejected_lists_objects_with_their_reason(bench: Bench, run: CommandLine) -> None:
    assert "nothing is rejected" in (await run("rejected"))[1]
    bench.world.put("service", {"contentId": "no-uuid", "languageVersions": {}})
    broken = next(iter(bench.world.shelves["channel"].live))
    bench.world.put("channel", {"contentId": broken[0], "serviceChannelType": "Drone", "languageVersions": {}})
    await bench.run()
    code, out, _ = await run("rejected")
    assert code == 0
    assert "unreadable-id" in out
    assert "unknown-channel-type" in out
    assert broken[0] in out


@pytest.mark.parametrize("given", ["no-run", "019a6f3e-2b1c-7d4e-8f90-1a2b3c4d5e6f"])
async def test_acceptance_of_what_is_not_held_is_one_sentence(bench: Bench, run: CommandLine, given: str) -> None:
    await bench.run()
    code, out, err = await run("sync", "--accept-removals", given)
    assert (code, out) == (1, "")
    assert err.strip().startswith("ptv-ingest: ")
    assert "Traceback" not in err


async def test_replay_of_all_tells_what_it_did_and_publishes_nothing_new(bench: Bench, run: CommandLine) -> None:
    await bench.run()
    told = len(await bench.published())
    code, out, err = await run("replay", "--all")
    assert (code, "replay run" in out, "published 0 and removed 0" in out) == (0, True, True), err
    assert len(await bench.published()) == told


async def test_forget_takes_values_from_standard_input_only(bench: Bench, run: CommandLine) -> None:
    await bench.run()
    email = next(
        email.address for one in (await bench.state()).values() for channel in one.channels for email in channel.emails
    )
    code, out, err = await run("forget", given=f"{email}\n")
    assert code == 0, err
    assert "1 values forgotten" in out
    assert email not in out + err
    assert (await run("forget", email))[0] == 2
    assert (await run("forget", given="yksi\n"))[2].strip().endswith("name of two words or more")


async def test_key_that_ptv_refuses_is_told_in_one_sentence(run: CommandLine) -> None:
    code, out, err = await CommandLine({**run.settings, "HYTE_PTV_API_KEY": "wrong"})("sync")
    assert code == 1
    assert "ptv-ingest: the full run failed (source-refuses)" in err
    assert "Traceback" not in out + err


async def test_setting_neither_version_is_told_in_one_sentence(run: CommandLine) -> None:
    code, _, err = await CommandLine({**run.settings, "HYTE_PTV_API_KEY": ""})("sync")
    assert (code, "Traceback" in err) == (1, False)
    assert "hyte_ptv_api_key" in err.lower()
