"""Where the local stack keeps what it makes; everything lies under one folder so that removing it removes all."""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from pathlib import Path

ROOT = Path(os.environ.get("HYTE_ROOT") or Path(__file__).resolve().parents[4])
STATE = Path(os.environ.get("HYTE_STATE") or ROOT / ".hyte")


def reachable_by_others(folder: Path) -> bool:
    """Whether an unprivileged user may pass through every folder down to `folder`."""
    return all(parent.stat().st_mode & 0o001 for parent in [folder, *folder.parents])


def open_place(name: str) -> Path:
    """A folder that an unprivileged user can reach: under STATE, or in the temp directory where STATE is closed to it.

    PostgreSQL refuses to run as root, and root's home is closed to others.
    """
    STATE.mkdir(parents=True, exist_ok=True)
    base = STATE
    if not reachable_by_others(STATE):
        base = Path(tempfile.gettempdir()) / f"hytevirta-{sha256(str(STATE).encode()).hexdigest()[:12]}"
    place = base / name
    place.mkdir(parents=True, exist_ok=True)
    return place
