"""The second read model, in a schema of its own beside the live tables."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import asyncpg

from catalog.adapters.postgres_entries import ENTRIES, QUALITY, PostgresComponents
from catalog.adapters.postgres_listings import queries as listing_queries
from catalog.app.rebuild import Swapped
from catalog.domain.identity import entry_id
from chassis.core.clock import Clock
from chassis.core.errors import PermanentError
from chassis.kafka.reconcile import too_many
from chassis.postgres.database import Connection
from chassis.postgres.errors import outage_as_temporary
from chassis.postgres.queries import load_queries
from chassis.postgres.single_run import SingleRun
from event_schemas.ids import EntryId, ListingId

queries = load_queries(Path(__file__).with_name("rebuild.sql"))

_PARTS = 16
"""What may change every listing is done in so many statements: each ends in the time the pool gives one."""


class PostgresSecondModel:
    """What it writes, it writes in transactions of the run that holds the lock: two rebuilds never meet."""

    def __init__(self, run: SingleRun, live: PostgresComponents, *, clock: Clock) -> None:
        self._run = run
        self._live = live
        self._clock = clock
        self._swept = 0

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Connection]:
        """Raises TemporaryError where the database is away or the run has lost its lock."""
        with outage_as_temporary():
            async with self._run.transaction() as tx:
                yield tx

    async def begin(self) -> None:
        try:
            async with self._transaction() as tx:
                await queries.make_second(tx)
        except asyncpg.InsufficientPrivilegeError as exc:
            explanation = "the database's role may not make the schema `rebuild`: grant it CREATE on the database."
            raise PermanentError("no-privilege", explanation) from exc

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[Connection]:
        async with self._transaction() as tx:
            await queries.work_beside(tx)
            yield tx

    async def pass_over(self, tx: Connection, keys: Collection[str]) -> None:
        if keys:
            await queries.pass_over(tx, keys=sorted(set(keys)))

    async def learn(self, *, accept_removals: bool) -> None:
        async with self._transaction() as tx:
            await queries.gather_statistics(tx)
            await queries.take_untold(tx)
            await self._learn(tx, accept_removals)

    async def waiting(self) -> int:
        async with self.attempt() as tx:
            return int(await queries.waiting(tx))

    async def swap(self, *, accept_removals: bool) -> Swapped:
        async with self._transaction() as tx:
            await queries.gather_statistics(tx)
        async with self._transaction() as tx:
            await queries.hold_model(tx)
            await self._learn(tx, accept_removals)
            await queries.mend_components(tx)
            concepts = await self._swap_concepts(tx)
            listings = await self._swap_listings(tx)
            derived = await self._mark_derived(tx)
            await listing_queries.notify_dirty(tx)
            # Last, as whoever recomputes does: those who count wait for each other there, holding all else.
            await self._live.count_again(tx)
        return Swapped(listings, concepts, self._swept, derived)

    async def _learn(self, tx: Connection, accept_removals: bool) -> None:
        await self._sweep(tx, accept_removals)
        await queries.learn_concepts(tx)
        await queries.learn_liveness(tx)
        await queries.learn_descriptions(tx)

    async def _sweep(self, tx: Connection, accept_removals: bool) -> None:
        live = await queries.live_count(tx)
        gone = [*await _ids(queries.sweep_listings(tx)), *await _ids(queries.sweep_concepts(tx), "concept_id")]
        self._swept += len(gone)
        if too_many(self._swept, live) and not accept_removals:
            explanation = f"{self._swept} of {live} keys are not in the topics; are the topics whole?"
            raise PermanentError("many-removals", explanation)

    async def _swap_listings(self, tx: Connection) -> int:
        changed = await _in_parts(partial(queries.change_listings, tx))
        added = await _in_parts(partial(queries.add_listings, tx))
        return len(changed) + len(added) + len(await _ids(queries.add_orphans(tx, quality=QUALITY)))

    async def _swap_concepts(self, tx: Connection) -> int:
        rows = [row async for row in queries.swap_concepts(tx)]
        keys = {key for row in rows for key in (row["key"], row["old_key"]) if key}
        await _in_parts(partial(queries.match_listings_of_concepts, tx, keys=sorted(keys)))
        return len(rows)

    async def _mark_derived(self, tx: Connection) -> int:
        matched = await _in_parts(partial(queries.match_what_differs, tx))
        makers = await self._drop_strays(tx)
        recomputed = await _ids(
            queries.recompute_what_differs(tx, topics=[ENTRIES, QUALITY], makers=makers, now=self._clock())
        )
        return len({*matched, *recomputed})

    async def _drop_strays(self, tx: Connection) -> list[str]:
        """The listings that made entries which the second model has not; such as none can have made are dropped.

        Nobody else can come to publish these: there is no listing that would, and none comes while the swap holds them.
        """
        strays = await _ids(queries.strays(tx, topic=ENTRIES), "entry_id")
        if not strays:
            return []
        makers = {entry_id(ListingId(one)): one for one in await _ids(queries.all_listings(tx))}
        await self._live.forget(tx, [EntryId(one) for one in strays if one not in makers])
        return [makers[EntryId(one)] for one in strays if one in makers]

    async def end(self) -> None:
        async with self._transaction() as tx:
            await queries.drop_second(tx)


async def _in_parts(changes: Callable[..., AsyncIterator[dict[str, str]]]) -> list[str]:
    return [one for part in range(_PARTS) for one in await _ids(changes(part=part, parts=_PARTS))]


async def _ids(rows: AsyncIterator[dict[str, str]], column: str = "listing_id") -> list[str]:
    return [row[column] async for row in rows]
