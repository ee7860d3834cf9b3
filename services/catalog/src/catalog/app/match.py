"""Match listings whose evidence has changed: their pairs anew, and the components that these make."""

from __future__ import annotations

from typing import Generic

import structlog

from catalog.app.ports import Matching, Tx
from catalog.domain.matching.components import labelled, pairs_among

log = structlog.get_logger(__name__)


class Match(Generic[Tx]):
    """The use case with what it needs. Several processes may call it; one at a time works, the others find nothing."""

    def __init__(self, matching: Matching[Tx], *, most: int) -> None:
        self._matching = matching
        self._most = most

    async def __call__(self) -> int:
        """Matches up to `most` listings; how many."""
        matching = self._matching
        async with matching.transaction() as tx:
            taken = await matching.take(tx, self._most)
            if not taken:
                return 0
            evidence = [one for one in taken.values() if one]
            others = await matching.candidates(tx, evidence)
            pairs = pairs_among(evidence, others)
            touched = await matching.replace_pairs(tx, taken, pairs)
            before = await matching.neighbours(tx, {*taken, *touched})
            everyone = dict.fromkeys([*before, *taken])
            after = labelled(everyone, await matching.edges(tx, everyone))
            await matching.relabel(tx, before, after)
        log.info("listings matched", listings=len(taken), others=len(others), pairs=len(pairs))
        return len(taken)
