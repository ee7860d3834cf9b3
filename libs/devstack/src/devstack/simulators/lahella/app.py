"""The application that stands in for the interface behind `hallinta.lahella.fi`.

No official description exists: paths, paging and the activity follow what a third-party client shows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, FastAPI, HTTPException, Query, Request, Response

from devstack.simulators.control import add_control
from devstack.simulators.lahella.activities import DATA, Activities, Held, load_activities
from devstack.simulators.lahella.assumed import linked_groups, linked_item
from devstack.simulators.lahella.listing import drift, serve
from devstack.simulators.lahella.scenario import Stage, Step, play

_GROUP_FILTER = re.compile(r"groups\[\d+\]")


def current_activities(request: Request) -> Activities:
    activities: Activities = request.app.state.activities
    return activities


def require_token(request: Request) -> None:
    """A browser session is a cookie whose name contains AUTH_TOKEN."""
    tokens = {value for name, value in request.cookies.items() if "AUTH_TOKEN" in name}
    if request.app.state.token not in tokens:
        raise HTTPException(HTTPStatus.UNAUTHORIZED)


State = Annotated[Activities, Depends(current_activities)]
router = APIRouter(prefix="/v1", dependencies=[Depends(require_token)])
control = APIRouter(prefix="/_control")


@router.get("/activities")
async def list_activities(
    request: Request,
    activities: State,
    limit: Annotated[int, Query(ge=1, le=100)] = 100,
    skip: Annotated[int, Query(ge=0)] = 0,
    text: str = "",
    total: bool = False,
) -> Response:
    groups = [value for name, value in request.query_params.multi_items() if _GROUP_FILTER.fullmatch(name)]
    found = activities.found(groups, text)
    part = serve(activities.oddities, len(found), skip, limit)
    shown = part.of(found)
    page: dict[str, Any] = {"items": [held.wire for held in shown]}
    if _asks_for_groups(request):
        page = _with_groups(shown, activities)
    if total:
        page["total"] = part.total
    drift(activities.oddities, skip + len(shown))
    return _json(page | {"hasMore": part.has_more})


@router.get("/activities/{key}")
async def one_activity(request: Request, activities: State, key: str) -> Response:
    if key not in activities.held:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    held = activities.held[key]
    if not _asks_for_groups(request):
        return _json(held.wire)
    return _json(linked_item(held.wire, held.group) | {"linked": linked_groups([held.group], activities.groups)})


@control.put("/activities/{key}", status_code=HTTPStatus.NO_CONTENT)
async def put_activity(activities: State, key: str, wire: Annotated[dict[str, Any], Body()]) -> None:
    activities.put(key, wire)


@control.delete("/activities/{key}", status_code=HTTPStatus.NO_CONTENT)
async def delete_activity(activities: State, key: str) -> None:
    if activities.held.pop(key, None) is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)


@control.post("/scenario", status_code=HTTPStatus.NO_CONTENT)
async def play_scenario(request: Request, activities: State, steps: list[Step]) -> None:
    try:
        play(steps, Stage(activities, request.app.state.faults))
    except KeyError as exc:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"nothing has the key {exc}") from exc


@control.put("/token", status_code=HTTPStatus.NO_CONTENT)
async def change_token(request: Request, token: Annotated[str, Body(embed=True)]) -> None:
    """The session ends: only the new token is taken."""
    request.app.state.token = token


def create_app(token: str, *, data: Path = DATA, today: date | None = None) -> FastAPI:
    """Lähellä.fi. `token` is the value of the AUTH_TOKEN cookie; `today` places the events that lie ahead."""
    app = FastAPI(title="Lähellä.fi simulator", openapi_url=None)

    def reset() -> None:
        app.state.token = token
        app.state.activities = load_activities(today or datetime.now(UTC).date(), data)

    reset()
    app.include_router(router)
    app.state.faults = add_control(app, reset=reset)
    app.include_router(control)
    return app


def _asks_for_groups(request: Request) -> bool:
    return request.query_params.get("links[groups]") == "true"


def _with_groups(found: Sequence[Held], activities: Activities) -> dict[str, Any]:
    return {
        "items": [linked_item(held.wire, held.group) for held in found],
        "linked": linked_groups([held.group for held in found], activities.groups),
    }


def _json(body: object) -> Response:
    """As JavaScript writes it, which knows halves of surrogate pairs; orjson does not."""
    return Response(json.dumps(body, ensure_ascii=True), media_type="application/json")
