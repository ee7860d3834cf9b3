"""Lists of texts with language and type, as v11 has them, by language as v12 has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

Wire = dict[str, Any]
Texts = dict[str, str]

CHARGES = {"Chargeable": "Charged", "FreeOfCharge": "Free", "Other": "Other"}


def rows(value: Any) -> list[Wire]:
    """The objects of a list; nothing for what is no list (v11 writes null for an empty one)."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def part(value: Any) -> Wire:
    return value if isinstance(value, dict) else {}


def word(value: Any) -> str:
    """A code or an id; nothing for what is no text."""
    return value if isinstance(value, str) else ""


def texts(value: Any, field: str = "value") -> Texts:
    """The last text of each language."""
    return {one["language"]: one[field] for one in rows(value) if _is_text(one, field)}


def typed(value: Any, *types: str) -> Texts:
    """Texts of a type, or of the other names that earlier versions had for it."""
    return texts([one for one in rows(value) if one.get("type") in types])


def by_language(value: Any) -> dict[str, list[Wire]]:
    """The rows of each language."""
    found: defaultdict[str, list[Wire]] = defaultdict(list)
    for one in rows(value):
        if isinstance(one.get("language"), str):
            found[one["language"]].append(one)
    return dict(found)


def blocks(fields: Mapping[str, Mapping[str, Any]]) -> dict[str, Wire]:
    """Fields by language, as blocks per language. What is empty is left out."""
    found: defaultdict[str, Wire] = defaultdict(dict)
    for name, values in fields.items():
        for language, value in values.items():
            if value not in (None, "", []):
                found[language][name] = value
    return dict(found)


def codes(value: Any) -> list[str]:
    """Codes of classes; a class without one cannot be told by its old address, and is left out."""
    return [one["code"] for one in rows(value) if isinstance(one.get("code"), str) and one["code"]]


def uris(value: Any) -> list[str]:
    return list(_uris(rows(value)))


def _uris(classes: list[Wire]) -> Iterator[str]:
    for one in classes:
        uri = one.get("newUri") or one.get("uri")
        if isinstance(uri, str) and uri:
            yield uri


def _is_text(one: Wire, field: str) -> bool:
    return isinstance(one.get("language"), str) and isinstance(one.get(field), str) and bool(one[field].strip())
