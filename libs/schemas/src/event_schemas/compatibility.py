"""Whether one frozen schema may follow another within a version of a stable topic: optional additions only.

Written for the schemas that `closed_schema` makes. General checkers (jsoncompat 0.3.1 was tried) pass a changed
pattern or format and refuse an optional addition inside a union, and so fit neither way.
"""

from collections.abc import Callable, Iterator
from typing import Any

from event_schemas.base import JsonSchema

# Say nothing about which documents are valid; `discriminator` repeats what the alternatives hold.
_ANNOTATIONS = {"$schema", "$id", "$defs", "title", "description", "examples", "discriminator"}

_Rule = Callable[[JsonSchema, JsonSchema, str, str], Iterator[str]]


def incompatibilities(old: JsonSchema, new: JsonSchema) -> list[str]:
    """One sentence for every change after which old data or an old reader would fail; empty when there is none."""
    return list(_compare(_inlined(old, old.get("$defs", {})), _inlined(new, new.get("$defs", {})), "document"))


def _inlined(node: Any, definitions: JsonSchema) -> Any:
    if isinstance(node, list):
        return [_inlined(child, definitions) for child in node]
    if not isinstance(node, dict):
        return node
    inlined = {key: _inlined(child, definitions) for key, child in node.items() if key not in ("$ref", "$defs")}
    if "$ref" not in node:
        return inlined
    return _inlined(definitions[node["$ref"].removeprefix("#/$defs/")], definitions) | inlined


def _compare(old: JsonSchema, new: JsonSchema, path: str) -> Iterator[str]:
    for keyword in sorted((old.keys() | new.keys()) - _ANNOTATIONS):
        yield from _RULES.get(keyword, _same)(old, new, keyword, path)


def _same(old: JsonSchema, new: JsonSchema, keyword: str, path: str) -> Iterator[str]:
    if old.get(keyword) != new.get(keyword):
        yield f"{path}: {keyword} changed from {old.get(keyword)!r} to {new.get(keyword)!r}"


def _members(old: JsonSchema, new: JsonSchema, keyword: str, path: str) -> Iterator[str]:
    before, after = old.get(keyword, {}), new.get(keyword, {})
    yield from (f"{path}.{name} was removed" for name in before if name not in after)
    for name in sorted(before.keys() & after.keys()):
        yield from _compare(before[name], after[name], f"{path}.{name}")


def _requirements(old: JsonSchema, new: JsonSchema, keyword: str, path: str) -> Iterator[str]:
    before, after = set(old.get(keyword, ())), set(new.get(keyword, ()))
    yield from (f"{path}.{name} became required" for name in sorted(after - before))
    yield from (f"{path}.{name} is no longer required" for name in sorted(before - after))


def _nested(old: JsonSchema, new: JsonSchema, keyword: str, path: str) -> Iterator[str]:
    before, after = old.get(keyword), new.get(keyword)
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _compare(before, after, f"{path}[]")
    else:
        yield from _same(old, new, keyword, path)


def _alternatives(old: JsonSchema, new: JsonSchema, keyword: str, path: str) -> Iterator[str]:
    before, after = _by_tag(old.get(keyword, ())), _by_tag(new.get(keyword, ()))
    yield from (f"{path}: alternative {tag} was removed" for tag in sorted(before.keys() - after.keys()))
    yield from (f"{path}: alternative {tag} was added" for tag in sorted(after.keys() - before.keys()))
    for tag in sorted(before.keys() & after.keys()):
        yield from _compare(before[tag], after[tag], f"{path}<{tag}>")


def _by_tag(alternatives: list[JsonSchema]) -> dict[str, JsonSchema]:
    return {
        str(alternative.get("properties", {}).get("kind", {}).get("const", position)): alternative
        for position, alternative in enumerate(alternatives)
    }


def _codes(old: JsonSchema, new: JsonSchema, keyword: str, path: str) -> Iterator[str]:
    if not (old.get("x-extensible-enum") and new.get("x-extensible-enum")):
        yield from _same(old, new, keyword, path)
        return
    yield from (f"{path}: code {code} was removed" for code in old[keyword] if code not in new[keyword])


_RULES: dict[str, _Rule] = {
    "properties": _members,
    "patternProperties": _members,
    "required": _requirements,
    "items": _nested,
    "additionalProperties": _nested,
    "oneOf": _alternatives,
    "anyOf": _alternatives,
    "enum": _codes,
}
