"""What a person types leaves no trace: neither in logs, spans, metrics nor headers."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import generate_latest

from catalog.app.tray import Tray
from catalog.entrypoints.web.application import application
from chassis.http.rate_limit import Callers, RateLimit
from chassis.telemetry import traces

from .samples import described, ptv_id
from .trays import tray_of

CANARY = "kanarialintu"
PATHS = [
    f"/v1/entries?q={CANARY}",
    f"/v1/entries?q=uimahalli&municipality={CANARY}",
    f"/v1/entries?limit={CANARY}",
    f"/v1/entries?cursor={CANARY}",
    f"/v1/suggest?q={CANARY}",
    f"/v1/entries/{CANARY}",
    f"/fi/?q={CANARY}",
    f"/fi/entries/{CANARY}/report",
]


@pytest.fixture(scope="module")
def tray() -> Tray:
    return tray_of([described(ptv_id("uimahalli"), "Uimahalli")])


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(traces, "_TRACER", provider.get_tracer("test"))
    return exporter


@pytest.mark.parametrize("path", PATHS)
async def test_words_of_a_question_are_kept_nowhere(
    tray: Tray,
    path: str,
    spans: InMemorySpanExporter,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    limit = RateLimit("1/minute", name="api", callers=Callers())
    app = application(tray, clock=lambda: datetime(2026, 11, 1, tzinfo=UTC), read_limit=limit)
    caplog.set_level("DEBUG", logger="catalog")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://tray.example") as client:
        # The second is refused where the limit applies: a refusal tells no more than an answer.
        answers = [await client.get(path) for _ in range(2)]
    finished = spans.get_finished_spans()
    assert len(finished) == 2
    written = capfd.readouterr()
    kept = [
        *(span.to_json() for span in finished),
        *(f"{name}: {value}" for answer in answers for name, value in answer.headers.items()),
        generate_latest().decode(),
        written.out,
        written.err,
        *(record.getMessage() for record in caplog.records if record.name.startswith(("catalog", "chassis"))),
    ]
    assert not [one for one in kept if CANARY in one]
