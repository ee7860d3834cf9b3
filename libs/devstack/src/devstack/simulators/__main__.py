"""`python -m devstack.simulators ptv|lahella|sms --port N [--api-key K]`."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from fastapi import FastAPI

from devstack.simulators import lahella, ptv, sms
from devstack.simulators.ptv.recorded import NothingRecorded, read_recording
from devstack.simulators.serve import PortTaken, bind, serve

Port = Annotated[int, typer.Option(help="loopback port; 0 lets the system choose")]
cli = typer.Typer(help="Stand-ins for the systems outside.", no_args_is_help=True, pretty_exceptions_enable=False)


@cli.command("ptv")
def run_ptv(
    port: Port = 0,
    api_key: Annotated[str, typer.Option(help="the x-api-key that readers of v12 must send")] = "local",
    recorded: Annotated[
        Path | None, typer.Option(help="serve the PTV objects (JSON of v8, v11 or v12) of this folder instead")
    ] = None,
) -> None:
    """PTV's read side, v12 and v11."""
    try:
        recording = read_recording(recorded) if recorded is not None else None
    except NothingRecorded as exc:
        print(f"ptv simulator: {exc}", file=sys.stderr)
        raise typer.Exit(1) from exc
    _run("ptv", ptv.create_app(api_key, recording=recording), port)


@cli.command("lahella")
def run_lahella(
    port: Port = 0, api_key: Annotated[str, typer.Option(help="value of the AUTH_TOKEN cookie")] = "local"
) -> None:
    """Lähellä.fi activities."""
    _run("lahella", lahella.create_app(api_key), port)


@cli.command("sms")
def run_sms(
    port: Port = 0,
    api_key: Annotated[str, typer.Option(help="the key in `Authorization: apikey ...`")] = "local",
    late_seconds: Annotated[float, typer.Option(help="delay of the final report for numbers that end in 02")] = 5,
) -> None:
    """SMS gateway in the Quriiri style."""
    _run("sms", sms.create_app(api_key, late_delay=timedelta(seconds=late_seconds)), port)


def _run(name: str, app: FastAPI, port: int) -> None:
    try:
        listener = bind(port)
    except PortTaken as exc:
        print(f"{name} simulator: {exc}", file=sys.stderr)
        raise typer.Exit(1) from exc
    serve(app, listener, name)


if __name__ == "__main__":
    cli(prog_name="python -m devstack.simulators")
