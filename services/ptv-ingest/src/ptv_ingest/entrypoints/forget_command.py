"""`forget`: what a person asked to have removed. Values come from a prompt or standard input only."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import typer
from rich.console import Console

from chassis.ingest.asking import asked_values
from event_schemas.ingest_run import IngestRunEnded
from ptv_ingest.entrypoints.run_commands import OpenIngest, alone, bars


def add_forget_command(app: typer.Typer, open_ingest: OpenIngest) -> None:
    @app.command("forget")
    def forget_command() -> None:
        """Redact an e-mail address, phone number or name everywhere, now and in what PTV sends from now on.

        One value a line, on standard input or when asked.
        """
        values = asked_values()
        redacted, ended = asyncio.run(_forget(open_ingest, values))
        changed = ended.counts.changed
        Console().print(f"{len(values)} values forgotten: {redacted} objects redacted, {changed} listings published")


async def _forget(open_ingest: OpenIngest, values: Sequence[str]) -> tuple[int, IngestRunEnded]:
    async with open_ingest() as ingest:
        with bars() as report:
            return await alone(ingest.sync.forget(values, report=report))
