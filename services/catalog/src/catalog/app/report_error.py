"""Error reports of visitors: taken in, closed by curators, and their texts deleted in time."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from catalog.app.ports import Tx
from catalog.domain.reports import LONGEST_TEXT, Report, ReportReason
from chassis.core.clock import Clock, NewId
from chassis.core.errors import PermanentError
from event_schemas.entry import EntryPublished


class Reports(Protocol[Tx]):
    """Error reports; what is added or closed has its listings assessed anew."""

    def transaction(self) -> AbstractAsyncContextManager[Tx]: ...

    async def add(self, tx: Tx, report: Report) -> None: ...

    async def close(self, tx: Tx, report_id: UUID, now: datetime) -> bool:
        """Whether there was such an open report."""

    async def newest(self, tx: Tx, most: int, *, only_open: bool) -> list[Report]:
        """The newest first."""

    async def delete_texts(self, tx: Tx, received_before: datetime) -> None:
        """Deletes the texts of older reports, open ones too."""


async def report_error(
    entry: EntryPublished, reason: ReportReason, text: str, *, reports: Reports[Tx], clock: Clock, new_id: NewId
) -> None:
    """Keeps a report with the listings that the entry has now; what goes beyond the longest text is cut."""
    kept = text.replace("\0", "").strip()[:LONGEST_TEXT]
    listing_ids = tuple(member.listing_id for member in entry.members)
    report = Report(new_id(), entry.entry_id, listing_ids, reason, kept or None, clock())
    async with reports.transaction() as tx:
        await reports.add(tx, report)


async def close_report(report_id: UUID, *, reports: Reports[Tx], clock: Clock) -> None:
    """Closes a report, and with the last one of a listing its finding. Raises PermanentError where none is open."""
    async with reports.transaction() as tx:
        if not await reports.close(tx, report_id, clock()):
            raise PermanentError("no-such-report", "no open report has this id")
