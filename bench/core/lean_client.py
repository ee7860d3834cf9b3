"""GET over HTTP with next to nothing of its own: a comfortable client takes as long as what is measured."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from devstack.processes import StackError

_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


class _Connection(NamedTuple):
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class LeanClient:
    """Keep-alive connections to one server on this machine, as many as are asked for at once.

    Asks for gzip as browsers do, and does not unpack it.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[_Connection] = []

    async def __aenter__(self) -> LeanClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        for one in self._idle:
            one.writer.close()
            await one.writer.wait_closed()

    async def get(self, path: str, query: Mapping[str, str]) -> bytes:
        """The body as it came. Raises StackError for any status but 200."""
        reader, writer = await self._connection()
        target = f"{path}?{urlencode(query)}"
        writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        head = (await reader.readuntil(_END)).lower()
        body = await reader.readexactly(_length(head))
        self._idle.append(_Connection(reader, writer))
        if b" 200 " not in head[:15]:
            raise StackError(f"{path} was answered with {head[:15].decode(errors='replace')}")
        return body

    async def _connection(self) -> _Connection:
        """An idle one that the server has not closed, or a new one."""
        self._idle = [one for one in self._idle if not one.reader.at_eof()]
        return self._idle.pop() if self._idle else _Connection(*await asyncio.open_connection("127.0.0.1", self._port))


def _length(head: bytes) -> int:
    start = head.index(_LENGTH) + len(_LENGTH)
    return int(head[start : head.index(b"\r", start)])
