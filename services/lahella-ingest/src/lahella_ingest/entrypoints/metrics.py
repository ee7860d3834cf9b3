"""Metrics of the reader, declared with what they count and what to do when they move."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

from event_schemas.ingest_run import RunMode
from lahella_ingest.app.apply_verdicts import Changes
from lahella_ingest.app.ports import Run, Standing

RUNS = Counter(
    "lahella_runs_total",
    "Runs by mode and outcome. Failed: the source is away or has changed. Held: see the README.",
    ["mode", "outcome"],
)
HELD = Gauge(
    "lahella_run_held",
    "1 while the last reading waits for an operator because too much would vanish: `status` says what to do.",
)
REJECTED = Gauge(
    "lahella_rejected_items",
    "Items of the source that are not taken, by reason: `rejected` lists them. A jump: the source has changed.",
    ["reason"],
)
LAST_COMPLETED = Gauge(
    "lahella_last_completed_timestamp_seconds",
    "When a reading last completed, since 1970. Older than a few intervals: look at the outcome of the runs.",
)
CHANGES = Counter(
    "lahella_listing_changes_total",
    "Listings published or removed, by cause (reading, replay, time). A sudden rise: the source rewrote its texts.",
    ["cause", "change"],
)


def count_run(run: Run) -> None:
    RUNS.labels(str(run.mode), str(run.outcome)).inc()
    _count_changes("replay" if run.mode is RunMode.REPLAY else "reading", run.counts.changed, run.counts.removed)


def show_standing(standing: Standing) -> None:
    """What holds until the next run, also right after a start."""
    HELD.set(standing.held is not None)
    REJECTED.clear()
    for reason, count in standing.rejected.items():
        REJECTED.labels(reason).set(count)
    if standing.completed_at:
        LAST_COMPLETED.set(standing.completed_at.timestamp())


def count_due(changes: Changes) -> None:
    _count_changes("time", len(changes.published), len(changes.removed))


def _count_changes(cause: str, published: int, removed: int) -> None:
    CHANGES.labels(cause, "published").inc(published)
    CHANGES.labels(cause, "removed").inc(removed)
