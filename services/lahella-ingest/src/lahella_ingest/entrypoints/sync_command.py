"""`sync`: one reading now, with its progress on the terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from chassis.core.errors import StartError, TemporaryError
from event_schemas.ingest_run import RunCounts, RunOutcome
from lahella_ingest.app.ports import Run
from lahella_ingest.app.read_source import ReadSource

OpenReading = Callable[[], AbstractAsyncContextManager[ReadSource]]


def add_sync_command(app: typer.Typer, open_reading: OpenReading) -> None:
    @app.command("sync")
    def sync_command(
        accept_removals: Annotated[
            bool,
            typer.Option(
                "--accept-removals", help="remove what is missing, however much: after a held run was checked"
            ),
        ] = False,
    ) -> None:
        """Read Lähellä.fi once, now, from the first page to the last."""
        run = asyncio.run(_read_once(open_reading, accept_removals))
        Console().print(_summary(run))
        raise typer.Exit(0 if run.outcome is RunOutcome.COMPLETED else 1)


async def _read_once(open_reading: OpenReading, accept_removals: bool) -> Run:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    async with open_reading() as read:
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task("reading Lähellä.fi")
            return await _alone(read, accept_removals, lambda counts: progress.update(task, description=_line(counts)))


async def _alone(read: ReadSource, accept_removals: bool, on_progress: Callable[[RunCounts], None]) -> Run:
    try:
        async with read.store.only_reader() as alone:
            if not alone:
                raise StartError("another process is reading Lähellä.fi just now: try again when it has ended")
            return await read(keep_going=lambda: True, on_progress=on_progress, accept_removals=accept_removals)
    except TemporaryError as exc:
        raise StartError(f"the reading stopped ({exc}): try again later") from exc


def _line(counts: RunCounts) -> str:
    return f"{counts.read} read, {counts.changed} changed, {counts.removed} removed"


def _summary(run: Run) -> str:
    rejected = ", ".join(f"{each.count} {each.reason}" for each in run.counts.rejected) or "none"
    reason = f" ({run.reason})" if run.reason else ""
    return f"{run.outcome}{reason}: {_line(run.counts)}; rejected: {rejected}"
