"""`sync` and `replay`: one run now, with its progress on the terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from chassis.core.errors import PermanentError, StartError, TemporaryError
from chassis.postgres.errors import outage_as_temporary
from event_schemas.ingest_run import IngestRunEnded, RunOutcome
from ptv_ingest.app.overview import Ingest
from ptv_ingest.app.ports import Tally
from ptv_ingest.app.read_stream import Report

T = TypeVar("T")
OpenIngest = Callable[[], AbstractAsyncContextManager[Ingest]]
_SHOWN = 20

Full = Annotated[bool, typer.Option("--full", help="read everything, not only what has changed")]
Since = Annotated[
    datetime | None,
    typer.Option(help="read what was published since this time (UTC) instead of since the last reading"),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="do everything but keep and publish nothing, and say what")]
Accept = Annotated[
    str | None, typer.Option("--accept-removals", metavar="RUN", help="go on with the held run of this id: remove all")
]


def add_run_commands(app: typer.Typer, open_ingest: OpenIngest) -> None:
    @app.command("sync")
    def sync_command(
        full: Full = False, since: Since = None, dry_run: DryRun = False, accept_removals: Accept = None
    ) -> None:
        """Read PTV once; the relay publishes what has changed."""
        if accept_removals is not None and (full or since or dry_run):
            raise StartError("--accept-removals goes on with one held run: give it alone")
        if full and since:
            raise StartError("--full reads everything: leave --since out")
        moment = since.replace(tzinfo=UTC) if since and since.tzinfo is None else since
        if accept_removals is not None:
            _say(asyncio.run(_accept(open_ingest, accept_removals)))
        elif dry_run:
            _say_rehearsed(*asyncio.run(_rehearse(open_ingest, full, moment)))
        else:
            _say(asyncio.run(_sync(open_ingest, full, moment)))

    @app.command("replay")
    def replay_command(
        everything: Annotated[
            bool, typer.Option("--all", help="all listings, not only those with parts that could not be read")
        ] = False,
    ) -> None:
        """Make listings again from the stored objects, without calling PTV."""
        _say(asyncio.run(_replay(open_ingest, everything)))


async def _sync(open_ingest: OpenIngest, full: bool, since: datetime | None) -> IngestRunEnded:
    async with open_ingest() as ingest:
        with bars() as report:
            return await alone(ingest.sync(report=report, full=full, since=since))


async def _accept(open_ingest: OpenIngest, run_id: str) -> IngestRunEnded:
    async with open_ingest() as ingest:
        with bars() as report:
            return await alone(ingest.sync.accept_removals(run_id, report=report))


async def _replay(open_ingest: OpenIngest, everything: bool) -> IngestRunEnded:
    async with open_ingest() as ingest:
        with bars() as report:
            return await alone(ingest.sync.replay(report=report, everything=everything))


async def _rehearse(open_ingest: OpenIngest, full: bool, since: datetime | None) -> tuple[IngestRunEnded, Tally]:
    tally = Tally()
    async with open_ingest() as ingest, ingest.rehearsal as sync:
        with bars() as report:
            return await alone(sync(report=report, full=full, since=since, tally=tally)), tally


async def alone(work: Awaitable[T | None]) -> T:
    """What only one process may do at a time; raises StartError when another is at it, or it cannot be done."""
    try:
        with outage_as_temporary():
            ended = await work
    except TemporaryError as exc:
        raise StartError(f"the run stopped ({exc}); nothing is lost, run it again") from exc
    except PermanentError as exc:
        raise StartError(exc.explanation or exc.code) from exc
    if ended is None:
        raise StartError("another process is reading PTV now: wait for it to end")
    return ended


@contextmanager
def bars() -> Iterator[Report]:
    """One bar per stream, counting pages; of listings, services."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True)) as progress:

        def report(stream: str, done: int, total: int) -> None:
            if stream not in tasks:
                tasks[stream] = progress.add_task(stream, total=total)
            progress.update(tasks[stream], completed=done, total=total)

        yield report


def _say(ended: IngestRunEnded) -> None:
    _say_counts(ended)
    if ended.outcome == RunOutcome.HELD:
        raise StartError(
            f"more would vanish than one run may remove: look at PTV, then run `sync --accept-removals {ended.run_id}`"
        )
    if ended.outcome != RunOutcome.COMPLETED:
        raise StartError(
            f"the {ended.mode} run failed ({ended.reason}); nothing is lost, run it again when PTV answers"
        )


def _say_counts(ended: IngestRunEnded) -> None:
    console, counts = Console(soft_wrap=True), ended.counts
    console.print(
        f"{ended.mode} run {ended.run_id}: read {counts.read} objects, "
        f"published {counts.changed} and removed {counts.removed} listings"
    )
    for rejection in counts.rejected:
        examples = f" ({', '.join(rejection.examples)})" if rejection.examples else ""
        console.print(f"  not taken: {rejection.count} × {rejection.reason}{examples}", highlight=False)


def _say_rehearsed(ended: IngestRunEnded, tally: Tally) -> None:
    console = Console(soft_wrap=True)
    console.print("rehearsal: nothing was kept or published")
    _say_counts(ended)
    for word, keys in (("published", tally.changed), ("removed", tally.removed)):
        _say_keys(console, word, keys)
    if ended.outcome != RunOutcome.COMPLETED:
        console.print(f"the run would end as {ended.outcome} ({ended.reason})")


def _say_keys(console: Console, word: str, keys: Sequence[str]) -> None:
    if keys:
        more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
        console.print(f"would be {word}: {' '.join(keys[:_SHOWN])}{more}", highlight=False)
