"""Code lists that listings refer to: `hyte.vocabularies.v1`."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from event_schemas.base import Event, extensible
from event_schemas.ids import AnyConceptId
from event_schemas.text import LocalizedText


class Scheme(StrEnum):
    """The code list a concept belongs to."""

    SERVICE_CLASS = "service-class"
    TARGET_GROUP = "target-group"
    LIFE_EVENT = "life-event"
    INDUSTRIAL_CLASS = "industrial-class"
    ONTOLOGY = "ontology"
    MUNICIPALITY = "municipality"
    REGION = "region"
    WELLBEING_COUNTY = "wellbeing-county"
    POSTAL_CODE = "postal-code"
    LANGUAGE = "language"


AnyScheme = Annotated[Scheme | str, Field(union_mode="left_to_right"), extensible(Scheme)]


class ConceptPublished(Event):
    """A concept with its names.

    `concept_id` is the concept's URI, or `<scheme>:<code>` where the list has none: bare codes of two lists collide.
    """

    event_type: ClassVar[str] = "fi.hytevirta.concept.published.v1"

    concept_id: AnyConceptId
    scheme: AnyScheme
    uri: str | None = None
    code: str | None = None
    name: LocalizedText
    broader: tuple[AnyConceptId, ...] = ()
    members: tuple[AnyConceptId, ...] = ()
    """The municipalities of a region or a wellbeing county."""
    valid: bool = True
    valid_from: date | None = None
    valid_to: date | None = None


class ConceptRemoved(Event):
    """A concept is gone from its list; concepts merely out of use are published with `valid` false."""

    event_type: ClassVar[str] = "fi.hytevirta.concept.removed.v1"

    concept_id: AnyConceptId
    scheme: AnyScheme
