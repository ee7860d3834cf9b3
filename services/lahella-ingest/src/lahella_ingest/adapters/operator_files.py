"""Files an operator may give: the list of regions, and Y-tunnus by group."""

from __future__ import annotations

import csv
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from chassis.core.errors import StartError
from chassis.finland.business_id import business_id
from event_schemas.ids import AnyMunicipalityCode, AnyRegionCode
from lahella_ingest.domain.regions import Regions

OWN_REGIONS = Path(__file__).parents[1] / "data" / "regions.yaml"


class _RegionsFile(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    cities: dict[str, AnyMunicipalityCode]
    states: dict[str, AnyRegionCode]


def read_regions(file: Path = OWN_REGIONS) -> Regions:
    """Raises StartError, naming the file."""
    try:
        content = _RegionsFile.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as exc:
        raise StartError(f"{file} is not a list of regions (cities and states, name to code): {exc}") from exc
    return Regions.of(content.cities, content.states)


def read_business_ids(file: Path) -> dict[str, str]:
    """Y-tunnus by group, from lines `group id,Y-tunnus`. Raises StartError, naming the file and the line."""
    try:
        lines = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as exc:
        raise StartError(f"{file} can't be read as CSV: {type(exc).__name__}") from exc
    pairs = [_pair(file, number, line) for number, line in enumerate(lines, start=1) if any(line)]
    return dict(pairs)


def _pair(file: Path, number: int, line: list[str]) -> tuple[str, str]:
    group, valid = line[0].strip(), business_id(line[1].strip()) if len(line) == 2 else None
    if not group or valid is None:
        raise StartError(f"{file}, line {number}: expected `group id,Y-tunnus` with a valid Y-tunnus")
    return group, valid
