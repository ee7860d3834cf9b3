"""What a v11 row tells at a glance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from ptv_ingest.adapters.ptv_v11.places import area
from ptv_ingest.adapters.ptv_v11.words import Wire, part, rows
from ptv_ingest.adapters.ptv_v12.outline import area_tags
from ptv_ingest.domain.objects import Kind
from ptv_ingest.domain.outline import Outline


def outline_of(kind: Kind, row: Wire) -> Outline:
    """Never fails: what cannot be told is left open."""
    if kind == Kind.CONNECTION:
        held = part(row.get("connection"))
        channel = part(held.get("serviceChannel")).get("id")
        return Outline((_id(row.get("serviceId")), _id(channel)), published_at=modified_at(held))
    if kind == Kind.SERVICE:
        given = area(row.get("areaType"), row.get("areas"))
        return Outline(tuple(sorted(set(_used(row)))), area_tags(given), modified_at(row))
    return Outline(published_at=modified_at(row))


def modified_at(row: Wire) -> datetime | None:
    """Times are in UTC, mostly without saying so."""
    written = row.get("modified")
    if not isinstance(written, str):
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _used(row: Wire) -> Iterator[str]:
    named = [part(one.get("organization")).get("id") for one in rows(row.get("organizations"))]
    return (_id(one) for one in [*named, row.get("generalDescriptionId")] if one)


def _id(written: Any) -> str:
    return str(written).lower()
