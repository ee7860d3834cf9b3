"""The command line that every service has: run, migrate, dead-letters, outbox."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated, Literal

import typer
from aiokafka.errors import KafkaError
from rich.console import Console

from chassis.core.errors import StartError
from chassis.core.settings import read_settings
from chassis.postgres.migrate import Phase, migrate
from chassis.postgres.settings import PostgresSettings
from chassis.service.base import Service
from chassis.service.dead_letter_commands import dead_letter_commands
from chassis.service.outbox_commands import outbox_commands
from chassis.service.reconcile_command import reconcile_all
from chassis.service.run import chosen_roles, run
from chassis.telemetry.logs import set_up_logs

console = Console()


def command_line(service: Service) -> typer.Typer:
    """The commands; a service adds its own to the result."""
    app = typer.Typer(name=service.name, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

    @app.command("run")
    def run_command(
        role: Annotated[list[str] | None, typer.Option(help="a role of this process; all when none is given")] = None,
    ) -> None:
        """Run roles of the service until SIGTERM."""
        raise typer.Exit(asyncio.run(run(service, chosen_roles(service, role or []))))

    @app.command("migrate")
    def migrate_command(
        phase: Annotated[
            Literal["pre", "post", "all"], typer.Option(help="pre: before the roll-out, post: after it")
        ] = "all",
    ) -> None:
        """Bring the database's schema up to this version."""
        phases: tuple[Phase, ...] = ("pre", "post") if phase == "all" else (phase,)
        dsn = read_settings(PostgresSettings).dsn()
        applied = asyncio.run(migrate(dsn, service.migrations(), phases=phases))
        console.print("\n".join(applied) if applied else "nothing to do: the schema is up to date")

    @app.command("reconcile")
    def reconcile_command(
        accept_removals: Annotated[
            bool, typer.Option("--accept-removals", help="sweep also more than 5 % of what the model has")
        ] = False,
    ) -> None:
        """Make the read models equal to their topics again: apply what is missing, sweep what is gone."""
        asyncio.run(reconcile_all(service, accept_removals=accept_removals))

    app.add_typer(dead_letter_commands(service), name="dead-letters")
    app.add_typer(outbox_commands(service), name="outbox")
    return app


def main(app: typer.Typer) -> None:
    """Runs a command line; what keeps the process from starting is one sentence on standard error and exit code 1."""
    # Without this structlog's own default would print the values that a failing function handled.
    set_up_logs(str(app.info.name), level="WARNING", stream=sys.stderr)
    try:
        app()
    except (StartError, KafkaError) as exc:
        sentence = str(exc) if isinstance(exc, StartError) else f"the broker at HYTE_KAFKA does not serve this: {exc}"
        print(f"{app.info.name}: {sentence}", file=sys.stderr)  # noqa: T201 - for the person at the terminal
        raise SystemExit(1) from exc
