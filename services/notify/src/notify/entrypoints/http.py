"""Where gateways report deliveries: `POST /receipts/{token}`, the token secret and different for every attempt."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import FastAPI, Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from chassis.core.clock import Clock
from chassis.http.app import new_app
from notify.app.policy import Policy
from notify.app.ports import Receipt, Transaction
from notify.app.sender import token_digest
from notify.app.take_receipt import take_receipt
from notify.domain.states import Fact

_FACTS = {"DELIVERED": Fact.REPORTED_DELIVERED, "FAILED": Fact.REPORTED_FAILED}


def _in_utc(moment: datetime) -> datetime:
    # The gateway's documentation shows UTC; a time without zone is read as such.
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class DeliveryReport(BaseModel):
    """A report in the Quriiri shape. The number and other fields are not even read."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    status: Annotated[str, Field(pattern="^[A-Za-z_]{1,40}$")]
    statustime: Annotated[datetime, AfterValidator(_in_utc)]


def receipts_app(*, transaction: Transaction, policy: Policy, clock: Clock) -> FastAPI:
    """Answers 200 to everything well-formed: gateways repeat a report until they get it."""
    app = new_app("Delivery reports", openapi_url=None)

    @app.post("/receipts/{token}")
    async def report(token: Annotated[str, Path(max_length=200)], body: DeliveryReport) -> dict[str, str]:
        status = body.status.upper()
        receipt = Receipt(status, body.statustime, _FACTS.get(status))
        async with transaction() as store:
            await take_receipt(token_digest(token), receipt, store=store, policy=policy, now=clock())
        return {"status": "received"}

    return app
