"""Names of the codes that listings carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from event_schemas.classification import Classification
from event_schemas.text import LocalizedText

ConceptNames = Mapping[str, LocalizedText]
"""Concept key → names."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept at a version; without names once it is removed."""

    concept_id: str
    version: int
    key: str
    names: LocalizedText | None


def class_code(code: str) -> str:
    """`P27.1` out of the URI of a service class, `service-class:P27.1` or the bare code."""
    return code.rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def concept_key(concept_id: str, scheme: str) -> str:
    """What a concept is looked up by: sources write service classes as URI or code, ontology terms as URI."""
    return class_code(concept_id) if scheme == "service-class" else concept_id


def concept_keys(classification: Classification) -> set[str]:
    """Keys of a listing's or entry's service classes and ontology terms."""
    return {class_code(code) for code in classification.service_classes} | set(classification.ontology_terms)
