"""`reports` and `close-report`: what visitors have reported, and that it is dealt with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated
from uuid import UUID

import typer

from catalog.app.ports import Tx
from catalog.app.report_error import Reports, close_report
from catalog.domain.reports import Report
from chassis.core.clock import Clock
from chassis.core.errors import PermanentError, StartError

OpenReports = Callable[[], AbstractAsyncContextManager[Reports[Tx]]]


def add_report_commands(app: typer.Typer, open_reports: OpenReports[Tx], *, clock: Clock) -> None:
    @app.command("reports")
    def reports_command(
        only_open: Annotated[bool, typer.Option("--open", help="only those not closed yet")] = False,
        limit: Annotated[int, typer.Option(min=1, help="most reports to list")] = 50,
    ) -> None:
        """List error reports of visitors, the newest first. Columns by tab."""
        for report in asyncio.run(_newest(open_reports, limit, only_open=only_open)):
            typer.echo(_line(report))

    @app.command("close-report")
    def close_command(report_id: Annotated[UUID, typer.Argument(help="as `reports` prints it")]) -> None:
        """Close a report that is dealt with; its finding ends with the last open report of the listing."""
        asyncio.run(_close(open_reports, report_id, clock))
        typer.echo(f"closed: {report_id}")


async def _newest(open_reports: OpenReports[Tx], most: int, *, only_open: bool) -> list[Report]:
    async with open_reports() as reports, reports.transaction() as tx:
        return await reports.newest(tx, most, only_open=only_open)


async def _close(open_reports: OpenReports[Tx], report_id: UUID, clock: Clock) -> None:
    async with open_reports() as reports:
        try:
            await close_report(report_id, reports=reports, clock=clock)
        except PermanentError as exc:
            raise StartError(exc.explanation) from exc


def _line(report: Report) -> str:
    state = "closed" if report.closed_at else "open"
    text = " ".join((report.text or "").split())
    return "\t".join(
        [str(report.report_id), state, f"{report.received_at:%Y-%m-%d}", report.entry_id, report.reason, text]
    )
