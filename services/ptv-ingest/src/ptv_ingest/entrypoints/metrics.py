"""What the ingest tells dashboards, each with what to do when it moves."""

from __future__ import annotations

from collections import Counter as Count

from prometheus_client import Counter, Gauge

from event_schemas.ingest_run import IngestRunEnded
from ptv_ingest.app.overview import Standing

RUNS = Counter(
    "ptv_ingest_runs_total",
    "Reading rounds by mode and outcome. Failed or held ones: the log and the topic of runs say why.",
    ["mode", "outcome"],
)
COMPLETED_AT = Gauge(
    "ptv_ingest_completed_timestamp_seconds",
    "When the last reading round was completed. Older than an hour: see the runbook on a source that is away.",
)
READ_UP_TO = Gauge(
    "ptv_ingest_read_up_to_timestamp_seconds",
    "The source's own time up to which it has been read, by version of its interface: how fresh the listings are.",
    ["source"],
)
HELD = Gauge(
    "ptv_ingest_run_held",
    "1 while a run waits for an operator because too much would vanish: see the runbook on the removal guard.",
)
REJECTED = Gauge(
    "ptv_ingest_rejected_objects",
    "Objects of PTV that cannot be taken now, by reason: `rejected` lists them. A jump: PTV has changed its interface.",
    ["reason"],
)
NOT_TAKEN = Counter(
    "ptv_ingest_rejected_total",
    "Objects and parts of objects not taken by runs, by reason. A jump: somebody's texts are odd, or PTV has changed.",
    ["reason"],
)
LISTINGS = Counter(
    "ptv_ingest_listing_changes_total",
    "Listings published or removed, by mode of the run. A sudden rise: PTV has rewritten its texts.",
    ["mode", "change"],
)


def count_run(ended: IngestRunEnded) -> None:
    RUNS.labels(ended.mode, ended.outcome).inc()
    LISTINGS.labels(ended.mode, "published").inc(ended.counts.changed)
    LISTINGS.labels(ended.mode, "removed").inc(ended.counts.removed)
    for rejection in ended.counts.rejected:
        NOT_TAKEN.labels(rejection.reason).inc(rejection.count)


def show_standing(standing: Standing) -> None:
    """What holds until the next run, also right after a start."""
    HELD.set(standing.held is not None)
    if standing.completed_at is not None:
        COMPLETED_AT.set(standing.completed_at.timestamp())
    for source, at in standing.watermarks.items():
        READ_UP_TO.labels(source).set(at.timestamp())
    REJECTED.clear()
    for reason, count in Count(one.reason for one in standing.rejected).items():
        REJECTED.labels(reason).set(count)
