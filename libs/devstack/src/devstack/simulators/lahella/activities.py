"""The activities the simulated Lähellä holds at a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter

from devstack.simulators.lahella.assumed import group_of
from devstack.simulators.lahella.authoring import ActivitySheet, GroupSheet
from devstack.simulators.lahella.expand import activity
from devstack.simulators.lahella.listing import Oddities

DATA = Path(__file__).parents[2] / "data" / "lahella"
"""The Kanta-Häme activities that come with the simulator."""


@dataclass(frozen=True)
class Held:
    wire: dict[str, Any]
    group: str


class Activities:
    """Activities by `_key`, groups by theirs."""

    def __init__(self, groups: list[GroupSheet], sheets: list[ActivitySheet], today: date) -> None:
        keys = {group.id: group.key for group in groups}
        self.groups = {group.key: group for group in groups}
        self.oddities = Oddities()
        self.held = {sheet.key: Held(activity(sheet, today), keys[sheet.group]) for sheet in sheets}

    def put(self, key: str, wire: Mapping[str, Any], *, first: bool = False) -> None:
        """Writes an activity, which keeps its group when the body names none; a new one is the last, or `first`."""
        before = self.held.get(key)
        group = group_of(wire) or (before.group if before else next(iter(self.groups)))
        kept = {name: value for name, value in wire.items() if name != "group"}
        self.held[key] = Held({**kept, "_key": key}, group)
        if first:
            self.held = {key: self.held[key], **self.held}

    def rewrite(self, edit: Callable[[Mapping[str, Any]], dict[str, Any]]) -> None:
        """Edits every activity."""
        self.held = {key: Held(edit(held.wire), held.group) for key, held in self.held.items()}

    def found(self, groups: list[str], text: str) -> list[Held]:
        """Activities of the given groups (all when none is given) whose name or summary holds `text`."""
        return [
            held for held in self.held.values() if (not groups or held.group in groups) and _mentions(held.wire, text)
        ]


def load_activities(today: date, folder: Path = DATA) -> Activities:
    """Reads the data files. Raises pydantic's `ValidationError` or `KeyError` naming what is wrong in them."""
    groups = TypeAdapter(list[GroupSheet]).validate_python(_yaml(folder / "groups.yaml"))
    sheets = TypeAdapter(list[ActivitySheet])
    authored = [one for path in sorted(folder.glob("activities*.yaml")) for one in sheets.validate_python(_yaml(path))]
    return Activities(groups, authored, today)


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


def _mentions(wire: Mapping[str, Any], text: str) -> bool:
    translations = wire.get("traits", {}).get("translations", {}).values()
    words = " ".join(f"{words.get('name', '')} {words.get('summary', '')}" for words in translations)
    return text.casefold() in words.casefold()
