"""The two errors that cross the application boundary; anything else is a bug and stops the consumer."""

from __future__ import annotations

from datetime import timedelta


class PermanentError(Exception):
    """Trying again cannot help: the record goes to the dead letters, the request is refused.

    Args:
        code: a short stable word for people and dashboards (`unknown-receiver`); never made of the message's content.
        explanation: one sentence for an operator; holds no personal data.
    """

    def __init__(self, code: str, explanation: str = "") -> None:
        super().__init__(f"{code}: {explanation}" if explanation else code)
        self.code = code
        self.explanation = explanation


class TemporaryError(Exception):
    """Trying again later may help; `delay` is the wait the other side asked for, if it did."""

    def __init__(self, code: str, explanation: str = "", *, delay: timedelta | None = None) -> None:
        super().__init__(f"{code}: {explanation}" if explanation else code)
        self.code = code
        self.explanation = explanation
        self.delay = delay


class StartError(Exception):
    """The process cannot start; the message is one sentence for the person who started it."""
