"""`search`: how well the tray finds, by judgements, and how fast with 100 000 entries."""

from __future__ import annotations

import asyncio

from bench.core.options import Options
from bench.core.report import Report
from bench.core.servers import started_servers
from bench.search.quality import answered, tell
from bench.search.speed import measure


def run(report: Report, options: Options) -> None:
    with started_servers() as servers:
        tell(report, asyncio.run(answered(servers.new_database())))
        measure(report, options, servers)
