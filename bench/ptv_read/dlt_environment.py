"""The Python environment of the peer, made from bench/requirements.lock at its first use."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from devstack.locks import BENCHMARKS
from devstack.places import STATE
from devstack.processes import StackError
from devstack.show import set_up_step

_PLACE = STATE / "bench-peers"


def dlt_python() -> str:
    """The interpreter of an environment that has what the lock says. Raises StackError where it can't be made."""
    if not BENCHMARKS.is_fresh():
        raise StackError("bench/requirements.in was changed after its lock: run `./hyte lock`")
    stamp = _PLACE / "lock.sha256"
    wanted = hashlib.sha256(BENCHMARKS.file.read_bytes() + sys.version.encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        with set_up_step("the environment of dlt (once)"):
            _make(_PLACE)
        stamp.write_text(wanted)
    return str(_PLACE / "bin" / "python")


def _make(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    pip = [str(place / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(BENCHMARKS.file)]
    for command in ([sys.executable, "-m", "venv", str(place)], [*pip, *options]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise StackError(f"the environment of dlt could not be made: {done.stderr.strip()[-500:]}")
