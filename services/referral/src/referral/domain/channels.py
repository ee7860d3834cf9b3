"""By which one channel a client is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from event_schemas.notification import DeliveryChannel
from event_schemas.referral_content import Client

NO_CHANNEL = "none"
"""Stands for the channel where nothing is sent."""

_ORDER = (DeliveryChannel.SMS, DeliveryChannel.EMAIL, DeliveryChannel.SUOMIFI)


def allowed_channel(
    client: Client, safe_channels: Sequence[str], offered: Collection[DeliveryChannel]
) -> tuple[DeliveryChannel, str] | None:
    """The channel and its address; the client's preference first, nothing that the consent does not call safe.

    `offered` are the channels that notify can send by.
    """
    addresses = {
        DeliveryChannel.SMS: client.phone,
        DeliveryChannel.EMAIL: client.email,
        DeliveryChannel.SUOMIFI: client.identity_code,
    }
    for channel in sorted(_ORDER, key=lambda one: one != client.preferred_channel):
        address = addresses[channel]
        if channel in offered and channel in safe_channels and address is not None:
            return channel, address
    return None
