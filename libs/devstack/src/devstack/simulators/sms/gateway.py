"""Accepted messages and their delivery reports."""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import gsm0338
import httpx
from pydantic import BaseModel, ConfigDict, Field

_ATTEMPTS = 8
_GSM7_LENGTHS = (160, 153)
_UCS2_LENGTHS = (70, 67)


class OutgoingMessage(BaseModel):
    """The body of `POST /messages`; optional keys are sent only when set, unknown ones are ignored."""

    model_config = ConfigDict(extra="ignore")

    sender: str
    destination: list[str] = Field(min_length=1)
    text: str = Field(min_length=1)
    drurl: str | None = None
    billingref: str | None = None
    batchid: str | None = None
    flash: bool = False


@dataclass
class SentMessage:
    """One message to one number, with the reports about it: status, attempts needed, whether it was taken."""

    sender: str
    destination: str
    text: str
    drurl: str | None
    parts: int
    billingref: str | None
    reports: list[dict[str, Any]] = field(default_factory=list)


class Gateway:
    """Keeps what was sent and reports on it in the background, each report until the receiver answers 200."""

    def __init__(self, client: httpx.AsyncClient, late_delay: timedelta, retry_delay: timedelta) -> None:
        self._client = client
        self.late_delay = late_delay
        self._retry_delay = retry_delay
        self._sent: list[SentMessage] = []
        self._reporting: set[asyncio.Task[None]] = set()

    def accept(self, message: OutgoingMessage) -> dict[str, Any]:
        """The gateway's answer. The word in `status` is not documented; a sender may not rely on it."""
        for destination in message.destination:
            sent = SentMessage(
                message.sender, destination, message.text, message.drurl, parts(message.text), message.billingref
            )
            self._sent.append(sent)
            self._start_reporting(sent)
        taken = {number: {"converted": _converted(number), "status": "CREATED"} for number in message.destination}
        return {"messages": taken, "errors": [], "warnings": []}

    def sent(self) -> list[dict[str, Any]]:
        return [asdict(message) for message in self._sent]

    def forget(self) -> None:
        """Drops all messages and the reports still on their way."""
        self._sent.clear()
        for task in self._reporting:
            task.cancel()

    async def close(self) -> None:
        self.forget()
        await asyncio.gather(*self._reporting, return_exceptions=True)
        await self._client.aclose()

    def _start_reporting(self, message: SentMessage) -> None:
        if message.drurl is None:
            return
        task = asyncio.create_task(self._report_fate(message, message.drurl))
        self._reporting.add(task)
        task.add_done_callback(self._reporting.discard)

    async def _report_fate(self, message: SentMessage, url: str) -> None:
        ending = message.destination[-2:]
        if ending == "02":
            await self._report(message, url, "PENDING")
            await asyncio.sleep(self.late_delay.total_seconds())
        await self._report(message, url, "FAILED" if ending == "03" else "DELIVERED")

    async def _report(self, message: SentMessage, url: str, status: str) -> None:
        body = {
            "sender": message.sender,
            "destination": _converted(message.destination),
            "status": status,
            "statustime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "smscount": str(message.parts),
            "billingref": message.billingref or "",
        }
        entry: dict[str, Any] = {"status": status, "attempts": 0, "taken": False}
        message.reports.append(entry)
        for attempt in range(_ATTEMPTS):
            entry["attempts"] = attempt + 1
            if await self._taken(url, body):
                entry["taken"] = True
                return
            await asyncio.sleep(self._retry_delay.total_seconds() * 2**attempt)

    async def _taken(self, url: str, body: dict[str, str]) -> bool:
        try:
            answer = await self._client.post(url, json=body)
        except httpx.TransportError:
            # The receiver is down: to the gateway the same as any answer but 200.
            return False
        return answer.status_code == HTTPStatus.OK


def parts(text: str) -> int:
    """How many SMS the text takes: GSM 03.38 at 160 (153 when split), else UCS-2 at 70 (67)."""
    try:
        length, (single, split) = len(gsm0338.Codec().encode(text)[0]), _GSM7_LENGTHS
    except UnicodeEncodeError:
        length, (single, split) = len(text.encode("utf-16-be")) // 2, _UCS2_LENGTHS
    return 1 if length <= single else -(-length // split)


def is_loopback(url: str) -> bool:
    """A simulator must never call out of the machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _converted(number: str) -> str:
    digits = "".join(character for character in number if character.isdigit() or character == "+")
    return f"+358{digits[1:]}" if digits.startswith("0") else digits
