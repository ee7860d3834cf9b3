"""The part of `/_control` that every simulator has: faults, the log of requests, reset."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI

from devstack.simulators.faults import Clock, Fault, FaultGate, Faults, RequestLog, machine_clock


def add_control(app: FastAPI, *, reset: Callable[[], None], clock: Clock = machine_clock) -> Faults:
    """Adds the common control paths; `reset` puts the application's own state back to the data files.

    `clock` is the simulated system's, shown in the `Date` of its answers. Returns the faults in force, for whoever else
    may add some.
    """
    faults, requests = Faults(), RequestLog()
    router = APIRouter(prefix="/_control")

    @router.post("/faults", status_code=HTTPStatus.CREATED)
    async def add_fault(fault: Fault) -> None:
        faults.add(fault)

    @router.delete("/faults", status_code=HTTPStatus.NO_CONTENT)
    async def clear_faults() -> None:
        faults.clear()

    @router.get("/requests")
    async def list_requests() -> dict[str, Any]:
        return requests.as_json()

    @router.post("/reset", status_code=HTTPStatus.NO_CONTENT)
    async def reset_all() -> None:
        faults.clear()
        requests.clear()
        reset()

    app.include_router(router)
    app.add_middleware(FaultGate, faults=faults, requests=requests, clock=clock)
    return faults
