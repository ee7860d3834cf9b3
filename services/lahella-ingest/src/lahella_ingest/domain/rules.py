"""With what activities are read: the rules that an operator sets."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.ingest.scope import Scope
from lahella_ingest.domain.regions import Regions


@dataclass(frozen=True, slots=True)
class Rules:
    """Names and codes of regions, and which of them are the county's. Lähellä.fi knows no wellbeing counties."""

    regions: Regions
    scope: Scope
