"""`matching`: precision and recall, and one edited phone number beside the whole organisation computed anew."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bench.core.meter import Usage
from bench.core.options import Options
from bench.core.report import Measurement, Report
from bench.core.servers import started_servers
from bench.listings.made import business_id_of, made
from bench.matching.quality import report_quality
from catalog.adapters.content_files import load_content
from catalog.adapters.postgres_entries import PostgresComponents
from catalog.adapters.postgres_listings import PostgresListings
from catalog.adapters.postgres_matching import PostgresMatching
from catalog.app.match import Match
from catalog.app.recompute import Recompute
from catalog.bootstrap import MIGRATIONS
from catalog.domain.entries import Content
from catalog.domain.listing import Listing
from catalog.settings import CONTENT
from chassis.core.clock import new_id, utc_now
from chassis.postgres.database import Database
from chassis.postgres.migrate import migrate, migrations_of
from chassis.postgres.outbox import Outbox
from chassis.postgres.settings import PostgresSettings
from devstack.show import set_up_step
from event_schemas.listing import ListingPublished

_SERVICES = 20_000
"""At the default size a tenth of it: a city with 2 000 services."""

_BATCH = 300


def run(report: Report, options: Options) -> None:
    content = load_content(CONTENT, on=date(2026, 11, 1))
    report_quality(report, content.county)
    with started_servers() as servers:
        dsn = servers.new_database()
        asyncio.run(_changes(report, dsn, content, options.scaled(_SERVICES, step=20)))


@dataclass
class _Catalogue:
    """The catalogue's matcher and worker on a database of their own."""

    database: Database
    content: Content

    def __post_init__(self) -> None:
        outbox = Outbox(source="urn:hytevirta:07:catalog", clock=utc_now, new_id=new_id)
        self.listings = PostgresListings(self.content.county)
        self.matching = PostgresMatching(self.database, self.content.county, clock=utc_now)
        self.match = Match(self.matching, most=_BATCH)
        components = PostgresComponents(self.database, outbox, clock=utc_now)
        self.recompute = Recompute(components, self.content, most=_BATCH)

    async def keep(self, listings: Sequence[Listing]) -> None:
        for start in range(0, len(listings), _BATCH):
            async with self.database.transaction() as tx:
                await self.listings.keep(tx, listings[start : start + _BATCH], utc_now())

    async def matched(self) -> float:
        """Seconds until nothing is left to match."""
        began = time.perf_counter()
        while await self.match():
            pass
        return time.perf_counter() - began

    async def settle(self) -> float:
        """Seconds until nothing is left to match or recompute."""
        began = time.perf_counter()
        while await self.match() or await self.recompute():
            pass
        return time.perf_counter() - began


async def _changes(report: Report, dsn: str, content: Content, services: int) -> None:
    settings = PostgresSettings.model_validate({"database_url": dsn})
    await migrate(settings.dsn(), migrations_of("catalog", MIGRATIONS), phases=("pre", "post"))
    database = Database(settings, application="bench")
    await database.start()
    try:
        catalogue = _Catalogue(database, content)
        city = [_of_the_city(number) for number in range(services)]
        with set_up_step(f"a city with {services} listings"):
            await catalogue.keep([_version(listing, 1) for listing in city])
        report.add(Measurement("city, first matching", services, await catalogue.matched(), _no_usage()))
        report.add(Measurement("city, first entries", services, await catalogue.settle(), _no_usage()))
        await catalogue.keep([_version(_with_phone(city[0]), 2)])
        one = await catalogue.settle()
        report.add(Measurement("one phone number edited", 1, one, _no_usage()))
        async with database.transaction() as tx:
            await catalogue.listings.refile(tx, "anew", utc_now())
        whole = await catalogue.settle()
        report.add(Measurement("whole city recomputed", services, whole, _no_usage()))
        report.ratio("whole city / one phone number", whole / one)
    finally:
        await database.stop()


def _of_the_city(number: int) -> ListingPublished:
    provider = {"business_id": business_id_of(0), "type": "municipality", "name": {"fi": {"text": "Kaupunki"}}}
    return ListingPublished.model_validate({**made(number), "provider": provider})


def _with_phone(listing: ListingPublished) -> ListingPublished:
    first, *others = listing.channels
    changed = first.model_copy(update={"phones": (first.phones[0].model_copy(update={"number": "+358405550000"}),)})
    return listing.model_copy(update={"channels": (changed, *others)})


def _version(listing: ListingPublished, version: int) -> Listing:
    return Listing(listing.listing_id, version, True, version, listing, utc_now())


def _no_usage() -> dict[str, Usage]:
    return {}
