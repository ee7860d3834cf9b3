"""`referral`: how long after a POST the receiver's own consumer has the referral, at a quiet and at a busy rate."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bench.core.meter import Meter, Usage
from bench.core.numbers import Latencies
from bench.core.options import Options
from bench.core.report import Report
from bench.core.servers import Servers, started_servers
from bench.core.services import ServiceAt
from bench.referral.driver import REFERRALS, driver_limit, posted
from bench.referral.floor import written_and_sent
from chassis.kafka.settings import KafkaSettings
from chassis.kafka.topics import create_topics
from devstack.processes import free_port
from devstack.provision import create_keys
from devstack.settings import DEVELOPMENT_TOKEN
from event_schemas.receivers import load_receivers
from event_schemas.registry import all_topics

_RATES = {1: 60, 50: 3000}
"""Referrals per second, and how many at full size."""
_LEAST = 12


def run(report: Report, options: Options) -> None:
    with started_servers() as servers:
        for rate, whole in _RATES.items():
            count = max(_LEAST, options.scaled(whole))
            _at_rate(report, servers, rate, count, options.repeats)
        limit = asyncio.run(driver_limit())
        fastest = max(_RATES)
        report.say(f"driver: it posts up to {limit:,.0f}/s to an empty server, {limit / fastest:.0f} × the busy rate")


def _at_rate(report: Report, servers: Servers, rate: int, count: int, repeats: int) -> None:
    """The middle one of interleaved runs, by its median."""
    referred, sent = [], []
    for _ in range(repeats):
        latencies, usage = _referred(servers, rate, count)
        referred.append(latencies)
        report.say(f"POST → receiver at {rate}/s: {latencies}; {_spent(usage, count)}")
        sent.append(_floor(servers, rate, count))
        report.say(f"fsync + transaction → receiver at {rate}/s: {sent[-1]}")
    ours, floor = (sorted(some, key=lambda one: one.p50)[len(some) // 2] for some in (referred, sent))
    report.ratio(f"referral / floor, p50 at {rate}/s", ours.p50 / floor.p50, at_most=2)
    report.say(f"p99 at {rate}/s: {1000 * ours.p99:.1f} ms{' (aim < 50 ms)' if rate == max(_RATES) else ''}")


def _referred(servers: Servers, rate: int, count: int) -> tuple[Latencies, dict[str, Usage]]:
    kafka = _topics(servers)
    service = ServiceAt("referral", servers, kafka, _settings(servers.scratch / "keys"))
    port = free_port()
    with (
        service.run(HYTE_HTTP_PORT=str(port)) as process,
        Meter({"referral": process.pid, **servers.pids}) as meter,
    ):
        latencies = asyncio.run(posted(f"http://127.0.0.1:{port}", kafka, rate, count))
    return latencies, meter.usage()


def _topics(servers: Servers) -> KafkaSettings:
    """All topics with their dead letters: the service also reads replies."""
    kafka = servers.new_topics([])
    asyncio.run(create_topics(kafka, all_topics(load_receivers())))
    return kafka


def _settings(keys: Path) -> dict[str, str]:
    create_keys(keys)
    return {
        "HYTE_KEYS": str(keys / "referral"),
        "HYTE_RECEIVER_KEYS": str(keys / "receivers-public"),
        "HYTE_NOTIFY_KEY": str(keys / "public" / "notify.jwks.json"),
        "HYTE_DEVELOPMENT_TOKEN": DEVELOPMENT_TOKEN,
        "HYTE_PUBLIC_URL": "https://asiointi.example/",
    }


def _floor(servers: Servers, rate: int, count: int) -> Latencies:
    kafka = servers.new_topics([REFERRALS])
    return asyncio.run(written_and_sent(servers.new_database(), kafka, rate, count))


def _spent(usage: dict[str, Usage], count: int) -> str:
    cpu = ", ".join(f"{part} {1000 * one.cpu_seconds / count:.1f}" for part, one in usage.items())
    peak = ", ".join(f"{part} {one.peak_bytes / 1e6:.0f}" for part, one in usage.items())
    return f"CPU-ms each: {cpu}; peak MB: {peak}"
