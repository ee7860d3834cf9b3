"""Publish and take away listings as decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lahella_ingest.app.ports import Work
from lahella_ingest.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Changes:
    """Keys of activities whose listings were published or removed."""

    published: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


async def apply_verdicts(verdicts: Sequence[Verdict], *, work: Work) -> Changes:
    """Only what differs from the published state becomes an event."""
    published = await work.publish({verdict.key: verdict.listing for verdict in verdicts if verdict.listing})
    removed: list[str] = []
    for reason in sorted({verdict.removal for verdict in verdicts if verdict.removal}):
        keys = [verdict.key for verdict in verdicts if verdict.removal == reason]
        removed += await work.remove(keys, reason)
    return Changes(tuple(published), tuple(removed))
