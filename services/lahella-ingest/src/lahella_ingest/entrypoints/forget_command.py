"""`forget`: what a person asked to have removed. Values come from a prompt or standard input only."""

from __future__ import annotations

import asyncio

import typer
from rich.console import Console

from chassis.ingest.asking import asked_values
from lahella_ingest.app.ingest import OpenIngest
from lahella_ingest.app.ports import Run
from lahella_ingest.entrypoints.run_commands import alone


def add_forget_command(app: typer.Typer, open_ingest: OpenIngest) -> None:
    @app.command("forget")
    def forget_command() -> None:
        """Redact an e-mail address, phone number or name everywhere, now and in what Lähellä.fi sends from now on.

        One value a line, on standard input or when asked.
        """
        values = asked_values()
        redacted, run = asyncio.run(_forget(open_ingest, values))
        changed = run.counts.changed
        Console().print(f"{len(values)} values forgotten: {redacted} bodies redacted, {changed} listings published")


async def _forget(open_ingest: OpenIngest, values: list[str]) -> tuple[int, Run]:
    async with open_ingest() as ingest:
        return await alone(ingest.store, lambda: ingest.forget(values))
