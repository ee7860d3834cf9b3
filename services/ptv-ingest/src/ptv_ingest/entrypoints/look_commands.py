"""`status`, `rejected` and `inspect`: what the ingest knows, for the person who runs it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, TypeVar

import orjson
import typer
from rich.console import Console
from rich.table import Table

from chassis.core.errors import StartError, TemporaryError
from chassis.postgres.errors import outage_as_temporary
from ptv_ingest.app.overview import Inspection, Overview, PastRun, Rejected, Standing
from ptv_ingest.entrypoints.run_commands import OpenIngest

T = TypeVar("T")
Listing = Annotated[str, typer.Argument(help="id of a listing (ptv:<uuid>) or content id of a service")]


def add_look_commands(app: typer.Typer, open_ingest: OpenIngest) -> None:
    @app.command("status")
    def status_command() -> None:
        """Last runs, how far each source is read, what is stored, rejected, and waits for a person."""
        standing = asyncio.run(_looked(open_ingest, lambda overview: overview.standing()))
        console = Console(soft_wrap=True)
        console.print(_runs_table(standing.runs))
        for line in _status_lines(standing):
            console.print(line, highlight=False)

    @app.command("rejected")
    def rejected_command() -> None:
        """Objects of PTV that are not taken, with the reason."""
        rejected = asyncio.run(_looked(open_ingest, lambda overview: overview.rejected()))
        Console(soft_wrap=True).print(_rejected_table(rejected) if rejected else "nothing is rejected")

    @app.command("inspect")
    def inspect_command(listing: Listing) -> None:
        """Everything that is known of one listing: its objects as PTV sent them, and what was told of it."""
        key = listing.removeprefix("ptv:").lower()
        found = asyncio.run(_looked(open_ingest, lambda overview: overview.inspect(key)))
        if found is None:
            raise StartError(f"nothing is known of {listing}")
        _print_inspection(found)


async def _looked(open_ingest: OpenIngest, look: Callable[[Overview], Awaitable[T]]) -> T:
    try:
        with outage_as_temporary():
            async with open_ingest() as ingest:
                return await look(ingest.overview)
    except TemporaryError as exc:
        raise StartError(f"the database does not answer ({exc}): try again later") from exc


def _runs_table(runs: Sequence[PastRun]) -> Table:
    table = Table("run", "mode", "began (UTC)", "outcome", "read", "published", "removed", "not taken")
    for run in runs:
        outcome = f"{run.outcome or 'going on'}{f' ({run.reason})' if run.reason else ''}"
        counts = run.counts
        numbers = (counts.read, counts.changed, counts.removed, sum(one.count for one in counts.rejected))
        table.add_row(run.run_id, run.mode, _utc(run.started_at), outcome, *map(str, numbers))
    return table


def _status_lines(standing: Standing) -> Iterator[str]:
    for source, at in standing.watermarks.items():
        yield f"{source} is read up to {_utc(at)} UTC of its own time"
    yield f"last completed: {_utc(standing.completed_at)} UTC"
    yield "stored: " + (", ".join(f"{count} {kind}" for kind, count in standing.live.items()) or "nothing")
    yield f"published: {standing.published} listings"
    for reason, count in sorted(Counter(one.reason for one in standing.rejected).items()):
        ids = [one.object_id for one in standing.rejected if one.reason == reason][:5]
        yield f"rejected, {reason}: {count} ({', '.join(ids)}{' …' if count > len(ids) else ''})"
    if standing.held is not None:
        yield f"HELD: run {standing.held} would remove too much. Look at PTV; if the services are truly gone:"
        yield f"  python -m ptv_ingest sync --accept-removals {standing.held}"


def _rejected_table(rejected: Sequence[Rejected]) -> Table:
    table = Table("kind", "id", "source", "reason", "explanation", "since (UTC)", "last met (UTC)")
    for one in rejected:
        row = (one.kind, one.object_id, one.source, one.reason, one.explanation)
        table.add_row(*row, _utc(one.first_at), _utc(one.last_at))
    return table


def _print_inspection(found: Inspection) -> None:
    console = Console(soft_wrap=True)
    console.print(f"last event: {found.event}", highlight=False)
    console.print(f"scope: {found.scope}", highlight=False)
    for one in found.rejected:
        console.print(f"rejected: {one.kind} {one.object_id}, {one.reason}: {one.explanation}", highlight=False)
    for stored in found.objects:
        gone = f", gone {_utc(stored.gone_at)} UTC ({stored.gone_reason})" if stored.gone_at else ""
        console.print(
            f"\n{stored.kind} {stored.object_id} from {stored.source}, digest {stored.digest.hex()[:16]}, "
            f"published {_utc(stored.published_at)} UTC{gone}",
            highlight=False,
        )
        console.print_json(orjson.dumps(stored.row).decode())


def _utc(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "never"
