"""Names of the codes that listings carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from event_schemas.classification import Classification
from event_schemas.text import LocalizedText

ConceptNames = Mapping[str, LocalizedText]
"""Concept key → names."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept at a version; without key and names once it is removed, for a tombstone knows neither."""

    concept_id: str
    version: int
    key: str | None
    names: LocalizedText | None


class KnownConcepts:
    """The newest of every concept, looked up by key.

    Two concepts may have one key (a class written as URI and as code). Each has versions of its own; the names are
    those of the greater id, whichever came first.
    """

    def __init__(self) -> None:
        self._newest: dict[str, Concept] = {}
        # Threads read while another takes: a key is never without those that go on having it.
        self._holders: dict[str, frozenset[str]] = {}

    def take(self, concepts: Iterable[Concept]) -> set[str]:
        """Keeps what is newer; returns the keys whose names have changed."""
        newer = [one for one in sorted(concepts, key=lambda one: one.version) if self._is_newer(one)]
        pairs = [(self._newest.get(one.concept_id), one) for one in newer]
        keys = {one.key for pair in pairs for one in pair if one and one.key}
        before = self.names(keys)
        for one in newer:
            self._keep(one)
        after = self.names(keys)
        return {key for key in keys if before.get(key) != after.get(key)}

    def names(self, keys: Iterable[str]) -> ConceptNames:
        """Names of the keys that have any."""
        holders = {key: max(held) for key in keys if (held := self._holders.get(key))}
        return {key: names for key, held in holders.items() if (names := self._newest[held].names) is not None}

    def _is_newer(self, concept: Concept) -> bool:
        known = self._newest.get(concept.concept_id)
        return known is None or concept.version > known.version

    def _keep(self, concept: Concept) -> None:
        known = self._newest.get(concept.concept_id)
        if known and known.key and known.key != concept.key:
            self._holders[known.key] -= {concept.concept_id}
        self._newest[concept.concept_id] = concept
        if concept.key:
            self._holders[concept.key] = self._holders.get(concept.key, frozenset()) | {concept.concept_id}


def class_code(code: str) -> str:
    """`P27.1` out of the URI of a service class, `service-class:P27.1` or the bare code."""
    return code.rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def concept_key(concept_id: str, scheme: str) -> str:
    """What a concept is looked up by: sources write service classes as URI or code, ontology terms as URI."""
    return class_code(concept_id) if scheme == "service-class" else concept_id


def concept_keys(classification: Classification) -> set[str]:
    """Keys of a listing's or entry's service classes and ontology terms."""
    return {class_code(code) for code in classification.service_classes} | set(classification.ontology_terms)
