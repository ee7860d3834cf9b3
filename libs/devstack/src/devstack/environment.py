"""The settings each service gets on the local stack; everything else keeps its default."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from devstack.assets import page_assets
from devstack.settings import DEVELOPMENT_TOKEN, SIMULATOR_KEY

if TYPE_CHECKING:
    from devstack.stack import Stack


def service_environment(service: str, stack: Stack) -> dict[str, str]:
    """What a deployment would set, with intervals short enough to watch."""
    keys = stack.folders.keys
    common = {
        "HYTE_DATABASE_URL": stack.databases[service],
        "HYTE_KAFKA": stack.kafka,
        "HYTE_HTTP_PORT": str(stack.ports.http[service]),
        "HYTE_HEALTH_PORT": str(stack.ports.health[service]),
        "HYTE_TRACES_FILE": str(stack.folders.traces(service)),
        "PYTHONUNBUFFERED": "1",
    }
    own = {
        "ptv-ingest": {
            "HYTE_PTV_URL": stack.simulator_url("ptv"),
            "HYTE_PTV_API_KEY": SIMULATOR_KEY,
            "HYTE_PTV_INTERVAL": "PT1S",
        },
        "lahella-ingest": {
            "HYTE_LAHELLA_URL": stack.simulator_url("lahella"),
            "HYTE_LAHELLA_TOKEN": SIMULATOR_KEY,
            "HYTE_LAHELLA_INTERVAL_SECONDS": "2",
        },
        "catalog": {"HYTE_ASSETS_FOLDER": str(page_assets())},
        "referral": {
            "HYTE_KEYS": str(keys / "referral"),
            "HYTE_RECEIVER_KEYS": str(keys / "receivers-public"),
            "HYTE_NOTIFY_KEY": str(keys / "public" / "notify.jwks.json"),
            "HYTE_DEVELOPMENT_TOKEN": DEVELOPMENT_TOKEN,
            "HYTE_PUBLIC_URL": stack.referral_url,
        },
        "notify": {
            "HYTE_KEYS": str(keys / "notify"),
            "HYTE_SMS_URL": stack.simulator_url("sms"),
            "HYTE_SMS_API_KEY": SIMULATOR_KEY,
            "HYTE_SMS_SENDER": "OmaHame",
            "HYTE_RECEIPTS_URL": f"http://127.0.0.1:{stack.ports.http['notify']}",
            "HYTE_CONTACT_RETENTION": "PT3S",
        },
    }
    recorded = _recorded_scope(stack) if service == "ptv-ingest" and stack.recorded is not None else {}
    return {**os.environ, **common, **own[service], **recorded}


def _recorded_scope(stack: Stack) -> dict[str, str]:
    """Recorded objects are of both versions, and in scope wherever they are offered."""
    areas = stack.recorded_summary()["areas"]
    return {
        "HYTE_PTV_V11_URL": stack.simulator_url("ptv"),
        "HYTE_PTV_MUNICIPALITIES": json.dumps(areas["municipalities"]),
        "HYTE_PTV_REGIONS": json.dumps(areas["regions"]),
        "HYTE_PTV_COUNTIES": json.dumps(areas["counties"]),
        "HYTE_PTV_NATIONWIDE": json.dumps(areas["nationwide"]),
    }
