"""Builders of activities, for tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import SecretStr

from chassis.ingest.scope import Scope
from lahella_ingest.adapters.operator_files import read_regions
from lahella_ingest.domain.activity import Activity, read_activity
from lahella_ingest.domain.rules import Rules
from lahella_ingest.domain.wire import HELSINKI
from lahella_ingest.settings import LahellaSettings

REGIONS = read_regions()
KANTA_HAME = LahellaSettings(lahella_token=SecretStr("key"))
RULES = Rules(
    REGIONS, Scope(KANTA_HAME.lahella_municipalities, KANTA_HAME.lahella_regions, KANTA_HAME.lahella_nationwide)
)
"""Those of a county that has set nothing."""


def ms(local: str) -> int:
    """Milliseconds of a Helsinki wall-clock time such as `2026-03-02 18:00`."""
    return int(datetime.fromisoformat(local).replace(tzinfo=HELSINKI).timestamp() * 1000)


def moment(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=HELSINKI)


def wire(key: str = "1", *, traits: dict[str, Any] | None = None, **top: Any) -> dict[str, Any]:
    """A complete activity; `traits` replaces some of its traits."""
    return {
        "_key": key,
        "status": "published",
        "traits": {
            "type": "hobby",
            "translations": {"fi": {"name": f"Kerho {key}", "summary": "<p>Tule mukaan</p>"}},
            "theme": ["ht_urheilu"],
            "format": ["hm_ryhmat"],
            "locale": ["fi-FI"],
            "demographic": ["ageGroup/range:18-29", "gender/gender"],
            "region": ["city/FI/Loppi"],
            "pricing": ["free"],
            "contacts": [],
            "channels": [],
            **(traits or {}),
        },
        **top,
    }


def channel(**changed: Any) -> dict[str, Any]:
    return {"id": "c1", "type": ["place"], "translations": {}, "events": [], **changed}


def weekly(start: str, weekday: int, begins: str, ends: str, **recurrence: Any) -> dict[str, Any]:
    times = [{"weekday": weekday, "startTime": begins, "endTime": ends}]
    rhythm = {"period": "P1W", "exclude": [], "daySpecificTimes": times, **recurrence}
    return {"start": ms(start), "timeZone": "Europe/Helsinki", "type": "4", "recurrence": rhythm}


def activity(key: str = "1", *, traits: dict[str, Any] | None = None, **top: Any) -> Activity:
    return read_activity(wire(key, traits=traits, **top))
