"""The two errors that cross the application boundary; anything else is a bug and stops the consumer."""

from __future__ import annotations

from datetime import timedelta


class PermanentError(Exception):
    """Trying again cannot help: the record goes to the dead letters, the request is refused.

    Args:
        code: a short stable word for people and dashboards (`unknown-receiver`); never made of the message's content.
        explanation: one sentence for an operator; holds no personal data.
        parks: whether later events of the same key wait for this one. False where the event is not the key's own
            history, such as a forged reply: it must not hold up the true sender's.
    """

    def __init__(self, code: str, explanation: str = "", *, parks: bool = True) -> None:
        super().__init__(f"{code}: {explanation}" if explanation else code)
        self.code = code
        self.explanation = explanation
        self.parks = parks


class TemporaryError(Exception):
    """Trying again later may help; `delay` is the wait the other side asked for, if it did."""

    def __init__(self, code: str, explanation: str = "", *, delay: timedelta | None = None) -> None:
        super().__init__(f"{code}: {explanation}" if explanation else code)
        self.code = code
        self.explanation = explanation
        self.delay = delay


class StartError(Exception):
    """The process cannot start; the message is one sentence for the person who started it."""
