"""What a person asked to have removed is in nothing that is stored or published, nor in what is read later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lahella_activities import channel, wire
from lahella_process import CommandLine, served
from lahella_reader import Reader

from chassis.ingest.forgetting import Forgotten, lengths_of

EMAIL, PHONE, NAME = "maija.mallila@esim.example", "040 123 4567", "Maija Mallila"


def forgetting(*values: str) -> Forgotten:
    hashed = [Forgotten(b"key").hash_of(value) for value in values]
    return Forgotten(b"key", frozenset(value for value, _ in hashed), lengths_of(hashed))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Soita Maija Mallila, 040 123 4567.", "Soita  , ."),
        ("<p>Ohjaa <b>Maija</b>\nMALLILA</p>", "<p>Ohjaa <b></b>\n</p>"),
        ("Maija&nbsp;Mallila", "&nbsp;"),
        ("+358 (0)40 1234567", ""),
        ("Kirjoita: Maija.Mallila@esim.example.", "Kirjoita: ."),
        ("Maija Malli, 040 123 4568, maija@esim.example", "Maija Malli, 040 123 4568, maija@esim.example"),
        ("Maija ja Mallila", "Maija ja Mallila"),
    ],
)
def test_address_number_and_name_are_blanked_in_any_spelling_and_nothing_else_is(text: str, left: str) -> None:
    assert forgetting(EMAIL, PHONE, NAME).redact(text) == left


def test_name_written_with_entities_is_the_same_name() -> None:
    assert forgetting("Päivi Mäki").redact("P&auml;ivi M&#228;ki ja muut") == " ja muut".rjust(9)


leaves = st.none() | st.booleans() | st.integers() | st.text()
values = st.recursive(leaves, lambda part: st.lists(part) | st.dictionaries(st.text(), part), max_leaves=8)


@given(values)
def test_what_nobody_asked_to_forget_stays_as_it_is(value: Any) -> None:
    assert forgetting(EMAIL, PHONE, NAME).redact(value) == value


def personal(key: str, **traits: Any) -> dict[str, Any]:
    contacts = [{"type": "email", "value": EMAIL}, {"type": "phone", "value": PHONE}]
    texts = {"fi": {"name": f"Kerho {key}", "description": f"<p>Ohjaaja on {NAME}.</p>"}}
    return wire(key, traits={"contacts": contacts, "translations": texts, "channels": [channel()], **traits})


EVERYTHING = """
SELECT raw::text AS text FROM activity UNION ALL SELECT organization_name FROM activity
UNION ALL SELECT encode(hash, 'escape') FROM forgotten UNION ALL SELECT convert_from(payload, 'UTF8') FROM outbox
"""


@pytest.mark.postgres
async def test_forget_reads_values_from_its_input_and_redacts_versions_rejections_listings_and_later_readings(
    reader: Reader, free_port: int
) -> None:
    await reader.put(personal("1"))
    await reader.put(personal("2", region=["city/FI/Atlantis"]))
    async with served(reader.simulator, free_port) as url:
        dsn = reader.base.postgres.dsn()
        run = CommandLine({"HYTE_LAHELLA_URL": url, "HYTE_LAHELLA_TOKEN": "key", "HYTE_DATABASE_URL": dsn})
        await run("sync")
        await reader.events()
        code, out, err = await run("forget", told=f"{EMAIL}\n{PHONE}\n{NAME}\n")
        # The activity, its one version, and the rejected item.
        assert (code, "3 values forgotten: 3 bodies redacted, 1 listings published" in out) == (0, True), (out, err)
        assert not any(value in out + err for value in (EMAIL, PHONE, NAME))
        code, out, _ = await run("sync")
        assert (code, " 0 changed" in out) == (0, True), out
    async with reader.base.database.connection() as connection:
        kept = "\n".join(row["text"] or "" for row in await connection.fetch(EVERYTHING))
    async with reader.store.transaction() as work:
        kept += str([one.item.raw for one in await work.bodies.rejected()])
    assert "Ohjaaja on" in kept
    assert not any(value in kept for value in (EMAIL, PHONE, "+358401234567", "Mallila"))


@pytest.mark.postgres
async def test_forget_without_values_says_so(reader: Reader) -> None:
    run = CommandLine({"HYTE_LAHELLA_TOKEN": "key", "HYTE_DATABASE_URL": reader.base.postgres.dsn()})
    code, _, err = await run("forget")
    assert (code, "nothing to forget" in err) == (1, True)


@pytest.mark.postgres
async def test_earlier_versions_are_kept_for_their_time_and_the_present_one_always(reader: Reader) -> None:
    async def versions() -> int:
        async with reader.store.transaction() as work:
            return len(await work.bodies.versions("1"))

    for name in ("Yksi", "Kaksi", "Kolme"):
        await reader.put(wire("1", traits={"translations": {"fi": {"name": name}}}))
        await reader.run()
    assert await versions() == 3
    reader.now += timedelta(days=89)
    await reader.run()
    assert await versions() == 3
    reader.now += timedelta(days=2)
    await reader.run()
    assert await versions() == 1
