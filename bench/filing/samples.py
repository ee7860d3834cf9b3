"""Recorded answers of the sources as listings, where somebody has them: folders of JSON files."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from chassis.ingest.scope import Scope
from devstack.places import ROOT
from event_schemas.listing import ListingPublished
from lahella_ingest.adapters.operator_files import OWN_REGIONS, read_regions
from lahella_ingest.domain.activity import read_activity
from lahella_ingest.domain.rules import Rules
from lahella_ingest.domain.verdict import judge
from ptv_ingest.adapters.ptv_v11.source import PtvV11
from ptv_ingest.adapters.ptv_v12.source import PtvV12
from ptv_ingest.app.ports import PtvSource
from ptv_ingest.domain.listing import Parts, listing_of
from ptv_ingest.domain.objects import GeneralDescription, Kind, Service

_BESIDE = ROOT.parent / "shared" / "reference"
_RECORDED = datetime(2026, 3, 18, 12, tzinfo=UTC)
"""A day on which the recorded activities of Lähellä.fi were offered."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Recorded:
    """Answers of one source; `variable` names the folder they lie in, unless it is `beside` the repository."""

    title: str
    variable: str
    beside: str
    listings: Callable[[Sequence[Any]], Iterator[ListingPublished]]

    @property
    def folder(self) -> Path:
        return Path(os.environ.get(self.variable, _BESIDE / self.beside))

    def read(self) -> dict[str, ListingPublished] | None:
        """Listings by id, each once; None where there is no folder."""
        if not self.folder.is_dir():
            return None
        contents = [orjson.loads(file.read_bytes()) for file in sorted(self.folder.glob("*.json"))]
        return {one.listing_id: one for one in self.listings(contents)}


def _rows(value: Any, *marks: str) -> Iterator[Row]:
    """The objects with all these fields: by themselves, in a list, on a page, or under their ids."""
    if isinstance(value, dict) and all(mark in value for mark in marks):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _rows(part, *marks)


def _of_v12(contents: Sequence[Any]) -> Iterator[ListingPublished]:
    told = (_read(PtvV12, Kind.GENERAL_DESCRIPTION, row) for row in _rows(contents, "generalDescriptionTypes"))
    general = {one.object_id: one for one in told if isinstance(one, GeneralDescription)}
    for row in _rows(contents, "serviceClasses", "contentId", "generalDescriptionContentId"):
        service = _read(PtvV12, Kind.SERVICE, row)
        if isinstance(service, Service):
            described = general.get(service.general_description_id or "")
            yield listing_of(Parts(service, general_description=described))


def _of_v11(contents: Sequence[Any]) -> Iterator[ListingPublished]:
    for row in _rows(contents, "serviceNames", "id"):
        if not isinstance(row["serviceNames"], list):  # a schema of services beside them
            continue
        service = _read(PtvV11, Kind.SERVICE, row)
        if isinstance(service, Service):
            yield listing_of(Parts(service))


def _of_lahella(contents: Sequence[Any]) -> Iterator[ListingPublished]:
    regions = read_regions(OWN_REGIONS)
    everywhere = Scope(frozenset(regions.cities.values()), frozenset(regions.states.values()), nationwide=True)
    rows = (row for row in _rows(contents, "traits") if row["traits"].get("translations"))
    for number, row in enumerate(rows):
        activity = read_activity({"_key": f"sample-{number}", "status": "published"} | row)
        if listing := judge(activity, None, Rules(regions, everywhere), _RECORDED).listing:
            yield listing


def _read(source: type[PtvSource], kind: Kind, row: Row) -> object:
    return source.read(kind, row, Counter())


RECORDED = (
    Recorded("PTV v12, recorded", "HYTE_PTV_SAMPLES", "ptv_v12_samples", _of_v12),
    Recorded("PTV v11 and older, recorded", "HYTE_PTV_V11_SAMPLES", "ptv_samples", _of_v11),
    Recorded("Lähellä.fi, recorded", "HYTE_LAHELLA_SAMPLES", "lahella_samples", _of_lahella),
)
