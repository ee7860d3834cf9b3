"""`archived/list`: per organisation, with times, and no envelope."""

from __future__ import annotations

from datetime import datetime

from fastapi import Response

from devstack.simulators.ptv.v11.asked import Asked, guid
from devstack.simulators.ptv.v11.errors import bad, json_response
from devstack.simulators.ptv.v11.pages import V11

_MOST = 100


def rows(state: V11, kind: str, asked: Asked) -> Response:
    """Everything in this simulator was archived by hand, so nothing is of the type `Automatic`."""
    how = asked.values.get("archivingtype", "").lower()
    if how not in ("manual", "automatic"):
        raise bad("ArchivingType", "The ArchivingType field is required.")
    owner = guid("OrganizationId", asked.values.get("organizationid", ""))
    first, last = _moment(asked, "MinArchivingDate"), _moment(asked, "MaxArchivingDate")
    found = [
        row.wire
        for row in state.catalogue.gone.get(kind, ())
        if how == "manual"
        and row.how == "archived"
        and row.wire["organizationId"] == owner
        and (first is None or row.at >= first)
        and (last is None or row.at <= last)
    ]
    skip, take = _number(asked, "Skip"), _number(asked, "Take")
    return json_response(found[skip : skip + take])


def _moment(asked: Asked, name: str) -> datetime | None:
    text = asked.values.get(name.lower())
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise bad(name, f"The value '{text}' is not valid.")
    return moment


def _number(asked: Asked, name: str) -> int:
    text = asked.values.get(name.lower(), "")
    if not text.isascii() or not text.isdigit() or (name == "Take" and int(text) > _MOST):
        raise bad(name, f"The {name} field is required.")
    return int(text)
