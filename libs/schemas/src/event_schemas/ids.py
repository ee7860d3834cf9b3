"""Identifiers and codes: every id has a type of its own, and each code list its own pattern."""

from typing import Annotated, NewType

from pydantic import Field

ListingId = NewType("ListingId", str)
EntryId = NewType("EntryId", str)
OrganizationId = NewType("OrganizationId", str)
ChannelId = NewType("ChannelId", str)
ConceptId = NewType("ConceptId", str)
BusinessId = NewType("BusinessId", str)
MunicipalityCode = NewType("MunicipalityCode", str)
RegionCode = NewType("RegionCode", str)
WellbeingCountyCode = NewType("WellbeingCountyCode", str)
ReferralId = NewType("ReferralId", str)
ReceiverId = NewType("ReceiverId", str)
CaseId = NewType("CaseId", str)
RunId = NewType("RunId", str)
NotificationId = NewType("NotificationId", str)
RecipientRef = NewType("RecipientRef", str)
EventId = NewType("EventId", str)

UUID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
RECEIVER_PATTERN = r"^(kunta-[0-9]{3}|ytunnus-[0-9]{7}-[0-9])$"

_uuid = Field(pattern=f"^{UUID_PATTERN}$")

# An id is `<system>:<the system's own id>`, so that two systems can never collide.
AnyListingId = Annotated[ListingId, Field(pattern=rf"^(ptv:{UUID_PATTERN}|(lahella|content):[A-Za-z0-9._-]{{1,80}})$")]
AnyOrganizationId = Annotated[OrganizationId, Field(pattern=r"^[a-z]+:[A-Za-z0-9._-]{1,80}$")]
AnyChannelId = Annotated[ChannelId, Field(pattern=r"^[a-z]+:[A-Za-z0-9._:-]{1,120}$")]
AnyConceptId = Annotated[ConceptId, Field(pattern=r"^\S{1,200}$")]
AnyEntryId = Annotated[EntryId, _uuid]
AnyReferralId = Annotated[ReferralId, _uuid]
AnyCaseId = Annotated[CaseId, _uuid]
AnyRunId = Annotated[RunId, _uuid]
AnyNotificationId = Annotated[NotificationId, _uuid]
# `ce_id` of a record; receivers choose theirs freely within printable ASCII.
AnyEventId = Annotated[EventId, Field(pattern="^[!-~]{1,100}$")]
AnyReceiverId = Annotated[ReceiverId, Field(pattern=RECEIVER_PATTERN)]
AnyRecipientRef = Annotated[RecipientRef, Field(pattern=r"^[A-Za-z0-9_-]{16,64}$")]

# Finnish business id (Y-tunnus) as written; a valid check digit is a matter for whoever matches on it.
AnyBusinessId = Annotated[BusinessId, Field(pattern=r"^[0-9]{7}-[0-9]$")]

# Municipality (kunta), region (maakunta) and wellbeing county (hyvinvointialue) are three lists of codes with
# overlapping values: 05 is the region Kanta-Häme but the county Varsinais-Suomi.
AnyMunicipalityCode = Annotated[MunicipalityCode, Field(pattern="^[0-9]{3}$")]
AnyRegionCode = Annotated[RegionCode, Field(pattern="^[0-9]{2}$")]
AnyWellbeingCountyCode = Annotated[WellbeingCountyCode, Field(pattern="^[0-9]{2}$")]

LanguageTag = Annotated[str, Field(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
ReasonCode = Annotated[str, Field(pattern="^[a-z][a-z0-9-]{0,59}$")]
