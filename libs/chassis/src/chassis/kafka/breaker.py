"""When to stop consuming: bugs in a row, or a flood of dead letters. Arithmetic only."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass
class Breaker:
    """`reason` is set once it trips; only a restart of the process closes it again."""

    bug_limit: int
    window: int
    dead_share: float
    reason: str | None = None
    _bugs: int = 0
    _outcomes: deque[bool] = field(default_factory=deque)

    def handled(self, records: int = 1) -> None:
        self._bugs = 0
        self._note(*([False] * min(records, self.window)))

    def dead(self) -> None:
        self._bugs = 0
        self._note(True)
        if len(self._outcomes) == self.window and sum(self._outcomes) >= self.window * self.dead_share:
            self.reason = f"{sum(self._outcomes)} of the last {self.window} records became dead letters"

    def bug(self, error: BaseException) -> None:
        self._bugs += 1
        if self._bugs >= self.bug_limit:
            self.reason = f"{self._bugs} unknown errors in a row, last {type(error).__name__}"

    def _note(self, *outcomes: bool) -> None:
        self._outcomes.extend(outcomes)
        while len(self._outcomes) > self.window:
            self._outcomes.popleft()
