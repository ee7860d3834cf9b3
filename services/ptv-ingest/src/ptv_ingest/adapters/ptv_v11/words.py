"""Lists of texts with language and type, as v11 has them, by language as v12 has them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

Wire = dict[str, Any]
Texts = dict[str, str]

# The second name of each is that of v7 and older.
CHARGES = {"Chargeable": "Charged", "Charged": "Charged", "FreeOfCharge": "Free", "Free": "Free", "Other": "Other"}
# Addresses of a register that was closed; which code they stood for can't be told from them.
_OLD_URI = "http://urn.fi/"
_CODE_IN_URI = re.compile(r"https?://uri\.suomi\.fi/codelist/.+/code/([^/]+)")


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
    return [found for one in rows(value) if (found := word(one.get("code")) or _code_in_uri(one))]


def _code_in_uri(given: Wire) -> str:
    matches = (_CODE_IN_URI.fullmatch(word(given.get(name))) for name in ("newUri", "uri"))
    return next((match[1] for match in matches if match), "")


def uris(value: Any, code_list: str | None = None) -> list[str]:
    """Addresses of concepts; of classes that have a code those of the code list given."""
    return list(_uris(rows(value), code_list))


def _uris(classes: list[Wire], code_list: str | None) -> Iterator[str]:
    for one in classes:
        code = codes([one]) if code_list else []
        uri = f"{code_list}{code[0]}" if code else word(one.get("newUri")) or word(one.get("uri"))
        if uri and not uri.startswith(_OLD_URI):
            yield uri


def _is_text(one: Wire, field: str) -> bool:
    return isinstance(one.get("language"), str) and isinstance(one.get(field), str) and bool(one[field].strip())
