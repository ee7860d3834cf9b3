"""Metrics of the web replicas, declared with what they count and what to do when they move."""

from __future__ import annotations

from prometheus_client import Counter

PASSED_OVER = Counter(
    "catalog_replica_records_passed_over_total",
    "Records a web replica could not read, by topic and error; it serves on without them. UnknownType: update the "
    "replica, it is older than the writer. UnreadableRecord: the log names the offset; mend the writer, publish again.",
    ["topic", "error"],
)
