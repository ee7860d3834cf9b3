"""The API as its OpenAPI document describes it, asked whatever the document allows and does not allow."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import BaseSchema, GenerationMode
from schemathesis.config import SchemathesisConfig

from catalog.entrypoints.web.application import application

from .samples import NGO, described, ptv_id
from .trays import tray_of

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LISTINGS = [
    described(
        "lahella:1",
        {"fi": "Tuoliryhmä", "sv": "Stolgrupp"},
        business_id=NGO,
        summary={"fi": "Jumppaa **tuolilla**"},
        classes=("P27.1",),
        sessions=[{"start": "2026-11-10T15:00:00Z", "end": "2026-11-10T16:30:00Z", "online": True}],
    ),
    described(ptv_id("uimahalli"), "Uimahalli", classes=("P27.1",)),
]
# A municipality, a cursor and an id are good or not by what the tray holds, which no schema can say.
CONFIG = SchemathesisConfig.from_dict(
    {
        "generation": {"deterministic": True},
        "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "308", "404", "422"]}},
    }
)


OPERATIONS = [
    "/v1/entries",
    "/v1/entries/{entry_id}",
    "/v1/entries/{entry_id}/calendar.ics",
    "/v1/entries/{entry_id}/schedules",
    "/v1/suggest",
    "/v1/themes",
]
# Those with parameters that can be wrong: to the others any text is an id, or nothing is asked.
REFUSING = ["/v1/entries", "/v1/entries/{entry_id}/calendar.ics", "/v1/suggest"]


@pytest.fixture(scope="module")
def schema() -> BaseSchema:
    app = application(tray_of(LISTINGS), clock=lambda: NOW)
    return schemathesis.openapi.from_asgi("/v1/openapi.json", app, config=CONFIG)


def test_every_operation_is_asked_below(schema: BaseSchema) -> None:
    assert sorted(schema) == OPERATIONS


@pytest.mark.parametrize(
    ("path", "mode"),
    [
        *((path, GenerationMode.POSITIVE) for path in OPERATIONS),
        *((path, GenerationMode.NEGATIVE) for path in REFUSING),
    ],
)
def test_operation_answers_as_it_is_described(schema: BaseSchema, path: str, mode: GenerationMode) -> None:
    @settings(max_examples=15, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=schema[path]["GET"].as_strategy(generation_mode=mode))
    def asked(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate()

    asked()
