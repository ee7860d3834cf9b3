"""Findings on the quality of descriptions: `hyte.catalog.quality.v1`."""

from typing import Annotated, ClassVar

from pydantic import Field

from event_schemas.base import Event, UtcTime, Value
from event_schemas.ids import AnyBusinessId, AnyEntryId, AnyListingId, AnyOrganizationId, LanguageTag, ReasonCode

FieldName = Annotated[str, Field(pattern="^[a-z][a-z_]{0,59}$")]


class Finding(Value):
    """One shortcoming, e.g. `missing-language` of `description` in `sv`."""

    code: ReasonCode
    field: FieldName | None = None
    language: LanguageTag | None = None


class ListingAssessed(Event):
    """All findings on a listing as of one moment; none means that nothing is left to mend."""

    event_type: ClassVar[str] = "fi.hytevirta.listing.assessed.v1"

    listing_id: AnyListingId
    entry_id: AnyEntryId | None = None
    organization_id: AnyOrganizationId | None = None
    business_id: AnyBusinessId | None = None
    findings: tuple[Finding, ...] = ()
    assessed_at: UtcTime


class AssessmentWithdrawn(Event):
    """The listing is no longer offered, and so has nothing to mend."""

    event_type: ClassVar[str] = "fi.hytevirta.listing.assessment-withdrawn.v1"

    listing_id: AnyListingId
