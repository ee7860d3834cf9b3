"""Visitors report errors; curators see them as findings and close them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from catalog.adapters.postgres_entries import QUALITY
from catalog.adapters.postgres_reports import PostgresReports
from catalog.app.report_error import close_report
from catalog.app.tray import Tray
from catalog.bootstrap import MIGRATIONS
from catalog.domain.identity import entry_id
from catalog.domain.reports import Report, ReportReason
from catalog.entrypoints.report_texts import report_texts_turn
from catalog.entrypoints.reports_api import reports_api
from catalog.entrypoints.web.application import application
from catalog.entrypoints.web.report_pages import Reporting
from chassis.core.errors import PermanentError
from chassis.http.rate_limit import Callers, RateLimit
from chassis.service.base import Base
from devstack.testing import MakeBase
from event_schemas.ids import ListingId

from .commands import command
from .matching_world import MatchingWorld
from .samples import NGO, described, live, ptv_id
from .trays import tray_of

pytestmark = pytest.mark.postgres
PTV = ptv_id("tuoliryhmä")
LISTINGS = [described(PTV, "Tuoliryhmä", business_id=NGO), described("lahella:1", "Tuoliryhmä", business_id=NGO)]
ENTRY, OLD = entry_id(ListingId(PTV)), entry_id(ListingId("lahella:1"))
PAGE = f"/fi/entries/{ENTRY}/report"
CANARY = "kanarialintu"
TOKEN = "tests-only-curator-token"


@pytest.fixture
async def base(make_base: MakeBase) -> Base:
    return await make_base("catalog", MIGRATIONS)


@pytest.fixture
def reports(base: Base) -> PostgresReports:
    return PostgresReports(base.database)


@pytest.fixture(scope="module")
def tray() -> Tray:
    return tray_of(LISTINGS)


@pytest.fixture
async def client(base: Base, reports: PostgresReports, tray: Tray) -> AsyncIterator[httpx.AsyncClient]:
    limit = RateLimit("3/hour", name="reports", callers=Callers())
    app = application(tray, clock=base.clock, reporting=Reporting(reports, limit, 45))
    app.include_router(reports_api(reports, token=SecretStr(TOKEN)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://tray.example") as client:
        yield client


async def newest(reports: PostgresReports, *, only_open: bool = False) -> list[Report]:
    async with reports.transaction() as tx:
        return await reports.newest(tx, 50, only_open=only_open)


async def send(client: httpx.AsyncClient, **fields: str) -> httpx.Response:
    return await client.post(PAGE, data=fields)


async def test_report_is_kept_with_its_listings_and_the_visitor_is_thanked(
    client: httpx.AsyncClient, reports: PostgresReports
) -> None:
    answer = await send(client, reason="wrong-time", text=" Ovet aukeavat kymmeneltä\0. ")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}/thanks")
    assert "Kiitos ilmoituksesta" in (await client.get(f"{PAGE}/thanks")).text
    (report,) = await newest(reports)
    assert (report.entry_id, report.listing_ids) == (ENTRY, (PTV, "lahella:1"))
    assert (report.reason, report.text) == (ReportReason.TIME, "Ovet aukeavat kymmeneltä.")


@pytest.mark.parametrize(("language", "warning"), [("fi", "Älä kirjoita"), ("sv", "Skriv inga"), ("en", "Do not")])
async def test_entry_page_leads_to_a_form_that_warns_of_personal_data(
    client: httpx.AsyncClient, language: str, warning: str
) -> None:
    page = (await client.get(f"/{language}/entries/{ENTRY}")).text
    (link,) = re.findall(r'href="([^"]+/report)"', page)
    form = (await client.get(link)).text
    assert warning in form
    assert "45" in form.partition("<textarea")[2]
    assert re.findall(r'type="radio" name="reason" value="([^"]+)"', form) == list(ReportReason)
    assert "<script" not in form.partition("<main")[2]


async def test_report_without_a_reason_comes_back_with_its_text(
    client: httpx.AsyncClient, reports: PostgresReports
) -> None:
    answer = await send(client, text="<b>puhelin</b>")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "&lt;b&gt;puhelin&lt;/b&gt;</textarea>" in answer.text
    assert await newest(reports) == []


async def test_long_text_is_cut_and_none_is_none(client: httpx.AsyncClient, reports: PostgresReports) -> None:
    await send(client, reason="other", text="å" * 800)
    await send(client, reason="ended")
    assert sorted(len(one.text or "") for one in await newest(reports)) == [0, 500]


async def test_program_that_fills_the_hidden_field_is_thanked_and_nothing_is_kept(
    client: httpx.AsyncClient, reports: PostgresReports
) -> None:
    answer = await send(client, reason="other", website="https://spam.example")
    assert answer.status_code == 303
    assert await newest(reports) == []


async def test_reports_of_one_caller_are_limited(client: httpx.AsyncClient, reports: PostgresReports) -> None:
    answers = [(await send(client, reason="other")).status_code for _ in range(4)]
    assert answers == [303, 303, 303, 429]
    assert len(await newest(reports)) == 3


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"reason", b"&".join([b"a=b"] * 100)])
async def test_no_body_is_an_error_of_ours(client: httpx.AsyncClient, body: bytes) -> None:
    assert (await client.post(PAGE, content=body)).status_code == 422


async def test_old_id_leads_to_the_form_of_the_survivor_and_an_unknown_one_nowhere(client: httpx.AsyncClient) -> None:
    for moved in (await client.get(f"/fi/entries/{OLD}/report"), await client.post(f"/fi/entries/{OLD}/report")):
        assert (moved.status_code, moved.headers["location"]) == (308, PAGE)
    assert (await client.post("/fi/entries/nothing/report", data={"reason": "other"})).status_code == 404


async def test_text_goes_after_its_time_and_the_reason_stays(base: Base, reports: PostgresReports) -> None:
    now = base.clock()
    for days, text in ((91, "old"), (89, "young")):
        report = Report(base.new_id(), ENTRY, (), ReportReason.OTHER, text, now - timedelta(days=days))
        async with reports.transaction() as tx:
            await reports.add(tx, report)
    await report_texts_turn(reports, kept=timedelta(days=90), clock=base.clock)()
    assert [(one.reason, one.text) for one in await newest(reports)] == [("other", "young"), ("other", None)]


async def findings(base: Base) -> list[list[str]]:
    async with base.database.transaction() as tx:
        rows = await tx.fetch("SELECT payload FROM outbox WHERE aggregatetype = $1 ORDER BY seq", QUALITY)
    return [re.findall(r'"code":"([^"]+)"', row["payload"].decode()) for row in rows]


async def test_open_report_is_a_finding_until_the_last_one_is_closed(
    base: Base, reports: PostgresReports, client: httpx.AsyncClient
) -> None:
    world = MatchingWorld(base)
    await world.keep(*map(live, LISTINGS))
    await world.settle()
    await send(client, reason="ended")
    await send(client, reason="ended")
    await world.settle()
    for report in await newest(reports, only_open=True):
        await close_report(report.report_id, reports=reports, clock=base.clock)
        await world.settle()
    reported = ["reported-by-visitor" in found for found in await findings(base)]
    assert reported == [False, False, True, True, False, False]
    with pytest.raises(PermanentError, match="no-such-report"):
        await close_report(base.new_id(), reports=reports, clock=base.clock)


async def test_commands_list_reports_and_close_them(base: Base, client: httpx.AsyncClient) -> None:
    await send(client, reason="ended", text="suljettu\nlopullisesti")
    code, printed = await command(base, "reports", "--open")
    (line,) = printed.splitlines()
    report_id, *told = line.split("\t")
    assert (code, told[0], told[2:]) == (0, "open", [ENTRY, "ended", "suljettu lopullisesti"])
    assert await command(base, "close-report", report_id) == (0, f"closed: {report_id}\n")
    assert await command(base, "reports", "--open") == (0, "")
    code, printed = await command(base, "close-report", report_id)
    assert (code, printed.strip()) == (1, "catalog: no open report has this id")


async def test_curators_api_has_reports_for_who_holds_the_token(client: httpx.AsyncClient) -> None:
    await send(client, reason="ended", text="suljettu")
    assert (await client.get("/v1/curation/reports")).status_code == 401
    headers = {"Authorization": f"Bearer {TOKEN}", "Origin": "https://elsewhere.example"}
    answer = await client.get("/v1/curation/reports", headers=headers)
    (report,) = answer.json()["reports"]
    assert (report["reason"], report["text"], report["closed_at"]) == ("ended", "suljettu", None)
    assert "access-control-allow-origin" not in answer.headers


async def test_database_holds_a_report_in_its_text_and_nothing_of_who_sent_it(
    client: httpx.AsyncClient, base: Base
) -> None:
    await client.post(PAGE, data={"reason": "other", "text": CANARY}, headers={"User-Agent": "canary-agent"})
    async with base.database.transaction() as tx:
        rows: list[dict[str, Any]] = [dict(row) for row in await tx.fetch("SELECT * FROM error_report")]
        outbox = await tx.fetch("SELECT * FROM outbox")
    (row,) = rows
    assert [name for name, value in row.items() if CANARY in str(value)] == ["text"]
    assert set(row) == {"report_id", "entry_id", "listing_ids", "reason", "text", "received_at", "closed_at"}
    assert CANARY not in str([dict(one) for one in outbox])
    assert "canary-agent" not in str(rows)
