"""What a v12 row tells at a glance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ptv_ingest.app.ports import Row
from ptv_ingest.domain.objects import Kind
from ptv_ingest.domain.outline import COUNTRY, Outline, county, municipality, region

_LISTS = (("municipalities", 3, municipality), ("regions", 2, region), ("wellbeingServicesCounties", 2, county))


def outline_of(kind: Kind, row: Row) -> Outline:
    """Never fails: what cannot be told is left open."""
    published = published_at(row.get("publishedAt"))
    match kind:
        case Kind.SERVICE:
            return Outline(tuple(sorted(set(_used(row)))), area_tags(row.get("area")), published)
        case Kind.CONNECTION:
            channel = row.get("channelContentId") or row.get("serviceChannelContentId")
            return Outline((_id(row.get("serviceContentId")), _id(channel)), published_at=published)
    return Outline(published_at=published)


def published_at(written: Any) -> datetime | None:
    """An instant with its offset; None for anything else."""
    if not isinstance(written, str):
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _used(row: Row) -> Iterator[str]:
    named = [row.get("organizationContentId"), row.get("generalDescriptionContentId")]
    named += _listed(row.get("otherResponsibleOrganizations"))
    producers = row.get("producers")
    for group in producers.values() if isinstance(producers, dict) else ():
        named += _listed(group.get("organizations")) if isinstance(group, dict) else []
    return (_id(one) for one in named if one)


def area_tags(area: Any) -> tuple[str, ...] | None:
    """None where the area is unreadable, so that the row is read as a whole before anything is decided."""
    if not isinstance(area, dict):
        return None
    if area.get("areaType") in ("WholeCountry", "WholeCountryExceptAland"):
        return (COUNTRY,)
    tags = {tag(_code(code, digits)) for name, digits, tag in _LISTS for code in _listed(area.get(name))}
    return tuple(sorted(tags)) or None


def _code(written: Any, digits: int) -> str:
    """With the zeros that a number has lost: 61 and "061" are one municipality. What is no code is in no scope."""
    text = re.sub(r"\.0+$", "", str(written).strip())
    return text.zfill(digits).replace(" ", "_")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _id(written: Any) -> str:
    return str(written).lower()
