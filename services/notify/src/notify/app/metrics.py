"""What notify measures, with what to do when it moves. No label is made of a recipient."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

ATTEMPTS = Counter(
    "notify_attempts_total",
    "Calls to a gateway by outcome. Rising not-taken or unclear: the gateway is in trouble; refused: see the codes.",
    ["outcome"],
)
ATTEMPT_SECONDS = Histogram(
    "notify_attempt_duration_seconds",
    "Time of one call to a gateway. Rising: the gateway is slow, sending falls behind.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
)
STATES = Counter(
    "notify_states_total",
    "States reached. unknown or failed rising against delivered: ask the gateway's operator.",
    ["state"],
)
RECEIPTS = Counter(
    "notify_receipts_total",
    "Delivery reports by effect. strange rising: somebody guesses addresses, or a gateway mixes its customers up.",
    ["effect"],
)
