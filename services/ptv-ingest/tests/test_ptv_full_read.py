"""From the simulated PTV to the topic of listings, on the real broker and database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from event_schemas.ingest_run import RunMode, RunOutcome
from event_schemas.vocabulary import ConceptPublished

if TYPE_CHECKING:
    from conftest import Bench

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


async def test_first_run_reads_everything_and_publishes_every_service_of_the_county(bench: Bench) -> None:
    ended = await bench.run()
    assert (ended.mode, ended.outcome, ended.counts.rejected) == (RunMode.FULL, RunOutcome.COMPLETED, ())
    state = await bench.state()
    assert set(state) == {f"ptv:{content_id}" for (content_id,) in bench.world.shelves["service"].live}
    assert ended.counts.changed == len(state)
    for content_id, channel_id in bench.world.shelves["connection"].live:
        assert f"ptv:{channel_id}" in {channel.channel_id for channel in state[f"ptv:{content_id}"].channels}


async def test_code_lists_are_published_with_names_and_members(bench: Bench) -> None:
    await bench.run()
    concepts = {one.key: one.event for one in await bench.published("hyte.vocabularies.v1")}
    region = concepts["region:05"]
    assert isinstance(region, ConceptPublished)
    assert "municipality:109" in region.members
    assert region.name["fi"].text == "Kanta-Häme"
    # No listing refers to the code list of countries.
    lists = {path: rows for path, rows in bench.world.vocabulary.rows.items() if path != "country-codes"}
    assert len(concepts) == sum(len(rows) for rows in lists.values())


async def test_second_full_run_publishes_nothing(bench: Bench) -> None:
    await bench.run()
    listings, concepts = len(await bench.published()), len(await bench.published("hyte.vocabularies.v1"))
    ended = await bench.run(full=True)
    assert (ended.counts.changed, ended.counts.removed) == (0, 0)
    assert len(await bench.published()) == listings
    assert len(await bench.published("hyte.vocabularies.v1")) == concepts
