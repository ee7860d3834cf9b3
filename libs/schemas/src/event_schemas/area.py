"""Where a service is offered."""

from typing import Annotated, Literal

from pydantic import Field

from event_schemas.base import Value
from event_schemas.ids import AnyMunicipalityCode, AnyRegionCode, AnyWellbeingCountyCode


class MunicipalityArea(Value):
    """A municipality (kunta), by its three-digit code."""

    kind: Literal["municipality"] = "municipality"
    code: AnyMunicipalityCode


class RegionArea(Value):
    """A region (maakunta), by its two-digit code."""

    kind: Literal["region"] = "region"
    code: AnyRegionCode


class WellbeingCountyArea(Value):
    """A wellbeing-services county (hyvinvointialue), by its two-digit code: another list than the regions'."""

    kind: Literal["wellbeing-county"] = "wellbeing-county"
    code: AnyWellbeingCountyCode


class NationwideArea(Value):
    """The whole country, with or without Åland."""

    kind: Literal["nationwide"] = "nationwide"
    except_aland: bool = False


Area = Annotated[
    MunicipalityArea | RegionArea | WellbeingCountyArea | NationwideArea,
    Field(discriminator="kind"),
]
