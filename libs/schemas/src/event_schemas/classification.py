"""Codes by which a source files a service. Names are in the vocabularies topic."""

from typing import Annotated

from pydantic import Field

from event_schemas.base import Value
from event_schemas.ids import LanguageTag

Code = Annotated[str, Field(pattern=r"^\S{1,200}$")]


class Classification(Value):
    """Codes and URIs as the source gives them; `source_themes` are the source's own filing (Lähellä.fi)."""

    service_classes: tuple[Code, ...] = ()
    ontology_terms: tuple[Code, ...] = ()
    target_groups: tuple[Code, ...] = ()
    life_events: tuple[Code, ...] = ()
    industrial_classes: tuple[Code, ...] = ()
    keywords: dict[LanguageTag, tuple[str, ...]] = Field(default_factory=dict)
    source_themes: tuple[Code, ...] = ()
    source_formats: tuple[Code, ...] = ()
    general_description_id: Code | None = None
