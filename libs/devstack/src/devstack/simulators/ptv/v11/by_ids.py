"""`list?guids=`: many objects at once, with the limits and failures each kind has."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Response

from devstack.simulators.ptv.v11.asked import Asked
from devstack.simulators.ptv.v11.catalogue import LABELS, Row
from devstack.simulators.ptv.v11.errors import TOO_MANY, bad, broken, json_response, missing
from devstack.simulators.ptv.v11.pages import V11
from devstack.simulators.ptv.v11.words import Wire

MOST = 100


def plain(row: Row) -> Wire:
    return row.wire


def by_ids(state: V11, kind: str, asked: Asked, shape: Callable[[Row], Wire] = plain) -> Response:
    """Ids that are not published are left out without a word; none at all is 404.

    More than 100 that are: 400 for channels, and an uncaught 500 for the other kinds.
    """
    rows = state.catalogue.found(kind, asked.guids())
    if not rows:
        raise missing(f"{LABELS[kind]}s not found.")
    if len(rows) > MOST:
        raise bad("guids", TOO_MANY) if kind == "channel" else broken(TOO_MANY)
    return json_response([shape(row) for row in rows])
