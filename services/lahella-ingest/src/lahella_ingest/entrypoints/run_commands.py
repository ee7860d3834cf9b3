"""`sync` and `replay`: one run now, with its progress on the terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated, TypeVar
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from chassis.core.errors import StartError, TemporaryError
from event_schemas.ingest_run import RunCounts, RunMode, RunOutcome
from lahella_ingest.app.ingest import Ingest, OpenIngest
from lahella_ingest.app.ports import Run, Store
from lahella_ingest.app.read_source import OnProgress
from lahella_ingest.app.runs import NotHeld
from lahella_ingest.app.tally import Tally

T = TypeVar("T")
_SHOWN = 20

Accept = Annotated[
    str | None,
    typer.Option("--accept-removals", metavar="RUN", help="go on with this held run: remove what it has not met"),
]
Rehearse = Annotated[bool, typer.Option("--dry-run", help="read, say what would change, and undo everything")]
Everything = Annotated[bool, typer.Option("--all", help="all activities, not only those of an older form")]


def add_run_commands(app: typer.Typer, open_ingest: OpenIngest) -> None:
    @app.command("sync")
    def sync_command(accept_removals: Accept = None, dry_run: Rehearse = False) -> None:
        """Read Lähellä.fi once, now, from the first page to the last."""
        if dry_run and accept_removals:
            raise StartError("--dry-run and --accept-removals can't go together")
        if dry_run:
            _say_rehearsed(*asyncio.run(_rehearse(open_ingest)))
        elif accept_removals:
            _say(asyncio.run(_accept(open_ingest, _run_id(accept_removals))))
        else:
            _say(asyncio.run(_sync(open_ingest)))

    @app.command("replay")
    def replay_command(everything: Everything = False) -> None:
        """Make listings again from the stored activities, without calling Lähellä.fi."""
        _say(asyncio.run(_replay(open_ingest, everything)))


async def _sync(open_ingest: OpenIngest) -> Run:
    async with open_ingest() as ingest:
        with _progress("reading Lähellä.fi") as show:
            return await alone(ingest.store, lambda: _caught_up(ingest, show))


async def _caught_up(ingest: Ingest, show: OnProgress) -> Run:
    if await ingest.replay.is_due():
        await ingest.replay(on_progress=show)
    return await ingest.read(on_progress=show)


async def _accept(open_ingest: OpenIngest, run_id: UUID) -> Run:
    async with open_ingest() as ingest:
        try:
            return await alone(ingest.store, lambda: ingest.read.accept_removals(run_id))
        except NotHeld as exc:
            raise StartError(f"run {run_id} can't be accepted: {exc.explanation}; see `status`") from exc


async def _replay(open_ingest: OpenIngest, everything: bool) -> Run:
    async with open_ingest() as ingest:
        with _progress("making listings again") as show:
            return await alone(ingest.store, lambda: ingest.replay(everything=everything, on_progress=show))


async def _rehearse(open_ingest: OpenIngest) -> tuple[Run, Tally]:
    async with open_ingest() as ingest:
        read, tally = replace(ingest.read, store=ingest.rehearsal), Tally()
        with _progress("rehearsing") as show:
            return await alone(ingest.rehearsal, lambda: read(on_progress=show, tally=tally)), tally


async def alone(store: Store, work: Callable[[], Awaitable[T]]) -> T:
    """Does what only one process may do at a time. Raises StartError when another one is at it."""
    try:
        async with store.only_reader() as alone:
            if not alone:
                raise StartError("another process is reading Lähellä.fi just now: try again when it has ended")
            return await work()
    except TemporaryError as exc:
        raise StartError(f"the run stopped ({exc}); nothing is lost, try again later") from exc


def _run_id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError as exc:
        raise StartError("RUN is no id of a run: `status` shows the held one") from exc


@contextmanager
def _progress(doing: str) -> Iterator[OnProgress]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(doing)
        yield lambda counts: progress.update(task, description=_line(counts))


def _say(run: Run) -> None:
    console = Console()
    console.print(_summary(run))
    if run.outcome is RunOutcome.HELD:
        console.print(f"look at Lähellä.fi; if the activities are truly gone: sync --accept-removals {run.id}")
    raise typer.Exit(0 if run.outcome is RunOutcome.COMPLETED else 1)


def _say_rehearsed(run: Run, tally: Tally) -> None:
    console = Console()
    console.print(f"rehearsal, nothing was changed: {_summary(run)}")
    for word, keys in (("published", tally.published), ("removed", tally.removed)):
        _say_keys(console, word, keys)


def _say_keys(console: Console, word: str, keys: Sequence[str]) -> None:
    if keys:
        more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
        console.print(f"would be {word}: {' '.join(f'lahella:{key}' for key in keys[:_SHOWN])}{more}")


def _line(counts: RunCounts) -> str:
    return f"{counts.read} read, {counts.changed} changed, {counts.removed} removed"


def _summary(run: Run) -> str:
    rejected = ", ".join(f"{each.count} {each.reason}" for each in run.counts.rejected) or "none"
    reason = f" ({run.reason})" if run.reason else ""
    mode = "replay " if run.mode is RunMode.REPLAY else ""
    return f"{mode}{run.outcome}{reason}: {_line(run.counts)}; rejected: {rejected}"
