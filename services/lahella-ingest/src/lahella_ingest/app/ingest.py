"""What a command of an operator may do with the ingest."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from lahella_ingest.app.forget_contacts import ForgetContacts
from lahella_ingest.app.ports import Store
from lahella_ingest.app.read_source import ReadSource
from lahella_ingest.app.replay import Replay


@dataclass(frozen=True)
class Ingest:
    """`rehearsal` is a store that forgets everything once its only reader leaves."""

    store: Store
    rehearsal: Store
    read: ReadSource
    replay: Replay
    forget: ForgetContacts


OpenIngest = Callable[[], AbstractAsyncContextManager[Ingest]]
