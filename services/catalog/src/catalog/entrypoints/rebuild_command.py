"""`rebuild`: the read model made anew from its log beside the live one, and swapped in, with progress to see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from catalog.app.rebuild import Rebuild, Swapped
from catalog.entrypoints.kafka import LISTINGS, VOCABULARIES, concept_of, listing_of
from chassis.core.errors import PermanentError, StartError, TemporaryError
from chassis.kafka.follow import assigned, caught_up
from chassis.kafka.records import Delivery, Record, UnknownType, decode, record_of
from chassis.kafka.settings import KafkaSettings
from chassis.postgres.database import Connection
from event_schemas.codec import UnreadableRecord

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """What the command works with; `held` says whether no other rebuild runs, and keeps it so until it is left."""

    rebuild: Rebuild[Connection]
    kafka: KafkaSettings
    held: Callable[[], AbstractAsyncContextManager[bool]]


OpenRebuild = Callable[[], AbstractAsyncContextManager[Rebuilding]]


def add_rebuild_command(app: typer.Typer, open_rebuild: OpenRebuild) -> None:
    @app.command("rebuild")
    def rebuild_command(
        accept_removals: Annotated[
            bool, typer.Option("--accept-removals", help="remove also more than 5 % of what the model has")
        ] = False,
    ) -> None:
        """Make the read model anew from the log beside the live one, and swap it in."""
        try:
            swapped = asyncio.run(_run(open_rebuild, accept_removals))
        except PermanentError as exc:
            advice = " Run again with --accept-removals if they are." if exc.code == "many-removals" else ""
            raise StartError(f"{exc.explanation or exc}{advice}") from exc
        except TemporaryError as exc:
            raise StartError(f"the rebuild was cut off ({exc.code}): run it again") from exc
        typer.echo(
            f"{swapped.listings} listings and {swapped.concepts} names differed, {swapped.swept} keys removed; "
            f"what is made of {swapped.derived} listings differed"
        )


async def _run(open_rebuild: OpenRebuild, accept_removals: bool) -> Swapped:
    async with open_rebuild() as rebuilding, rebuilding.held() as alone:
        if not alone:
            raise StartError("another rebuild is at work on this database: wait for its end")
        with _bars() as bars:
            return await _steps(rebuilding, bars, accept_removals)


def _bars() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))


async def _steps(rebuilding: Rebuilding, bars: Progress, accept_removals: bool) -> Swapped:
    rebuild = rebuilding.rebuild
    await rebuild.begin()
    # Names first: the listings that come after them need no second look.
    for topic in (VOCABULARIES, LISTINGS):
        task = bars.add_task(topic, total=None)
        async for part in _read(rebuilding.kafka, topic):
            await _take(rebuild, part.records)
            bars.update(task, completed=part.passed, total=part.whole)
    task, whole = bars.add_task("entries", total=None), 0
    async for waiting in rebuild.derive(accept_removals=accept_removals):
        whole = max(whole, waiting)
        bars.update(task, completed=whole - waiting, total=whole)
    bars.update(task, completed=whole, total=whole)
    return await rebuild.swap(accept_removals=accept_removals)


@dataclass(frozen=True, slots=True)
class _Part:
    """Some records, and how many offsets of how many have been passed with them."""

    records: Sequence[Record]
    passed: int
    whole: int


async def _read(kafka: KafkaSettings, topic: str) -> AsyncIterator[_Part]:
    """The topic from its first record up to its present end."""
    async with assigned(kafka, [topic]) as consumer:
        places = list(consumer.assignment())
        starts, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
        whole = sum(ends.values()) - sum(starts.values())
        while not await caught_up(consumer, ends):
            batches = await consumer.getmany(timeout_ms=200, max_records=_BATCH)
            passed = sum([min(await consumer.position(place), ends[place]) - starts[place] for place in places])
            yield _Part([record_of(raw, topic) for some in batches.values() for raw in some], passed, whole)


async def _take(rebuild: Rebuild[Connection], records: Sequence[Record]) -> None:
    deliveries: list[Delivery] = []
    unreadable: list[str] = []
    for record in records:
        try:
            deliveries.append(decode(record))
        except (UnreadableRecord, UnknownType):
            unreadable.append((record.key or b"").decode(errors="replace").replace("\x00", ""))
    await rebuild.take(
        [listing_of(one) for one in deliveries if one.record.topic == LISTINGS],
        [concept_of(one) for one in deliveries if one.record.topic == VOCABULARIES],
        unreadable,
    )
