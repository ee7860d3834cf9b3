"""Serves rendered national pages over HTTP/1.1 on a loopback port, many times faster than anyone reads them.

    python -m devstack.simulators.ptv.national_server FOLDER --port N

It speaks what readers of v12 ask: searches with `page`, `publishedAtOrAfter` and `serviceContentIds`, objects by id,
empty archives, code lists. Content goes from the file to the socket without passing through Python.
`POST /_control/changed` and `/_control/unchanged` switch the changed set; other parameters are not looked at.
"""

from __future__ import annotations

import os
import socket
import socketserver
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from math import ceil
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs

import orjson
import typer

from devstack.simulators.ptv.content import load_content
from devstack.simulators.ptv.national_pages import PAGE, Pages, Range
from devstack.simulators.ptv.national_places import ELSEWHERE

_PREFIX = "/api/v12/"
_KINDS = {
    "organization": "organization",
    "general-description": "general-description",
    "service": "service",
    "service-channel": "channel",
    "connection": "connection",
}
_NOT_FOUND = orjson.dumps(
    {
        "title": "Not Found",
        "detail": "",
        "type": "",
        "requestId": "",
        "instance": "",
        "status": 404,
        "reason": "Unknown",
    }
)
_SEND_BUFFER = 4 << 20


@dataclass(frozen=True)
class Answer:
    """Status, and the body as text around ranges of the content file."""

    before: bytes
    ranges: Sequence[Range] = ()
    after: bytes = b""
    status: str = "200 OK"

    def head(self) -> bytes:
        length = len(self.before) + sum(end - begin for begin, end in self.ranges) + len(self.after)
        return (
            f"HTTP/1.1 {self.status}\r\nDate: {formatdate(usegmt=True)}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {length}\r\n\r\n"
        ).encode()


class National:
    """Answers requests from rendered pages; `changed` tells whether the changed set is on."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._lists = _code_lists()
        self.changed = False

    def answer(self, target: str) -> Answer:
        """The answer to a GET; what readers don't ask of PTV is not found."""
        path, _, query = target.partition("?")
        first, _, rest = path.removeprefix(_PREFIX).partition("/")
        asked = parse_qs(query)
        if rest == "archived" or first == "service-collection":
            return _listed([], asked)
        if not rest and first in self._lists:
            return _listed(self._lists[first], asked)
        if first in _KINDS and rest:
            kind = _KINDS[first]
            return self._search(kind, asked) if rest == "search" else self._object(f"{kind}/{rest}")
        return Answer(_NOT_FOUND, status="404 Not Found")

    def _object(self, key: str) -> Answer:
        whole = self._pages.found(key)
        if whole is None:
            return Answer(_NOT_FOUND, status="404 Not Found")
        return Answer(b"", self._pages.ranges(whole, changed=self.changed))

    def _search(self, kind: str, asked: dict[str, list[str]]) -> Answer:
        if services := asked.get("serviceContentIds"):
            return self._reach(services)
        shelf = self._pages.shelves[kind]
        number = int(asked.get("page", ["1"])[0])
        if "publishedAtOrAfter" in asked:
            total, pages = (shelf.changed_total, shelf.changed_pages) if self.changed else (0, [])
            return _page(total, number, pages[number - 1 : number])
        whole = [one for page in shelf.pages[number - 1 : number] for one in self._current(page)]
        return _page(shelf.total, number, whole)

    def _reach(self, services: Sequence[str]) -> Answer:
        """All connections of up to twenty services, on one page: they are few."""
        found = [whole for one in services if (whole := self._pages.found(f"reach/{one}"))]
        bodies = [b"".join(self._bytes(one) for one in self._current(whole)) for whole in found]
        return _listed([row for body in bodies for row in orjson.loads(b"[" + body + b"]")], {}, page_size=10_000)

    def _current(self, whole: Range) -> list[Range]:
        return self._pages.ranges(whole, changed=self.changed)

    def _bytes(self, one: Range) -> bytes:
        with self._pages.content.open("rb") as content:
            content.seek(one[0])
            return content.read(one[1] - one[0])


def _page(total: int, number: int, ranges: Sequence[Range], page_size: int = PAGE) -> Answer:
    head = {"page": number, "pageSize": page_size, "totalItems": total, "totalPages": ceil(total / page_size)}
    return Answer(orjson.dumps(head)[:-1] + b',"items":[', ranges, b"]}")


def _listed(rows: Sequence[object], asked: dict[str, list[str]], page_size: int = PAGE) -> Answer:
    number = int(asked.get("page", ["1"])[0])
    page = _page(len(rows), number, (), page_size)
    items = orjson.dumps(rows[(number - 1) * page_size : number * page_size])[1:-1]
    return Answer(page.before + items + page.after)


def _code_lists() -> dict[str, list[dict[str, object]]]:
    """The simulator's code lists, with the municipalities of the rest of the country."""
    lists = {path: list(rows) for path, rows in load_content().vocabulary.rows.items()}
    lists["municipality-codes"] += [
        {"code": code, "isValid": True, "name": {"fi": name, "sv": name, "en": name}}
        for code, name in ELSEWHERE.items()
    ]
    return lists


class _Connection(socketserver.BaseRequestHandler):
    """One reader's connection, answered until the reader hangs up."""

    server: NationalServer

    def handle(self) -> None:
        peer: socket.socket = self.request
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        with suppress(ConnectionError):  # a reader may hang up in the midst of a page
            self._answer_all(peer)

    def _answer_all(self, peer: socket.socket) -> None:
        waiting = b""
        while received := peer.recv(65536):
            *requests, waiting = (waiting + received).split(b"\r\n\r\n")
            for request in requests:
                self._answer(peer, request)

    def _answer(self, peer: socket.socket, request: bytes) -> None:
        method, target, _ = request.split(b"\r\n", 1)[0].decode().split(" ")
        national = self.server.national
        if method == "POST":
            national.changed = target.endswith("/changed")
            self._send(peer, Answer(b"{}"))
        else:
            self._send(peer, national.answer(target))

    def _send(self, peer: socket.socket, answer: Answer) -> None:
        more = socket.MSG_MORE if answer.ranges or answer.after else 0
        peer.sendall(answer.head() + answer.before, more)
        for begin, end in answer.ranges:
            while begin < end:
                begin += os.sendfile(peer.fileno(), self.server.content, begin, end - begin)
        if answer.after:
            peer.sendall(answer.after)


class NationalServer(socketserver.ThreadingTCPServer):
    """One thread per connection: readers are few, and the work is the kernel's."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, folder: Path) -> None:
        super().__init__(("127.0.0.1", port), _Connection)
        pages = Pages(folder)
        self.national = National(pages)
        self.content = os.open(pages.content, os.O_RDONLY)


def main(
    folder: Annotated[Path, typer.Argument(help="what national_pages has rendered")],
    port: Annotated[int, typer.Option(help="loopback port; 0 lets the system choose")] = 0,
) -> None:
    """Serve a country's pages until the process is ended."""
    with NationalServer(port, folder) as server:
        print(f"national pages on http://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    typer.run(main)
