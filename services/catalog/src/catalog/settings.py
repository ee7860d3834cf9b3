"""Settings of the catalogue."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr

from chassis.core.settings import Settings

CONTENT = Path(__file__).resolve().parents[2] / "content"


class CatalogSettings(Settings):
    """What the county decides lies in the content pack; what is set here only concerns running."""

    curator_token: SecretStr | None = Field(
        default=None, min_length=16, description="bearer token of the curators' API; without one there is no such API"
    )
    content_folder: Path = Field(default=CONTENT, description="folder of the content pack: themes, areas, lexicon")
    catalog_batch: int = Field(
        default=300, ge=1, le=5000, description="most listings matched, or recomputed, in one transaction; others wait"
    )
