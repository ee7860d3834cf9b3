"""What of an object is known without reading all of it: enough to tell whether it concerns the county."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.ingest.scope import Scope

COUNTRY = "country"
"""The tag of what is offered in the whole country."""


@dataclass(frozen=True, slots=True)
class Outline:
    """`uses`: ids of objects whose change also changes this one's listing; of a connection its service and channel.

    `areas`: tags of where a service is offered; None where that cannot be told without reading the whole object.
    """

    uses: tuple[str, ...] = ()
    areas: tuple[str, ...] | None = None
    published_at: datetime | None = None


def municipality(code: str) -> str:
    return f"municipality:{code}"


def region(code: str) -> str:
    return f"region:{code}"


def county(code: str) -> str:
    return f"county:{code}"


def scope_tags(scope: Scope) -> list[str]:
    """Tags of which an object in scope has one."""
    tags = {
        *map(municipality, scope.municipalities),
        *map(region, scope.regions),
        *map(county, scope.counties),
        *((COUNTRY,) if scope.nationwide else ()),
    }
    return sorted(tags)
