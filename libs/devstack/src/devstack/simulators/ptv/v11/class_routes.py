"""Ids of services by one of their classifications, under `/api/v11/Service`."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Response

from devstack.simulators.ptv.v11.asked import Asked, Query
from devstack.simulators.ptv.v11.errors import Refused, missing
from devstack.simulators.ptv.v11.pages import V11, State
from devstack.simulators.ptv.v11.words import Wire

router = APIRouter(prefix="/api/v11/service")


@router.get("/serviceclass")
async def of_service_class(state: State, asked: Query) -> Response:
    """A subclass finds what carries its main class too; a main class does not find its subclasses."""
    uri = _uri(asked)
    parents = {row["parentUri"] for row in state.catalogue.vocabulary.rows["service-classes"] if row["uri"] == uri}
    return _ids(state, "serviceClasses", "service-classes", {uri, *filter(None, parents)}, asked)


@router.get("/targetgroup")
async def of_target_group(state: State, asked: Query) -> Response:
    return _ids(state, "targetGroups", "target-groups", {_uri(asked)}, asked)


@router.get("/industrialclass")
async def of_industrial_class(state: State, asked: Query) -> Response:
    return _ids(state, "industrialClasses", "industrial-classes", {_uri(asked)}, asked)


def _uri(asked: Asked) -> str:
    uri = asked.values.get("uri")
    if not uri:
        raise Refused(HTTPStatus.BAD_REQUEST, {"errorMessage": "Query string parameter uri is mandatory."})
    return uri


def _ids(state: V11, field: str, path: str, wanted: set[str], asked: Asked) -> Response:
    rows = state.catalogue.rows["service"].values()
    found = [row for row in rows if wanted & _uris(row.wire, field)]
    if not found and wanted.isdisjoint(row["uri"] for row in state.catalogue.vocabulary.rows[path]):
        raise missing(f"No class with uri '{asked.values['uri']}' found.")
    return state.ids("service", [row for row in found if asked.within(row.modified)], asked)


def _uris(wire: Wire, field: str) -> set[str]:
    """Both addresses of each class: the one it has, and the one of the newer list."""
    classes = [one for one in wire.get(field) or [] if one]
    return {one[name] for one in classes for name in ("uri", "newUri") if one.get(name)}
