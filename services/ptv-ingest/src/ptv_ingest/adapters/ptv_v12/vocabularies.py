"""PTV v12's code lists as concepts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from event_schemas.ids import ConceptId
from event_schemas.vocabulary import ConceptPublished, Scheme
from ptv_ingest.adapters.ptv_v12.wire import CodeRow
from ptv_ingest.domain.texts import localized, one_line


@dataclass(frozen=True, slots=True)
class CodeList:
    path: str
    scheme: Scheme


CODE_LISTS = (
    CodeList("service-classes", Scheme.SERVICE_CLASS),
    CodeList("target-groups", Scheme.TARGET_GROUP),
    CodeList("life-events", Scheme.LIFE_EVENT),
    CodeList("industrial-classes", Scheme.INDUSTRIAL_CLASS),
    CodeList("ontology-terms", Scheme.ONTOLOGY),
    CodeList("municipality-codes", Scheme.MUNICIPALITY),
    CodeList("region-codes", Scheme.REGION),
    CodeList("wellbeing-services-county-codes", Scheme.WELLBEING_COUNTY),
    CodeList("postal-codes", Scheme.POSTAL_CODE),
    CodeList("language-codes", Scheme.LANGUAGE),
)


def concept(scheme: Scheme, row: Any) -> ConceptPublished | None:
    """None for a row without code, URI or name. Raises pydantic's ValidationError."""
    given = CodeRow.model_validate(row)
    uri = given.uri if re.fullmatch(r"\S{1,200}", given.uri or "") else None
    name = localized({language: one_line(text) for language, text in given.name.items()})
    if not name or not (uri or given.code):
        return None
    broader = {given.parent_uri, *given.parent_uris} - {None}
    return ConceptPublished(
        concept_id=ConceptId(uri or f"{scheme}:{given.code}"),
        scheme=scheme,
        uri=uri,
        code=given.code,
        name=name,
        broader=tuple(sorted(ConceptId(parent) for parent in broader if parent)),
        members=tuple(sorted(ConceptId(f"{Scheme.MUNICIPALITY}:{code}") for code in given.municipalities)),
        valid=given.is_valid,
    )
