"""What a process says of itself: alive while its loops turn, ready while each part can do its work."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass
class Health:
    """Reasons why the process is not ready, and notes, by part; and beats of loops that must keep turning."""

    stuck_after: timedelta = timedelta(seconds=120)
    monotonic: Callable[[], float] = time.monotonic
    _reasons: dict[str, str] = field(default_factory=dict)
    _notes: dict[str, str] = field(default_factory=dict)
    _beats: dict[str, float] = field(default_factory=dict)

    def not_ready(self, part: str, reason: str) -> None:
        self._reasons[part] = reason

    def ready(self, part: str) -> None:
        self._reasons.pop(part, None)

    def note(self, part: str, text: str | None) -> None:
        """Something an operator ought to know although the process is ready; None takes it back."""
        if text is None:
            self._notes.pop(part, None)
        else:
            self._notes[part] = text

    def notes(self) -> dict[str, str]:
        return dict(self._notes)

    def beat(self, loop: str) -> None:
        """Called once a turn by every long-running loop, also while it waits for a peer that is down."""
        self._beats[loop] = self.monotonic()

    def ended(self, loop: str) -> None:
        self._beats.pop(loop, None)

    def reasons(self) -> dict[str, str]:
        """Empty when ready."""
        return dict(self._reasons)

    def stuck(self) -> list[str]:
        """Loops that have not turned for longer than `stuck_after`; empty when alive."""
        limit = self.monotonic() - self.stuck_after.total_seconds()
        return sorted(loop for loop, at in self._beats.items() if at < limit)
