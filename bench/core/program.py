"""Floors and peers as processes of their own, in two acts: what they prepare is not measured, what they do is.

The program prints `ready` when it has prepared, waits for a line, works, and prints what it found as one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import IO, Any, cast

from devstack.places import ROOT
from devstack.processes import StackError

Told = dict[str, Any]


class Program:
    """`python <words>` with `given` as its first line of input; used as a context manager."""

    def __init__(
        self,
        words: list[str],
        given: Mapping[str, Any],
        *,
        python: str = sys.executable,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._name = " ".join(words)
        pipe = subprocess.PIPE
        self._child = subprocess.Popen(
            [python, *words], stdin=pipe, stdout=pipe, text=True, cwd=ROOT, env={**os.environ, **(settings or {})}
        )
        self._input, self._output = cast("IO[str]", self._child.stdin), cast("IO[str]", self._child.stdout)
        self._given = json.dumps(dict(given))

    @property
    def pid(self) -> int:
        return self._child.pid

    def __enter__(self) -> Program:
        """Returns when it has prepared."""
        try:
            self._write(self._given)
            self._expect("ready")
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def go(self) -> Told:
        """Lets it work; returns what it found when it is done. It waits then, so that its memory can still be read."""
        self._write("go")
        line = self._line()
        told: Told = json.loads(line)
        return told

    def _end(self) -> None:
        self._child.kill()
        self._child.communicate()

    def _expect(self, word: str) -> None:
        line = self._line()
        if line != word:
            raise StackError(f"{self._name} said {line!r}, not {word!r}")

    def _line(self) -> str:
        line = self._output.readline()
        if not line:
            raise StackError(f"{self._name} ended with code {self._child.wait()}; its error is above")
        return line.strip()

    def _write(self, line: str) -> None:
        self._input.write(f"{line}\n")
        self._input.flush()


def given() -> dict[str, Any]:
    """Inside a program: what it was started with."""
    found: dict[str, Any] = json.loads(sys.stdin.readline())
    return found


def curtain() -> None:
    """Inside a program: all is prepared; returns when the work may begin."""
    print("ready", flush=True)
    sys.stdin.readline()


async def curtain_of_a_loop() -> None:
    """The same where an event loop has to go on meanwhile."""
    await asyncio.to_thread(curtain)


def tell(found: Mapping[str, Any]) -> None:
    """Inside a program: the outcome. Then it waits to be ended."""
    print(json.dumps(dict(found)), flush=True)
    sys.stdin.readline()
