"""Recorded objects of PTV, where somebody has them: folders of JSON beside the repository, or named by a variable."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest

from ptv_ingest.adapters.ptv_v11.channels import embedded
from ptv_ingest.adapters.ptv_v11.source import PtvV11
from ptv_ingest.adapters.ptv_v12.source import PtvV12
from ptv_ingest.app.ports import PtvSource
from ptv_ingest.domain.objects import Connection, Kind, Service, ServiceChannel, SourceObject

_BESIDE = Path(__file__).resolve().parents[4] / "shared" / "reference"
V12 = Path(os.environ.get("HYTE_PTV_SAMPLES", _BESIDE / "ptv_v12_samples"))
V11 = Path(os.environ.get("HYTE_PTV_V11_SAMPLES", _BESIDE / "ptv_samples"))
needs_v12 = pytest.mark.skipif(not V12.is_dir(), reason="no recorded v12 objects: set HYTE_PTV_SAMPLES to their folder")
needs_v11 = pytest.mark.skipif(not V11.is_dir(), reason="no recorded v11 objects: set HYTE_PTV_V11_SAMPLES to theirs")
_MARKS = {
    "serviceNames": Kind.SERVICE,
    "serviceChannelNames": Kind.CHANNEL,
    "organizationNames": Kind.ORGANIZATION,
}


def rows_in(value: Any) -> Iterator[tuple[Kind, dict[str, Any]]]:
    """The v8- and v11-shaped objects of a file: one, a list, a page, or some under their ids."""
    if isinstance(value, list):
        for one in value:
            yield from rows_in(one)
    elif isinstance(value, dict):
        kind = next((kind for mark, kind in _MARKS.items() if mark in value and "id" in value), None)
        if kind is not None:
            yield kind, value
        else:
            yield from (found for part in value.values() for found in rows_in(part))


def files_of_v11() -> list[Path]:
    """Schemas and code lists are no objects."""
    if not V11.is_dir():
        return []
    found = [file for file in sorted(V11.glob("*.json")) if not file.name.startswith("schema")]
    return [file for file in found if any(True for _ in rows_in(orjson.loads(file.read_bytes())))]


def read(source: type[PtvSource], kind: Kind, row: dict[str, Any]) -> tuple[SourceObject, Counter[str]]:
    left_out: Counter[str] = Counter()
    return source.read(kind, row, left_out), +left_out


@cache
def v12(name: str) -> Any:
    return orjson.loads((V12 / f"{name}.json").read_bytes())


@cache
def v11(name: str) -> Any:
    return orjson.loads((V11 / f"{name}.json").read_bytes())


def channel_of_v12(name: str) -> Any:
    found = PtvV12.read(Kind.CHANNEL, v12(name), Counter())
    assert isinstance(found, ServiceChannel)
    return found.channel


def channel_of_v11(name: str) -> Any:
    found = PtvV11.read(Kind.CHANNEL, v11(name), Counter())
    assert isinstance(found, ServiceChannel)
    return found.channel


def service_of(source: type[PtvSource], row: dict[str, Any]) -> Service:
    found = source.read(Kind.SERVICE, row, Counter())
    assert isinstance(found, Service)
    return found


def connections_of_v11(name: str) -> list[Connection]:
    found = [PtvV11.read(Kind.CONNECTION, row, Counter()) for row in embedded(v11(name))]
    return [one for one in found if isinstance(one, Connection)]
