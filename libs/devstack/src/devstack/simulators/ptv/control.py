"""What a test may do to the simulated PTV, under `/_control`."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, HTTPException, Request

from devstack.simulators.ptv.routes import State
from devstack.simulators.ptv.scenario import AnyStep, play
from devstack.simulators.ptv.scenario_steps import Stage
from devstack.simulators.ptv.shelves import Key

_KINDS = {
    "services": "service",
    "channels": "channel",
    "connections": "connection",
    "organizations": "organization",
    "general-descriptions": "general-description",
    "service-collections": "service-collection",
}
Collection = Literal["services", "channels", "organizations", "general-descriptions", "service-collections"]
WireObject = Annotated[dict[str, Any], Body()]
router = APIRouter(prefix="/_control")


def _single_key(content_id: str) -> Key:
    return (content_id,)


def _pair_key(service_id: str, channel_id: str) -> Key:
    return (service_id, channel_id)


SingleKey = Annotated[Key, Depends(_single_key)]
PairKey = Annotated[Key, Depends(_pair_key)]


@router.post("/scenario", status_code=HTTPStatus.NO_CONTENT)
async def play_scenario(request: Request, world: State, steps: list[AnyStep]) -> None:
    try:
        play(steps, Stage(world, request.app.state.faults))
    except KeyError as exc:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"nothing published has the key {exc}") from exc
    except ValueError as exc:
        raise HTTPException(HTTPStatus.BAD_REQUEST, str(exc)) from exc


@router.put("/connections/{service_id}/{channel_id}", status_code=HTTPStatus.NO_CONTENT)
async def put_connection(world: State, service_id: str, channel_id: str, wire: WireObject) -> None:
    world.put("connection", {**wire, "serviceContentId": service_id, "channelContentId": channel_id})


@router.post("/connections/{service_id}/{channel_id}/archive", status_code=HTTPStatus.NO_CONTENT)
async def archive_connection(world: State, key: PairKey) -> None:
    world.archive("connection", key)


@router.post("/connections/{service_id}/{channel_id}/unarchive", status_code=HTTPStatus.NO_CONTENT)
async def unarchive_connection(world: State, key: PairKey) -> None:
    world.unarchive("connection", key)


@router.put("/{collection}/{content_id}", status_code=HTTPStatus.NO_CONTENT)
async def put(world: State, collection: Collection, content_id: str, wire: WireObject) -> None:
    world.put(_KINDS[collection], {**wire, "contentId": content_id})


@router.post("/{collection}/{content_id}/archive", status_code=HTTPStatus.NO_CONTENT)
async def archive(world: State, collection: Collection, key: SingleKey) -> None:
    world.archive(_KINDS[collection], key)


@router.post("/{collection}/{content_id}/unarchive", status_code=HTTPStatus.NO_CONTENT)
async def unarchive(world: State, collection: Collection, key: SingleKey) -> None:
    world.unarchive(_KINDS[collection], key)
