"""What an operator sets."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from chassis.core.settings import Settings
from notify.domain.timing import QuietHours

_WEB_ADDRESS = r"^https?://[^\s?#]+$"


def _is_quiet_hours(text: str) -> str:
    if text:
        QuietHours.parse(text)
    return text


class KeySettings(Settings):
    """Keys that open requests and protect contact data at rest."""

    keys: Path = Field(description="folder with master.key and notify.jwks.json, the private keys of notify")


class SmsSettings(Settings):
    """The SMS gateway."""

    sms_url: str = Field(
        pattern=_WEB_ADDRESS, description="address of the gateway; messages are posted to <it>/messages"
    )
    sms_api_key: SecretStr = Field(description="key that the gateway has given to the county")
    sms_timeout: timedelta = Field(
        default=timedelta(seconds=10),
        gt=timedelta(0),
        le=timedelta(seconds=15),
        description="wait for the gateway's answer, shorter than the grace of a stopping process; then: unknown",
    )
    sms_sender: str = Field(
        default="OmaHame",
        pattern="^[A-Za-z][A-Za-z0-9]{1,10}$",
        description="sender shown on the phone: 2-11 letters and digits, a letter first, revealing no unit",
    )
    receipts_url: str = Field(
        pattern=_WEB_ADDRESS,
        description="where gateways reach the role receipts, as https://notify.example; /receipts/<token> is added",
    )


class SendingSettings(Settings):
    """When to send, how often to try, how long to wait and to keep."""

    quiet_hours: Annotated[str, AfterValidator(_is_quiet_hours)] = Field(
        default="", description="span in Finnish time without messages, as 22:00-07:00; empty for none"
    )
    send_attempts: int = Field(
        default=48, ge=1, le=1000, description="calls to the gateway before a message has failed"
    )
    send_retry_first: timedelta = Field(
        default=timedelta(seconds=10),
        gt=timedelta(0),
        description="wait after the first failed call; doubles each time",
    )
    send_retry_most: timedelta = Field(
        default=timedelta(minutes=5), gt=timedelta(0), description="longest wait between two calls"
    )
    send_at_once: int = Field(default=16, ge=1, le=200, description="calls to the gateway side by side, per process")
    send_attempt_timeout: timedelta = Field(
        default=timedelta(minutes=2),
        ge=timedelta(seconds=30),
        description="after so long a call that a dead process left without outcome counts as unknown",
    )
    receipt_wait: timedelta = Field(
        default=timedelta(hours=72), gt=timedelta(0), description="how long a delivery report is waited for"
    )
    contact_retention: timedelta = Field(
        default=timedelta(days=3), ge=timedelta(0), description="contact data is deleted so long after the final state"
    )
