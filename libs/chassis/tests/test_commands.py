"""The command line of a service: dead letters and refused events as an operator works on them, and run and migrate."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
import typer
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from typer.testing import CliRunner, Result

from chassis.core.errors import PermanentError, StartError
from chassis.kafka.handlers import Subscription, effect_subscription, state_subscription
from chassis.kafka.records import Delivery, Record
from chassis.postgres.database import Connection
from chassis.service.base import Base, Service
from chassis.service.cli import command_line, main
from chassis.testing.read_model import EFFECT_TOPIC, MIGRATIONS, STATE_TOPIC, keep, note, published
from chassis.testing.reference import Reference, envelope_headers, request
from devstack.testing import MakeBase

CANARY = "kanarialintu"
ANNA = "recipient-anna0000"
FOREIGN = [("foreign", b"[/bold] [link=x]"), ("foreign", b"\xff")]


class Handlers:
    """Both handlers of the reference service, refusing for as long as they are told to."""

    refusing = True

    async def state(self, deliveries: Sequence[Delivery], tx: Connection) -> None:
        self._refuse()
        await keep(deliveries, tx)

    async def effect(self, delivery: Delivery, tx: Connection) -> None:
        self._refuse()
        await note(delivery, tx)

    def _refuse(self) -> None:
        if self.refusing:
            raise PermanentError("not-wanted", "the test [refuses] it")


class Operator:
    """Runs commands as on a terminal; the command's own event loop lives in another thread."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.handlers = Handlers()
        roles = {"projector": lambda _: (), "web": lambda _: ()}
        self.app = command_line(Service("catalog", MIGRATIONS, roles, self.subscriptions))

    def subscriptions(self, base: Base) -> list[Subscription]:
        return [
            state_subscription("catalog", [STATE_TOPIC], self.handlers.state),
            effect_subscription("notify", [EFFECT_TOPIC], self.handlers.effect, clock=base.clock),
        ]

    async def run(self, *words: str) -> Result:
        environment = self.reference.environment()
        return await asyncio.to_thread(lambda: CliRunner().invoke(self.app, words, env=environment))

    async def fails(self, topic: str, key: str, value: bytes | None, kind: str, *, version: int | None = None) -> str:
        """Has the guard meet a record that its handler refuses; returns the dead letter's place."""
        base = self.reference.base
        headers = (*envelope_headers(base, kind, version=version), *FOREIGN)
        offset = await self.reference.send_raw(topic, key=key.encode(), value=value, headers=headers)
        record = Record(topic, 0, offset, datetime(2025, 6, 1, tzinfo=UTC), key.encode(), value, headers)
        (subscription,) = [one for one in self.subscriptions(base) if topic in one.topics]
        await base.guard(subscription).handle([record])
        return f"{topic}/0/{offset}"

    async def state_fails(self, key: str, name: str, *, version: int = 7) -> str:
        event = published(key, name).event
        assert event is not None
        return await self.fails(STATE_TOPIC, key, event.to_json(), type(event).event_type, version=version)

    async def effect_fails(self, key: str = ANNA) -> str:
        event = request(ANNA).event
        assert event is not None
        value = event.to_json().replace(b"a.b.c.d.e", f"a.b.c.d.{CANARY}".encode())
        return await self.fails(EFFECT_TOPIC, key, value, type(event).event_type)


@pytest.fixture
def operator(reference: Reference) -> Operator:
    return Operator(reference)


@pytest.fixture
async def without_topics(make_base: MakeBase) -> Operator:
    """For commands that ask the database only."""
    return Operator(Reference(await make_base("catalog", MIGRATIONS)))


@pytest.mark.kafka
@pytest.mark.postgres
class TestDeadLetters:
    async def test_list_shows_each_place_whole_with_its_reason_and_outcome(self, operator: Operator) -> None:
        state, effect = await operator.state_fails("a", "tila"), await operator.effect_fails()
        shown = await operator.run("dead-letters", "list")
        assert shown.exit_code == 0, shown.output
        for word in (state, effect, "not-wanted", "the test [refuses] it", "open"):
            assert word in shown.output
        only = await operator.run("dead-letters", "list", "--topic", STATE_TOPIC)
        assert state in only.output
        assert effect not in only.output

    async def test_inspect_shows_the_value_of_an_open_topic_whatever_its_headers_hold(self, operator: Operator) -> None:
        place = await operator.state_fails("a", "Kävelyryhmä")
        shown = await operator.run("dead-letters", "inspect", place)
        assert shown.exit_code == 0, shown.output
        assert "concept_id" in shown.output
        assert "foreign: [/bold] [link=x]" in shown.output

    async def test_inspect_never_shows_the_value_of_a_sealed_topic(self, operator: Operator) -> None:
        place = await operator.effect_fails()
        shown = await operator.run("dead-letters", "inspect", place)
        assert "not shown: the topic holds sealed personal data" in shown.output
        assert CANARY not in shown.output
        assert ANNA not in shown.output.replace(f"ce_subject: {ANNA}", "")

    async def test_unknown_place_is_one_sentence(self, operator: Operator) -> None:
        shown = await operator.run("dead-letters", "inspect", f"{STATE_TOPIC}/0/99")
        assert isinstance(shown.exception, StartError)
        assert str(shown.exception) == f"there is no dead letter {STATE_TOPIC}/0/99"

    async def test_replay_of_an_unknown_place_is_one_sentence(self, operator: Operator) -> None:
        shown = await operator.run("dead-letters", "replay", f"{STATE_TOPIC}/0/99")
        assert str(shown.exception) == f"there is no dead letter {STATE_TOPIC}/0/99"

    async def test_dry_run_says_what_would_be_replayed_and_changes_nothing(self, operator: Operator) -> None:
        place = await operator.state_fails("a", "tila")
        operator.handlers.refusing = False
        shown = await operator.run("dead-letters", "replay", "--dry-run")
        assert shown.output == f"would replay {place}\n"
        assert await operator.reference.model() == {}

    async def test_replay_of_all_that_is_open_is_done_once(self, operator: Operator) -> None:
        places = {await operator.state_fails(key, "tila") for key in "ab"} | {await operator.effect_fails()}
        operator.handlers.refusing = False
        shown = await operator.run("dead-letters", "replay")
        assert (shown.exit_code, set(shown.output.splitlines())) == (0, {f"{place}: handled" for place in places})
        assert await operator.reference.names() == {"a": "tila", "b": "tila"}
        assert await operator.reference.effects() == [ANNA]
        assert await operator.reference.count("parked") == 0
        assert (await operator.run("dead-letters", "replay")).output == ""
        assert "open" not in (await operator.run("dead-letters", "list")).output

    async def test_replay_that_fails_still_exits_with_1_and_leaves_the_letter_open(self, operator: Operator) -> None:
        place = await operator.state_fails("a", "tila")
        shown = await operator.run("dead-letters", "replay", place)
        assert (shown.exit_code, shown.output) == (
            1,
            f"{place}: fails still (not-wanted: the test [refuses] it)\n",
        )
        assert "open" in (await operator.run("dead-letters", "list")).output

    async def test_replay_of_a_superseded_version_changes_nothing(self, operator: Operator) -> None:
        place = await operator.state_fails("a", "vanha", version=7)
        operator.handlers.refusing = False
        await operator.state_fails("a", "uusi", version=8)
        assert (await operator.run("dead-letters", "replay", place)).exit_code == 0
        assert await operator.reference.model() == {"a": (8, "uusi")}

    async def test_discarded_letter_lets_its_key_go_on_and_has_no_effect_when_it_comes_again(
        self, operator: Operator
    ) -> None:
        first, second = await operator.effect_fails(), await operator.effect_fails()
        assert await operator.reference.count("parked") == 2
        shown = await operator.run("dead-letters", "discard", first)
        assert shown.output == f"{first}: discarded\n"
        assert "discarded" in (await operator.run("dead-letters", "list")).output
        operator.handlers.refusing = False
        (_, subscription) = operator.subscriptions(operator.reference.base)
        assert await operator.reference.base.guard(subscription).retries.turn() is None
        assert await operator.reference.effects() == [ANNA]
        assert await operator.reference.count("parked") == 0
        assert second not in shown.output

    async def test_letter_that_retention_has_taken_can_still_be_replayed_while_its_key_waits(
        self, operator: Operator
    ) -> None:
        place = await operator.effect_fails()
        kafka = operator.reference.base.kafka
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka.kafka)
        await admin.start()
        partition = TopicPartition(kafka.on_broker(f"{EFFECT_TOPIC}.notify.dlq"), 0)
        await admin.delete_records({partition: RecordsToDelete(before_offset=1)})
        await admin.close()
        assert "its dead letter has expired" in (await operator.run("dead-letters", "list")).output
        operator.handlers.refusing = False
        assert (await operator.run("dead-letters", "replay", place)).output == f"{place}: handled\n"
        assert await operator.reference.effects() == [ANNA]
        assert await operator.reference.count("parked") == 0

    async def test_reconcile_tells_what_it_read_and_swept(self, operator: Operator) -> None:
        await operator.state_fails("a", "tila")
        shown = await operator.run("reconcile")
        assert shown.exit_code == 1
        operator.handlers.refusing = False
        shown = await operator.run("reconcile")
        assert shown.exit_code == 0, shown.output
        assert STATE_TOPIC in shown.output
        assert await operator.reference.names() == {"a": "tila"}

    async def test_key_with_a_nul_is_a_dead_letter_and_holds_nobody_up(self, operator: Operator) -> None:
        place = await operator.effect_fails("a\x00b")
        assert await operator.reference.count("parked") == 0
        assert "unreadable: the key holds a NUL" in (await operator.run("dead-letters", "inspect", place)).output


@pytest.mark.postgres
class TestOutbox:
    async def refused_row(self, without_topics: Operator) -> int:
        """A row as the relay leaves it when the broker refuses its event."""
        await without_topics.reference.write(published("a", "tila"), published("b", "tila"))
        async with without_topics.reference.base.database.connection() as connection:
            statement = "UPDATE outbox SET refused = 'RecordTooLargeError' WHERE aggregateid = 'a' RETURNING seq"
            return int(await connection.fetchval(statement))

    async def test_refused_events_are_listed_with_their_reason_and_without_their_payload(
        self, without_topics: Operator
    ) -> None:
        seq = await self.refused_row(without_topics)
        shown = await without_topics.run("outbox", "refused")
        for word in (str(seq), STATE_TOPIC, "fi.hytevirta.concept.published.v1", "RecordTooLargeError"):
            assert word in shown.output
        assert "tila" not in shown.output

    async def test_retry_makes_a_refused_event_ready_to_send_again(self, without_topics: Operator) -> None:
        seq = await self.refused_row(without_topics)
        assert (await without_topics.run("outbox", "retry", str(seq))).output == f"row {seq}: will be tried again\n"
        assert await without_topics.reference.count("outbox WHERE refused IS NULL") == 2

    async def test_discard_gives_a_refused_event_up(self, without_topics: Operator) -> None:
        seq = await self.refused_row(without_topics)
        assert (await without_topics.run("outbox", "discard", str(seq))).output == f"row {seq}: discarded\n"
        assert await without_topics.reference.count("outbox") == 1

    @pytest.mark.parametrize("command", ["retry", "discard"])
    async def test_row_that_is_not_refused_is_left_alone(self, without_topics: Operator, command: str) -> None:
        seq = await self.refused_row(without_topics)
        shown = await without_topics.run("outbox", command, str(seq + 1))
        assert isinstance(shown.exception, StartError)
        assert await without_topics.reference.count("outbox") == 2


@pytest.mark.postgres
class TestRunAndMigrate:
    async def test_migrate_says_when_there_is_nothing_to_do(self, without_topics: Operator) -> None:
        assert "up to date" in (await without_topics.run("migrate")).output

    async def test_role_that_is_not_there_is_answered_with_those_that_are(self, without_topics: Operator) -> None:
        shown = await without_topics.run("run", "--role", "relay")
        assert str(shown.exception) == "catalog has no role relay: choose from projector, web"


def test_start_error_is_one_sentence_on_standard_error_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = typer.Typer(name="catalog", pretty_exceptions_enable=False)

    @app.command()
    def refuse() -> None:
        raise StartError("the key folder is missing")

    monkeypatch.setattr(sys, "argv", ["catalog"])
    with pytest.raises(SystemExit) as caught:
        main(app)
    captured = capsys.readouterr()
    assert (caught.value.code, captured.out, captured.err) == (1, "", "catalog: the key folder is missing\n")
