"""Runs a simulator on a loopback port of this machine."""

from __future__ import annotations

import errno
import signal
import socket
import sys
from types import FrameType

import uvicorn
from fastapi import FastAPI

_LOOPBACK = "127.0.0.1"


class PortTaken(Exception):
    """Something else listens on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is already taken; stop what listens there or choose another with --port.")


def bind(port: int) -> socket.socket:
    """A bound loopback socket; port 0 lets the system choose. Raises `PortTaken`."""
    # Named as TCP, since only then asyncio sets TCP_NODELAY.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_LOOPBACK, port))
    except OSError as exc:
        listener.close()
        if exc.errno == errno.EADDRINUSE:
            raise PortTaken(port) from exc
        raise
    return listener


def serve(app: FastAPI, listener: socket.socket, name: str) -> None:
    """Serves until SIGTERM or SIGINT, then finishes what is in flight and returns with exit status 0."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    print(f"{name} simulator on http://{_LOOPBACK}:{listener.getsockname()[1]}", file=sys.stderr, flush=True)
    # The application dates its own answers, since the clock of what it stands for may be wrong.
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=5, date_header=False)
    uvicorn.Server(config).run(sockets=[listener])


def _leave(_: int, __: FrameType | None) -> None:
    # uvicorn raises the signal once more after its own clean stop; by default that would look like a crash.
    raise SystemExit(0)
