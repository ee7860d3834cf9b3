"""The service's command line, run as it is by a person."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from lahella_activities import wire
from lahella_process import CommandLine, served
from lahella_reader import Reader

from devstack.testing import MakeDatabase

pytestmark = pytest.mark.postgres

UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture
async def run(reader: Reader, free_port: int) -> AsyncIterator[CommandLine]:
    async with served(reader.simulator, free_port) as url:
        dsn = reader.base.postgres.dsn()
        yield CommandLine({"HYTE_LAHELLA_URL": url, "HYTE_LAHELLA_TOKEN": "key", "HYTE_DATABASE_URL": dsn})


async def test_sync_reads_once_and_says_what_it_did(run: CommandLine, reader: Reader) -> None:
    code, out, err = await run("sync")
    assert (code, "completed: 60 read, " in out) == (0, True), (out, err)
    await reader.control.put("/_control/token", json={"token": "renewed"})
    code, out, _ = await run("sync")
    assert (code, "failed (source-refuses)" in out) == (1, True)


async def test_sync_on_a_database_without_tables_says_what_to_do(run: CommandLine, make_database: MakeDatabase) -> None:
    empty = CommandLine(run.environment | {"HYTE_DATABASE_URL": await make_database([])})
    code, _, err = await empty("sync")
    assert (code, "run `migrate` before" in err) == (1, True)
    assert (await empty("migrate"))[0] == 0
    assert (await empty("sync"))[0] == 0


async def test_rehearsal_names_what_would_change_and_leaves_it_to_the_next_sync(
    run: CommandLine, reader: Reader
) -> None:
    await run("sync")
    await reader.put(wire("1"))
    await reader.delete("710001")
    code, out, _ = await run("sync", "--dry-run")
    assert code == 0
    assert "would be published: lahella:1\n" in out
    assert "would be removed: lahella:710001\n" in out
    _, out, _ = await run("sync")
    assert "1 changed, 1 removed" in out


async def test_held_run_is_shown_with_the_words_that_accept_it(run: CommandLine, reader: Reader) -> None:
    await run("sync")
    await reader.delete("710001", "710002", "710004", "710005", "710006")
    code, out, _ = await run("sync")
    accept = re.search(f"sync --accept-removals ({UUID})", out)
    assert (code, accept is not None) == (1, True)
    _, status, _ = await run("status")
    assert accept is not None
    assert f"HELD: run {accept[1]}" in status
    code, out, _ = await run("sync", "--accept-removals", accept[1])
    assert (code, "5 removed" in out) == (0, True)
    assert "HELD" not in (await run("status"))[1]
    code, _, err = await run("sync", "--accept-removals", accept[1])
    assert (code, "completed, not held" in err, err.count("\n")) == (1, True, 1)
    code, _, err = await run("sync", "--accept-removals", "yes")
    assert (code, "RUN is no id of a run" in err) == (1, True)


async def test_status_and_rejected_name_what_is_not_taken(run: CommandLine, reader: Reader) -> None:
    await reader.put(wire("1", traits={"region": ["city/FI/Atlantis"]}))
    await run("sync")
    code, out, _ = await run("status")
    assert (code, "rejected, unknown-region: 1 (1)" in out, "60 stored" in out) == (0, True, True)
    code, out, _ = await run("rejected")
    assert (code, "unknown-region" in out, "Atlantis" in out) == (0, True, False)


async def test_inspect_shows_the_body_and_why_it_is_published_or_not(run: CommandLine, reader: Reader) -> None:
    await reader.put(wire("1", traits={"region": ["city/FI/Rovaniemi"]}))
    await run("sync")
    code, out, _ = await run("inspect", "lahella:710001")
    assert code == 0
    for words in (
        "is to be published",
        "published, version ",
        "Hämeen Sydänystävät ry",
        "municipality 109",
        '"_key": "710001"',
    ):
        assert words in out, out
    assert "not to be published (out-of-scope)" in (await run("inspect", "1"))[1]
    code, _, err = await run("inspect", "999")
    assert (code, "nothing is known of 999" in err) == (1, True)


async def test_replay_makes_listings_again_while_the_source_is_away(run: CommandLine, reader: Reader) -> None:
    await run("sync")
    away = {"HYTE_LAHELLA_URL": "http://127.0.0.1:1"}
    code, out, _ = await CommandLine(run.environment | away)("replay", "--all")
    assert (code, "replay completed: 60 read, 0 changed, 0 removed" in out) == (0, True)
    narrowed = CommandLine(run.environment | away | {"HYTE_LAHELLA_MUNICIPALITIES": '["061"]'})
    assert "60 listings were made in another form" in (await narrowed("status"))[1]
    code, out, _ = await narrowed("replay")
    assert (code, "60 read, 0 changed" in out) == (0, True)
    assert " 0 removed" not in out
    del reader


async def test_wrong_list_of_business_ids_stops_the_start_with_its_line(run: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "ids.csv"
    file.write_text("7100000015;9103974-3\n")
    code, _, err = await CommandLine(run.environment | {"HYTE_LAHELLA_BUSINESS_IDS": str(file)})("sync")
    assert (code, "ids.csv, line 1: expected" in err, err.count("\n")) == (1, True, 1)
    file.write_text("7100000015,9103974-3\n")
    listed = CommandLine(run.environment | {"HYTE_LAHELLA_BUSINESS_IDS": str(file)})
    await listed("sync")
    assert "9103974-3" in (await listed("inspect", "710025"))[1]


async def test_command_without_a_token_says_so_in_one_sentence() -> None:
    code, out, err = await CommandLine({"HYTE_DATABASE_URL": "postgresql://localhost/none"})("sync")
    assert (code, out) == (1, "")
    assert "HYTE_LAHELLA_TOKEN" in err
    assert "Traceback" not in err
