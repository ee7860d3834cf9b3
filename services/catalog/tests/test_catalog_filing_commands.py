"""`refile`, `filing-report` and `check-content`, as processes."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from shutil import copytree

import pytest

from catalog.bootstrap import content_faults
from catalog.domain.identity import entry_id
from catalog.settings import CONTENT
from chassis.service.base import Base
from devstack.testing import eventually
from event_schemas.ids import ListingId

from .conftest import entries_in, environment, publish, running_projector
from .samples import described, ptv_id

GROUP = ptv_id("group")


async def command(*words: str, env: dict[str, str] | None = None) -> tuple[int | None, list[str]]:
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "catalog", *words, env=env, stdout=pipe, stderr=pipe
    )
    told, _ = await child.communicate()
    return child.returncode, told.decode().splitlines()


@pytest.fixture
def folder(bare_content: Path, tmp_path: Path) -> Path:
    return Path(copytree(bare_content, tmp_path / "content"))


def amend(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))


@pytest.mark.kafka
@pytest.mark.postgres
async def test_dry_run_tells_each_entry_that_a_rule_would_move_and_moves_none(base: Base, folder: Path) -> None:
    async with running_projector(base, *base.relay()):
        await publish(
            base,
            described(GROUP, "Petankki", classes=("P27.1",)),
            described(ptv_id("choir"), "Kuoro", classes=("P25.2",)),
            described(ptv_id("club"), "Porukka", classes=("P99.9",)),
        )
        await eventually(lambda: _has(base, 3), what="entries are there")
    amend(folder / "themes.yaml", "service_classes: [P27, P27.1]", "service_classes: [P27]")
    amend(folder / "themes.yaml", "fi: [yksinäi,", "fi: [petank, yksinäi,")
    env = environment(base)
    code, lines = await command("refile", "--dry-run", "--content", str(folder), env=env)
    assert code == 0
    assert lines[0].split("\t")[:2] == [entry_id(ListingId(GROUP)), "Petankki"]
    assert lines[0].split("\t")[2:4] == [
        "county:exercise",
        "county:social-life,tarmoa:community-and-relationships",
    ]
    assert lines[0].endswith("sana petankki")
    assert "county:exercise\t+0\t-1" in lines
    assert lines[-1] == "1 of 3 entries move"
    assert (await command("refile", "--dry-run", env=env))[1] == ["0 of 3 entries move"]
    _, report = await command("filing-report", env=env)
    assert report[0].split("\t")[0] == "unknown-class"
    assert report[1:4] == [
        "3 entries, 2 of them may concern wellbeing",
        "filed\t2\t100.0%",
        "filed twice or more\t0\t0.0%",
    ]
    assert (await command("refile", env=env))[0] == 0
    async with base.database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM dirty_listing") == 3


async def _has(base: Base, entries: int) -> bool:
    return len(await entries_in(base)) == entries


async def test_check_of_the_county_s_own_pack_finds_nothing() -> None:
    assert await command("check-content", str(CONTENT)) == (0, ["no faults"])


async def test_check_names_every_fault_of_every_file_with_its_line(tmp_path: Path) -> None:
    folder = Path(copytree(CONTENT, tmp_path / "content"))
    amend(folder / "themes.yaml", "code: oral-health", "code: Oral")
    amend(folder / "entries" / "young_people.yaml", "kind: group", "kind: grup")
    amend(folder / "entries" / "residents.yaml", "kind: self-care", "kind: self-care\n  kind: group")
    (folder / "synonyms.yaml").write_text("- fi: [a]\n  sv: {")
    amend(folder / "lexicon.txt", "\nagility\n", "\nAgility, koira\n")
    code, lines = await command("check-content", str(folder))
    assert code == 1
    places = {line.split(" ")[0].rpartition(":")[0] for line in lines}
    assert {place.split(":")[0] for place in places} == {
        "themes.yaml",
        "young_people.yaml",
        "residents.yaml",
        "synonyms.yaml",
        "lexicon.txt",
    }
    themes = (folder / "themes.yaml").read_text().splitlines()
    line = next(line for line in lines if line.startswith("themes.yaml"))
    assert themes[int(line.split(":")[1]) - 1].strip() == "- code: Oral"
    assert any("kind is there twice" in line for line in lines)


@pytest.mark.parametrize(
    ("file", "before", "after", "fault"),
    [
        ("themes.yaml", "code: oral-health", "code: nutrition", "code nutrition is used twice"),
        ("themes.yaml", "[ht_luonto]", "[ht_uskonnot]", "source theme ht_uskonnot has no names"),
        ("talking_card.yaml", "code: food", "code: moving", "code moving is used twice"),
        ("talking_card.yaml", 'sv: "{count} ämnen"', "sv: ämnen", "each language needs a place for {count}"),
        ("talking_card.yaml", "[nutrition]", "[food]", "question food leads to food, which is no sub-theme"),
        ("tarmoa.yaml", "code: nature\n", "code: sports-and-exercise\n", "code sports-and-exercise is used twice"),
        ("entries/residents.yaml", "key: etaryhma-uni", "key: tieto-raha", "key tieto-raha is used twice"),
    ],
)
def test_fault_of_several_places_is_told_where_it_can_be_mended(
    tmp_path: Path, file: str, before: str, after: str, fault: str
) -> None:
    folder = Path(copytree(CONTENT, tmp_path / "content"))
    amend(folder / file, before, after)
    (told,) = content_faults(folder)
    name, line, column, said = told.split(":", 3)
    assert (name, said.strip()) == (Path(file).name, fault)
    written = (folder / file).read_text().splitlines()[int(line) - 1][int(column) - 1 :]
    assert any(written.startswith(word) for word in fault.replace("each language", "count_many").split())
