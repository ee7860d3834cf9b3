"""`python -m bench.lock`: resolves bench/requirements.in into its lock, with hashes and without addresses."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys

from devstack.places import ROOT, STATE
from devstack.processes import StackError

INPUT = ROOT / "bench" / "requirements.in"
LOCK = ROOT / "bench" / "requirements.lock"
_HASH_LINE = re.compile(r"^# input sha256: ([0-9a-f]{64})$", re.MULTILINE)
_OPTIONS = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate", "--no-header")


def lock_is_fresh() -> bool:
    """Whether the lock was made of the present requirements; resolving again would not tell, versions move."""
    found = _HASH_LINE.search(LOCK.read_text())
    return found is not None and found[1] == _input_digest()


def write_lock() -> None:
    """Resolves with uv, which is fetched into an environment of its own."""
    uv = STATE / "uv"
    if not (uv / "bin" / "uv").exists():
        subprocess.run([sys.executable, "-m", "venv", str(uv)], check=True)
        subprocess.run([str(uv / "bin" / "pip"), "--quiet", "install", "uv"], check=True)
    command = [str(uv / "bin" / "uv"), "pip", "compile", "--quiet", *_OPTIONS, "--no-emit-index-url", str(INPUT)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise StackError(f"the requirements of the benchmarks cannot be resolved: {done.stderr.strip()[-800:]}")
    head = "# Made by `python -m bench.lock` from bench/requirements.in; don't edit.\n"
    LOCK.write_text(f"{head}# input sha256: {_input_digest()}\n{done.stdout}")


def _input_digest() -> str:
    return hashlib.sha256(INPUT.read_bytes()).hexdigest()


if __name__ == "__main__":
    write_lock()
