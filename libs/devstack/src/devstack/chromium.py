"""Chromium for the tests that look at pages: found on the machine, or installed as root on Debian."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from devstack.show import console, set_up_step

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
ABSENT = (
    "no Chromium was found: tests in a real browser are left out (install chromium, or set HYTE_CHROMIUM to its path)"
)


def find_chromium() -> Path | None:
    """`HYTE_CHROMIUM`, else the first browser of a known name on the path."""
    given = os.environ.get("HYTE_CHROMIUM")
    found = given or next((path for name in _NAMES if (path := shutil.which(name))), None)
    return Path(found) if found and Path(found).is_file() else None


def ensure_chromium() -> None:
    """Installs it where that is a matter of one command; elsewhere says in one sentence what is left out."""
    if find_chromium() is not None:
        return
    if _can_install():
        with set_up_step("Chromium, from Debian's packages"):
            _install()
    if find_chromium() is None:
        console.print(ABSENT)


def _can_install() -> bool:
    return os.geteuid() == 0 and Path("/etc/debian_version").is_file() and shutil.which("apt-get") is not None


def _install() -> None:
    """Whatever fails leaves no browser, which the caller tells."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (("update",), ("install", "--yes", "--no-install-recommends", "chromium")):
        command = ["apt-get", "-qq", *arguments]
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        if done.returncode:
            console.print(f"apt-get {arguments[0]} failed: {done.stderr.strip().splitlines()[-1:]}")
            return
