"""`status`, `rejected` and `inspect`: what the ingest knows, for the person who runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, TypeVar

import orjson
import typer
from rich.console import Console
from rich.table import Table

from chassis.core.errors import StartError, TemporaryError
from lahella_ingest.app.ingest import Ingest, OpenIngest
from lahella_ingest.app.inspect_listing import Inspection, inspect_listing
from lahella_ingest.app.ports import Rejection, Run, Standing, Work
from lahella_ingest.domain.wire import HELSINKI

T = TypeVar("T")
Listing = Annotated[str, typer.Argument(help="id of a listing (lahella:<key>) or key of an activity")]


def add_look_commands(app: typer.Typer, open_ingest: OpenIngest) -> None:
    @app.command("status")
    def status_command() -> None:
        """Last runs, what is stored and published, what is rejected, and what waits for a person."""
        standing, rejections = asyncio.run(_looked(open_ingest, _status))
        console = Console()
        console.print(_runs_table(standing.runs))
        for line in _status_lines(standing, rejections):
            console.print(line)

    @app.command("rejected")
    def rejected_command() -> None:
        """Items of the source that are not taken, by reason and id."""
        rejections = asyncio.run(_looked(open_ingest, _rejections))
        Console().print(_rejected_table(rejections) if rejections else "nothing is rejected")

    @app.command("inspect")
    def inspect_command(listing: Listing) -> None:
        """Everything that is known of one listing."""
        found = asyncio.run(_looked(open_ingest, _inspecting(listing.removeprefix("lahella:"))))
        if found is None:
            raise StartError(f"nothing is known of {listing}")
        console = Console()
        for line in _inspected_lines(found):
            console.print(line)
        console.print_json(orjson.dumps(found.raw).decode())


async def _looked(open_ingest: OpenIngest, look: Callable[[Work, Ingest], Awaitable[T]]) -> T:
    try:
        async with open_ingest() as ingest, ingest.store.transaction() as work:
            return await look(work, ingest)
    except TemporaryError as exc:
        raise StartError(f"the database does not answer ({exc}): try again later") from exc


async def _status(work: Work, _: Ingest) -> tuple[Standing, list[Rejection]]:
    return await work.standing(), await work.bodies.rejections()


async def _rejections(work: Work, _: Ingest) -> list[Rejection]:
    return await work.bodies.rejections()


def _inspecting(key: str) -> Callable[[Work, Ingest], Awaitable[Inspection | None]]:
    def inspect(work: Work, ingest: Ingest) -> Awaitable[Inspection | None]:
        return inspect_listing(key, work=work, rules=ingest.read.rules, now=ingest.read.clock())

    return inspect


def _runs_table(runs: Sequence[Run]) -> Table:
    table = Table("run", "mode", "began", "outcome", "read", "changed", "removed", "rejected")
    for run in runs:
        outcome = f"{run.outcome or 'going on'}{f' ({run.reason})' if run.reason else ''}"
        counts = run.counts
        numbers = (counts.read, counts.changed, counts.removed, sum(one.count for one in counts.rejected))
        table.add_row(str(run.id), run.mode, _local(run.started_at), outcome, *map(str, numbers))
    return table


def _status_lines(standing: Standing, rejections: list[Rejection]) -> Iterator[str]:
    yield f"activities: {standing.stored} stored, {standing.shown} published"
    yield f"last complete reading: {_local(standing.completed_at)}"
    yield f"next change by time alone: {_local(standing.next_due)}"
    if standing.outdated:
        yield f"{standing.outdated} listings were made in another form: the next start, or `replay`, makes them again"
    for reason, count in sorted(standing.rejected.items()):
        examples = [one.id for one in rejections if one.reason == reason][:5]
        yield f"rejected, {reason}: {count} ({', '.join(examples)}{' …' if count > len(examples) else ''})"
    if standing.held is not None:
        yield f"HELD: run {standing.held.id} would remove too much. Look at Lähellä.fi; if the activities are gone:"
        yield f"  python -m lahella_ingest sync --accept-removals {standing.held.id}"


def _rejected_table(rejections: list[Rejection]) -> Table:
    table = Table("id", "reason", "explanation", "since", "last met")
    for one in rejections:
        table.add_row(one.id, one.reason, one.explanation, _local(one.first_at), _local(one.last_at))
    return table


def _inspected_lines(found: Inspection) -> Iterator[str]:
    yield f"lahella:{found.key}: {found.state}"
    yield f"last event: {found.last_event}"
    if found.organization is not None:
        number = found.organization.business_id or "no Y-tunnus"
        yield f"organisation: {found.organization.group_id} {found.organization.name or '(no name)'}, {number}"
    if found.listing is not None:
        yield f"areas: {', '.join(_area(area.kind, getattr(area, 'code', '')) for area in found.listing.areas)}"
        yield f"sessions ahead: {len(found.listing.sessions)}"
    for version in found.versions:
        yield f"version {version.content_hash.hex()[:16]} since {_local(version.first_seen_at)}"
    if found.rejection is not None:
        yield f"rejected since {_local(found.rejection.first_at)} is what came last: {found.rejection.reason}"


def _area(kind: str, code: str) -> str:
    return f"{kind} {code}".strip()


def _local(moment: datetime | None) -> str:
    return moment.astimezone(HELSINKI).strftime("%d.%m.%Y %H:%M:%S") if moment else "never"
