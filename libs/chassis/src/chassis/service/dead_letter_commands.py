"""Dead letters from the command line: list, inspect, replay into this group's own handler, discard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from chassis.core.errors import PermanentError, StartError, TemporaryError
from chassis.kafka.dead_letters import DeadLetter, dead_letter_place, read_dead_letters
from chassis.kafka.handlers import Subscription
from chassis.postgres.queries import queries
from chassis.service.base import Base, Service
from event_schemas.codec import UnreadableRecord
from event_schemas.registry import topic_for

# No markup: what is shown was written by others. So wide that no place is cut short: the next command needs it whole.
console = Console(markup=False, highlight=False, soft_wrap=True, width=1000)
Topic = Annotated[str | None, typer.Option(help="source topic; all topics of the group when none is given")]
Place = Annotated[str, typer.Argument(help="TOPIC/PARTITION/OFFSET of the original record, as `list` prints it")]


def dead_letter_commands(service: Service) -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, help="Records this service could not handle.")

    @app.command("list")
    def list_command(topic: Topic = None) -> None:
        """Every dead letter with its reason and what became of it."""
        asyncio.run(_list(service, topic))

    @app.command("inspect")
    def inspect_command(place: Place) -> None:
        """One dead letter: reason, place, headers, size; its value only where the topic holds no sealed data."""
        asyncio.run(_inspect(service, place))

    @app.command("replay")
    def replay_command(
        place: Annotated[str | None, typer.Argument(help="as for inspect; every open one when none is given")] = None,
        topic: Topic = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what would be replayed")] = False,
    ) -> None:
        """Hand dead letters to this service's own handler; a version that has been superseded changes nothing."""
        raise typer.Exit(asyncio.run(_replay(service, place, topic, dry_run)))

    @app.command("discard")
    def discard_command(place: Place) -> None:
        """Give a dead letter up: what waits behind it on its key goes on."""
        asyncio.run(_discard(service, place))

    return app


@asynccontextmanager
async def opened(service: Service) -> AsyncIterator[Base]:
    """The service's base with its database open, for one command."""
    base = Base(service.name)
    await base.database.start()
    try:
        yield base
    finally:
        await base.database.stop()


async def open_letters(
    service: Service, base: Base, topic: str | None
) -> list[tuple[Subscription, DeadLetter, str | None]]:
    """Every dead letter of the service's groups with its outcome; a record twice dead is listed once."""
    found: list[tuple[Subscription, DeadLetter, str | None]] = []
    for subscription in service.subscriptions(base):
        for source in subscription.topics:
            if topic is None or topic == source:
                outcomes = await _outcomes(base, source)
                letters = await _letters(base, subscription, source)
                found += [(subscription, one, outcomes.get(one.original.place[1:])) for one in letters]
    return found


async def _letters(base: Base, subscription: Subscription, topic: str) -> list[DeadLetter]:
    """Those in the topic, and those whose dead letter retention has taken while their key still waits."""
    found: dict[tuple[str, int, int], DeadLetter] = {}
    async for letter in read_dead_letters(base.kafka, topic=topic, group=subscription.group):
        found[letter.original.place] = letter
    for record, failure in await base.guard(subscription).parked_dead(topic):
        expired = DeadLetter(-1, -1, subscription.group, record, failure, base.name, record.recorded_at)
        found.setdefault(record.place, expired)
    return list(found.values())


async def _outcomes(base: Base, topic: str) -> dict[tuple[int, int], str]:
    async with base.database.connection() as connection:
        rows = queries.outcomes(connection, topic=topic)
        return {(row["partition"], row["offset"]): row["outcome"] async for row in rows}


async def _list(service: Service, topic: str | None) -> None:
    table = Table("place", "code", "explanation", "attempts", "since", "outcome")
    async with opened(service) as base:
        for _, letter, outcome in await open_letters(service, base, topic):
            failure = letter.failure
            since = letter.at.isoformat(timespec="seconds")
            table.add_row(
                dead_letter_place(letter),
                failure.code,
                failure.explanation,
                str(failure.attempts),
                since,
                outcome or "open",
            )
    console.print(table)


async def _find(service: Service, base: Base, place: str) -> tuple[Subscription, DeadLetter]:
    topic = place.rsplit("/", 2)[0]
    for subscription, letter, _ in await open_letters(service, base, topic):
        if dead_letter_place(letter) == place:
            return subscription, letter
    raise StartError(f"there is no dead letter {place}")


async def _inspect(service: Service, place: str) -> None:
    async with opened(service) as base:
        _, letter = await _find(service, base, place)
    original = letter.original
    console.print(f"{place}  {letter.failure.code}: {letter.failure.explanation} ({letter.failure.error})")
    for name, value in original.headers:
        console.print(f"  {name}: {value.decode('utf-8', 'replace')}")
    sealed = topic_for(original.topic).personal_data == "sealed"
    shown = "not shown: the topic holds sealed personal data" if sealed else repr(original.value)
    console.print(f"  value: {len(original.value or b'')} bytes, {shown}")


async def _replay(service: Service, place: str | None, topic: str | None, dry_run: bool) -> int:
    failed = 0
    async with opened(service) as base:
        if place is not None:
            await _find(service, base, place)
        for subscription, letter, outcome in await open_letters(service, base, topic):
            chosen = place == dead_letter_place(letter) if place else outcome is None
            if chosen and dry_run:
                console.print(f"would replay {dead_letter_place(letter)}")
            elif chosen:
                failed += not await replay_one(base, subscription, letter)
    return 1 if failed else 0


async def replay_one(base: Base, subscription: Subscription, letter: DeadLetter) -> bool:
    """Whether the handler took it; prints and records what became of it."""
    try:
        outcome = await base.guard(subscription).replay(letter.original)
    except (PermanentError, TemporaryError, UnreadableRecord) as exc:
        console.print(f"{dead_letter_place(letter)}: fails still ({exc})")
        return False
    await _record(base, letter, outcome)
    console.print(f"{dead_letter_place(letter)}: {outcome}")
    return True


async def _record(base: Base, letter: DeadLetter, outcome: str) -> None:
    place: Sequence[str | int] = letter.original.place
    async with base.database.connection() as connection:
        await queries.record_outcome(
            connection, topic=place[0], partition=place[1], offset=place[2], outcome=outcome, now=base.clock()
        )


async def _discard(service: Service, place: str) -> None:
    async with opened(service) as base:
        subscription, letter = await _find(service, base, place)
        await base.guard(subscription).discard(letter.original)
        await _record(base, letter, "discarded")
    console.print(f"{place}: discarded")
