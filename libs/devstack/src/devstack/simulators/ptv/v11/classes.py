"""Classifications as v11 embeds them: with names, and with the address of the parent."""

from __future__ import annotations

from collections.abc import Iterable

from devstack.simulators.ptv.v11.lookup import Lookup
from devstack.simulators.ptv.v11.words import Wire, items
from devstack.simulators.ptv.vocabulary import Row

_TYPES = {
    "service-classes": "ptvserclass2",
    "target-groups": "ptvkohderyhmat",
    "life-events": "ptvelti",
    "industrial-classes": "toimiala_1_20080101",
}


def service_classes(codes: Iterable[str], at: Lookup) -> list[Wire]:
    return [{**made, "description": []} for made in coded("service-classes", codes, at)]


def coded(path: str, codes: Iterable[str], at: Lookup) -> list[Wire]:
    """Members of the list `path` by code; a code the list does not know stays, without names."""
    return [_item(path, code, at.by_code[path].get(code)) for code in codes]


def industrial_classes(uris: Iterable[str], at: Lookup) -> list[Wire]:
    rows = (at.by_uri["industrial-classes"].get(uri) for uri in uris)
    return [_item("industrial-classes", row["code"], row) for row in rows if row is not None]


def ontology_terms(uris: Iterable[str], at: Lookup) -> list[Wire]:
    """Terms have no code in v11."""
    return [_term(uri, at.by_uri["ontology-terms"].get(uri)) for uri in uris]


def united(first: Iterable[str], then: Iterable[str]) -> list[str]:
    """Both, each once, in this order: how a general description's classes stand before a service's own."""
    return list(dict.fromkeys([*first, *then]))


def _item(path: str, code: str, row: Row | None) -> Wire:
    uri, parent = (row["uri"], row["parentUri"]) if row else (None, None)
    return {
        "name": items(row["name"]) if row else [],
        "code": code,
        "ontologyType": _TYPES[path],
        "uri": uri,
        "parentId": None,
        "parentUri": parent,
        "newUri": uri,
        "newParentUri": parent,
    }


def _term(uri: str, row: Row | None) -> Wire:
    parents = row["parentUris"] if row else []
    return {
        "name": items(row["name"]) if row else [],
        "code": None,
        "ontologyType": "YSO",
        "uri": uri,
        "parentId": None,
        "parentUri": next(iter(parents), None),
    }
