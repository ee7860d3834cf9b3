"""Code lists of PTV: read from the data files, served as reference rows, and used to check authored codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_CLASS_URI = "http://uri.suomi.fi/codelist/ptv/ptvserclass2/code/"
_TARGET_URI = "http://uri.suomi.fi/codelist/ptv/ptvkohderyhmat/code/"
_LIFE_EVENT_URI = "http://uri.suomi.fi/codelist/ptv/ptvelti/code/"
_INDUSTRY_URI = "http://uri.suomi.fi/codelist/jhs/toimiala_1_20080101/code/"
_TERM_URI = "http://www.yso.fi/onto/koko/"

Row = dict[str, Any]


@dataclass(frozen=True)
class Vocabulary:
    """Reference rows by the list's path, and the look-ups that authored content needs."""

    rows: Mapping[str, list[Row]]
    municipality_codes: Mapping[str, str]
    term_uris: Mapping[str, str]
    industry_uris: Mapping[str, str]
    organisation_ids: frozenset[str]
    dial_codes: Mapping[str, str]

    def known_class(self, code: str) -> str:
        return self._known("service-classes", code)

    def known_target(self, code: str) -> str:
        return self._known("target-groups", code)

    def _known(self, path: str, code: str) -> str:
        if not any(row["code"] == code for row in self.rows[path]):
            raise ValueError(f"code {code} is not in the list {path}")
        return code


def load_vocabulary(lists: Mapping[str, Any], organisation_ids: frozenset[str]) -> Vocabulary:
    """`lists` is the parsed `vocabularies.yaml` and `areas.yaml` together."""
    rows = {
        "service-classes": _tree(lists["service_classes"], _CLASS_URI),
        "target-groups": _tree(lists["target_groups"], _TARGET_URI),
        "life-events": _tree(lists["life_events"], _LIFE_EVENT_URI),
        "industrial-classes": _tree(lists["industrial_classes"], _INDUSTRY_URI),
        "ontology-terms": [_term(entry, lists["ontology_terms"]) for entry in lists["ontology_terms"].values()],
        "municipality-codes": _codes(lists["municipalities"]),
        "postal-codes": _codes(lists["postal_codes"]),
        "language-codes": _codes(lists["languages"]),
        "country-codes": _codes(lists["countries"]),
        "region-codes": _areas(lists["regions"]),
        "wellbeing-services-county-codes": _areas(lists["wellbeing_services_counties"]),
    }
    return Vocabulary(
        rows=rows,
        municipality_codes={row["name"]["fi"]: row["code"] for row in rows["municipality-codes"]},
        term_uris={key: _TERM_URI + entry["koko"] for key, entry in lists["ontology_terms"].items()},
        industry_uris={row["code"]: row["uri"] for row in rows["industrial-classes"]},
        organisation_ids=organisation_ids,
        dial_codes=lists["dial_codes"],
    )


def renamed_class(rows: Mapping[str, list[Row]], code: str, new_code: str) -> dict[str, list[Row]]:
    """The lists with one service class under another code and address. Raises ValueError for an unknown class."""
    if not any(row["code"] == code for row in rows["service-classes"]):
        raise ValueError(f"there is no service class {code}")
    addresses = {_CLASS_URI + code: _CLASS_URI + new_code}
    changed = [
        {
            **row,
            "code": new_code if row["code"] == code else row["code"],
            "uri": addresses.get(row["uri"], row["uri"]),
            "parentUri": addresses.get(row["parentUri"], row["parentUri"]),
        }
        for row in rows["service-classes"]
    ]
    return {**rows, "service-classes": changed}


def _tree(names: Mapping[str, Any], base: str) -> list[Row]:
    return [_class(code, name, names, base) for code, name in names.items()]


def _class(code: str, name: Any, names: Mapping[str, Any], base: str) -> Row:
    parent, dot, _ = code.rpartition(".")
    if dot and parent not in names:
        raise ValueError(f"the parent of {code} is missing from its list")
    return {
        "code": code,
        "uri": base + code,
        "parentUri": base + parent if dot else None,
        "isValid": True,
        "name": _names(name),
    }


def _term(entry: Mapping[str, Any], terms: Mapping[str, Any]) -> Row:
    broader = [_TERM_URI + terms[key]["koko"] for key in entry.get("broader", [])]
    names = {language: entry[language] for language in ("fi", "sv", "en") if language in entry}
    return {"uri": _TERM_URI + entry["koko"], "type": None, "parentUris": broader, "isValid": True, "name": names}


def _codes(names: Mapping[str, Any]) -> list[Row]:
    return [{"code": code, "isValid": True, "name": _names(name)} for code, name in names.items()]


def _areas(areas: Mapping[str, Any]) -> list[Row]:
    return [
        {"code": code, "isValid": True, "name": _names(entry["name"]), "municipalities": entry["municipalities"]}
        for code, entry in areas.items()
    ]


def _names(name: Any) -> dict[str, str]:
    """A bare word is the name in all three languages; a list is fi, sv, en."""
    if isinstance(name, str):
        return {"fi": name, "sv": name, "en": name}
    return dict(zip(("fi", "sv", "en"), name, strict=True))
