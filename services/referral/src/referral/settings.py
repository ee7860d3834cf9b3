"""Settings of the referral service."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pydantic import Field, SecretStr

from chassis.core.settings import Settings
from event_schemas.notification import DeliveryChannel


class ReferralSettings(Settings):
    """Keys of three parties, and how clients are told: the one address they are sent to, the channels."""

    keys: Path = Field(
        description="folder of our own keys: master.key, and county.jwks.json that replies are sealed to"
    )
    receiver_keys: Path = Field(description="folder with each receiver's public keys, <receiver id>.jwks.json")
    notify_key: Path = Field(description="file with notify's public keys (JWKS): only notify reads whom to tell")
    public_url: str = Field(
        pattern=r"^https?://[^\s?#]+$", description="where a client logs in; the only link that notifications hold"
    )
    notify_channels: tuple[DeliveryChannel, ...] = Field(
        default=(DeliveryChannel.SMS,),
        description="JSON list of the channels that notify can send by; a client is told by no other",
    )


class WebSettings(Settings):
    """Who may call the API, and for how long its answers are kept."""

    development_token: SecretStr = Field(
        min_length=16, description="bearer token of the API until sign-in by OpenID Connect is there"
    )
    idempotency_retention: timedelta = Field(
        default=timedelta(days=7),
        gt=timedelta(0),
        description="how long a repeated request gets the answer of the first; later it is a new one",
    )
