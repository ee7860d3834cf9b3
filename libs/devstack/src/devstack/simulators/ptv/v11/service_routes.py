"""`/api/v11/Service` and `/api/v11/ServiceChannel`. Paths are in lower case here: PTV takes them in any."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Response

from devstack.simulators.ptv.v11 import archived, owners
from devstack.simulators.ptv.v11.areas import AreaFilter, area_filter
from devstack.simulators.ptv.v11.asked import Asked, Query, guid
from devstack.simulators.ptv.v11.by_ids import by_ids, plain
from devstack.simulators.ptv.v11.catalogue import Row
from devstack.simulators.ptv.v11.errors import json_response
from devstack.simulators.ptv.v11.pages import V11, State
from devstack.simulators.ptv.v11.words import Wire

services = APIRouter(prefix="/api/v11/service")
channels = APIRouter(prefix="/api/v11/servicechannel")


def merged(state: V11) -> Callable[[Row], Wire]:
    return lambda row: state.catalogue.with_general_description(row.id)


def filter_by_area(state: V11, area: str, code: str, asked: Asked) -> AreaFilter:
    whole_country = asked.flag("includewholecountry")
    return area_filter(area, code, whole_country=whole_country, known=state.catalogue.area_codes)


@services.get("")
async def service_ids(state: State, asked: Query) -> Response:
    return state.ids("service", state.catalogue.listed("service", asked, with_connections=True), asked)


@services.get("/list")
async def services_by_ids(state: State, asked: Query) -> Response:
    return by_ids(state, "service", asked)


@services.get("/servicewithgd/list")
async def merged_services_by_ids(state: State, asked: Query) -> Response:
    return by_ids(state, "service", asked, merged(state))


@services.get("/servicewithgd/{identity}")
async def merged_service(state: State, identity: str, asked: Query) -> Response:  # noqa: ARG001 - its checks
    return json_response(merged(state)(state.catalogue.row("service", guid("id", identity))))


@services.get("/archived/list")
async def archived_services(state: State, asked: Query) -> Response:
    return archived.rows(state, "service", asked)


@services.get("/list/organization")
async def services_of_organisation(state: State, asked: Query) -> Response:
    owner = owners.asked_for(state, asked)
    shape = merged(state) if asked.flag("servicewithgd") else plain
    rows = [row for row in state.catalogue.rows["service"].values() if owner in owners.of_service(row.wire)]
    return state.objects("service", [shape(row) for row in rows], asked)


@services.get("/list/area/{area}/code/{code}")
async def services_of_area(state: State, area: str, code: str, asked: Query) -> Response:
    wanted = filter_by_area(state, area, code, asked)
    shape = merged(state) if asked.flag("servicewithgd") else plain
    rows = [row for row in state.catalogue.rows["service"].values() if wanted.admits(row.wire)]
    return state.objects("service", [shape(row) for row in rows], asked)


@services.get("/area/{area}/code/{code}")
async def service_ids_of_area(state: State, area: str, code: str, asked: Query) -> Response:
    return ids_of_area(state, "service", filter_by_area(state, area, code, asked), asked)


@services.get("/servicechannel/{channel_id}")
async def service_ids_of_channel(state: State, channel_id: str, asked: Query) -> Response:
    channel = state.catalogue.row("channel", guid("serviceChannelId", channel_id))
    ids = {(one.get("service") or {}).get("id") for one in channel.wire.get("services") or []}
    rows = [row for row in state.catalogue.rows["service"].values() if row.id in ids and asked.within(row.modified)]
    return state.ids("service", rows, asked)


@services.get("/type/{kind}")
async def service_ids_of_type(state: State, kind: str, asked: Query) -> Response:
    return ids_of_type(state, "service", "type", kind, asked)


@services.get("/{identity}")
async def service(state: State, identity: str, asked: Query) -> Response:  # noqa: ARG001 - its checks
    return json_response(state.catalogue.row("service", guid("id", identity)).wire)


@channels.get("")
async def channel_ids(state: State, asked: Query) -> Response:
    rows = state.catalogue.listed("channel", asked, with_connections=True)
    if {"organizationid", "code", "oid"} & set(asked.values):
        owner = owners.asked_for(state, asked)
        rows = [row for row in rows if row.wire.get("organizationId") == owner]
    return state.ids("channel", rows, asked)


@channels.get("/list")
async def channels_by_ids(state: State, asked: Query) -> Response:
    return by_ids(state, "channel", asked)


@channels.get("/archived/list")
async def archived_channels(state: State, asked: Query) -> Response:
    return archived.rows(state, "channel", asked)


@channels.get("/list/organization")
async def channels_of_organisation(state: State, asked: Query) -> Response:
    owner = owners.asked_for(state, asked)
    wires = [row.wire for row in state.catalogue.rows["channel"].values()]
    return state.objects("channel", [wire for wire in wires if wire.get("organizationId") == owner], asked)


@channels.get("/list/area/{area}/code/{code}")
async def channels_of_area(state: State, area: str, code: str, asked: Query) -> Response:
    wanted = filter_by_area(state, area, code, asked)
    wires = [row.wire for row in state.catalogue.rows["channel"].values()]
    return state.objects("channel", filter(wanted.admits, wires), asked)


@channels.get("/area/{area}/code/{code}")
async def channel_ids_of_area(state: State, area: str, code: str, asked: Query) -> Response:
    return ids_of_area(state, "channel", filter_by_area(state, area, code, asked), asked)


@channels.get("/organization/{organisation_id}")
async def channel_ids_of_organisation(state: State, organisation_id: str, asked: Query) -> Response:
    owner = guid("organizationId", organisation_id)
    rows = state.catalogue.listed("channel", asked, with_connections=True)
    return state.ids("channel", [row for row in rows if row.wire.get("organizationId") == owner], asked)


@channels.get("/organization/{organisation_id}/type/{kind}")
async def channel_ids_of_organisation_and_type(state: State, organisation_id: str, kind: str, asked: Query) -> Response:
    owner = guid("organizationId", organisation_id)
    rows = state.catalogue.listed("channel", asked, with_connections=True)
    owned = [row for row in rows if row.wire.get("organizationId") == owner]
    return state.ids("channel", [row for row in owned if row.wire.get("serviceChannelType", "").lower() == kind], asked)


@channels.get("/type/{kind}")
async def channel_ids_of_type(state: State, kind: str, asked: Query) -> Response:
    return ids_of_type(state, "channel", "serviceChannelType", kind, asked)


@channels.get("/{identity}")
async def channel(state: State, identity: str, asked: Query) -> Response:  # noqa: ARG001 - its checks
    return json_response(state.catalogue.row("channel", guid("id", identity)).wire)


def ids_of_area(state: V11, kind: str, wanted: AreaFilter, asked: Asked) -> Response:
    rows = state.catalogue.rows[kind].values()
    return state.ids(kind, [row for row in rows if wanted.admits(row.wire) and asked.within(row.modified)], asked)


def ids_of_type(state: V11, kind: str, field: str, wanted: str, asked: Asked) -> Response:
    rows = state.catalogue.rows[kind].values()
    found = [row for row in rows if str(row.wire.get(field)).lower() == wanted.lower()]
    return state.ids(kind, [row for row in found if asked.within(row.modified)], asked)
