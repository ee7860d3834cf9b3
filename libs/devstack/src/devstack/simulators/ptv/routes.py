"""The true paths: `/api/v12/...`."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError

from devstack.simulators.ptv.problems import Unauthorized
from devstack.simulators.ptv.queries import (
    ArchivedQuery,
    ChannelQuery,
    ClassQuery,
    CodeQuery,
    ConnectionQuery,
    GeneralDescriptionQuery,
    NamedQuery,
    OrganizationQuery,
    OwnedQuery,
    ServiceQuery,
    TermQuery,
)
from devstack.simulators.ptv.wire_parts import ContentId
from devstack.simulators.ptv.world import World, rendered_page


def current_world(request: Request) -> World:
    """The state of this application; a reset puts another in its place."""
    world: World = request.app.state.world
    return world


def require_key(request: Request) -> None:
    if request.headers.get("x-api-key") != request.app.state.api_key:
        raise Unauthorized


State = Annotated[World, Depends(current_world)]
Since = Annotated[ArchivedQuery, Query()]
router = APIRouter(prefix="/api/v12", dependencies=[Depends(require_key)])


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")


@router.get("/service/search")
async def search_services(world: State, query: Annotated[ServiceQuery, Query()]) -> Response:
    return _json(world.search("service", query))


@router.get("/service/archived")
async def archived_services(world: State, query: Since) -> Response:
    return _json(world.archived_since("service", query))


@router.get("/service/{content_id}")
async def service(world: State, content_id: ContentId) -> Response:
    return _json(world.shelves["service"].get((content_id,)))


@router.get("/service-channel/search")
async def search_channels(world: State, query: Annotated[ChannelQuery, Query()]) -> Response:
    return _json(world.search("channel", query))


@router.get("/service-channel/archived")
async def archived_channels(world: State, query: Since) -> Response:
    return _json(world.archived_since("channel", query))


@router.get("/service-channel/{content_id}")
async def channel(world: State, content_id: ContentId) -> Response:
    return _json(world.shelves["channel"].get((content_id,)))


@router.get("/connection/search")
async def search_connections(world: State, query: Annotated[ConnectionQuery, Query()]) -> Response:
    unknown = {"channelContentId": "serviceChannelContentIds"}.get(world.channel_id_name, "channelContentIds")
    if unknown in {type(query).model_fields[name].alias for name in query.model_fields_set}:
        raise RequestValidationError([{"loc": ("query", unknown), "msg": "Extra inputs are not permitted"}])
    return _json(world.search("connection", query))


@router.get("/connection/archived")
async def archived_connections(world: State, query: Since) -> Response:
    return _json(world.archived_since("connection", query))


@router.get("/connection/{service_id}/{channel_id}")
async def connection(world: State, service_id: ContentId, channel_id: ContentId) -> Response:
    return _json(world.connection((service_id, channel_id)))


@router.get("/organization/search")
async def search_organizations(world: State, query: Annotated[OrganizationQuery, Query()]) -> Response:
    return _json(world.search("organization", query))


@router.get("/organization/archived")
async def archived_organizations(world: State, query: Since) -> Response:
    return _json(world.archived_since("organization", query))


@router.get("/organization/hierarchy/{content_id}")
async def hierarchy(world: State, content_id: ContentId) -> Response:
    return _json(world.hierarchy(content_id))


@router.get("/organization/{content_id}")
async def organization(world: State, content_id: ContentId) -> Response:
    return _json(world.shelves["organization"].get((content_id,)))


@router.get("/general-description/search")
async def search_descriptions(world: State, query: Annotated[GeneralDescriptionQuery, Query()]) -> Response:
    return _json(world.search("general-description", query))


@router.get("/general-description/archived")
async def archived_descriptions(world: State, query: Since) -> Response:
    return _json(world.archived_since("general-description", query))


@router.get("/general-description/{content_id}")
async def general_description(world: State, content_id: ContentId) -> Response:
    return _json(world.shelves["general-description"].get((content_id,)))


@router.get("/service-collection/search")
async def search_collections(world: State, query: Annotated[OwnedQuery, Query()]) -> Response:
    return _json(world.search("service-collection", query))


@router.get("/service-collection/archived")
async def archived_collections(world: State, query: Since) -> Response:
    return _json(world.archived_since("service-collection", query))


@router.get("/service-collection/{content_id}")
async def service_collection(world: State, content_id: ContentId) -> Response:
    return _json(world.shelves["service-collection"].get((content_id,)))


@router.get("/ontology-terms")
async def ontology_terms(world: State, query: Annotated[TermQuery, Query()]) -> Response:
    return _rows(world, "ontology-terms", query)


async def _classes(request: Request, world: State, query: Annotated[ClassQuery, Query()]) -> Response:
    return _rows(world, request.url.path.rpartition("/")[2], query)


async def _codes(request: Request, world: State, query: Annotated[CodeQuery, Query()]) -> Response:
    return _rows(world, request.url.path.rpartition("/")[2], query)


for _path in ("service-classes", "target-groups", "life-events", "industrial-classes"):
    router.add_api_route(f"/{_path}", _classes)
for _path in (
    "municipality-codes",
    "region-codes",
    "wellbeing-services-county-codes",
    "postal-codes",
    "language-codes",
    "country-codes",
):
    router.add_api_route(f"/{_path}", _codes)


def _rows(world: World, path: str, query: NamedQuery) -> Response:
    rows = [orjson.dumps(row) for row in world.vocabulary.rows[path] if query.admits(row)]
    return _json(rendered_page(query, rows, len(rows)))
