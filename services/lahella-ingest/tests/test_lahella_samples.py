"""Answers kept from elsewhere: `HYTE_LAHELLA_SAMPLES` names a folder of JSON files with activities or pages of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from event_schemas.listing import ListingPublished
from lahella_ingest.domain.activity import read_activity
from lahella_ingest.domain.verdict import judge
from lahella_ingest.testing.activities import REGIONS, moment

NOW = moment("2026-03-18 12:00")


def activities(content: Any) -> list[dict[str, Any]]:
    items = content.get("items", [content]) if isinstance(content, dict) else []
    return [item for item in items if item.get("traits", {}).get("translations")]


def test_every_sample_becomes_a_listing_or_is_out_of_its_window() -> None:
    folder = os.environ.get("HYTE_LAHELLA_SAMPLES")
    if not folder:
        pytest.skip("HYTE_LAHELLA_SAMPLES is not set: there are no samples to read")
    found = [item for file in Path(folder).glob("*.json") for item in activities(json.loads(file.read_bytes()))]
    verdicts = [judge(read_activity({"_key": "1", "status": "published"} | item), None, REGIONS, NOW) for item in found]
    assert found
    assert [verdict.rejected for verdict in verdicts if verdict.rejected] == []
    for verdict in verdicts:
        if verdict.listing:
            assert ListingPublished.from_json(verdict.listing.to_json()) == verdict.listing
