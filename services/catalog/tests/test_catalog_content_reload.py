"""The content pack is changed while the projector runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copytree

import pytest
from prometheus_client import REGISTRY

from catalog.settings import CONTENT
from chassis.service.base import Base
from devstack.testing import eventually

from .conftest import Entries, entries_in, publish, running_projector
from .samples import described, ptv_id

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the pack that the projector watches."""
    copied = Path(copytree(CONTENT, tmp_path / "content"))
    monkeypatch.setenv("HYTE_CONTENT_FOLDER", str(copied))
    monkeypatch.setenv("HYTE_CONTENT_CHECK_SECONDS", "0.2")
    return copied


@asynccontextmanager
async def with_boules(base: Base) -> AsyncIterator[None]:
    """A projector that has filed one service, which no rule fits but that of its word."""
    async with running_projector(base, *base.relay()):
        await publish(base, described(ptv_id("boules"), "Petankki"))
        await holds(base, lambda entries: "Petankki" in names(entries), "entry is there")
        yield


def names(entries: Entries) -> dict[str, set[str | None]]:
    """Finnish name → the county's sub-themes."""
    found = [entry for entry in entries.values() if entry]
    return {
        one.name["fi"].text: {placed.sub_theme for placed in one.placements if placed.mapping == "county"}
        for one in found
    }


async def holds(base: Base, condition: Callable[[Entries], bool], what: str) -> None:
    async def held() -> bool:
        return condition(await entries_in(base))

    await eventually(held, what=what)


def amend(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))


async def test_changed_rule_moves_entries_without_a_restart_and_a_broken_file_changes_nothing(
    base: Base, folder: Path
) -> None:
    async with with_boules(base):
        assert names(await entries_in(base))["Petankki"] == set()
        amend(folder / "themes.yaml", "fi: [liikunta, jumppa", "fi: [liikunta, petank, jumppa")
        await holds(base, lambda entries: names(entries)["Petankki"] == {"exercise"}, "moved")
        amend(folder / "themes.yaml", "fi: [liikunta, petank, jumppa", "fin: [liikunta, jumppa]\n        : [")
        await eventually(_told, what="fault told")
        assert "themes.yaml:" in base.health.notes()["content"]
        assert base.health.reasons() == {}
        await publish(base, described(ptv_id("more"), "Petankkikisa"))
        await holds(base, lambda entries: names(entries).get("Petankkikisa") == {"exercise"}, "last good rule used")


async def test_own_content_is_an_entry_that_follows_its_file(base: Base, folder: Path) -> None:
    async with running_projector(base, *base.relay()):
        await holds(base, lambda entries: "Hyte-aamukahvi" in names(entries), "stored at the start")
        entries = {entry.name["fi"].text: entry for entry in (await entries_in(base)).values() if entry}
        coffee = entries["Hyte-aamukahvi"]
        assert (coffee.access, coffee.audience) == ("staff", ("professionals",))
        assert coffee.placements[0].reasons[0].kind == "curator"
        assert {audience for entry in entries.values() for audience in entry.audience} == {
            "residents",
            "professionals",
            "young-people",
        }
        amend(folder / "entries" / "professionals.yaml", "fi: Hyte-aamukahvi", "fi: Hyte-iltapäiväkahvi")
        await holds(base, lambda entries: "Hyte-iltapäiväkahvi" in names(entries), "renamed")
        (folder / "entries" / "young_people.yaml").unlink()
        await holds(base, lambda entries: "Nuorten digitaalinen asiakasraati" not in names(entries), "gone")


async def _told() -> bool:
    return (REGISTRY.get_sample_value("catalog_content_faults") or 0) > 0
