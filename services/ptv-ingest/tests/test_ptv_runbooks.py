"""The runbooks are followed to the letter: their commands are read out of them, and run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ptv_process import CommandLine

if TYPE_CHECKING:
    from conftest import Bench

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

RUNBOOKS = Path(__file__).resolve().parents[3] / "docs" / "runbooks"
NAME = "Liikuntaneuvonta"


def commands(runbook: str) -> list[list[str]]:
    """The words of each command for this service, in the document's order."""
    text = (RUNBOOKS / runbook).read_text(encoding="utf-8")
    return [line.split() for line in re.findall(r"^ {4,}python -m ptv_ingest (.+)$", text, re.MULTILINE)]


async def test_source_outage(bench: Bench, run: CommandLine) -> None:
    status, once, again, rejected, replay = commands("source-outage.md")
    await bench.run()
    key = bench.service_named(NAME)
    wire = {name: part for name, part in bench.wire("service", (key,)).items() if name != "publishedAt"}
    versions = {**wire["languageVersions"], "fi": {**wire["languageVersions"]["fi"], "summary": "Katkon aikana"}}
    bench.world.put("service", {**wire, "languageVersions": versions})
    await bench.fault(path="/api/", kind="429", retry_after=0)
    code, _, err = await run(*once)
    assert code == 1
    assert "source-busy" in err or "source-circuit-open" in err
    code, out, _ = await run(*status)
    assert (code, "failed (source-" in out) == (0, True)
    assert f"ptv:{key}" in await bench.state()
    await bench.clear_faults()
    code, out, err = await run(*again)
    assert (code, "published 1 and removed 0 listings" in out) == (0, True), err
    assert (await bench.state())[f"ptv:{key}"].summary["fi"].text == "Katkon aikana"
    assert (await run(*rejected))[:2] == (0, "nothing is rejected\n")
    assert (await run(*replay))[0] == 0


async def test_removal_guard(bench: Bench, run: CommandLine) -> None:
    status, rehearsal, inspect, accept, afterwards = commands("removal-guard.md")
    await bench.run()
    gone = list(bench.world.shelves["service"].live)[:12]
    for key in gone:
        bench.vanish("service", key)
    held = await bench.run(full=True)
    assert held.outcome == "held"
    code, out, _ = await run(*status)
    assert (code, f"HELD: run {held.run_id}" in out) == (0, True)
    code, out, err = await run(*rehearsal)
    assert (code, "the run would end as held (too-many-absent)" in out) == (0, True), err
    code, out, _ = await run(*[f"ptv:{gone[0][0]}" if word == "LISTING" else word for word in inspect])
    assert (code, "last event: published" in out) == (0, True)
    before = set(await bench.state())
    code, out, err = await run(*[held.run_id if word == "RUN" else word for word in accept])
    assert (code, f"removed {len(gone)} listings" in out) == (0, True), err
    assert before - set(await bench.state()) == {f"ptv:{key[0]}" for key in gone}
    code, out, _ = await run(*afterwards)
    assert (code, "HELD" in out) == (0, False)


async def test_forget_contact(bench: Bench, run: CommandLine) -> None:
    (forget,) = commands("forget-contact.md")
    await bench.run()
    listings = (await bench.state()).values()
    email = next(email.address for one in listings for channel in one.channels for email in channel.emails)
    code, out, err = await run(*forget, given=f"{email}\n")
    assert (code, "1 values forgotten" in out) == (0, True), err
    assert email not in "".join(one.model_dump_json() for one in (await bench.state()).values())
