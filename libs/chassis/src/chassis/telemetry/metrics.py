"""Every metric of the chassis, declared with what it counts and what to do when it moves.

Names follow OpenTelemetry's messaging conventions in Prometheus spelling. Labels are topics, groups and codes.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

RECORDS = Counter(
    "messaging_client_consumed_messages_total",
    "Records taken from a topic, by outcome. A rise of dead or parked: look at the dead letters.",
    ["topic", "group", "outcome"],
)
HANDLING = Histogram(
    "messaging_process_duration_seconds",
    "Time to handle one batch, retries included. Rising: the database is slow, or batches have grown.",
    ["group"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60),
)
RETRIES = Counter(
    "messaging_process_retries_total",
    "Attempts repeated in place, by cause (outage, temporary, bug). Outage rising: our own database or broker is down.",
    ["group", "cause"],
)
DEAD_LETTERS = Counter(
    "messaging_dead_letters_total",
    "Records given to the dead-letter topic. Any: `dead-letters list` of the service says why.",
    ["topic", "group", "code"],
)
LOST = Counter(
    "messaging_records_lost_total",
    "Records that retention deleted before the group read them. Any: it was down for too long; tell their senders.",
    ["topic", "group"],
)
PARKED = Gauge(
    "messaging_parked_records",
    "Records that wait behind a failed one of the same key. Not falling: replay or discard its dead letter.",
    ["group"],
)
STOPPED = Gauge(
    "messaging_consumer_stopped",
    "1 when the breaker has stopped the consumer: a bug or a flood of dead letters; see the log, mend, restart.",
    ["group"],
)
OUTBOX_PUBLISHED = Counter(
    "outbox_published_total",
    "Events the relay has published. Flat while rows are written: look at the relay.",
    ["topic"],
)
OUTBOX_BACKLOG = Gauge(
    "outbox_backlog_rows", "Rows not yet published. Growing: the broker or the relay is down.", ["service"]
)
OUTBOX_OLDEST = Gauge("outbox_oldest_seconds", "Age of the oldest unpublished row. Above a minute: alarm.", ["service"])
OUTBOX_PARKED = Gauge(
    "outbox_parked_rows", "Rows of keys whose event the broker refused. Any: the runbook of the outbox.", ["service"]
)
REFUSED = Counter(
    "http_requests_refused_total",
    "Requests beyond a rate limit, by limit. Rising without an attack: many callers behind one proxy; see its setting.",
    ["limit"],
)
