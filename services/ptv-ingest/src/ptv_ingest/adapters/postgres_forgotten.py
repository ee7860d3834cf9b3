"""What persons have asked to forget, as keyed hashes."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.ingest.forgetting import Forgotten, lengths_of
from chassis.postgres.database import Connection
from ptv_ingest.adapters.sql import queries


async def forgotten_in(tx: Connection) -> Forgotten:
    hashed = [(row["hash"], row["words"]) async for row in queries.forgotten(tx)]
    key = await queries.forgotten_key(tx)
    return Forgotten(key, frozenset(value for value, _ in hashed), lengths_of(hashed))


async def remember(tx: Connection, values: Sequence[str]) -> Forgotten:
    """Adds values to what is forgotten; gives all of it."""
    hashed = [(await forgotten_in(tx)).hash_of(value) for value in values]
    await queries.remember_forgotten(tx, hashes=[value for value, _ in hashed], words=[words for _, words in hashed])
    return await forgotten_in(tx)
