"""The content pack is changed while projector and web run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copytree, rmtree

import httpx
import pytest
from prometheus_client import REGISTRY

from catalog.bootstrap import web
from catalog.settings import CONTENT
from chassis.core.process import running
from chassis.http.settings import HttpSettings
from chassis.service.base import Base
from devstack.processes import free_port
from devstack.testing import eventually

from .conftest import Entries, becomes, entries_in, publish, running_projector
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


async def test_other_areas_are_matched_anew_without_a_restart_and_broken_ones_change_nothing(
    base: Base, folder: Path
) -> None:
    rmtree(folder / "entries")
    amend(folder / "areas.yaml", 'region: "05"', 'region: "06"')
    region = described(ptv_id("twin"), "Tuoliryhmä", areas=[{"kind": "region", "code": "05"}])
    async with running_projector(base, *base.relay()):
        await publish(base, region, described("lahella:1", "Tuoliryhmä", municipalities=("061",)))
        await holds(base, lambda entries: len(entries) == 2, "two entries: no place in common")
        amend(folder / "areas.yaml", 'region: "06"', "region: häme")
        await becomes(lambda: "areas.yaml:3:1" in base.health.notes().get("content", ""), "fault told with its line")
        assert len(await entries_in(base)) == 2
        amend(folder / "areas.yaml", "region: häme", 'region: "05"')
        await holds(base, lambda entries: len(entries) == 1, "one entry: the region holds the municipality")
        assert "content" not in base.health.notes()


async def test_pages_follow_the_talking_card_and_the_areas_and_keep_the_good_ones(base: Base, folder: Path) -> None:
    base.http = HttpSettings(http_port=free_port())
    async with running(web(base), grace=base.guards.stop_grace), pages_of(base) as pages:
        await becomes(lambda: not base.health.reasons(), "ready")
        assert "Miten liikut arjessa?" in await pages.card()
        amend(folder / "talking_card.yaml", "Miten liikut arjessa?", "Mitä liikuntasi kuuluu?")
        await eventually(lambda: pages.say("Mitä liikuntasi kuuluu?"), what="new question")
        amend(folder / "talking_card.yaml", "sub_themes: [nutrition]", "sub_themes: [nutrition, no-such]")
        await becomes(lambda: "talking_card.yaml:" in base.health.notes().get("content", ""), "fault told")
        assert "talking_card.yaml:27:29: question food leads to no-such" in base.health.notes()["content"]
        assert "Mitä liikuntasi kuuluu?" in await pages.card()
        amend(folder / "talking_card.yaml", "nutrition, no-such", "nutrition")
        amend(folder / "areas.yaml", "fi: Humppila", "fi: Humppilankylä")
        await eventually(lambda: pages.say("Humppilankylä"), what="new name of a municipality")
        assert "content" not in base.health.notes()


class Pages:
    """The web role's pages, each answered whatever the folder holds."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def card(self) -> str:
        answer = await self._client.get("/fi/how-are-you")
        assert answer.status_code == 200
        return answer.text

    async def say(self, text: str) -> bool:
        return text in await self.card()


@asynccontextmanager
async def pages_of(base: Base) -> AsyncIterator[Pages]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{base.http.http_port}") as client:
        yield Pages(client)


async def _told() -> bool:
    return (REGISTRY.get_sample_value("catalog_content_faults") or 0) > 0
