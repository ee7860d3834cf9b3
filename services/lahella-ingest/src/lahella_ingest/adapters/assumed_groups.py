"""ASSUMED, not confirmed: how an answer shows the organisation (group) of an activity and its Y-tunnus.

Nothing public shows the group object. Assumed for `links[groups]=true`: each item has `"group": "<key>"`, and the page
has `"linked": {"groups": {"<key>": {"_key", "name", "businessId"}}}`. When the true form is known, this file changes
and nothing else. An operator's list of Y-tunnus by group wins over what is read here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lahella_ingest.domain.organization import Organization
from lahella_ingest.domain.plain_text import one_line

_KEY = re.compile("[A-Za-z0-9._-]{1,80}")


def linked_groups(page: Mapping[str, Any]) -> Mapping[str, Any]:
    """The groups that a page's items name, by key; empty when the page has none in the assumed form."""
    linked = page.get("linked")
    groups = linked.get("groups") if isinstance(linked, dict) else None
    return groups if isinstance(groups, dict) else {}


def organization_of(item: object, groups: Mapping[str, Any], business_ids: Mapping[str, str]) -> Organization | None:
    """The organisation of an item; `business_ids` are the operator's, by group."""
    key = item.get("group") if isinstance(item, dict) else None
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        return None
    group = groups.get(key)
    known = group if isinstance(group, dict) else {}
    return Organization(key, _text(known.get("name")), business_ids.get(key) or _text(known.get("businessId")))


def _text(value: object) -> str | None:
    return one_line(value) or None if isinstance(value, str) else None
