"""`rebuild` on the real broker and database: a read model made anew beside the live one, and swapped in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from uuid import uuid4

import pytest

from catalog.adapters.content_files import load_content
from catalog.adapters.postgres_entries import ENTRIES, QUALITY
from catalog.adapters.postgres_listings import PostgresListings
from catalog.settings import CONTENT
from chassis.postgres.changes import ChangedStates
from chassis.service.base import Base
from devstack.testing import eventually
from event_schemas.quality import ListingAssessed

from .conftest import (
    entries_in,
    entries_of,
    fresh_tray,
    publish,
    publish_concepts,
    remove,
    running_catalog,
    running_projector,
)
from .rebuilds import MODEL, histories, id_of, model, rebuild, settle, started
from .samples import CONCEPTS, NGO, TODAY, described, live, ptv_id, removed
from .trays import entries_of_all

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

NAMES = ("tuolijumppa", "keilailu", "kuntosali", "lukupiiri")
PTV = [described(ptv_id(name), name.title(), business_id=NGO, classes=("P27.1",)) for name in NAMES]
TWINS = [described(f"lahella:{name}", name.title(), business_id=NGO) for name in NAMES[:2]]


@asynccontextmanager
async def settled_catalog(base: Base) -> AsyncIterator[None]:
    async with running_catalog(base):
        await publish_concepts(base, *CONCEPTS)
        await publish(base, *PTV, *TWINS)
        await settle(base, *map(id_of, PTV))
        yield


async def damage(base: Base, *statements: tuple[str, ...]) -> None:
    async with base.database.transaction() as tx:
        for statement, *arguments in statements:
            await tx.execute(statement, *arguments)


async def test_rebuild_of_a_sound_model_changes_and_publishes_nothing(base: Base) -> None:
    async with settled_catalog(base):
        before, told = await model(base), await histories(base)
        code, said = await rebuild(base)
        sound = "0 listings and 0 names differed, 0 keys removed; what is made of 0 listings differed"
        assert (code, sound in said) == (0, True), said
        await settle(base, *map(id_of, PTV))
        assert (await model(base), await histories(base)) == (before, told)


DAMAGE: list[tuple[str, ...]] = [
    ("DELETE FROM listing WHERE listing_id = $1", PTV[0].listing_id),
    ("UPDATE listing SET version = version + 5, live = false WHERE listing_id = 'lahella:keilailu'",),
    (
        "UPDATE listing SET described_version = described_version + 1,"
        " description = (SELECT description FROM listing WHERE listing_id = $2) WHERE listing_id = $1",
        PTV[2].listing_id,
        PTV[3].listing_id,
    ),
    ("DELETE FROM concept WHERE concept_id LIKE '%P15.1'",),
    ("UPDATE concept SET names = NULL, version = version + 1 WHERE concept_id LIKE '%P27.1'",),
    ("UPDATE pair SET score = 0.1 WHERE one_id = 'lahella:keilailu'",),
    ("DELETE FROM pair WHERE one_id = 'lahella:tuolijumppa'",),
    ("DELETE FROM component WHERE listing_id = 'lahella:tuolijumppa'",),
    ("UPDATE component SET label = 'wrong' WHERE listing_id = 'lahella:keilailu'",),
    ("UPDATE entry SET body = 'damaged' WHERE entry_id = $1", id_of(PTV[0])),
    ("UPDATE entry SET aliases = '{}', listing_ids = '{}' WHERE entry_id = $1", id_of(PTV[2])),
    ("INSERT INTO entry SELECT gen_random_uuid(), '{}', '{}', body, now(), counted_under FROM entry LIMIT 1",),
    ("DELETE FROM entry WHERE entry_id = $1", id_of(PTV[1])),
    ("INSERT INTO review SELECT one_id, other_id, 0.5, because, now() FROM pair LIMIT 1",),
    ("UPDATE filing_count SET entries = entries + 7",),
    ("UPDATE stream_version SET hash = 'damaged' WHERE topic = $1 AND key = $2", QUALITY, PTV[3].listing_id),
]


async def test_model_damaged_by_hand_is_right_after_the_swap_and_nobody_is_told(base: Base) -> None:
    async with settled_catalog(base):
        before, told = await model(base), await histories(base)
        await damage(base, *DAMAGE)
        damaged = await model(base)
        assert all(damaged[table] != before[table] for table in MODEL)
        code, said = await rebuild(base)
        assert code == 0, said
        await settle(base, *map(id_of, PTV))
        assert await model(base) == before
        assert await histories(base) == told


async def test_entries_published_out_of_a_damaged_model_are_published_right_again(base: Base) -> None:
    async with settled_catalog(base):
        before = await model(base)
        stray = described(ptv_id("stray"), "Vieras")
        listings = PostgresListings(load_content(CONTENT, on=TODAY).county)
        hidden = "UPDATE listing SET live = false, version = version + 1, to_match = true WHERE listing_id = $1"
        await damage(base, (hidden, PTV[2].listing_id))
        async with base.database.transaction() as tx:
            await listings.keep(tx, [live(stray)], base.clock())
        await settle(base, id_of(stray), *(id_of(one) for one in PTV if one is not PTV[2]))
        code, said = await rebuild(base)
        assert (code, "2 listings and 0 names differed, 1 keys removed" in said) == (0, True), said
        await settle(base, *map(id_of, PTV))
        after = await model(base)
        assert after["entry"] == before["entry"]
        assert entries_of(await fresh_tray(base)) == await entries_in(base)


async def test_states_published_of_what_nobody_knows_are_taken_back(base: Base) -> None:
    stray = described(ptv_id("stray"), "Vieras")
    made = entries_of_all([stray], load_content(CONTENT, on=TODAY))[0]
    states = [(str(key), made.model_copy(update={"entry_id": str(key)})) for key in (made.entry_id, uuid4())]
    assessed = ListingAssessed(listing_id=stray.listing_id, assessed_at=made.freshness.changed_at)
    async with settled_catalog(base):
        before = await model(base)
        async with base.database.transaction() as tx:
            await ChangedStates(base.outbox, topic=ENTRIES).publish(tx, states)
            await ChangedStates(base.outbox, topic=QUALITY).publish(tx, [(stray.listing_id, assessed)])
            await tx.execute("INSERT INTO review VALUES ($1, 'ptv:unknown', 1, '{}', now())", stray.listing_id)
        code, said = await rebuild(base)
        assert code == 0, said
        await settle(base, *map(id_of, PTV))
        after = await model(base)
        assert (after["published"], after["review"]) == (before["published"], before["review"])
        assert entries_of(await fresh_tray(base)) == await entries_in(base)


async def test_listings_removed_so_long_ago_that_the_log_has_forgotten_them_are_no_difference(base: Base) -> None:
    listings = PostgresListings(load_content(CONTENT, on=TODAY).county)
    gone = described("lahella:kuntosali", "Kuntosali", business_id=NGO)
    async with settled_catalog(base):
        async with base.database.transaction() as tx:
            await listings.keep(tx, [live(gone)], base.clock())
            await listings.keep(tx, [removed(gone.listing_id, 2)], base.clock())
        await settle(base, *map(id_of, PTV))
        code, said = await rebuild(base)
        assert (code, "what is made of 0 listings differed" in said) == (0, True), said


async def test_listings_that_change_while_the_log_is_read_keep_their_news(base: Base) -> None:
    async with settled_catalog(base), held_up(base) as release:
        child = await started(base)
        await waits_for_the_swap(base)
        await publish(base, described(PTV[2].listing_id, "Kuntosalivuoro", business_id=NGO, classes=("P27.1",)))
        await remove(base, PTV[3].listing_id)
        await release()
        said, complaints = await child.communicate()
        assert child.returncode == 0, said + complaints
        await settle(base, *map(id_of, PTV[:3]))
        entry = (await entries_in(base))[id_of(PTV[2])]
        assert entry is not None
        assert entry.name["fi"].text == "Kuntosalivuoro"


@asynccontextmanager
async def held_up(base: Base) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Keeps a swap from beginning, as a long transaction would, until the test releases it."""
    async with base.database.connection() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("LOCK TABLE concept IN SHARE UPDATE EXCLUSIVE MODE")
        released = False

        async def release() -> None:
            nonlocal released
            released = True
            await transaction.rollback()

        try:
            yield release
        finally:
            if not released:
                await release()


async def waits_for_the_swap(base: Base) -> None:
    async def waits() -> bool:
        async with base.database.connection() as connection:
            waiting = await connection.fetch(
                "SELECT FROM pg_locks WHERE NOT granted AND mode = 'ExclusiveLock' AND relation = 'concept'::regclass"
            )
        return bool(waiting)

    await eventually(waits, what="the second model complete")


@asynccontextmanager
async def derivation_held_up(base: Base) -> AsyncIterator[None]:
    """Keeps what follows from the log from being derived, as a session of a rebuild that was cut off would."""
    async with base.database.connection() as connection, connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('catalog matching', 1))")
        yield


async def waits_for_derivation(base: Base) -> None:
    async def waits() -> bool:
        async with base.database.connection() as connection:
            if await connection.fetchval("SELECT to_regclass('rebuild.listing')") is None:
                return False
            read: int = await connection.fetchval("SELECT count(*) FROM rebuild.listing WHERE to_match")
        return read == len(PTV) + len(TWINS)

    await eventually(waits, what="the whole log in the second model")


@pytest.mark.parametrize(
    ("held", "waits"),
    [(derivation_held_up, waits_for_derivation), (held_up, waits_for_the_swap)],
    ids=["derive", "swap"],
)
async def test_killed_rebuild_leaves_the_live_model_untouched_and_can_be_run_again(
    base: Base,
    held: Callable[[Base], AbstractAsyncContextManager[object]],
    waits: Callable[[Base], Awaitable[None]],
) -> None:
    async with settled_catalog(base):
        before = await model(base)
        async with held(base):
            child = await started(base)
            await waits(base)
            child.kill()
            await child.wait()
            assert await model(base) == before
        await damage(base, ("DELETE FROM listing",))

        async def runs() -> bool:
            code, said = await rebuild(base)
            return code == 0 and "6 listings and 0 names differed" in said

        await eventually(runs, what="the rebuild run again")
        await settle(base, *map(id_of, PTV))
        assert await model(base) == before


async def test_second_rebuild_at_the_same_time_says_so_in_one_sentence(base: Base) -> None:
    async with settled_catalog(base):
        async with held_up(base) as release:
            first = await started(base)
            await waits_for_the_swap(base)
            code, said = await rebuild(base)
            assert (code, said) == (1, "catalog: another rebuild is at work on this database: wait for its end\n")
            await release()
            await first.communicate()
        assert first.returncode == 0


async def test_role_that_may_not_create_a_schema_is_told_what_to_grant(base: Base) -> None:
    role = f"narrow_{uuid4().hex}"
    grants = f"CREATE ROLE {role}; GRANT pg_read_all_data, pg_write_all_data TO {role}"
    async with base.database.connection() as connection:
        await connection.execute(grants)
        try:
            database = await connection.fetchval("SELECT current_database()")
            await connection.execute(f'ALTER DATABASE "{database}" SET role TO {role}')
            code, said = await rebuild(base)
        finally:
            await connection.execute(f"DROP ROLE {role}")
    told = "catalog: the database's role may not make the schema `rebuild`: grant it CREATE on the database."
    assert (code, said.strip()) == (1, told)


async def test_topic_that_has_lost_its_data_empties_the_model_only_when_that_is_accepted(base: Base) -> None:
    listings = PostgresListings(load_content(CONTENT, on=TODAY).county)
    async with running_projector(base):
        async with base.database.transaction() as tx:
            await listings.keep(tx, [live(one) for one in PTV], base.clock())
        await eventually(lambda: _has_entries(base, 4), what="entries of listings that no topic holds")
        code, said = await rebuild(base)
        assert (code, "4 of 4 keys are not in the topics" in said) == (1, True), said
        assert await _has_entries(base, 4)
        code, said = await rebuild(base, "--accept-removals")
        assert code == 0, said
        await eventually(lambda: _has_entries(base, 0), what="entries gone")


async def _has_entries(base: Base, number: int) -> bool:
    return len(await entries_in(base)) == number
