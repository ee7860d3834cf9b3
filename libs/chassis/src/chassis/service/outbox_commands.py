"""Events that the broker refused, from the command line: list, retry, discard."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.table import Table

from chassis.core.errors import StartError
from chassis.postgres.queries import queries
from chassis.service.base import Service
from chassis.service.dead_letter_commands import console, opened

Seq = Annotated[int, typer.Argument(help="number of the row, as `refused` prints it")]


def outbox_commands(service: Service) -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, help="Events not yet published.")

    @app.command("refused")
    def refused_command() -> None:
        """Rows the broker refused; their keys wait."""
        asyncio.run(_refused(service))

    @app.command("retry")
    def retry_command(
        seq: Annotated[
            int | None, typer.Argument(help="number of the row; all refused rows when none is given")
        ] = None,
    ) -> None:
        """Try refused rows again, once the topic or the broker is mended."""
        asyncio.run(_retry_all(service) if seq is None else _change(service, seq, retry=True))

    @app.command("discard")
    def discard_command(seq: Seq) -> None:
        """Give a refused row up: later events of its key go on without it."""
        asyncio.run(_change(service, seq, retry=False))

    return app


async def _refused(service: Service) -> None:
    table = Table("seq", "topic", "type", "since", "reason")
    async with opened(service) as base, base.database.connection() as connection:
        async for row in queries.refused(connection):
            table.add_row(
                str(row["seq"]),
                row["aggregatetype"],
                row["type"],
                row["time"].isoformat(timespec="seconds"),
                row["refused"],
            )
    console.print(table)


async def _retry_all(service: Service) -> None:
    async with opened(service) as base, base.database.transaction() as tx:
        done = await queries.retry_all_refused(tx)
        await queries.notify_outbox(tx)
    console.print(f"{done.removeprefix('UPDATE ')} rows will be tried again")


async def _change(service: Service, seq: int, *, retry: bool) -> None:
    statement = queries.retry_refused if retry else queries.discard_refused
    async with opened(service) as base, base.database.transaction() as tx:
        if await statement(tx, seq=seq) in ("UPDATE 0", "DELETE 0"):
            raise StartError(f"there is no refused row {seq}")
        await queries.notify_outbox(tx)
    console.print(f"row {seq}: {'will be tried again' if retry else 'discarded'}")
