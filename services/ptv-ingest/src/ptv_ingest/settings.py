"""Where PTV is, how often it is read, and what of it is the county's."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field, SecretStr, field_validator, model_validator

from chassis.core.settings import Settings

_KANTA_HAME = frozenset({"061", "082", "086", "103", "109", "165", "169", "433", "694", "834", "981"})


class PtvSettings(Settings):
    """Durations are seconds or ISO 8601 (`PT5M`), sets are JSON lists. At least one of v12 and v11 is read."""

    ptv_url: str = Field(
        default="https://api-gw.palvelutietovaranto.suomi.fi",
        pattern="^https?://",
        description="address of PTV's interface v12, without path",
    )
    ptv_api_key: SecretStr | None = Field(
        default=None, description="key for the header x-api-key, given by DVV; without one v12 is not read"
    )
    ptv_v11_url: str | None = Field(
        default=None,
        pattern="^https?://",
        description="address of PTV's interface v11, without path, where it is read too: for what v12 does not show",
    )
    ptv_contact: str = Field(
        default="", max_length=100, description="whom PTV's keepers can write to, told in the User-Agent"
    )
    ptv_interval: timedelta = Field(
        default=timedelta(minutes=5), gt=timedelta(0), description="wait between two readings of what has changed"
    )
    ptv_overlap: timedelta = Field(
        default=timedelta(hours=6),
        ge=timedelta(0),
        description="how far behind the last reading to look again: copies from v11 arrive 1-1.5 h late with old dates",
    )
    ptv_full_every: timedelta = Field(
        default=timedelta(days=7), gt=timedelta(0), description="age of the last whole reading at which one is due"
    )
    ptv_most_absent: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="share of objects that may vanish in one whole reading without being asked",
    )
    ptv_in_flight: int = Field(default=4, ge=1, le=6, description="most requests to PTV at a time")
    ptv_timeout: timedelta = Field(default=timedelta(seconds=60), description="longest wait for one answer of PTV")
    ptv_municipalities: frozenset[str] = Field(
        default=_KANTA_HAME, description="three-digit codes of the municipalities whose services are ours"
    )
    ptv_regions: frozenset[str] = Field(
        default=frozenset({"05"}), description="two-digit codes of regions (maakunta) whose services are ours"
    )
    ptv_counties: frozenset[str] = Field(
        default=frozenset({"07"}), description="two-digit codes of wellbeing-services counties whose services are ours"
    )
    ptv_nationwide: bool = Field(default=True, description="whether services offered in the whole country are ours")
    ptv_raw_retention: timedelta = Field(
        default=timedelta(days=90),
        gt=timedelta(0),
        description="how long earlier versions of PTV's objects are kept, to see what has changed when",
    )

    @field_validator("ptv_api_key", "ptv_v11_url", mode="before")
    @classmethod
    def _absent_when_empty(cls, value: object) -> object:
        return value or None

    @model_validator(mode="after")
    def _some_source(self) -> PtvSettings:
        if self.ptv_api_key is None and self.ptv_v11_url is None:
            raise ValueError("set HYTE_PTV_API_KEY to read v12, or HYTE_PTV_V11_URL to read v11")
        return self
