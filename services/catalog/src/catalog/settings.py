"""Settings of the catalogue."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr

from chassis.core.settings import Settings

CONTENT = Path(__file__).resolve().parents[2] / "content"


class CatalogSettings(Settings):
    """What the county decides lies in the content pack; what is set here only concerns running."""

    assets_folder: Path | None = Field(
        default=None, description="folder with htmx.min.js; without it the pages work as they do without JavaScript"
    )
    map_tiles: str | None = Field(
        default=None,
        pattern=r"^https?://[^/{}\s]+/[^\s]*\{z\}[^\s]*$",
        description="address of map tiles with {z}, {x} and {y}; the only pictures that pages load from elsewhere",
    )
    map_credit: str = Field(default="", description="whose map the tiles are, as their licence wants it said")
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/\s?#@]+$",
        description="address under which people see the pages, for links to share, QR codes and calendars",
    )
    curator_token: SecretStr | None = Field(
        default=None, min_length=16, description="bearer token of the curators' API; without one there is no such API"
    )
    content_folder: Path = Field(default=CONTENT, description="folder of the content pack: themes, areas, lexicon")
    read_rate: str = Field(
        default="1200/minute", description="most requests of one address to the open API, for each replica"
    )
    report_rate: str = Field(
        default="5/hour", description="most error reports from one address, for each replica: they are read by people"
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=5,
        description="own proxies in front that add to X-Forwarded-For; too few and all callers share one limit",
    )
    report_text_days: int = Field(
        default=90, ge=1, le=365, description="days after which the free text of an error report is deleted"
    )
    content_check_seconds: float = Field(
        default=5, gt=0, le=3600, description="how often the content folder is looked at for changes"
    )
    catalog_batch: int = Field(
        default=300, ge=1, le=5000, description="most listings matched, or recomputed, in one transaction; others wait"
    )
