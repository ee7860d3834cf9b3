"""Forget what a person asked us to: in everything that is stored, and in whatever the source sends from now on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lahella_ingest.app.ports import Run, Store
from lahella_ingest.app.replay import Replay


@dataclass(frozen=True)
class ForgetContacts:
    """Only the process that holds `store.only_reader()` may call it."""

    store: Store
    replay: Replay

    async def __call__(self, values: Sequence[str]) -> tuple[int, Run]:
        """How many bodies were redacted, and the run that made the listings of them again."""
        async with self.store.reader_transaction() as work:
            redacted = await work.bodies.forget(values)
        return redacted, await self.replay(everything=True)
