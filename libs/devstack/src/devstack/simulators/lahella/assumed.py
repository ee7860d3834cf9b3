"""ASSUMED, not known: how Lähellä shows the organisation (group) of an activity.

Nothing public shows the group object or the name of its Y-tunnus field. The simulator answers `links[groups]=true`
with `"group": "<key>"` in each item and `"linked": {"groups": {"<key>": {"_key", "name", "businessId"}}}` in the page;
`businessId` is null for a group that never gave one. Everything that rests on this shape stands in this file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from devstack.simulators.lahella.authoring import GroupSheet


def linked_item(item: Mapping[str, Any], group: str) -> dict[str, Any]:
    return {**item, "group": group}


def linked_groups(keys: Iterable[str], groups: Mapping[str, GroupSheet]) -> dict[str, Any]:
    """The `linked` part of a page: every group its items name."""
    named = {key: groups[key] for key in keys if key in groups}
    return {
        "groups": {
            key: {"_key": key, "name": group.name, "businessId": group.business_id} for key, group in named.items()
        }
    }


def group_of(wire: Mapping[str, Any]) -> str | None:
    """The group a written activity belongs to: `group`, as in the body that creates one."""
    group = wire.get("group")
    return group if isinstance(group, str) else None
