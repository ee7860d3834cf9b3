"""The law of the registry, and the commands that apply it."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from event_schemas import Topic, topic_for
from event_schemas.__main__ import app
from event_schemas.freezing import IncompatibleChange, freeze, frozen_file
from event_schemas.listing import ListingRemoved
from event_schemas.paths import data_root
from event_schemas.quality import ListingAssessed
from event_schemas.reference import markdown
from event_schemas.rules import faults, topic_faults
from event_schemas.topic import Cleanup, Kind, Party

runner = CliRunner()


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the registry's files that a test may spoil."""
    for folder in ("topics", "receivers", "frozen", "examples"):
        shutil.copytree(data_root() / folder, tmp_path / folder)
    monkeypatch.setenv("HYTE_SCHEMAS", str(tmp_path))
    return tmp_path


def spoil(file: Path, *path: str, value: Any) -> None:
    """Replace one value inside a JSON file."""
    document = json.loads(file.read_text(encoding="utf-8"))
    node = document
    for name in path[:-1]:
        node = node[name]
    node[path[-1]] = value
    file.write_text(json.dumps(document), encoding="utf-8")


def test_registry_keeps_its_own_law() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("name", "changed", "told"),
    [
        ("hyte.listings.v1", {"name": "hyte.our_listings.v1"}, "without underscore"),
        ("hyte.listings.v1", {"name": "listings"}, "a topic is named"),
        ("hyte.listings.v1", {"events": ("listing-published",)}, "is not of the form"),
        ("hyte.listings.v1", {"cleanup": Cleanup.DELETE}, "state topics are compacted"),
        ("hyte.ingest-runs.v1", {"kind": Kind.STATE}, "state topics are compacted"),
        ("hyte.listings.v1", {"events": ("fi.hytevirta.listing.published.v1",)}, "needs an event that removes"),
        ("hyte.listings.v1", {"retention": timedelta(days=1)}, "retention is given"),
        ("hyte.ingest-runs.v1", {"retention": None}, "retention is given"),
        ("hyte.ingest-runs.v1", {"retention": timedelta(days=401)}, "longer than 400 days"),
        ("hyte.notifications.requested.v1", {"retention": timedelta(days=15)}, "14 days at most"),
        ("hyte.listings.v1", {"partitions": 8}, "1, 3 or 12"),
        ("hyte.referrals.{receiver}.v1", {"partitions": 3}, "has one partition"),
        ("hyte.listings.v1", {"writers": (Party.RECEIVER,)}, "and no other"),
        ("hyte.listings.v1", {"owner": Party.NOTIFY}, "neither writes nor reads"),
    ],
)
def test_topic_against_the_law_is_told_in_a_sentence(name: str, changed: dict[str, Any], told: str) -> None:
    topic: Topic = topic_for(name).model_copy(update=changed)
    assert any(told in fault for fault in topic_faults(topic))


def test_check_passes_on_the_registry() -> None:
    result = runner.invoke(app, ["check"])
    assert (result.exit_code, result.output) == (0, "")


@pytest.mark.parametrize("orphan", ["frozen/fi.hytevirta.gone.away.v1.schema.json", "examples/fi.hytevirta.gone.v1"])
def test_check_tells_of_files_without_a_model(copied: Path, orphan: str) -> None:
    (copied / orphan).mkdir()
    result = runner.invoke(app, ["check"])
    assert (result.exit_code, result.output) == (1, f"{orphan} belongs to no model\n")


def test_check_tells_of_a_misspelt_topic_file_in_a_sentence(copied: Path) -> None:
    with (copied / "topics" / "listings.yaml").open("a", encoding="utf-8") as file:
        file.write("partitons: 3\n")
    result = runner.invoke(app, ["check"])
    assert (result.exit_code, result.output) == (1, "listings.yaml: partitons: Extra inputs are not permitted\n")


def test_check_tells_of_missing_examples(copied: Path) -> None:
    shutil.rmtree(copied / "examples" / ListingRemoved.event_type)
    assert any("at least 2 examples" in fault for fault in faults())


def test_check_tells_of_an_event_on_two_topics(copied: Path) -> None:
    text = (copied / "topics" / "listings.yaml").read_text(encoding="utf-8")
    (copied / "topics" / "again.yaml").write_text(text.replace("listings.v1", "relistings.v1"), encoding="utf-8")
    assert f"{ListingRemoved.event_type} is on 2 topics instead of one" in faults()


def test_check_tells_of_a_topic_declared_twice_and_an_event_without_model(copied: Path) -> None:
    text = (copied / "topics" / "catalog-quality.yaml").read_text(encoding="utf-8")
    again = text.replace("listing.assessed.v1", "listing.judged.v1")
    (copied / "topics" / "again.yaml").write_text(again, encoding="utf-8")
    found = faults()
    assert "hyte.catalog.quality.v1 is declared 2 times" in found
    assert "fi.hytevirta.listing.judged.v1 is on a topic but has no model" in found


def test_stale_frozen_schema_is_told_and_freezing_mends_it(copied: Path) -> None:
    spoil(frozen_file(ListingRemoved), "description", value="Worded otherwise.")
    assert any("is not fresh" in fault for fault in faults())
    result = runner.invoke(app, ["freeze"])
    assert result.output == f"frozen {ListingRemoved.event_type}.schema.json\n"
    assert faults() == []
    assert copied in frozen_file(ListingRemoved).parents


def test_change_of_a_stable_event_that_breaks_readers_is_not_frozen(copied: Path) -> None:
    file = frozen_file(ListingRemoved)
    spoil(file, "properties", "comment", value={"type": "string"})
    before = file.read_bytes()
    with pytest.raises(IncompatibleChange, match=r"document\.comment was removed"):
        freeze()
    assert runner.invoke(app, ["freeze"]).exit_code == 1
    assert file.read_bytes() == before
    assert any("is stable: document.comment was removed" in fault for fault in faults())
    assert copied in file.parents


def test_draft_may_change_freely(copied: Path) -> None:
    spoil(frozen_file(ListingAssessed), "properties", "comment", value={"type": "string"})
    assert [file.name for file in freeze()] == [f"{ListingAssessed.event_type}.schema.json"]
    assert copied in frozen_file(ListingAssessed).parents


def test_topics_are_printed_one_a_line() -> None:
    lines = runner.invoke(app, ["topics"]).output.splitlines()
    assert lines[0].startswith("topic ")
    assert any(line.startswith("hyte.referrals.{receiver}.v1 ") for line in lines)


def test_reference_is_written_and_then_fresh(tmp_path: Path) -> None:
    page = tmp_path / "topics.md"
    assert runner.invoke(app, ["topics", "--docs", str(page), "--check"]).exit_code == 1
    assert runner.invoke(app, ["topics", "--docs", str(page)]).exit_code == 0
    assert runner.invoke(app, ["topics", "--docs", str(page), "--check"]).exit_code == 0
    page.write_text(page.read_text(encoding="utf-8") + "edited by hand\n", encoding="utf-8")
    assert "is not fresh" in runner.invoke(app, ["topics", "--docs", str(page), "--check"]).output


def test_reference_is_the_same_every_time_and_names_every_topic() -> None:
    page = markdown()
    assert page == markdown()
    assert "```mermaid" in page
    assert all(f"## `{name}`" in page for name in ("hyte.listings.v1", "hyte.referrals.{receiver}.v1"))
    assert "`hyte.listings.v1.catalog.dlq`" in page
