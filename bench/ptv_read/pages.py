"""The page server of a benchmark: a country rendered once, and how fast its pages can be had at all."""

from __future__ import annotations

import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from bench.core.report import console
from bench.core.servers import Servers
from bench.ptv_read.floor import PATHS
from devstack.places import STATE
from devstack.processes import Process, StackError, free_port, port_answers, wait_until
from devstack.simulators.ptv.national import KINDS, Country
from devstack.simulators.ptv.national_pages import Pages, Report, prepared


@dataclass(frozen=True)
class PageServer:
    """Where a country is served, by which process, and how many pages each of its lists has."""

    port: int
    pid: int
    pages: dict[str, int]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def switch(self, *, changed: bool) -> None:
        """Turns the changed set on or off."""
        target = f"{self.url}/_control/{'changed' if changed else 'unchanged'}"
        with urllib.request.urlopen(urllib.request.Request(target, method="POST")):  # noqa: S310 - our own loopback address
            pass

    def drained_in(self, *, readers: int) -> float:
        """Seconds in which clients that look at nothing take all pages off the sockets."""
        wanted = iter([(path, number + 1) for path in PATHS for number in range(self.pages[path])])
        turn = threading.Lock()
        threads = [threading.Thread(target=self._drain, args=(wanted, turn)) for _ in range(readers)]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - began

    def _drain(self, wanted: Iterator[tuple[str, int]], turn: threading.Lock) -> None:
        buffer = memoryview(bytearray(1 << 20))
        with socket.create_connection(("127.0.0.1", self.port)) as peer:
            while True:
                with turn:
                    page = next(wanted, None)
                if page is None:
                    return
                path, number = page
                peer.sendall(f"GET /api/v12/{path}/search?page={number}&pageSize=100 HTTP/1.1\r\n\r\n".encode())
                _take_answer(peer, buffer)


def _take_answer(peer: socket.socket, buffer: memoryview) -> None:
    taken = peer.recv_into(buffer)
    head = bytes(buffer[: min(taken, 4096)]).partition(b"\r\n\r\n")[0]
    if not head.startswith(b"HTTP/1.1 200"):
        raise StackError("the page server did not answer with a page")
    left = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]) + len(head) + 4 - taken
    while left > 0:
        left -= peer.recv_into(buffer)


@contextmanager
def page_server(country: Country, servers: Servers) -> Iterator[PageServer]:
    """The country's pages, rendered if they are not yet, served until the context ends."""
    with _bars() as bars:
        folder = prepared(country, STATE / "bench", report=_reporter(bars))
    port = free_port()
    words = ["-m", "devstack.simulators.ptv.national_server", str(folder), "--port", str(port)]
    process = Process("pages", [sys.executable, *words], log=servers.scratch / "logs" / "pages.log")
    try:
        wait_until(lambda: port_answers(port), seconds=60, what="the page server", process=process)
        yield PageServer(port, process.pid, _counts(folder))
    finally:
        process.stop()


def _counts(folder: Path) -> dict[str, int]:
    shelves = Pages(folder).shelves
    return {path: len(shelves[kind].pages) for path, kind in zip(PATHS, KINDS, strict=True)}


def _bars() -> Progress:
    return Progress(TextColumn("rendering {task.description}"), BarColumn(), MofNCompleteColumn(), console=console)


def _reporter(bars: Progress) -> Report:
    tasks: dict[str, TaskID] = {}

    def report(kind: str, done: int, total: int) -> None:
        if kind not in tasks:
            tasks[kind] = bars.add_task(kind, total=total)
        bars.update(tasks[kind], completed=done)

    return report
