"""Search parameters of PTV v12 and what they admit.

Two points the interface leaves open are decided here: area lists look at an object's own tags and never at geography,
and several area lists together must all match.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from devstack.simulators.ptv.wire_parts import Code, ContentId, Language, MunicipalityCode, TwoDigitCode, Uri

Match = Literal["all", "any"]
Wire = dict[str, Any]
ServiceType = Literal["Service", "ProfessionalQualification", "PermitOrOtherObligation"]
ChannelType = Literal["EService", "TelephoneService", "PrintableForm", "ServiceLocation", "WebPage"]
OrganizationType = Literal["State", "Municipality", "RegionalOrganization", "Organization", "Company"]
DescriptionType = Literal["Church", "EmploymentArea", "Municipality", "Other", "WellbeingServicesCounty"]
BusinessId = Annotated[str, Field(pattern=r"^[0-9]{7}-[0-9]$")]


def _rfc3339(value: object) -> object:
    """pydantic also reads bare dates and epoch numbers, which the interface doesn't."""
    if not isinstance(value, str) or "T" not in value:
        raise ValueError("must be an RFC 3339 date-time with a zone")
    return value


def _distinct(values: list[str]) -> list[str]:
    if len(set(values)) != len(values):
        raise ValueError("values must be distinct")
    return values


Instant = Annotated[AwareDatetime, BeforeValidator(_rfc3339)]
Codes = Annotated[list[Code], Field(max_length=20), AfterValidator(_distinct)]
Ids = Annotated[list[ContentId], Field(max_length=20), AfterValidator(_distinct)]
Uris = Annotated[list[Uri], Field(max_length=20), AfterValidator(_distinct)]
Municipalities = Annotated[list[MunicipalityCode], Field(max_length=20), AfterValidator(_distinct)]
AreaCodes = Annotated[list[TwoDigitCode], Field(max_length=20), AfterValidator(_distinct)]


def matches(wanted: Sequence[str], have: Iterable[object] | None, match: Match = "any") -> bool:
    """An empty list asks for nothing and so matches everything."""
    if not wanted:
        return True
    found = set(have or ())
    return set(wanted) <= found if match == "all" else not found.isdisjoint(wanted)


class Page(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=100)] = 100


class ArchivedQuery(Page):
    archived_at_or_after: Instant


class SearchQuery(Page):
    """Every content search; subclasses narrow `admits`."""

    published_at_or_after: Instant | None = None

    def admits(self, wire: Wire) -> bool:  # noqa: ARG002 - the base asks for nothing
        return True


class AreaQuery(SearchQuery):
    area_type: Literal["WholeCountry", "WholeCountryExceptAland", "LimitedArea"] | None = None
    municipalities: Municipalities = []
    municipalities_match: Match = "all"
    regions: AreaCodes = []
    regions_match: Match = "all"
    wellbeing_services_counties: AreaCodes = []
    wellbeing_services_counties_match: Match = "all"
    language_versions: list[Language] = []
    language_versions_match: Match = "all"

    def admits(self, wire: Wire) -> bool:
        area = wire.get("area") or {}
        return (
            super().admits(wire)
            and self.area_type in (None, area.get("areaType"))
            and matches(self.municipalities, area.get("municipalities", ()), self.municipalities_match)
            and matches(self.regions, area.get("regions", ()), self.regions_match)
            and matches(
                self.wellbeing_services_counties,
                area.get("wellbeingServicesCounties", ()),
                self.wellbeing_services_counties_match,
            )
            and matches(self.language_versions, wire.get("languageVersions"), self.language_versions_match)
        )


class OwnedQuery(SearchQuery):
    organization_content_ids: Ids = []

    def admits(self, wire: Wire) -> bool:
        return super().admits(wire) and matches(self.organization_content_ids, [wire.get("organizationContentId")])


class ClassifiedQuery(OwnedQuery):
    service_types: list[ServiceType] = []
    service_classes: Codes = []
    service_classes_match: Match = "all"
    target_groups: Codes = []
    target_groups_match: Match = "all"
    ontology_terms: Uris = []
    ontology_terms_match: Match = "all"
    industrial_classes: Uris = []
    industrial_classes_match: Match = "all"

    def admits(self, wire: Wire) -> bool:
        return (
            super().admits(wire)
            and matches(self.service_types, [wire.get("serviceType")])
            and matches(self.service_classes, wire.get("serviceClasses"), self.service_classes_match)
            and matches(self.target_groups, wire.get("targetGroups"), self.target_groups_match)
            and matches(self.ontology_terms, wire.get("ontologyTerms"), self.ontology_terms_match)
            and matches(self.industrial_classes, wire.get("industrialClasses"), self.industrial_classes_match)
        )


class CollectedQuery(SearchQuery):
    """Which objects a collection shows is for the whole of the content to say, not for one object."""

    service_collection_content_id: ContentId | None = None


class ServiceQuery(ClassifiedQuery, AreaQuery, CollectedQuery):
    pass


class ChannelQuery(OwnedQuery, AreaQuery, CollectedQuery):
    channel_types: list[ChannelType] = []

    def admits(self, wire: Wire) -> bool:
        return super().admits(wire) and matches(self.channel_types, [wire.get("serviceChannelType")])


class ConnectionQuery(SearchQuery):
    """The filter by channel goes by two names, of which the interface knows one at a time."""

    service_content_ids: Ids = []
    channel_content_ids: Ids = []
    service_channel_content_ids: Ids = []

    def admits(self, wire: Wire) -> bool:
        channels = [*self.channel_content_ids, *self.service_channel_content_ids]
        channel = wire.get("channelContentId") or wire.get("serviceChannelContentId")
        return matches(self.service_content_ids, [wire.get("serviceContentId")]) and matches(channels, [channel])


class OrganizationQuery(AreaQuery):
    business_ids: Annotated[list[BusinessId], Field(max_length=20)] = []
    organization_types: list[OrganizationType] = []

    def admits(self, wire: Wire) -> bool:
        return (
            super().admits(wire)
            and matches(self.business_ids, [wire.get("businessId")])
            and matches(self.organization_types, [wire.get("organizationType")])
        )


class GeneralDescriptionQuery(ClassifiedQuery):
    general_description_types: list[DescriptionType] = []
    general_description_types_match: Match = "all"

    def admits(self, wire: Wire) -> bool:
        return super().admits(wire) and matches(
            self.general_description_types, wire.get("generalDescriptionTypes"), self.general_description_types_match
        )


class NamedQuery(Page):
    """Reference rows: by validity and by a part of the name in any language."""

    is_valid: bool | None = None
    name: str | None = None

    def admits(self, wire: Wire) -> bool:
        part = (self.name or "").casefold()
        return self.is_valid in (None, wire["isValid"]) and any(
            part in name.casefold() for name in wire["name"].values()
        )


class CodeQuery(NamedQuery):
    codes: Annotated[list[str], Field(max_length=20)] = []

    def admits(self, wire: Wire) -> bool:
        return super().admits(wire) and matches(self.codes, [wire["code"]])


class ClassQuery(CodeQuery):
    uris: Uris = []

    def admits(self, wire: Wire) -> bool:
        return super().admits(wire) and matches(self.uris, [wire["uri"]])


class TermQuery(NamedQuery):
    uris: Uris = []
    types: Annotated[list[str], Field(max_length=20)] = []

    def admits(self, wire: Wire) -> bool:
        return super().admits(wire) and matches(self.uris, [wire["uri"]]) and matches(self.types, [wire["type"]])
