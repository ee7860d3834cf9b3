"""Child processes that never outlive their parent, however it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


class StackError(RuntimeError):
    """Something of the local stack does not start or answer; the message is one sentence for a person."""


def _die_with_parent(death_signal: signal.Signals, parent: int) -> Callable[[], None]:
    """Run in the child before exec: the kernel sends `death_signal` when the parent is gone, even after kill -9."""

    def prepare() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:
            os._exit(1)

    return prepare


class Process:
    """One child process with its log file."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        user: int | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        cwd: Path | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self._stop_signal = stop_signal
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            self._child = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=dict(env) if env is not None else None,
                cwd=cwd,
                user=user,
                group=user,
                extra_groups=[] if user is not None else None,
                start_new_session=True,
                preexec_fn=_die_with_parent(stop_signal, os.getpid()),
            )

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def returncode(self) -> int | None:
        return self._child.poll()

    def send(self, number: signal.Signals) -> None:
        if self.returncode is None:
            self._child.send_signal(number)

    def wait(self, seconds: float) -> int | None:
        """The exit code, or None when the process still runs after `seconds`."""
        try:
            return self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def stop(self, grace_seconds: float = 15) -> None:
        """Asks it to end, and ends it by force after the grace period."""
        self.send(self._stop_signal)
        if self.wait(grace_seconds) is None:
            self.kill()

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        self._child.wait()

    def last_words(self, lines: int = 12) -> str:
        """The end of its log, for the sentence that says why it did not start."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def wait_until(
    ready: Callable[[], bool], *, seconds: float, what: str, process: Process | None = None, pause: float = 0.05
) -> None:
    """Polls `ready`; raises StackError when `process` ended or the time is over."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process is not None and process.returncode is not None:
            raise StackError(
                f"{what} ended with code {process.returncode} at its start; its log says:\n{process.last_words()}"
            )
        if time.monotonic() > deadline:
            log = f"; see {process.log}" if process is not None else ""
            raise StackError(f"{what} did not answer within {seconds:.0f} s{log}")
        time.sleep(pause)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_answers(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def port_is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def claim_port(wanted: int | None, what: str) -> int:
    """`wanted` if it is free, else a StackError in one sentence; a free port when none was asked for."""
    if wanted is None:
        return free_port()
    if not port_is_free(wanted):
        raise StackError(f"port {wanted}, asked for {what}, is taken: free it or ask for another.")
    return wanted
