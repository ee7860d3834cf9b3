"""Publishing state only when it differs from what was published last: no event for no change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

from chassis.postgres.database import Connection
from chassis.postgres.outbox import Outbox, Outgoing, removal
from chassis.postgres.queries import queries
from event_schemas.base import Event


class ChangedStates:
    """The states of one topic that this service has published, by the hash of their JSON.

    Whoever builds the event sorts what has no order and squeezes white space, so that equal content is equal JSON.
    `content` gives the part of an event that counts: what it leaves out changes nothing by itself.
    """

    def __init__(self, outbox: Outbox, *, topic: str, content: Callable[[Event], Event] | None = None) -> None:
        self._outbox = outbox
        self._topic = topic
        self._content = content

    async def publish(
        self, tx: Connection, states: Sequence[tuple[str, Event]], *, bodies: Mapping[str, bytes] | None = None
    ) -> list[str]:
        """Publishes those that are new, changed or back after a removal; returns their keys. Keys must differ.

        `bodies` are the states as JSON, where the caller has them already.
        """
        json = bodies or {}
        outgoing = {
            key: Outgoing(self._topic, key, event, body=json[key] if key in json else event.to_json())
            for key, event in states
        }
        hashes = {key: self._hash(one) for key, one in outgoing.items()}
        known = await self._known(tx, sorted(hashes))
        changed = sorted(key for key in hashes if known.get(key) != hashes[key])
        await self._outbox.append(tx, [outgoing[key] for key in changed])
        await self._remember(tx, {key: hashes[key] for key in changed})
        return changed

    async def remove(self, tx: Connection, keys: Sequence[str], removed: Callable[[str], Event]) -> list[str]:
        """Publishes a removed event and a tombstone for each key that is published now; returns those keys."""
        known = sorted(await self._known(tx, sorted(set(keys))))
        await self._outbox.append(tx, [out for key in known for out in removal(self._topic, key, removed(key))])
        await self._remember(tx, dict.fromkeys(known))
        return known

    async def keys(self, connection: Connection, *, prefix: str = "") -> list[str]:
        """Keys published and not removed, sorted."""
        return [row["key"] async for row in queries.published_keys(connection, topic=self._topic, prefix=prefix)]

    def _hash(self, outgoing: Outgoing) -> bytes:
        if self._content is None or outgoing.event is None:
            return sha256(outgoing.body or b"").digest()
        return sha256(self._content(outgoing.event).to_json()).digest()

    async def _known(self, tx: Connection, keys: Sequence[str]) -> dict[str, bytes]:
        rows = queries.published_hashes(tx, topic=self._topic, keys=keys)
        return {row["key"]: row["hash"] async for row in rows}

    async def _remember(
        self, tx: Connection, hashes: dict[str, bytes | None] | dict[str, bytes] | dict[str, None]
    ) -> None:
        if hashes:
            await queries.set_hashes(tx, topic=self._topic, keys=list(hashes), hashes=list(hashes.values()))
