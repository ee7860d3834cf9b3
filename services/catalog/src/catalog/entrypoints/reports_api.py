"""Error reports for curators, beside their other API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, SecretStr

from catalog.app.ports import Tx
from catalog.app.report_error import Reports
from catalog.domain.reports import Report, ReportReason
from catalog.entrypoints.curation_api import CURATOR, MOST
from chassis.http.sign_in import bearer_sign_in


class ReportBody(BaseModel):
    """A report; `text` is deleted after its time, the coded reason stays."""

    report_id: UUID
    entry_id: str
    listing_ids: tuple[str, ...]
    reason: ReportReason
    text: str | None
    received_at: datetime
    closed_at: datetime | None


class ReportsBody(BaseModel):
    reports: list[ReportBody]


def reports_api(reports: Reports[Tx], *, token: SecretStr) -> APIRouter:
    """The route; it needs the bearer token."""
    signed_in = Depends(bearer_sign_in(token, actor=CURATOR))
    router = APIRouter(prefix="/v1/curation", dependencies=[signed_in], tags=["curation"])

    @router.get("/reports")
    async def newest(limit: Annotated[int, Query(ge=1, le=MOST)] = 50, only_open: bool = True) -> ReportsBody:
        """Error reports of visitors, the newest first."""
        async with reports.transaction() as tx:
            found = await reports.newest(tx, limit, only_open=only_open)
        return ReportsBody(reports=[_body(one) for one in found])

    return router


def _body(report: Report) -> ReportBody:
    return ReportBody(
        report_id=report.report_id,
        entry_id=report.entry_id,
        listing_ids=report.listing_ids,
        reason=report.reason,
        text=report.text,
        received_at=report.received_at,
        closed_at=report.closed_at,
    )
