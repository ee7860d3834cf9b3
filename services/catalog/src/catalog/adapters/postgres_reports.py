"""Error reports in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from catalog.adapters.postgres_listings import queries as listing_queries
from catalog.domain.reports import Report, ReportReason
from chassis.postgres.database import Connection, Database
from chassis.postgres.queries import load_queries
from event_schemas.ids import EntryId, ListingId

queries = load_queries(Path(__file__).with_name("reports.sql"))


class PostgresReports:
    """The table of reports; every change marks the listings, whose findings may be others now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """Raises TemporaryError where the database is away or two transactions met."""
        return self._database.attempt()

    async def add(self, tx: Connection, report: Report) -> None:
        await queries.add_report(
            tx,
            report_id=report.report_id,
            entry_id=report.entry_id,
            listing_ids=list(report.listing_ids),
            reason=report.reason,
            text=report.text,
            received_at=report.received_at,
        )
        await _mark(tx, report.listing_ids, report.received_at)

    async def close(self, tx: Connection, report_id: UUID, now: datetime) -> bool:
        listing_ids = await queries.close_report(tx, report_id=report_id, now=now)
        if listing_ids is None:
            return False
        await _mark(tx, listing_ids, now)
        return True

    async def newest(self, tx: Connection, most: int, *, only_open: bool) -> list[Report]:
        return [_report(row) async for row in queries.newest_reports(tx, most=most, only_open=only_open)]

    async def delete_texts(self, tx: Connection, received_before: datetime) -> None:
        await queries.delete_texts(tx, received_before=received_before)


async def reported_listings(tx: Connection, ids: Sequence[ListingId]) -> frozenset[ListingId]:
    """Listings with an open report, these among them."""
    return frozenset([ListingId(row["listing_id"]) async for row in queries.reported_listings(tx, ids=list(ids))])


async def _mark(tx: Connection, listing_ids: Sequence[str], now: datetime) -> None:
    await listing_queries.mark_listings(tx, ids=list(listing_ids), now=now)
    await listing_queries.notify_dirty(tx)


def _report(row: Any) -> Report:
    return Report(
        report_id=row["report_id"],
        entry_id=EntryId(str(row["entry_id"])),
        listing_ids=tuple(map(ListingId, row["listing_ids"])),
        reason=ReportReason(row["reason"]),
        text=row["text"],
        received_at=row["received_at"],
        closed_at=row["closed_at"],
    )
