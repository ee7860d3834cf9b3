"""Organisations, general descriptions, collections and the code lists of v11."""

from __future__ import annotations

from fastapi import APIRouter, Response

from devstack.simulators.ptv.v11 import owners
from devstack.simulators.ptv.v11.asked import Query, guid
from devstack.simulators.ptv.v11.by_ids import by_ids
from devstack.simulators.ptv.v11.catalogue import GoneRow, Row
from devstack.simulators.ptv.v11.errors import bad, json_response, missing
from devstack.simulators.ptv.v11.pages import V11, State
from devstack.simulators.ptv.v11.service_routes import filter_by_area, ids_of_area
from devstack.simulators.ptv.v11.words import Wire, items, naive

organisations = APIRouter(prefix="/api/v11/organization")
descriptions = APIRouter(prefix="/api/v11/generaldescription")
collections = APIRouter(prefix="/api/v11/servicecollection")
common = APIRouter(prefix="/api/v11/common")
code_lists = APIRouter(prefix="/api/v11/codelist")
_AREA_LISTS = {"province": "region-codes", "wellbeingservicecounties": "wellbeing-services-county-codes"}


@organisations.get("")
async def organisation_ids(state: State, asked: Query) -> Response:
    """Of the published ones only those with a published service or channel."""
    rows = state.catalogue.listed("organization", asked)
    if asked.status == "Published":
        active = _active(state)
        rows = [row for row in rows if row.id in active]
    return state.id_rows("organization", rows, asked, _with_parent)


def _active(state: V11) -> set[str]:
    services = [owners.of_service(row.wire) for row in state.catalogue.rows["service"].values()]
    channels = {row.wire.get("organizationId") for row in state.catalogue.rows["channel"].values()}
    return {str(found) for found in channels}.union(*services)


def _with_parent(row: Row | GoneRow) -> Wire:
    return {"id": row.id, "name": row.name, "parentOrganizationId": row.wire.get("parentOrganizationId")}


@organisations.get("/list")
async def organisations_by_ids(state: State, asked: Query) -> Response:
    return by_ids(state, "organization", asked)


@organisations.get("/businesscode/{code}")
async def organisations_of_business(state: State, code: str) -> Response:
    rows = state.catalogue.rows["organization"].values()
    found = [row.wire for row in rows if row.wire.get("businessCode") == code]
    if not found:
        raise missing(f"Organization with code '{code}' not found.")
    return json_response(found)


@organisations.get("/oid/{oid}")
async def organisation_by_oid(state: State, oid: str) -> Response:
    rows = state.catalogue.rows["organization"].values()
    found = next((row.wire for row in rows if row.wire.get("oid") == oid), None)
    if found is None:
        raise missing(f"Organization with oid '{oid}' not found.")
    return json_response(found)


@organisations.get("/area/{area}/code/{code}")
async def organisation_ids_of_area(state: State, area: str, code: str, asked: Query) -> Response:
    return ids_of_area(state, "organization", filter_by_area(state, area, code, asked), asked)


@organisations.get("/list/area/{area}/code/{code}")
async def organisations_of_area(state: State, area: str, code: str, asked: Query) -> Response:
    wanted = filter_by_area(state, area, code, asked)
    wires = [row.wire for row in state.catalogue.rows["organization"].values()]
    return state.objects("organization", filter(wanted.admits, wires), asked)


@organisations.get("/hierarchy")
async def hierarchy_ids(state: State, asked: Query) -> Response:
    return state.ids("organization", state.catalogue.listed("organization", asked), asked)


@organisations.get("/hierarchy/{identity}")
async def hierarchy(state: State, identity: str) -> Response:
    row = state.catalogue.row("organization", guid("id", identity))
    parent = row.wire.get("parentOrganizationId")
    return json_response(
        {
            "id": row.id,
            "organizationNames": row.wire["organizationNames"],
            "parent": _ancestors(state, parent),
            "subOrganizations": _descendants(state, row.id),
        }
    )


def _ancestors(state: V11, identity: str | None) -> Wire | None:
    row = state.catalogue.rows["organization"].get(identity or "")
    if row is None:
        return None
    parent = _ancestors(state, row.wire.get("parentOrganizationId"))
    return {"id": row.id, "organizationNames": row.wire["organizationNames"], "parent": parent}


def _descendants(state: V11, identity: str) -> list[Wire]:
    rows = state.catalogue.rows["organization"].values()
    return [
        {
            "id": row.id,
            "organizationNames": row.wire["organizationNames"],
            "subOrganizations": _descendants(state, row.id),
        }
        for row in rows
        if row.wire.get("parentOrganizationId") == identity
    ]


@organisations.get("/{identity}")
async def organisation(state: State, identity: str, asked: Query) -> Response:  # noqa: ARG001 - its checks
    return json_response(state.catalogue.row("organization", guid("id", identity)).wire)


@descriptions.get("")
async def description_ids(state: State, asked: Query) -> Response:
    return state.ids("general-description", state.catalogue.listed("general-description", asked), asked)


@descriptions.get("/newgdlist")
async def newest_description_ids(state: State, asked: Query) -> Response:
    """The same listing, the newest first."""
    rows = state.catalogue.listed("general-description", asked)
    return state.ids("general-description", list(reversed(rows)), asked)


@descriptions.get("/list")
async def descriptions_by_ids(state: State, asked: Query) -> Response:
    return by_ids(state, "general-description", asked)


@descriptions.get("/{identity}")
async def description(state: State, identity: str, asked: Query) -> Response:  # noqa: ARG001 - its checks
    return json_response(state.catalogue.row("general-description", guid("id", identity)).wire)


@collections.get("")
async def collection_ids(state: State, asked: Query) -> Response:
    if not asked.flag("archived"):
        return state.ids("service-collection", state.catalogue.listed("service-collection", asked), asked)
    gone = [row for row in state.catalogue.gone.get("service-collection", ()) if asked.within(row.at)]
    return state.ids("service-collection", gone, asked)


@collections.get("/organization")
async def collections_of_organisation(state: State, asked: Query) -> Response:
    owner = owners.asked_for(state, asked)
    wires = [row.wire for row in state.catalogue.rows["service-collection"].values()]
    shown = [_summary(wire) for wire in wires if wire.get("organizationId") == owner]
    return state.objects("service-collection", shown, asked)


def _summary(wire: Wire) -> Wire:
    fields = ("id", "serviceCollectionNames", "serviceCollectionDescriptions", "services", "serviceChannels")
    return {name: wire.get(name) for name in fields}


@collections.get("/{identity}")
async def collection(state: State, identity: str, asked: Query) -> Response:  # noqa: ARG001 - its checks
    return json_response(state.catalogue.row("service-collection", guid("id", identity)).wire)


@common.get("/entitiesbyorganization/{identity}")
async def entities_of_organisation(state: State, identity: str, asked: Query) -> Response:
    """Services in any role and channels, with the times they were changed; connections move nothing here."""
    owner = state.catalogue.row("organization", guid("organizationId", identity)).id
    services = [row for row in state.catalogue.rows["service"].values() if owner in owners.of_service(row.wire)]
    channels = [row for row in state.catalogue.rows["channel"].values() if row.wire.get("organizationId") == owner]
    rows = [row for row in services + channels if asked.within(row.modified)]
    return state.id_rows("entity", rows, asked, _entity)


def _entity(row: Row) -> Wire:
    kind = row.wire.get("serviceChannelType") or row.wire.get("type")
    return {"id": row.id, "type": kind, "modified": naive(row.modified)}


@code_lists.get("/getmunicipalitycodes")
async def municipality_codes(state: State) -> Response:
    return _codes(state, "municipality-codes")


@code_lists.get("/getlanguagecodes")
async def language_codes(state: State) -> Response:
    return _codes(state, "language-codes")


@code_lists.get("/getcountrycodes")
async def country_codes(state: State) -> Response:
    dial = state.catalogue.vocabulary.dial_codes
    rows = _rows(state, "country-codes")
    return json_response([{**row, "prefixNumbers": [dial[row["code"]]]} for row in rows])


@code_lists.get("/getpostalcodes")
async def postal_codes(state: State, asked: Query) -> Response:
    return state.id_rows("postal-code", _rows(state, "postal-codes"), asked, lambda row: row)


@code_lists.get("/getareacodes/type/{kind}")
async def area_codes(state: State, kind: str) -> Response:
    if kind.lower() == "municipality":
        return _codes(state, "municipality-codes")
    if kind.lower() not in _AREA_LISTS:
        raise bad("type", f"The value '{kind}' is not valid.")
    return _codes(state, _AREA_LISTS[kind.lower()])


def _codes(state: V11, path: str) -> Response:
    return json_response(_rows(state, path))


def _rows(state: V11, path: str) -> list[Wire]:
    rows = state.catalogue.vocabulary.rows[path]
    return [{"code": row["code"], "names": items(row["name"])} for row in rows]
