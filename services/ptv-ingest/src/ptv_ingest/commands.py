"""The command `sync`: one reading round with its progress on the terminal."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from chassis.core.errors import StartError, TemporaryError
from chassis.core.settings import read_settings
from chassis.service.base import Base
from event_schemas.ingest_run import IngestRunEnded, RunOutcome
from ptv_ingest.app.read_stream import Report
from ptv_ingest.bootstrap import NAME, client_of, sync_of
from ptv_ingest.settings import PtvSettings

console = Console()


def add_sync(app: typer.Typer) -> None:
    @app.command("sync")
    def sync_command(
        full: Annotated[bool, typer.Option("--full", help="read everything, not only what has changed")] = False,
        accept_removals: Annotated[
            bool, typer.Option("--accept-removals", help="with --full: remove what is gone, however much it is")
        ] = False,
    ) -> None:
        """Read PTV once; the relay publishes what has changed."""
        ended = asyncio.run(_sync(full, accept_removals))
        counts = ended.counts
        console.print(f"read {counts.read}, changed {counts.changed}, removed {counts.removed} listings")
        for rejection in counts.rejected:
            console.print(f"  not taken: {rejection.count} × {rejection.reason}")
        if ended.outcome != RunOutcome.COMPLETED:
            raise StartError(_sentence(ended))


def _sentence(ended: IngestRunEnded) -> str:
    if ended.outcome == RunOutcome.HELD:
        return "more would vanish than one run may remove: look at PTV, then run `sync --full --accept-removals`"
    return f"the {ended.mode} run failed ({ended.reason}); nothing is lost, run it again when PTV answers"


async def _sync(full: bool, accept_removals: bool) -> IngestRunEnded:
    base = Base(NAME)
    settings = read_settings(PtvSettings)
    client = client_of(base, settings)
    await base.database.start()
    try:
        with _bars() as bars:
            sync = sync_of(base, settings, client)
            ended = await sync(report=_reporter(bars), full=full, accept_removals=accept_removals)
    except TemporaryError as exc:
        raise StartError(f"the run stopped ({exc}); nothing is lost, run it again") from exc
    finally:
        await client.close()
        await base.database.stop()
    if ended is None:
        raise StartError("another process is reading PTV now: wait for it to end")
    return ended


def _bars() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


def _reporter(bars: Progress) -> Report:
    """One bar per stream, counting pages; of listings, services."""
    tasks: dict[str, TaskID] = {}

    def report(stream: str, done: int, total: int) -> None:
        if stream not in tasks:
            tasks[stream] = bars.add_task(stream, total=total)
        bars.update(tasks[stream], completed=done, total=total)

    return report
