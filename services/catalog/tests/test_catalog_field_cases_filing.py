"""A source renames its classes: nothing fails, so the counts and the report of what has no theme have to tell."""

from __future__ import annotations

import asyncio
import sys

import pytest
from prometheus_client import REGISTRY

from catalog.adapters.content_files import load_content
from catalog.app.search import Filters
from catalog.app.tray import Ask, Tray
from catalog.domain.identity import entry_id
from catalog.entrypoints.follow import ENTRIES
from catalog.entrypoints.metrics import show_counts
from catalog.settings import CONTENT
from chassis.kafka.follow import read_all
from chassis.service.base import Base
from event_schemas.ids import ListingId

from .conftest import becomes, environment, publish, remove, running_catalog, running_projector
from .samples import TODAY, described, ptv_id

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

RENAMED = "P99.9"
GROUPS = [ptv_id(f"group {number}") for number in range(4)]


def metric(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0


async def publish_groups(base: Base, code: str) -> None:
    """Four services that nothing but their class files."""
    await publish(base, *(described(one, f"Maanantain porukka {n}", classes=(code,)) for n, one in enumerate(GROUPS)))


async def report(base: Base) -> list[str]:
    """What `python -m catalog unfiled` prints."""
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "catalog", "unfiled", env=environment(base), stdout=pipe, stderr=pipe
    )
    told, complaints = await child.communicate()
    assert child.returncode == 0, complaints
    return told.decode().splitlines()


async def test_renamed_class_empties_a_theme_and_metric_and_report_say_so_while_every_entry_stays(base: Base) -> None:
    async with running_catalog(base) as tray:
        await publish_groups(base, "P27.1")
        await becomes(lambda: _in_exercise(tray) == 4, "all filed")
        await becomes(lambda: metric("catalog_theme_entries", theme="exercise") == 4, "theme counted")
        lost = metric("catalog_theme_changes_total", theme="exercise", change="lost")
        await publish_groups(base, RENAMED)
        await becomes(lambda: metric("catalog_theme_entries", theme="exercise") == 0, "theme empty in the metric")
        await becomes(lambda: _in_exercise(tray) == 0, "theme empty in the tray")
        assert metric("catalog_theme_changes_total", theme="exercise", change="lost") == lost + 4
        assert metric("catalog_unfiled_entries", reason="unknown-class") == 4
        assert metric("catalog_unknown_class_entries", code=RENAMED) == 4
        assert tray.search(Ask("maanantain porukka")).total == 4
        assert await _removed_entries(base) == 0
    lines = await report(base)
    assert lines[-1] == "4 unfiled, 4 unknown-class"
    assert {tuple(line.split("\t")[:3]) for line in lines[:-1]} == {
        ("unknown-class", RENAMED, entry_id(ListingId(one))) for one in GROUPS
    }


def _in_exercise(tray: Tray) -> int:
    return tray.search(Ask(filters=Filters(themes=("exercise",)))).total


async def _removed_entries(base: Base) -> int:
    return len([record async for record in read_all(base.kafka, ENTRIES) if record.value is None])


async def test_counts_are_there_right_after_a_restart_and_follow_removals(base: Base) -> None:
    async with running_catalog(base) as tray:
        await publish_groups(base, "P27.1")
        await becomes(lambda: len(tray) == 4, "all there")
    show_counts({}, load_content(CONTENT, on=TODAY).filing)
    assert metric("catalog_theme_entries", theme="exercise") == 0
    async with running_projector(base, *base.relay()):
        await becomes(lambda: metric("catalog_theme_entries", theme="exercise") == 4, "counted after the restart")
        await remove(base, GROUPS[0])
        await becomes(lambda: metric("catalog_theme_entries", theme="exercise") == 3, "one fewer")


async def test_counts_that_an_older_version_left_wrong_are_made_right_at_the_start(base: Base) -> None:
    async with running_catalog(base) as tray:
        await publish_groups(base, "P27.1")
        await becomes(lambda: len(tray) == 4, "all there")
    async with base.database.transaction() as tx:
        await tx.execute("UPDATE filing_count SET entries = 90")
    async with running_projector(base):
        await becomes(lambda: metric("catalog_theme_entries", theme="exercise") == 4, "counted anew")
