"""The composition root: which parts each role is made of."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from catalog.adapters.content_entries import load_entries
from catalog.adapters.content_files import (
    faults_of,
    folder_digest,
    load_content,
    load_lexicon,
    load_synonyms,
    reload_content,
)
from catalog.adapters.postgres_content import PostgresCurated, PostgresEntries
from catalog.adapters.postgres_entries import PostgresComponents
from catalog.adapters.postgres_listings import PostgresListings
from catalog.adapters.postgres_matching import PostgresMatching
from catalog.adapters.postgres_rebuild import PostgresSecondModel
from catalog.adapters.postgres_reports import PostgresReports
from catalog.adapters.tantivy_index import TantivyIndex
from catalog.app.match import Match
from catalog.app.rebuild import Rebuild
from catalog.app.recompute import Recompute
from catalog.app.tray import Tray
from catalog.domain.entries import Content
from catalog.domain.words.analysis import Analyser
from catalog.entrypoints.api.models import entry_json
from catalog.entrypoints.content_watch import ContentWatch
from catalog.entrypoints.curation_api import curation_api
from catalog.entrypoints.filing_commands import FilingDesk
from catalog.entrypoints.follow import ENTRIES, TrayFollower
from catalog.entrypoints.kafka import VOCABULARIES, source_subscription
from catalog.entrypoints.rebuild_command import Rebuilding
from catalog.entrypoints.report_texts import report_texts_turn
from catalog.entrypoints.reports_api import reports_api
from catalog.entrypoints.web.application import application
from catalog.entrypoints.web.maps import MapTiles
from catalog.entrypoints.web.report_pages import Reporting
from catalog.entrypoints.worker import worker_turn
from catalog.settings import CatalogSettings
from chassis.core.clock import Clock, utc_now
from chassis.core.process import Loop, Part
from chassis.core.settings import read_settings
from chassis.http.rate_limit import Callers, RateLimit
from chassis.kafka.follow import Follower
from chassis.kafka.handlers import Subscription
from chassis.postgres.single_run import SingleRun
from chassis.service.base import Base, Service
from chassis.service.dead_letter_commands import opened

C = TypeVar("C")
MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
_IDLE = timedelta(seconds=5)
# Descriptions are trees of many small values without cycles: at Python's defaults the collector goes through all of
# them again and again and finds nothing, which was a third of the projector's time.
_COLLECTOR = (20_000, 20, 100)


def subscriptions(base: Base) -> list[Subscription]:
    county = _content(read_settings(CatalogSettings), base.clock).county
    return [source_subscription(PostgresListings(county), clock=base.clock)]


def projector(base: Base) -> Sequence[Part]:
    """Takes listings and vocabularies in, and recomputes the entries they touch."""
    gc.set_threshold(*_COLLECTOR)
    settings = read_settings(CatalogSettings)
    content = _content(settings, base.clock)
    listings = PostgresListings(content.county)
    components = PostgresComponents(base.database, base.outbox, clock=base.clock)
    matching = PostgresMatching(base.database, content.county, clock=base.clock)
    recompute = Recompute(components, content, most=settings.catalog_batch)
    turn = worker_turn(
        Match(matching, most=settings.catalog_batch),
        recompute,
        matching,
        components,
        listings,
        PostgresCurated(),
        clock=base.clock,
        idle=_IDLE,
    )
    worker = Loop("recompute", turn, health=base.health)

    async def take(renewed: Content) -> None:
        recompute.content = renewed
        listings.county = matching.county = renewed.county
        worker.wake()

    watch = _watch(base, settings, partial(reload_content, settings.content_folder, content), take)
    consumers = [base.consumer(source_subscription(listings, clock=base.clock))]
    return [worker, base.listener({"dirty_listing": worker.wake}), watch, *consumers]


def web(base: Base) -> Sequence[Part]:
    """Follows the entries into an index of its own, and serves pages and API."""
    gc.set_threshold(*_COLLECTOR)
    settings = read_settings(CatalogSettings)
    tray = make_tray(settings.content_folder, clock=base.clock)
    follower = Follower(
        base.kafka,
        [VOCABULARIES, ENTRIES],
        TrayFollower(tray),
        health=base.health,
        name="tray",
        on_caught_up=_settle,
    )
    reports, callers = PostgresReports(base.database), Callers(settings.trusted_proxies)
    app = application(
        tray,
        clock=base.clock,
        reporting=Reporting(
            reports, RateLimit(settings.report_rate, name="reports", callers=callers), settings.report_text_days
        ),
        read_limit=RateLimit(settings.read_rate, name="api", callers=callers),
        assets=settings.assets_folder,
        map_tiles=MapTiles(settings.map_tiles, settings.map_credit) if settings.map_tiles else None,
        public_url=settings.public_url,
    )
    if settings.curator_token:
        matching = PostgresMatching(base.database, tray.content.county, clock=base.clock)
        app.include_router(curation_api(matching, token=settings.curator_token, clock=base.clock))
        app.include_router(reports_api(reports, token=settings.curator_token))

    def load() -> tuple[Content, Analyser]:
        folder = settings.content_folder
        return reload_content(folder, tray.content), Analyser(load_lexicon(folder), load_synonyms(folder))

    async def take(renewed: tuple[Content, Analyser]) -> None:
        await tray.renew(*renewed)

    return [follower, base.web(app), _watch(base, settings, load, take)]


def relay(base: Base) -> Sequence[Part]:
    """Publishes the outbox, and deletes the texts of old reports."""
    kept = timedelta(days=read_settings(CatalogSettings).report_text_days)
    turn = report_texts_turn(PostgresReports(base.database), kept=kept, clock=base.clock)
    return [*base.relay(), Loop("report-texts", turn)]


def _settle() -> None:
    """What has been loaded stays: looking for garbage in all of it would be a pause of a tenth of a second."""
    gc.collect()
    gc.freeze()


def _watch(base: Base, settings: CatalogSettings, load: Callable[[], C], take: Callable[[C], Awaitable[None]]) -> Loop:
    every = timedelta(seconds=settings.content_check_seconds)
    digest = partial(folder_digest, settings.content_folder)
    return Loop("content", ContentWatch(digest, load, take, health=base.health, every=every), health=base.health)


def make_tray(content_folder: Path, *, clock: Clock = utc_now) -> Tray:
    """An empty tray over the content pack."""
    analyser = Analyser(load_lexicon(content_folder), load_synonyms(content_folder))
    content = load_content(content_folder, on=clock().date())
    return Tray(TantivyIndex(analyser), content, analyser, written=entry_json)


def _content(settings: CatalogSettings, clock: Clock) -> Content:
    """A merger of municipalities takes effect at the first start on or after its day."""
    return load_content(settings.content_folder, on=clock().date())


SERVICE = Service(
    name="catalog",
    migrations_folder=MIGRATIONS,
    roles={"projector": projector, "web": web, "relay": relay},
    subscriptions=subscriptions,
)


@asynccontextmanager
async def open_components() -> AsyncIterator[PostgresComponents]:
    """The catalogue's entries, for one command."""
    async with opened(SERVICE) as base:
        yield PostgresComponents(base.database, base.outbox, clock=base.clock)


@asynccontextmanager
async def open_matching() -> AsyncIterator[PostgresMatching]:
    """Pairs and decisions, for one command."""
    async with opened(SERVICE) as base:
        county = _content(read_settings(CatalogSettings), base.clock).county
        yield PostgresMatching(base.database, county, clock=base.clock)


@asynccontextmanager
async def open_reports() -> AsyncIterator[PostgresReports]:
    """Error reports, for one command."""
    async with opened(SERVICE) as base:
        yield PostgresReports(base.database)


@asynccontextmanager
async def open_rebuild() -> AsyncIterator[Rebuilding]:
    """A second read model beside the live one, for one command."""
    settings = read_settings(CatalogSettings)
    async with opened(SERVICE) as base:
        content = _content(settings, base.clock)
        run = SingleRun(base.database, name="catalog rebuild")
        live = PostgresComponents(base.database, base.outbox, clock=base.clock)
        model = PostgresSecondModel(run, live, clock=base.clock)
        rebuild = Rebuild(
            model,
            PostgresListings(content.county),
            Match(PostgresMatching(model, content.county, clock=base.clock), most=settings.catalog_batch),
            Recompute(PostgresComponents(model, base.outbox, clock=base.clock), content, most=settings.catalog_batch),
            clock=base.clock,
        )
        yield Rebuilding(rebuild, base.kafka, run.hold)


@asynccontextmanager
async def open_filing_desk(folder: Path | None) -> AsyncIterator[FilingDesk]:
    """Entries as they are filed, and the content of a folder (None: the one in use), for one command."""
    settings = read_settings(CatalogSettings)
    async with opened(SERVICE) as base:
        content = load_content(folder or settings.content_folder, on=base.clock().date())

        async def refile_all() -> None:
            async with base.database.transaction() as tx:
                await PostgresListings(content.county).refile_all(tx, content.digest, base.clock())

        yield FilingDesk(PostgresEntries(base.database, most=settings.catalog_batch), content, refile_all)


def content_faults(folder: Path | None) -> list[str]:
    """Every fault of a content pack (None: of the one in use)."""
    checked = folder or read_settings(CatalogSettings).content_folder
    loaders = (
        partial(load_entries, checked / "entries"),
        partial(load_lexicon, checked),
        partial(load_synonyms, checked),
    )
    return [*faults_of((partial(load_content, checked, on=utc_now().date()), *loaders))]
