"""What a process tells of itself, and what never gets out: texts of exceptions, addresses that people typed."""

import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from chassis.core.process import running
from chassis.kafka.follow import read_all
from chassis.telemetry.traces import current_traceparent, span
from chassis.testing.read_model import STATE_TOPIC, published
from chassis.testing.reference import Reference
from devstack.testing import StartWorker, eventually

CANARY = "131052-308T"
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE_ID}-00f067aa0ba902b7-01"

# Logs are set up once per process, for good: so each test has a process of its own.
_SET_UP = f"""
import logging, structlog
from chassis.telemetry.logs import set_up_logs
set_up_logs("catalog", level="DEBUG")
log, plain = structlog.get_logger("ours"), logging.getLogger("foreign")
def fail():
    raise KeyError("{CANARY}")
"""


def run(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", _SET_UP + script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def lines_of(script: str) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in run(script).splitlines()]


def test_logs_of_ours_and_of_libraries_are_json_lines_with_the_service() -> None:
    ours, foreign = lines_of('log.info("listing merged", sources=2)\nplain.warning("slow %s", "query")')
    assert {"event": "listing merged", "sources": 2, "level": "info", "service": "catalog"}.items() <= ours.items()
    assert {"event": "slow query", "level": "warning", "logger": "foreign"}.items() <= foreign.items()
    assert str(ours["timestamp"]).endswith("Z")


@pytest.mark.parametrize(
    "call",
    [
        'log.exception("failed")',
        'log.error("failed", exc_info=True)',
        'log.error("failed", exc_info=exc)',
        'log.error("failed", error=exc)',
        'plain.exception("failed")',
        'plain.error("failed", exc_info=exc)',
        'plain.warning("failed", exc_info=(type(exc), exc, exc.__traceback__))',
    ],
)
def test_text_of_an_exception_never_reaches_the_log(call: str) -> None:
    output = run(f"try:\n    fail()\nexcept KeyError as exc:\n    {call}\n")
    assert "KeyError" in output
    assert "failed" in output
    assert CANARY not in output


def test_exceptions_place_is_kept() -> None:
    (line,) = lines_of('try:\n    fail()\nexcept KeyError:\n    log.exception("failed")\n')
    assert line["error_type"] == "KeyError"
    assert str(line["error_at"]).count("<string>:") == 2


def test_clients_and_servers_address_lines_stay_silent_even_when_debugging() -> None:
    script = f"""
for name in ("httpx", "httpcore.http11", "uvicorn.access", "aiokafka.conn", "faststream.access"):
    logging.getLogger(name).info("GET https://source.example/?q={CANARY}")
plain.info("heard")
"""
    assert [line["event"] for line in lines_of(script)] == ["heard"]


def test_log_lines_inside_a_span_carry_its_trace() -> None:
    script = f"""
from chassis.telemetry.traces import set_up_traces, span
set_up_traces("catalog", file=None)
with span("work", traceparent="{TRACEPARENT}"):
    log.info("inside")
log.info("outside")
"""
    inside, outside = lines_of(script)
    assert inside["trace_id"] == TRACE_ID
    assert "trace_id" not in outside


def test_text_of_an_exception_is_not_recorded_in_its_span(tmp_path: Path) -> None:
    file = tmp_path / "traces" / "catalog.jsonl"
    script = f"""
from pathlib import Path
from chassis.telemetry.traces import set_up_traces, span
set_up_traces("catalog", file=Path("{file}"))
try:
    with span("work", records=3):
        fail()
except KeyError:
    log.info("caught")
"""
    run(script)
    (recorded,) = [orjson.loads(line) for line in file.read_bytes().splitlines()]
    assert (recorded["name"], recorded["service"], recorded["status"]) == ("work", "catalog", "ERROR")
    assert recorded["attributes"] == {"records": 3}
    assert CANARY not in file.read_text()


def spans_in(file: Path) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in file.read_bytes().splitlines()] if file.exists() else []


@pytest.mark.kafka
@pytest.mark.postgres
async def test_trace_travels_from_the_outbox_through_the_record_to_the_consumers_span(
    reference: Reference, start_worker: StartWorker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with span("request", traceparent=TRACEPARENT):
        assert TRACE_ID in (current_traceparent() or "")
        await reference.write(published("a", "tila"))
    async with running(reference.base.relay(), grace=reference.base.guards.stop_grace):
        await eventually(reference.outbox_is_empty)
    (record,) = [record async for record in read_all(reference.base.kafka, STATE_TOPIC)]
    assert TRACE_ID in dict(record.headers)["traceparent"].decode()

    file = tmp_path / "traces.jsonl"
    monkeypatch.setenv("HYTE_TRACES_FILE", os.fspath(file))
    start_worker(reference, "state")

    async def linked() -> bool:
        return any(one["name"] == "process catalog" and TRACE_ID in str(one["links"]) for one in spans_in(file))

    await eventually(linked, what="a consumer's span that links to the sender's trace")
