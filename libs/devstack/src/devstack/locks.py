"""Locks of Python requirements: every package with its hashes, no download addresses."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from devstack.places import ROOT, STATE
from devstack.processes import StackError

_HASH_LINE = re.compile(r"^# input sha256: ([0-9a-f]{64})$", re.MULTILINE)
_OPTIONS = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate", "--no-header")


@dataclass(frozen=True)
class RequirementsLock:
    """`requirements.in` of a folder with the lock made of it."""

    folder: Path

    @property
    def input(self) -> Path:
        return self.folder / "requirements.in"

    @property
    def file(self) -> Path:
        return self.folder / "requirements.lock"

    def is_fresh(self) -> bool:
        """Whether the lock was made of the present requirements; resolving again would not tell, versions move."""
        found = _HASH_LINE.search(self.file.read_text())
        return found is not None and found[1] == self._input_digest()

    def write(self) -> int:
        """Resolves with uv, which is fetched for this into an environment of its own; gives how many packages."""
        command = [str(_uv()), "pip", "compile", "--quiet", "--upgrade", *_OPTIONS, "--no-emit-index-url"]
        done = subprocess.run([*command, str(self.input)], capture_output=True, text=True, cwd=ROOT, check=False)
        if done.returncode:
            raise StackError(f"{self.input.relative_to(ROOT)} cannot be resolved: {done.stderr.strip()[-800:]}")
        head = f"# Made by `./hyte lock` from requirements.in; don't edit.\n# input sha256: {self._input_digest()}\n"
        self.file.write_text(head + done.stdout)
        return done.stdout.count("==")

    def _input_digest(self) -> str:
        return hashlib.sha256(self.input.read_bytes()).hexdigest()


PRODUCT = RequirementsLock(ROOT)
BENCHMARKS = RequirementsLock(ROOT / "bench")
"""What only the peers of the benchmarks need, in an environment of their own."""


def _uv() -> Path:
    place = STATE / "uv"
    if not (place / "bin" / "uv").exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        subprocess.run([str(place / "bin" / "pip"), "--quiet", "install", "uv"], check=True)
    return place / "bin" / "uv"
