"""How much of the demonstration's services, and of recorded ones, the rules file; -s shows the figures."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from catalog.adapters.content_files import load_content
from catalog.adapters.postgres_content import PostgresEntries
from catalog.adapters.postgres_entries import QUALITY
from catalog.bootstrap import SERVICE as CATALOG
from catalog.bootstrap import projector
from catalog.domain.filing_report import FilingReport
from catalog.entrypoints.filing_commands import filing_report
from catalog.entrypoints.follow import ENTRIES
from catalog.entrypoints.kafka import LISTINGS, VOCABULARIES
from catalog.settings import CONTENT
from chassis.core.process import running
from chassis.service.base import Base
from devstack.simulators import ptv
from devstack.simulators.ptv.recorded import read_recording
from devstack.testing import MakeBase, MakeTopics, eventually
from ptv_ingest.bootstrap import SERVICE as INGEST

from .ptv_reading import KEY, RUNS, answer, asking, read_once

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "reference"
SAMPLES = Path(os.environ.get("HYTE_PTV_SAMPLES", _BESIDE / "ptv_v12_samples"))
DEMO_AREAS = {"municipalities": ["109", "061", "694"], "wellbeing_counties": ["07"]}


@pytest.fixture
async def bases(make_base: MakeBase, make_topics: MakeTopics) -> list[Base]:
    await make_topics(LISTINGS, VOCABULARIES, RUNS, ENTRIES, QUALITY)
    return [await make_base(one.name, one.migrations_folder) for one in (INGEST, CATALOG)]


async def reported(bases: list[Base], app: FastAPI, areas: dict[str, Any]) -> FilingReport:
    """The report on what a whole reading brings into the tray, the county's own content left out."""
    ingest, catalog = bases
    listings = (await read_once(ingest, app, areas)).counts.changed
    async with running([*ingest.relay(), *projector(catalog)], grace=catalog.guards.stop_grace):
        await eventually(lambda: _is_settled(catalog, listings), what="every listing filed")
    report = FilingReport()
    async for batch, _ in PostgresEntries(catalog.database, most=500).batches():
        of_sources = [one for one in batch if any(member.system != "content" for member in one.members)]
        report.add(of_sources, load_content(CONTENT, on=catalog.clock().date()).filing)
    sys.stdout.write("\n".join(("", *filing_report(report), "")))
    return report


async def _is_settled(catalog: Base, listings: int) -> bool:
    async with catalog.database.connection() as connection:
        read = await connection.fetchval("SELECT count(*) FROM listing WHERE starts_with(listing_id, 'ptv:')")
        waiting = await connection.fetchval(
            "SELECT count(*) FROM listing WHERE to_match OR listing_id IN (SELECT listing_id FROM dirty_listing)"
        )
    return bool(read == listings and waiting == 0)


async def test_nearly_every_relevant_service_of_the_demonstration_is_filed(bases: list[Base]) -> None:
    app = ptv.create_app(KEY)
    report = await reported(bases, app, DEMO_AREAS)
    assert report.entries > 100
    assert report.filed >= 0.9 * report.relevant
    assert len(report.unfiled) == report.entries - report.filed


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no recorded v12 objects: set HYTE_PTV_SAMPLES to their folder")
async def test_recorded_services_are_all_accounted_for(bases: list[Base]) -> None:
    app = ptv.create_app(KEY, recording=read_recording(SAMPLES))
    async with asking(app) as http:
        areas = (await answer(http, "/_control/recorded"))["areas"]
    report = await reported(bases, app, areas)
    assert report.entries > 0
    assert len(report.unfiled) == report.entries - report.filed
