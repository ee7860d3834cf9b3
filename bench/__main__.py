"""`./hyte bench [NAME]`: measures one thing beside its floor and its peer; without a name, lists what there is."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.table import Table

from bench.core.options import Options
from bench.core.report import Report, console
from bench.filing import run as filing
from bench.listings import run as listings
from bench.matching import run as matching
from bench.ptv_read import run as ptv_read
from bench.referral import run as referral
from bench.relay import run as relay
from bench.search import run as search
from chassis.core.errors import StartError
from devstack.places import STATE
from devstack.processes import StackError


@dataclass(frozen=True)
class Benchmark:
    """`run` adds to the report; `unit` is what it counts."""

    title: str
    unit: str
    repeats: int
    run: Callable[[Report, Options], None]


BENCHMARKS = {
    "ptv-read": Benchmark("Reading a whole country's PTV beside a bare loop and dlt", "services", 1, ptv_read.run),
    "listings-to-entries": Benchmark(
        "Listings to merged, filed entries beside reading and writing alone", "listings", 1, listings.run
    ),
    "matching": Benchmark(
        "Which listings are one service, and what one edited phone number costs", "listings", 1, matching.run
    ),
    "relay": Benchmark("Outbox relay beside a bare transactional producer", "events", 3, relay.run),
    "referral": Benchmark(
        "Referral from POST to receiver beside one fsync and one transaction", "referrals", 3, referral.run
    ),
    "filing": Benchmark("What the rules file of the demonstration and of recorded answers", "entries", 1, filing.run),
    "search": Benchmark(
        "Search beside PostgreSQL's and bare tantivy: what is found, and how fast", "questions", 1, search.run
    ),
}


def main(
    name: Annotated[str | None, typer.Argument(help="a benchmark; all are listed when none is named")] = None,
    size: Annotated[float, typer.Option(min=0.001, max=1, help="share of the full size; 1 is the whole")] = 0.1,
    repeats: Annotated[int | None, typer.Option(min=1, help="runs of each subject, interleaved")] = None,
    whole_country: Annotated[
        bool, typer.Option("--whole-country", help="ptv-read: publish every service, not only Kanta-Häme's")
    ] = False,
) -> None:
    """Writes a report to .hyte/bench/<name>.md; nothing is asserted."""
    if name is None:
        _list()
        return
    if name not in BENCHMARKS:
        raise StackError(f"there is no benchmark {name}: choose from {', '.join(BENCHMARKS)}")
    chosen = BENCHMARKS[name]
    options = Options(size, repeats or chosen.repeats, whole_country)
    report = Report(name, chosen.title, chosen.unit, options.size, options.repeats)
    began = time.monotonic()
    console.print(f"[bold]{chosen.title}[/bold], size {options.size:g}, {options.repeats} repeats")
    chosen.run(report, options)
    report.say(f"the benchmark took {time.monotonic() - began:.0f} s")
    console.print(f"report: {report.write(STATE / 'bench')}")


def _list() -> None:
    table = Table("benchmark", "what it measures")
    for name, benchmark in BENCHMARKS.items():
        table.add_row(name, benchmark.title)
    console.print(table)


if __name__ == "__main__":
    # A new topic's partitions have no leader for a moment; the client says so for each and tries again.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        typer.run(main)
    except (StackError, StartError) as exc:
        print(f"bench: {exc}", file=sys.stderr)
        raise SystemExit(1) from exc
