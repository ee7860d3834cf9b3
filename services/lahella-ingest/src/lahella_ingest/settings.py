"""Settings of the reader of Lähellä.fi."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pydantic import Field, SecretStr

from chassis.core.settings import Settings

_KANTA_HAME = frozenset({"061", "082", "086", "103", "109", "165", "169", "433", "694", "834", "981"})


class LahellaSettings(Settings):
    """Where Lähellä.fi is, how often it is read, what of it is the county's, and what a run may take away."""

    lahella_url: str = Field(
        default="https://hallinta.lahella.fi",
        pattern=r"^https?://[^\s]+[^/]$",
        description="base address of the interface, without a slash at its end",
    )
    lahella_token: SecretStr = Field(
        min_length=1, description="value of the AUTH_TOKEN cookie agreed with the network that runs Lähellä.fi"
    )
    lahella_groups: str = Field(
        default="", description="organisations to read, group ids with commas between; all when empty"
    )
    lahella_interval_seconds: float = Field(
        default=900, gt=0, description="time between the starts of two readings; each reads everything"
    )
    lahella_removal_share: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="share of published activities that one run may remove; above it the run is held for a person",
    )
    lahella_removal_least: int = Field(
        default=3, ge=0, description="number of activities that a run may always remove, however few there are"
    )
    lahella_municipalities: frozenset[str] = Field(
        default=_KANTA_HAME, description="three-digit codes of the municipalities whose activities are ours, JSON list"
    )
    lahella_regions: frozenset[str] = Field(
        default=frozenset({"05"}),
        description="two-digit codes of regions (maakunta) whose activities are ours, JSON list",
    )
    lahella_nationwide: bool = Field(
        default=True, description="whether activities offered in the whole country are ours"
    )
    lahella_raw_days: int = Field(
        default=90, ge=1, description="days for which earlier versions of an activity are kept as they were received"
    )
    lahella_region_names: Path | None = Field(
        default=None, description="YAML file with names and codes of regions, in place of the service's own"
    )
    lahella_business_ids: Path | None = Field(
        default=None, description="CSV file `group id,Y-tunnus` that wins over what the source says"
    )

    @property
    def interval(self) -> timedelta:
        return timedelta(seconds=self.lahella_interval_seconds)

    @property
    def raw_retention(self) -> timedelta:
        return timedelta(days=self.lahella_raw_days)

    @property
    def groups(self) -> list[str]:
        return [group.strip() for group in self.lahella_groups.split(",") if group.strip()]
