"""CPU time and memory of processes with their children, sampled from /proc while something runs."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PAUSE_SECONDS = 0.05


@dataclass(frozen=True)
class Usage:
    """`peak_bytes` counts memory that several processes share once."""

    cpu_seconds: float
    peak_bytes: int


class Meter:
    """What each named process tree uses between entering and leaving; one that ends counts up to its last sample."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = pids
        self._first: dict[str, float] = {}
        self._last: dict[str, float] = {}
        self._peak: dict[str, int] = dict.fromkeys(pids, 0)
        self._over = threading.Event()
        self._sampler = threading.Thread(target=self._watch, name="meter")

    def __enter__(self) -> Meter:
        self._first = {name: _cpu_seconds(pid) for name, pid in self._pids.items()}
        self._last = dict(self._first)
        self._sampler.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._sampler.join()
        self._sample()

    def usage(self) -> dict[str, Usage]:
        return {name: Usage(self._last[name] - self._first[name], self._peak[name]) for name in self._pids}

    def _watch(self) -> None:
        while not self._over.wait(_PAUSE_SECONDS):
            self._sample()

    def _sample(self) -> None:
        for name, pid in self._pids.items():
            # A child that ends moves its time to its parent; between the two readings it may be missing.
            self._last[name] = max(self._last[name], _cpu_seconds(pid))
            self._peak[name] = max(self._peak[name], _memory_bytes(pid))


def _cpu_seconds(pid: int) -> float:
    """Of the process, its children, and the children it has waited for; 0 when it is gone."""
    stat = _read(f"/proc/{pid}/stat")
    if not stat:
        return 0.0
    fields = stat.rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / _TICKS + sum(map(_cpu_seconds, _children(pid)))


def _memory_bytes(pid: int) -> int:
    sizes = [[int(field) for field in _read(f"/proc/{one}/statm").split()[1:3]] for one in (pid, *_children(pid))]
    here = [size for size in sizes if size]
    return _PAGE * (sum(resident - shared for resident, shared in here) + max((size[1] for size in here), default=0))


def _children(pid: int) -> list[int]:
    return [int(child) for child in _read(f"/proc/{pid}/task/{pid}/children").split()]


def _read(file: str) -> str:
    """Empty when the process is gone."""
    try:
        return Path(file).read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
