"""demo, up, down and status: one stack per checkout, in the foreground or behind `up`."""

from __future__ import annotations

import fcntl
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import IO, Any

import psutil
from rich.table import Table

from devstack.journey.walk import walk
from devstack.journey.world import JourneyFailed
from devstack.places import STATE
from devstack.processes import StackError
from devstack.settings import Folders, Wanted
from devstack.show import console, set_up_step
from devstack.simulators.ptv.recorded import NothingRecorded, read_recording
from devstack.stack import Stack, describe, start_over

_FILE = STATE / "stack.json"
_STAMP = STATE / "demonstration.sha256"
_LOG = STATE / "supervisor.log"


class _Stopped(BaseException):
    """SIGTERM or SIGINT; not an Exception, so that nothing on the way takes it for a fault."""


@contextmanager
def _stop_signals() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _Stopped

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _only_one() -> Iterator[None]:
    """One stack per checkout: a second would share its data."""
    STATE.mkdir(parents=True, exist_ok=True)
    with (STATE / "stack.lock").open("w") as lock:
        if not _locked(lock):
            running = "a stack of this checkout is running already"
            raise StackError(f"{running}: see `./hyte status`, end it with `./hyte down`.")
        yield


def _locked(lock: IO[str]) -> bool:
    """Tries for a second: `status` and `up` hold the lock for a moment when they look whether a stack runs."""
    deadline = time.monotonic() + 1
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        else:
            return True


@contextmanager
def _running_stack(wanted: Wanted, *, fresh: bool, recorded: Path | None = None) -> Iterator[Stack]:
    # A recording is another country: what it leaves would be wrong in the demonstration, and the other way round.
    folders = Folders.default() if recorded is None else Folders.recorded()
    with _only_one():
        if fresh or recorded is not None or _is_of_other_data():
            start_over(folders)
        if recorded is None:
            _STAMP.write_text(_digest_of_data())
        with Stack(folders, wanted, step=set_up_step, recorded=recorded) as stack:
            describe(stack, _FILE)
            try:
                yield stack
            finally:
                _FILE.unlink(missing_ok=True)


def _is_of_other_data() -> bool:
    """Whether what was left may be of other demonstration data: the simulated sources date no such change."""
    return not _STAMP.is_file() or _STAMP.read_text() != _digest_of_data()


def _digest_of_data() -> str:
    files = sorted(Path(__file__).with_name("data").rglob("*.yaml"))
    return sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def demo(wanted: Wanted, *, fresh: bool, once: bool, recorded: Path | None = None) -> int:
    """The journey; then, unless `once`, everything stays up until Ctrl-C. Returns the exit code."""
    _require_objects(recorded)
    try:
        with _stop_signals(), _running_stack(wanted, fresh=fresh, recorded=recorded) as stack:
            try:
                walk(stack)
            except JourneyFailed as exc:
                console.print(f"\n[bold red]The journey stopped: {exc}[/bold red]")
                console.print(f"[red]Logs are in {stack.folders.run / 'logs'}.[/red]", soft_wrap=True)
                if once:
                    return 1
            if once:
                return 0
            console.print(f"\nEverything stays up. The tray: {stack.tray_url}   (Ctrl-C ends it)")
            _wait_while_alive(stack)
            return 1
    except _Stopped:
        console.print("stopped, nothing is left running")
        return 1 if once else 0


def _require_objects(recorded: Path | None) -> None:
    """Said before anything is started."""
    if recorded is None:
        return
    try:
        read_recording(recorded)
    except NothingRecorded as exc:
        raise StackError(str(exc)) from exc


def supervise(wanted: Wanted, *, fresh: bool) -> None:
    """Holds the stack until SIGTERM, or until one of its processes ends."""
    try:
        with _stop_signals(), _running_stack(wanted, fresh=fresh) as stack:
            _wait_while_alive(stack)
    except _Stopped:
        return


def _wait_while_alive(stack: Stack) -> None:
    while True:
        for name, process in stack.processes.items():
            if process.returncode is not None:
                raise StackError(f"{name} ended with code {process.returncode}; its log: {process.log}")
        time.sleep(0.5)  # a person watches; nothing waits for this


def up(wanted: Wanted, *, fresh: bool) -> None:
    """Starts the supervisor detached, and returns when the stack is ready."""
    with _only_one():
        _FILE.unlink(missing_ok=True)
    options = ["--fresh"] if fresh else []
    for name, port in vars(wanted).items():
        options += [f"--{name}-port", str(port)] if port is not None else []
    with _LOG.open("w") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "devstack", "supervise", *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with set_up_step("the stack"):
        while _described() is None:
            if child.poll() is not None:
                raise StackError(f"the stack did not start: {_last_line(_LOG)}")
            time.sleep(0.2)
    status()


def down() -> None:
    """Asks the supervisor to stop, and returns when all is gone."""
    described = _described()
    if described is None:
        console.print("nothing is running")
        return
    with set_up_step("stopping"):
        supervisor = psutil.Process(described["supervisor"])
        supervisor.terminate()
        supervisor.wait(timeout=60)


def status() -> None:
    described = _described()
    if described is None:
        console.print("nothing is running")
        return
    for name in (
        "tray",
        "referral API",
        "PTV simulator",
        "Lähellä.fi simulator",
        "SMS simulator",
        "Kafka",
        "PostgreSQL",
    ):
        console.print(f"{name:22} {described[name]}", soft_wrap=True)
    table = Table("part", "process", "ready")
    for name, pid in described["parts"].items():
        url = described["ready"].get(name)
        table.add_row(name, str(pid), _readiness(url) if url else "runs" if psutil.pid_exists(pid) else "ended")
    console.print(table)


def running_tray() -> str:
    """Address of the running stack's tray.

    Raises:
        StackError: none runs.
    """
    described = _described()
    if described is None:
        raise StackError("no stack is running: start one with `./hyte up`.")
    return str(described["tray"])


def _described() -> dict[str, Any] | None:
    """What the running stack has written down; None when none runs. The lock tells, a process id may be reused."""
    try:
        with _only_one():
            return None
    except StackError:
        return _read_description()


def _read_description() -> dict[str, Any] | None:
    """None while the stack is still starting."""
    try:
        described: dict[str, Any] = json.loads(_FILE.read_text())
    except (OSError, ValueError):
        return None
    return described


def _readiness(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own loopback address
            return "ready"
    except urllib.error.HTTPError as exc:
        reasons = json.loads(exc.read())["not_ready"]
        return "; ".join(f"{part}: {reason}" for part, reason in reasons.items())
    except OSError:
        return "does not answer"


def _last_line(file: Path) -> str:
    lines = [line for line in file.read_text().splitlines() if line.strip()]
    return lines[-1] if lines else "its log is empty"
