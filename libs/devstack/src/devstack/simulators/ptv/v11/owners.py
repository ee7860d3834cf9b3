"""Whose a service is, and which organisation a request means."""

from __future__ import annotations

import re

from devstack.simulators.ptv.v11.asked import Asked, guid
from devstack.simulators.ptv.v11.errors import bad, missing
from devstack.simulators.ptv.v11.pages import V11
from devstack.simulators.ptv.v11.words import Wire

_BUSINESS_CODE = re.compile(r"\d{7}-\d")


def of_service(wire: Wire) -> set[str]:
    """Every organisation of a service, in whatever role."""
    rows = [row.get("organization") or {} for row in wire.get("organizations") or [] if row]
    return {row["id"] for row in rows if row.get("id")}


def asked_for(state: V11, asked: Asked) -> str:
    """The organisation named by exactly one of `organizationId`, `code` and `oid`. Raises Refused."""
    given = [name for name in ("organizationid", "code", "oid") if asked.values.get(name)]
    if len(given) != 1:
        raise bad("organizationId", "Exactly one of organizationId, code and oid must be given.")
    value = asked.values[given[0]]
    if given[0] == "organizationid":
        return state.catalogue.row("organization", guid("organizationId", value)).id
    if given[0] == "code" and _BUSINESS_CODE.fullmatch(value) is None:
        raise bad("code", "The field code is invalid.")
    field = {"code": "businessCode", "oid": "oid"}[given[0]]
    rows = state.catalogue.rows["organization"].values()
    found = next((row.id for row in rows if row.wire.get(field) == value), None)
    if found is None:
        raise missing(f"Organization with {given[0]} '{value}' not found.")
    return found
