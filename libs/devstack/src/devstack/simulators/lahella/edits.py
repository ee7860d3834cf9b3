"""What people and the server do to the wire object of an activity; each edit gives a new one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def milliseconds(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp() * 1000)


def merged(wire: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Objects are merged, anything else is replaced."""
    result = dict(wire)
    for name, value in changes.items():
        before = result.get(name)
        mergeable = isinstance(value, Mapping) and isinstance(before, Mapping)
        result[name] = merged(dict(before or {}), value) if mergeable else value
    return result


def moved(wire: Mapping[str, Any], degrees: float) -> dict[str, Any]:
    """The coordinates that the server keeps of the places, a little further east."""
    channels = [_moved(channel, degrees) for channel in wire.get("traits", {}).get("channels") or ()]
    return merged(wire, {"traits": {"channels": channels}})


def _moved(channel: Mapping[str, Any], degrees: float) -> dict[str, Any]:
    coordinates = channel.get("map", {}).get("center", {}).get("coordinates")
    if not coordinates:
        return dict(channel)
    longitude, latitude = coordinates
    return merged(channel, {"map": {"center": {"coordinates": [longitude + degrees, latitude]}}})


def touched(wire: Mapping[str, Any]) -> dict[str, Any]:
    """Locks, times, keys of revisions, and other attributes of the same tags."""
    saves = wire.get("_rev", 0) + 1
    server = {"_rev": saves, "lockedAt": saves, "lockedBy": f"editor:{saves}", "modifiedAt": saves}
    return {**_with_attributes(wire, saves), **server}


def _with_attributes(value: Any, saves: int) -> Any:
    if isinstance(value, Mapping):
        return {key: _with_attributes(part, saves) for key, part in value.items()}
    if isinstance(value, list):
        return [_with_attributes(part, saves) for part in value]
    if isinstance(value, str) and value.startswith("<p"):
        return f'<p dir="ltr" class="s{saves}"' + value[value.index(">") :]
    return value


def damaged(wire: Mapping[str, Any]) -> dict[str, Any]:
    """The Finnish name with a NUL, a replacement sign, half a surrogate pair; the summary with broken markup."""
    name = wire["traits"]["translations"]["fi"]["name"]
    texts = {"name": f"{name}\x00 \ufffd\ud83d", "summary": "<p>Tule <b>mukaan</p> &auml &#x0; &nosuch; 5 < 6 & 7 <"}
    return merged(wire, {"traits": {"translations": {"fi": texts}}})
