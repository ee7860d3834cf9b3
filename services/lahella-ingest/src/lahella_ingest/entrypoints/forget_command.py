"""`forget`: what a person asked to have removed. Values come from a prompt or standard input only."""

from __future__ import annotations

import asyncio
import sys

import typer
from rich.console import Console

from chassis.core.errors import StartError
from chassis.ingest.forgetting import values_in
from lahella_ingest.app.ingest import OpenIngest
from lahella_ingest.app.ports import Run
from lahella_ingest.entrypoints.run_commands import alone


def add_forget_command(app: typer.Typer, open_ingest: OpenIngest) -> None:
    @app.command("forget")
    def forget_command() -> None:
        """Redact an e-mail address, phone number or name everywhere, now and in what Lähellä.fi sends from now on.

        One value a line. The command line would keep them in the shell's history and in lists of processes.
        """
        values = _values()
        if not values:
            raise StartError("nothing to forget: give one e-mail address, phone number or name a line")
        redacted, run = asyncio.run(_forget(open_ingest, values))
        changed = run.counts.changed
        Console().print(f"{len(values)} values forgotten: {redacted} bodies redacted, {changed} listings published")


def _values() -> list[str]:
    try:
        return values_in(iter(_prompted, "") if sys.stdin.isatty() else sys.stdin)
    except ValueError as exc:
        raise StartError(f"nothing was forgotten: {exc}") from exc


def _prompted() -> str:
    answer = typer.prompt("E-mail address, phone number or name (empty: no more)", default="", hide_input=True)
    return str(answer).strip()


async def _forget(open_ingest: OpenIngest, values: list[str]) -> tuple[int, Run]:
    async with open_ingest() as ingest:
        return await alone(ingest.store, lambda: ingest.forget(values))
