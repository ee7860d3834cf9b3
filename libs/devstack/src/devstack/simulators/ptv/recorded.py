"""A folder of PTV's own JSON, as an export or a cache holds it, to be served as if PTV held it."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from devstack.simulators.ptv.content import Content
from devstack.simulators.ptv.v11.areas import municipalities, tagged
from devstack.simulators.ptv.v11.catalogue import Catalogue, Row
from devstack.simulators.ptv.v11.words import Wire
from devstack.simulators.ptv.vocabulary import Vocabulary
from devstack.simulators.ptv.wire import ENTITIES

V12, V11 = "v12", "v11"
_UUID = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# The field that only this kind of object has, first match wins.
_V12_MARKS = (
    ("serviceChannelType", "channel"),
    ("generalDescriptionTypes", "general-description"),
    ("serviceType", "service"),
    ("organizationType", "organization"),
    ("items", "service-collection"),
)
_V11_MARKS = (
    ("serviceChannelNames", "channel"),
    ("serviceNames", "service"),
    ("organizationNames", "organization"),
    ("generalDescriptionType", "general-description"),
)
_V11_NAMES = ("serviceNames", "serviceChannelNames", "organizationNames", "names")
_V12_AREAS = (("municipalities", "municipality"), ("regions", "region"), ("wellbeingServicesCounties", "county"))
_NATIONWIDE = ("WholeCountry", "WholeCountryExceptAland", "Nationwide", "NationwideExceptAlandIslands")


class NothingRecorded(Exception):
    """The folder is not there, or holds no object of PTV's; one sentence."""


@dataclass(frozen=True)
class LeftOut:
    """Something in a file that is no object of PTV's, or none that can be told from others."""

    file: str
    reason: str


@dataclass
class Recording:
    """Objects by shape and kind, exactly as recorded; v8's shape goes with v11's, which grew out of it."""

    v12: dict[str, dict[str, Wire]] = field(default_factory=lambda: defaultdict(dict))
    v11: dict[str, dict[str, Wire]] = field(default_factory=lambda: defaultdict(dict))
    left_out: list[LeftOut] = field(default_factory=list)

    def content(self, vocabulary: Vocabulary) -> Content:
        """What the v12 paths serve."""
        return Content(vocabulary, {kind: list(self.v12.get(kind, {}).values()) for kind in ENTITIES})

    def catalogue(self, vocabulary: Vocabulary) -> Catalogue:
        """What the v11 paths serve."""
        rows = {kind: {key: _row(key, wire) for key, wire in self.v11.get(kind, {}).items()} for kind in ENTITIES}
        return Catalogue(
            vocabulary=vocabulary, rows=rows, with_general_description=lambda key: rows["service"][key].wire
        )

    def summary(self) -> dict[str, Any]:
        """What was loaded and what was not, and where the services are offered: what an operator has to know."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for shape, kinds in ((V12, self.v12), (V11, self.v11)):
            for kind, found in kinds.items():
                counts[kind][shape] += len(found)
        left_out = Counter((one.file, one.reason) for one in self.left_out)
        return {
            "loaded": {kind: dict(found) for kind, found in counts.items()},
            "left_out": [{"file": file, "reason": why, "count": count} for (file, why), count in left_out.items()],
            "areas": self.areas(),
        }

    def areas(self) -> dict[str, Any]:
        tags = {tag for wire in self.v12.get("service", {}).values() for tag in _v12_tags(wire.get("area"))}
        tags |= {tag for wire in self.v11.get("service", {}).values() for tag in _v11_tags(wire)}
        return {
            "municipalities": _codes(tags, "municipality", 3),
            "regions": _codes(tags, "region", 2),
            "counties": _codes(tags, "county", 2),
            "nationwide": ("nationwide", "") in tags,
        }


def read_recording(folder: Path) -> Recording:
    """Every .json file of the folder and those below it. Raises NothingRecorded."""
    if not folder.is_dir():
        raise NothingRecorded(f"{folder} is no folder")
    recording = Recording()
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() == ".json" and file.is_file():
            _read_file(recording, file, str(file.relative_to(folder)))
    if not recording.v12 and not recording.v11:
        first = f" ({recording.left_out[0].file} {recording.left_out[0].reason})" if recording.left_out else ""
        raise NothingRecorded(f"{folder} holds no object of PTV's in a shape of v8, v11 or v12{first}")
    return recording


def _read_file(recording: Recording, file: Path, name: str) -> None:
    try:
        # What was saved on Windows may begin with a byte-order mark.
        value = orjson.loads(file.read_bytes().removeprefix(BOM_UTF8))
    except orjson.JSONDecodeError:
        recording.left_out.append(LeftOut(name, "is no JSON"))
        return
    found = list(_objects(value))
    if not found:
        recording.left_out.append(LeftOut(name, "holds no object"))
    for one in found:
        if (refused := _take(recording, one)) is not None:
            recording.left_out.append(LeftOut(name, refused))


def _objects(value: Any) -> Iterator[Any]:
    """One object, a list, a page, or objects under their ids."""
    if isinstance(value, list):
        for one in value:
            yield from _objects(one)
    elif isinstance(value, dict) and "contentId" not in value and "id" not in value:
        inner = next((value[name] for name in ("itemList", "items") if isinstance(value.get(name), list)), None)
        if inner is not None:
            yield from _objects(inner)
        elif value and all(_UUID.fullmatch(str(key)) for key in value):
            yield from value.values()
        else:
            yield value
    else:
        yield value


def _take(recording: Recording, wire: Any) -> str | None:
    """Why it is left out; None when it is not."""
    if not isinstance(wire, dict):
        return f"is {type(wire).__name__}, not an object"
    if flaw := _flaw(wire):
        return flaw
    channel = wire.get("channelContentId") or wire.get("serviceChannelContentId")
    if channel and wire.get("serviceContentId"):
        return _put(recording.v12["connection"], f"{wire['serviceContentId']}/{channel}", wire)
    if kind := _kind(wire, "contentId", _V12_MARKS):
        return _put(recording.v12[kind], str(wire["contentId"]).lower(), wire)
    if kind := _kind(wire, "id", _V11_MARKS):
        return _put(recording.v11[kind], str(wire["id"]).lower(), wire)
    # Names of fields at most: an operator must see what it is, and no content need be shown for that.
    return f"unknown shape, with the fields {', '.join(sorted(map(str, wire))[:6]) or 'none'}"


def _flaw(wire: Wire) -> str | None:
    """What of an object the simulator itself could not stand; everything else is for its readers to refuse."""
    if wire.get("publishedAt") is not None and _moment(wire["publishedAt"]) is None:
        return "its publishedAt is no time"
    for name in ("areas", "organizations"):
        value = wire.get(name) or []
        if not isinstance(value, list) or not all(isinstance(one, dict | None) for one in value):
            return f"its {name} are no list of objects"
    return None


def _put(shelf: dict[str, Wire], key: str, wire: Wire) -> str | None:
    """The first of an object stays; the same again says nothing new."""
    kept = shelf.setdefault(key, wire)
    return None if kept == wire else f"{key} is in another file too, otherwise"


def _kind(wire: Wire, key: str, marks: tuple[tuple[str, str], ...]) -> str | None:
    if not _UUID.fullmatch(str(wire.get(key, ""))):
        return None
    return next((kind for mark, kind in marks if mark in wire), None)


def _row(key: str, wire: Wire) -> Row:
    names: list[Any] = next((wire[field] for field in _V11_NAMES if isinstance(wire.get(field), list)), [])
    name = next((str(one.get("value")) for one in names if isinstance(one, dict) and one.get("value")), None)
    return Row(key, name, _modified(wire.get("modified")), wire)


def _modified(written: Any) -> datetime:
    """Without a readable time an object counts as the oldest: only a whole reading meets it."""
    return _moment(written) or datetime(1970, 1, 1, tzinfo=UTC)


def _moment(written: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _codes(tags: set[tuple[str, str]], wanted: str, digits: int) -> list[str]:
    """With the zeros that a code has lost where somebody kept it as a number."""
    return sorted({code.zfill(digits) for kind, code in tags if kind == wanted})


def _v12_tags(area: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(area, dict):
        return
    if area.get("areaType") in _NATIONWIDE:
        yield "nationwide", ""
    for name, kind in (
        ("municipalities", "municipality"),
        ("regions", "region"),
        ("wellbeingServicesCounties", "county"),
    ):
        yield from ((kind, str(code)) for code in area.get(name) or [] if isinstance(code, str | int))


def _v11_tags(wire: Wire) -> Iterator[tuple[str, str]]:
    if wire.get("areaType") in _NATIONWIDE:
        yield "nationwide", ""
    yield from (("municipality", str(code)) for code in municipalities(wire))
    for kind, code in tagged(wire):
        if kind == "Region":
            yield "region", str(code)
        elif kind == "WellbeingServiceCounties":
            yield "county", str(code)
