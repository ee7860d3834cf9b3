"""Metrics of the reader, declared with what they count and what to do when they move."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

from lahella_ingest.app.apply_verdicts import Changes
from lahella_ingest.app.ports import Run

RUNS = Counter(
    "lahella_runs_total",
    "Readings of Lähellä.fi by outcome. Failed: the source is away or has changed. Held: see the README.",
    ["outcome"],
)
REJECTED = Gauge(
    "lahella_rejected_items",
    "Items the last reading did not take, by reason. unknown-region: add the name to the list of regions.",
    ["reason"],
)
LAST_COMPLETED = Gauge(
    "lahella_last_completed_timestamp_seconds",
    "When a reading last completed, since 1970. Older than a few intervals: look at the outcome of the runs.",
)
CHANGES = Counter(
    "lahella_listing_changes_total",
    "Listings published or removed, by what caused it (reading, time). A sudden rise: the source rewrote its texts.",
    ["cause", "change"],
)


def count_run(run: Run) -> None:
    RUNS.labels(str(run.outcome)).inc()
    _count_changes("reading", run.counts.changed, run.counts.removed)
    REJECTED.clear()
    for rejection in run.counts.rejected:
        REJECTED.labels(rejection.reason).set(rejection.count)
    if run.outcome == "completed" and run.ended_at:
        LAST_COMPLETED.set(run.ended_at.timestamp())


def count_due(changes: Changes) -> None:
    _count_changes("time", changes.published, changes.removed)


def _count_changes(cause: str, published: int, removed: int) -> None:
    CHANGES.labels(cause, "published").inc(published)
    CHANGES.labels(cause, "removed").inc(removed)
