"""Topics that this service writes."""

from __future__ import annotations

from event_schemas.ids import ReceiverId

LIFECYCLE_TOPIC = "hyte.referral-lifecycle.v1"
NOTIFICATIONS_TOPIC = "hyte.notifications.requested.v1"


def referral_topic(receiver: ReceiverId) -> str:
    return f"hyte.referrals.{receiver}.v1"
