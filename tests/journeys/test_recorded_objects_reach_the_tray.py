"""Answers of PTV kept in a folder, of both versions and however they were put into files, reach the tray's search."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from catalog.adapters.postgres_entries import QUALITY
from catalog.bootstrap import SERVICE as CATALOG
from catalog.bootstrap import make_tray, projector
from catalog.entrypoints.follow import ENTRIES, TrayFollower
from catalog.entrypoints.kafka import LISTINGS, VOCABULARIES
from catalog.entrypoints.web.application import application
from catalog.settings import CONTENT
from chassis.core.process import running
from chassis.kafka.follow import Follower
from chassis.service.base import Base
from devstack.simulators import ptv
from devstack.simulators.ptv.identity import content_id
from devstack.simulators.ptv.recorded import read_recording
from devstack.testing import MakeBase, MakeTopics, eventually
from event_schemas.ingest_run import RunOutcome
from ptv_ingest.bootstrap import SERVICE as INGEST

from .ptv_reading import KEY, RUNS, answer, asking, read_once

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

NEW = content_id("service", "hml-liikuntaneuvonta")
OLD = content_id("service", "forssa-uimahalli")
BROKEN = "00000000-0000-4000-8000-000000000404"


async def recorded_of_v12(http: httpx.AsyncClient) -> dict[str, Any]:
    """One service with all it needs: by itself, as a page, and as a list."""
    service = await answer(http, f"/api/v12/service/{NEW}")
    connections = await answer(http, "/api/v12/connection/search", serviceContentIds=NEW)
    channels = [
        await answer(http, f"/api/v12/service-channel/{row['channelContentId']}") for row in connections["items"]
    ]
    owner = await answer(http, f"/api/v12/organization/{service['organizationContentId']}")
    return {
        "v12/service.json": service,
        "v12/connections.json": connections,
        "v12/more/channels.json": channels,
        "v12/owner.json": owner,
    }


async def recorded_of_v11(http: httpx.AsyncClient) -> dict[str, Any]:
    """One service with all it needs: under its id, and as the lists that v11 answers."""
    service = await answer(http, f"/api/v11/Service/{OLD}")
    channels = ",".join(one["serviceChannel"]["id"] for one in service["serviceChannels"])
    owners = ",".join(one["organization"]["id"] for one in service["organizations"])
    return {
        "v11/services.json": {OLD: service},
        "v11/channels.json": await answer(http, "/api/v11/ServiceChannel/list", guids=channels),
        "v11/owners.json": await answer(http, "/api/v11/Organization/list", guids=owners),
    }


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    async with asking(ptv.create_app(KEY)) as http:
        files = await recorded_of_v12(http) | await recorded_of_v11(http)
    files["v12/broken.json"] = {"contentId": BROKEN, "serviceType": "Service", "languageVersions": "none"}
    files["codes.json"] = [{"code": "109", "names": []}]
    for name, value in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(orjson.dumps(value))
    return tmp_path


@asynccontextmanager
async def running_tray(ingest: Base, catalog: Base) -> AsyncIterator[httpx.AsyncClient]:
    """The way from the ingest's outbox to the tray's pages and API."""
    tray = make_tray(CONTENT)
    follower = Follower(catalog.kafka, [VOCABULARIES, ENTRIES], TrayFollower(tray), health=catalog.health)
    parts = [*ingest.relay(), *projector(catalog), *catalog.relay(), follower]
    async with (
        running(parts, grace=catalog.guards.stop_grace),
        asking(application(tray, clock=catalog.clock)) as http,
    ):
        yield http


async def test_recorded_services_of_both_versions_are_found_by_their_own_names(
    folder: Path, make_base: MakeBase, make_topics: MakeTopics
) -> None:
    await make_topics(LISTINGS, VOCABULARIES, RUNS, ENTRIES, QUALITY)
    ingest, catalog = [await make_base(one.name, one.migrations_folder) for one in (INGEST, CATALOG)]
    app = ptv.create_app(KEY, recording=read_recording(folder))
    async with asking(app) as http:
        summary = await answer(http, "/_control/recorded")
    ended = await read_once(ingest, app, summary["areas"])
    assert (ended.outcome, ended.counts.changed) == (RunOutcome.COMPLETED, 2)
    assert [(one["file"], one["count"]) for one in summary["left_out"]] == [("codes.json", 1)]
    assert any(BROKEN in str(rejection.examples) for rejection in ended.counts.rejected)
    async with running_tray(ingest, catalog) as http:
        await finds(http, "Liikuntaneuvonta", f"ptv:{NEW}")
        await finds(http, "Uimahalli ja kuntosali", f"ptv:{OLD}")


async def finds(http: httpx.AsyncClient, name: str, listing_id: str) -> None:
    async def found() -> bool:
        entries = (await answer(http, "/v1/entries", q=name))["entries"]
        return listing_id in {member["listing_id"] for entry in entries for member in entry["members"]}

    await eventually(found, what=f"{name} in the tray")
