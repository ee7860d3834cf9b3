"""Settings of the referral service."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr

from chassis.core.settings import Settings


class ReferralSettings(Settings):
    """Keys of three parties, and the one address that clients are sent to."""

    keys: Path = Field(
        description="folder of our own keys: master.key, and county.jwks.json that replies are sealed to"
    )
    receiver_keys: Path = Field(description="folder with each receiver's public keys, <receiver id>.jwks.json")
    notify_key: Path = Field(description="file with notify's public keys (JWKS): only notify reads whom to tell")
    public_url: str = Field(
        pattern=r"^https?://[^\s?#]+$", description="where a client logs in; the only link that notifications hold"
    )


class SignInSettings(Settings):
    """Who may call the API."""

    development_token: SecretStr = Field(
        min_length=16, description="bearer token of the API until sign-in by OpenID Connect is there"
    )
