"""v11's code lists of places and languages as concepts; of classes it has none."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from pydantic import ValidationError

from event_schemas.vocabulary import ConceptPublished, Scheme
from ptv_ingest.adapters.ptv_v11.words import Wire, texts
from ptv_ingest.adapters.ptv_v12.vocabularies import concept

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CodeList:
    path: str
    scheme: Scheme
    paged: bool = False


CODE_LISTS = (
    CodeList("GetMunicipalityCodes", Scheme.MUNICIPALITY),
    CodeList("GetLanguageCodes", Scheme.LANGUAGE),
    CodeList("GetAreaCodes/type/Province", Scheme.REGION),
    CodeList("GetAreaCodes/type/WellbeingServiceCounties", Scheme.WELLBEING_COUNTY),
    CodeList("GetPostalCodes", Scheme.POSTAL_CODE, paged=True),
)


def concept_of(scheme: Scheme, row: Wire) -> ConceptPublished | None:
    """None for a row without code or name, and for one that cannot be read, which is logged."""
    try:
        return concept(scheme, {"code": row.get("code"), "name": texts(row.get("names") or row.get("name"))})
    except ValidationError:
        log.warning("row of a code list cannot be read", scheme=scheme)
        return None
