"""`./hyte`: demo, up, down, status, test, check, bench, lock, screenshots."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from chassis.core.errors import StartError
from devstack import checks, developer
from devstack.places import ROOT
from devstack.processes import StackError
from devstack.screenshots import take_screenshots
from devstack.settings import Wanted

app = typer.Typer(name="hyte", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)

Port = Annotated[int | None, typer.Option(help="a port to use; a free one when none is given")]
Fresh = Annotated[bool, typer.Option("--fresh", help="throw the data of earlier starts away")]


@app.command()
def demo(
    once: Annotated[
        bool, typer.Option("--once", help="end after the journey: exit code 0, or 1 and the reason")
    ] = False,
    fresh: Fresh = False,
    recorded: Annotated[
        Path | None,
        typer.Option(help="a folder of PTV objects (JSON of v8, v11 or v12) to walk the journey on; starts afresh"),
    ] = None,
    tray_port: Port = None,
    api_port: Port = None,
    kafka_port: Port = None,
    postgres_port: Port = None,
) -> None:
    """Bring everything up and walk the whole journey, from PTV and Lähellä.fi to an accepted referral and an SMS."""
    wanted = Wanted(tray_port, api_port, kafka_port, postgres_port)
    raise typer.Exit(developer.demo(wanted, fresh=fresh, once=once, recorded=recorded))


@app.command()
def up(
    fresh: Fresh = False,
    tray_port: Port = None,
    api_port: Port = None,
    kafka_port: Port = None,
    postgres_port: Port = None,
) -> None:
    """Start the same stack in the background."""
    developer.up(Wanted(tray_port, api_port, kafka_port, postgres_port), fresh=fresh)


@app.command()
def down() -> None:
    """Stop the stack that `up` started; its data stays."""
    developer.down()


@app.command()
def status() -> None:
    """What runs, where, and whether it is ready."""
    developer.status()


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Run all tests against the real broker and database; arguments go to pytest."""
    raise typer.Exit(checks.test(context.args))


@app.command()
def check() -> None:
    """Format, lint, types, imports, generated files, lock: what CI asks."""
    raise typer.Exit(checks.check())


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False)
def bench(context: typer.Context) -> None:
    """Benchmarks beside floors and peers; lists them, or runs the one named. `--help` tells the options."""
    command = [sys.executable, "-m", "bench", *context.args]
    raise typer.Exit(subprocess.run(command, cwd=ROOT, check=False).returncode)


@app.command()
def lock() -> None:
    """Resolve requirements.in and jgo.toml into their locks, with hashes and without addresses."""
    checks.write_lock()


@app.command()
def screenshots(
    tray: Annotated[str | None, typer.Option(help="address of a tray; the one of the running stack by default")] = None,
) -> None:
    """Take the pictures of the main pages that the documents show, from the running stack."""
    take_screenshots(tray or developer.running_tray())


@app.command(hidden=True)
def supervise(
    fresh: Fresh = False,
    tray_port: Port = None,
    api_port: Port = None,
    kafka_port: Port = None,
    postgres_port: Port = None,
) -> None:
    """The background process behind `up`."""
    developer.supervise(Wanted(tray_port, api_port, kafka_port, postgres_port), fresh=fresh)


def main() -> None:
    """What does not start, or does not hold, is one sentence and exit code 1."""
    try:
        app()
    except (StackError, StartError) as exc:
        print(f"hyte: {exc}", file=sys.stderr)
        raise SystemExit(1) from exc


if __name__ == "__main__":
    main()
