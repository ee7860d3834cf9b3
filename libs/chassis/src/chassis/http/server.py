"""A web application as a part of a process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

import uvicorn
from starlette.types import ASGIApp

from chassis.core.errors import StartError


class WebServer:
    """Serves `app` on `host:port`; a taken port is a StartError in one sentence. Query strings are never logged."""

    def __init__(self, app: ASGIApp, *, name: str, host: str, port: int) -> None:
        self.name = name
        self._host = host
        self._port = port
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=5,
            lifespan="off",
        )
        self._server = _Server(config)
        self._socket: socket.socket | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._socket = bind(self._host, self._port, self.name)
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]), name=self.name)
        while not self._server.started and not self._task.done():  # noqa: ASYNC110 - uvicorn offers a flag, no event
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        self._server.should_exit = True
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        if self._socket is not None:
            self._socket.close()

    async def failure(self) -> BaseException:
        if self._task is None:
            raise RuntimeError(f"{self.name} was not started")
        await asyncio.wait([self._task])
        if self._server.should_exit:
            await asyncio.Event().wait()  # asked to end: no failure
        return self._task.exception() or RuntimeError(f"{self.name} ended")


class _Server(uvicorn.Server):
    """Leaves signals to the process, which stops its parts in order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def bind(host: str, port: int, name: str) -> socket.socket:
    """A listening socket, or a StartError that names the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, since only then asyncio sets TCP_NODELAY; without it each answer waits 40 ms for an ACK.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as exc:
        with closing(listening):
            raise StartError(
                f"{name} cannot listen on {host}:{port} ({exc.strerror}): free the port or set another"
            ) from exc
    listening.listen(128)
    return listening
