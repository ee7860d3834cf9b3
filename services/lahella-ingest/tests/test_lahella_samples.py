"""Recorded answers, where somebody has them: `HYTE_LAHELLA_SAMPLES` names a folder of JSON files with activities or
pages of them; without it, one beside the repository is taken."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from lahella_activities import REGIONS, moment

from event_schemas.listing import ListingPublished
from lahella_ingest.domain.activity import read_activity
from lahella_ingest.domain.verdict import judge

BESIDE = Path(__file__).resolve().parents[4] / "shared" / "reference" / "lahella_samples"
SAMPLES = Path(os.environ.get("HYTE_LAHELLA_SAMPLES", BESIDE))
NOW = moment("2026-03-18 12:00")


def activities(content: Any) -> list[dict[str, Any]]:
    items = content.get("items", [content]) if isinstance(content, dict) else []
    return [item for item in items if item.get("traits", {}).get("translations")]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no recorded answers: set HYTE_LAHELLA_SAMPLES to their folder")
def test_every_sample_becomes_a_listing_or_is_out_of_its_window() -> None:
    found = [item for file in SAMPLES.glob("*.json") for item in activities(json.loads(file.read_bytes()))]
    verdicts = [judge(read_activity({"_key": "1", "status": "published"} | item), None, REGIONS, NOW) for item in found]
    assert found
    assert [verdict.rejected for verdict in verdicts if verdict.rejected] == []
    for verdict in verdicts:
        if verdict.listing:
            assert ListingPublished.from_json(verdict.listing.to_json()) == verdict.listing
