"""An SMS gateway in the Quriiri style: `POST /messages`, later a delivery report to the sender's `drurl`.

The last two digits of a number decide its fate: 02 is first PENDING and DELIVERED after the late delay, 03 FAILED,
every other (01 is the one to use) DELIVERED at once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import httpx
from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel

from devstack.simulators.control import add_control
from devstack.simulators.sms.gateway import Gateway, OutgoingMessage, is_loopback


class LateDelay(BaseModel):
    seconds: float


def create_app(
    api_key: str,
    *,
    late_delay: timedelta = timedelta(seconds=5),
    retry_delay: timedelta = timedelta(milliseconds=500),
    client: httpx.AsyncClient | None = None,
) -> FastAPI:
    """The gateway. `retry_delay` is the first pause after a refused report, doubled each time.

    `client` sends the reports; give one with an ASGI transport to receive them inside the same process.
    """
    gateway = Gateway(client or httpx.AsyncClient(timeout=5), late_delay, retry_delay)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await gateway.close()

    app = FastAPI(title="SMS gateway simulator", openapi_url=None, lifespan=lifespan)

    @app.post("/messages")
    async def send(request: Request, message: OutgoingMessage) -> dict[str, Any]:
        if request.headers.get("authorization") != f"apikey {api_key}":
            raise HTTPException(HTTPStatus.UNAUTHORIZED)
        if message.drurl is not None and not is_loopback(message.drurl):
            return {"messages": {}, "errors": [{"message": "drurl must point to a loopback address"}], "warnings": []}
        return gateway.accept(message)

    @app.get("/_control/messages")
    async def messages() -> list[dict[str, Any]]:
        return gateway.sent()

    @app.put("/_control/late-delay", status_code=HTTPStatus.NO_CONTENT)
    async def set_late_delay(delay: LateDelay) -> None:
        gateway.late_delay = timedelta(seconds=delay.seconds)

    add_control(app, reset=gateway.forget)
    return app
