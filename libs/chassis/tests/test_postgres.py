"""The database's part of the promises: outages told from bugs, versions, changed states, the listener."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import asyncpg
import pytest
from pydantic import SecretStr

from chassis.core.clock import microseconds, new_id
from chassis.core.errors import PermanentError, StartError
from chassis.core.process import running
from chassis.postgres.changes import ChangedStates
from chassis.postgres.database import Connection, Database
from chassis.postgres.errors import is_conflict, is_outage
from chassis.postgres.outbox import Outbox, Outgoing
from chassis.postgres.settings import PostgresSettings
from chassis.telemetry.traces import span
from chassis.testing.read_model import EFFECT_TOPIC, MIGRATIONS, STATE_TOPIC, published, removed
from chassis.testing.reference import Reference, request
from devstack.testing import MakeBase, Servers
from event_schemas.base import Event
from event_schemas.lifecycle import ReferralStepTaken
from event_schemas.vocabulary import ConceptRemoved

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
async def reference(make_base: MakeBase) -> Reference:
    """On a database only: nothing here is published."""
    return Reference(await make_base("catalog", MIGRATIONS))


class TestErrors:
    @pytest.mark.parametrize(
        "error",
        [
            ConnectionRefusedError(),
            TimeoutError(),
            asyncpg.CannotConnectNowError("starting up"),
            asyncpg.AdminShutdownError("terminated"),
            asyncpg.ConnectionDoesNotExistError("gone"),
            asyncpg.TooManyConnectionsError("full"),
            asyncpg.DiskFullError("full"),
            asyncpg.ReadOnlySQLTransactionError("standby"),
            asyncpg.InterfaceError("connection is closed"),
            asyncpg.InterfaceError("pool is closing"),
        ],
        ids=lambda error: f"{type(error).__name__} {error}",
    )
    def test_database_that_is_away_is_an_outage(self, error: Exception) -> None:
        assert is_outage(error)
        assert not is_conflict(error)

    @pytest.mark.parametrize(
        "error",
        [
            asyncpg.DataError("invalid input for query argument $1: 'closed' (expected int)"),
            asyncpg.UniqueViolationError("duplicate"),
            asyncpg.UndefinedTableError("no such table"),
            asyncpg.CharacterNotInRepertoireError("0x00"),
            asyncpg.InterfaceError("another operation is in progress"),
            KeyError("closed"),
        ],
        ids=lambda error: f"{type(error).__name__} {error}",
    )
    def test_statement_that_is_wrong_is_no_outage(self, error: Exception) -> None:
        assert not is_outage(error)
        assert not is_conflict(error)

    @pytest.mark.parametrize("error", [asyncpg.SerializationError("again"), asyncpg.DeadlockDetectedError("again")])
    def test_two_transactions_that_met_are_a_conflict_and_no_outage(self, error: Exception) -> None:
        assert is_conflict(error)
        assert not is_outage(error)


@pytest.mark.postgres
class TestDatabase:
    async def test_database_that_is_not_there_is_one_sentence_without_its_address(self, servers: Servers) -> None:
        settings = PostgresSettings(database_url=SecretStr(servers.database("no_such_canary")))
        with pytest.raises(StartError, match="check HYTE_DATABASE_URL") as caught:
            await Database(settings, application="test").start()
        assert "canary" not in str(caught.value)

    async def test_server_that_never_answers_is_given_up_after_the_patience(self) -> None:
        settings = PostgresSettings(database_url=SecretStr("postgresql://role@127.0.0.1:1/name"))
        database = Database(settings, application="test", patience=timedelta(milliseconds=300))
        with pytest.raises(StartError, match="does not answer"):
            await database.start()

    async def test_transaction_that_fails_leaves_nothing(self, reference: Reference) -> None:
        with pytest.raises(ZeroDivisionError):
            await write_and_fail(reference)
        assert await reference.count("outbox") == 0
        assert await reference.count("stream_version") == 0


async def write_and_fail(reference: Reference) -> None:
    async with reference.base.database.transaction() as tx:
        await reference.base.outbox.append(tx, [published("a", "tila")])
        raise ZeroDivisionError


async def rows(reference: Reference) -> list[tuple[str, str, int]]:
    """Key, last word of the type, and version of each row, in the order of the log."""
    async with reference.base.database.connection() as connection:
        found = await connection.fetch("SELECT aggregateid, type, version FROM outbox ORDER BY seq")
    return [(row["aggregateid"], row["type"].split(".")[-2], row["version"]) for row in found]


def outbox_at(now: datetime) -> Outbox:
    return Outbox(source="urn:hytevirta:07:test", clock=lambda: now, new_id=new_id)


@pytest.mark.postgres
class TestOutbox:
    async def test_key_that_comes_repeatedly_gets_growing_versions_in_the_order_given(
        self, reference: Reference
    ) -> None:
        events = [published("b", "1"), published("a", "1"), published("b", "2"), *removed("a"), published("b", "3")]
        now = microseconds(NOW)
        async with reference.base.database.transaction() as tx:
            versions = [one.version for one in await outbox_at(NOW).append(tx, events)]
        assert versions == [now, now, now + 1, now + 1, now + 2, now + 2]
        assert await rows(reference) == [
            ("b", "published", now),
            ("a", "published", now),
            ("b", "published", now + 1),
            ("a", "removed", now + 1),
            ("a", "removed", now + 2),
            ("b", "published", now + 2),
        ]

    async def test_version_grows_even_when_the_clock_goes_back(self, reference: Reference) -> None:
        async with reference.base.database.transaction() as tx:
            (first,) = await outbox_at(NOW).append(tx, [published("a", "1")])
            (second,) = await outbox_at(NOW - timedelta(days=1)).append(tx, [published("a", "2")])
            (third,) = await outbox_at(NOW + timedelta(days=1)).append(tx, [published("a", "3")])
        assert (second.version, third.version) == (first.version + 1, microseconds(NOW + timedelta(days=1)))

    async def test_same_key_of_two_topics_has_two_histories(self, reference: Reference) -> None:
        async with reference.base.database.transaction() as tx:
            events = [published("recipient-00000001", "1"), request("recipient-00000001")]
            versions = [one.version for one in await outbox_at(NOW).append(tx, events)]
        assert versions == [microseconds(NOW)] * 2

    async def test_nothing_to_append_is_nothing_written(self, reference: Reference) -> None:
        async with reference.base.database.transaction() as tx:
            assert await outbox_at(NOW).append(tx, []) == []
        assert await reference.count("outbox") == 0

    async def test_event_on_the_wrong_topic_is_refused_before_anything_is_written(self, reference: Reference) -> None:
        wrong = Outgoing(EFFECT_TOPIC, "a", published("a", "tila").event)
        await self.refused(reference, wrong, "event-not-of-topic")

    async def test_event_too_big_for_the_broker_is_refused(self, reference: Reference) -> None:
        await self.refused(reference, published("a", "x" * 900_000), "event-too-big")

    async def test_tombstone_that_does_not_name_its_event_is_refused(self, reference: Reference) -> None:
        await self.refused(reference, Outgoing(STATE_TOPIC, "a", None), "tombstone-without-type")

    async def refused(self, reference: Reference, event: Outgoing, code: str) -> None:
        async with reference.base.database.transaction() as tx:
            with pytest.raises(PermanentError) as caught:
                await outbox_at(NOW).append(tx, [published("b", "tila"), event])
        assert caught.value.code == code
        assert await reference.count("outbox") == 0


def state(key: str, name: str) -> tuple[str, Event]:
    event = published(key, name).event
    assert event is not None
    return key, event


def removed_event(key: str) -> Event:
    return ConceptRemoved.model_validate({"concept_id": key, "scheme": "ontology"})


@pytest.mark.postgres
class TestChangedStates:
    @staticmethod
    async def publish(reference: Reference, *states: tuple[str, Event]) -> list[str]:
        changes = ChangedStates(outbox_at(NOW), topic=STATE_TOPIC)
        async with reference.base.database.transaction() as tx:
            return await changes.publish(tx, states)

    @staticmethod
    async def remove(reference: Reference, *keys: str) -> list[str]:
        changes = ChangedStates(outbox_at(NOW), topic=STATE_TOPIC)
        async with reference.base.database.transaction() as tx:
            return await changes.remove(tx, keys, removed_event)

    async def test_state_that_did_not_change_is_no_event(self, reference: Reference) -> None:
        assert await self.publish(reference, state("a", "1"), state("b", "1")) == ["a", "b"]
        assert await self.publish(reference, state("a", "1"), state("b", "2"), state("c", "1")) == ["b", "c"]
        assert await self.publish(reference, state("a", "1")) == []
        assert [key for key, _, _ in await rows(reference)] == ["a", "b", "b", "c"]

    async def test_state_that_changes_back_is_an_event(self, reference: Reference) -> None:
        for name in ("1", "2", "1"):
            assert await self.publish(reference, state("a", name)) == ["a"]

    async def test_removed_state_comes_back_though_it_is_as_it_was(self, reference: Reference) -> None:
        await self.publish(reference, state("a", "1"))
        assert await self.remove(reference, "a") == ["a"]
        assert await self.publish(reference, state("a", "1")) == ["a"]
        kinds = [(kind, version - microseconds(NOW)) for _, kind, version in await rows(reference)]
        assert kinds == [("published", 0), ("removed", 1), ("removed", 2), ("published", 3)]

    async def test_removal_of_what_is_not_published_is_nothing(self, reference: Reference) -> None:
        await self.publish(reference, state("a", "1"))
        await self.remove(reference, "a")
        assert await self.remove(reference, "a", "unknown") == []
        assert len(await rows(reference)) == 3

    async def test_keys_are_those_published_and_not_removed(self, reference: Reference) -> None:
        await self.publish(reference, state("ptv:1", "1"), state("ptv:2", "1"), state("lahella:1", "1"))
        await self.remove(reference, "ptv:2")
        changes = ChangedStates(outbox_at(NOW), topic=STATE_TOPIC)
        async with reference.base.database.connection() as connection:
            assert await changes.keys(connection) == ["lahella:1", "ptv:1"]
            assert await changes.keys(connection, prefix="ptv:") == ["ptv:1"]

    async def test_two_writers_of_one_change_publish_it_once_or_one_after_the_other(self, reference: Reference) -> None:
        await self.publish(reference, state("a", "1"))
        changed = await asyncio.gather(*[self.publish(reference, state("a", "2")) for _ in range(4)])
        assert sorted(changed) == [[], [], [], ["a"]]


@pytest.mark.postgres
async def test_listener_wakes_at_once_on_notification_and_again_after_a_lost_connection(
    reference: Reference,
) -> None:
    wakes: asyncio.Queue[None] = asyncio.Queue()
    listener = reference.base.listener({"outbox": lambda: wakes.put_nowait(None)})
    async with running([listener], grace=reference.base.guards.stop_grace):
        await asyncio.wait_for(wakes.get(), 5)  # connected: what was notified before is not known
        await reference.write(published("a", "tila"))
        await asyncio.wait_for(wakes.get(), 1)
        async with reference.base.database.connection() as connection:
            assert await end_listeners(connection) == 1
        await asyncio.wait_for(wakes.get(), 10)
        await reference.write(published("b", "tila"))
        await asyncio.wait_for(wakes.get(), 1)


async def end_listeners(connection: Connection) -> int:
    """Ends the connections that listen, as a failover would; returns how many there were."""
    ended = await connection.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    )
    return len(ended)


@pytest.mark.postgres
async def test_pseudonymous_event_tells_nothing_finer_than_its_day(make_base: MakeBase) -> None:
    """Joined with the referral's own event by time, id, version or trace, the case would have a name."""
    base = await make_base("referral", MIGRATIONS)
    step = {"case_id": str(uuid4()), "step": "sent", "on": "2026-11-25", "referral_type": "liikuntalahete"}
    event = Outgoing("hyte.referral-lifecycle.v1", step["case_id"], ReferralStepTaken.model_validate(step))
    with span("request"):
        async with base.database.transaction() as tx:
            (appended,) = await base.outbox.append(tx, [event])
            row = await tx.fetchrow("SELECT id, time, version, traceparent FROM outbox")
    assert row is not None
    assert (row["id"], row["version"], row["traceparent"]) == (appended.id, 0, None)
    assert row["time"].time() == time(0)
    assert row["id"].version == 4
