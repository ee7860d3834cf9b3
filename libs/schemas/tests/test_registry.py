"""Topics as declared, and the broker settings that follow."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from event_schemas import (
    Receiver,
    UnknownTopic,
    all_topics,
    dead_letter_config,
    dead_letter_topic,
    load_receivers,
    topic_for,
    topics,
)
from event_schemas.paths import data_root
from event_schemas.receivers import Delivery
from event_schemas.registry import RegistryError
from event_schemas.topic import Cleanup, PersonalData

DAY = str(24 * 3600 * 1000)
MONTH = str(30 * 24 * 3600 * 1000)
FORTNIGHT = str(14 * 24 * 3600 * 1000)


def receiver(receiver_id: str, delivery: Delivery = Delivery.TOPIC) -> Receiver:
    return Receiver.model_validate(
        {
            "id": receiver_id,
            "valid_from": date(2026, 1, 1),
            "municipality": "109",
            "name": {"fi": "Kunta"},
            "referral_types": ["liikuntalahete"],
            "delivery": delivery,
            "eligibility": {"fi": "Kaikki"},
        }
    )


def test_concrete_name_leads_to_its_template() -> None:
    assert topic_for("hyte.referrals.kunta-109.v1") is topic_for("hyte.referrals.{receiver}.v1")
    assert topic_for("hyte.referral-replies.ytunnus-2388924-4.v1").name == "hyte.referral-replies.{receiver}.v1"


@pytest.mark.parametrize("name", ["hyte.referrals.kunta-9.v1", "hyte.referrals.x.kunta-109.v1", "hyte.listingsXv1", ""])
def test_name_that_is_not_declared_is_unknown(name: str) -> None:
    with pytest.raises(UnknownTopic):
        topic_for(name)


def test_template_is_filled_for_a_receiver() -> None:
    assert topic_for("hyte.referrals.{receiver}.v1").name_for("kunta-694") == "hyte.referrals.kunta-694.v1"
    with pytest.raises(ValueError, match="not a template"):
        topic_for("hyte.listings.v1").name_for("kunta-694")


def test_compacted_topic_keeps_tombstones_for_a_month_and_compacts_within_a_week() -> None:
    assert topic_for("hyte.vocabularies.v1").kafka_config() == {
        "cleanup.policy": "compact",
        "delete.retention.ms": MONTH,
        "max.compaction.lag.ms": str(7 * 24 * 3600 * 1000),
    }


def test_topic_with_personal_data_rolls_its_segments_daily() -> None:
    for topic in topics():
        holds = topic.personal_data is not PersonalData.NONE
        assert (topic.kafka_config().get("segment.ms") == DAY) == holds
        assert (topic.dead_letter_config().get("segment.ms") == DAY) == holds


def test_deleted_topic_is_kept_as_declared() -> None:
    assert topic_for("hyte.referrals.kunta-109.v1").kafka_config() == {
        "cleanup.policy": "delete",
        "retention.ms": FORTNIGHT,
        "segment.ms": DAY,
    }


def test_dead_letters_of_sealed_data_are_kept_no_longer_than_their_source() -> None:
    assert dead_letter_config("hyte.referral-replies.kunta-109.v1")["retention.ms"] == FORTNIGHT


@pytest.mark.parametrize("name", ["hyte.listings.v1", "hyte.notifications.status.v1", "hyte.vocabularies.v1"])
def test_other_dead_letters_are_kept_a_month(name: str) -> None:
    assert dead_letter_config(name)["retention.ms"] == MONTH
    assert dead_letter_config(name)["cleanup.policy"] == "delete"


def test_dead_letter_topic_is_named_after_the_concrete_topic_and_group() -> None:
    name = dead_letter_topic("hyte.referral-replies.kunta-109.v1", "referral")
    assert name == "hyte.referral-replies.kunta-109.v1.referral.dlq"


def test_only_receivers_by_topic_get_topics() -> None:
    receivers = [receiver("kunta-109"), receiver("kunta-082", Delivery.INBOX), receiver("kunta-109")]
    names = [spec.name for spec in all_topics(receivers)]
    assert len(names) == len(set(names))
    assert [name for name in names if "kunta" in name] == [
        "hyte.referral-replies.kunta-109.v1",
        "hyte.referral-replies.kunta-109.v1.referral.dlq",
        "hyte.referrals.kunta-109.v1",
    ]


def test_every_group_of_ours_has_dead_letters_with_one_partition() -> None:
    specs = {spec.name: spec for spec in all_topics(load_receivers())}
    dead = {name for name in specs if name.endswith(".dlq")}
    assert "hyte.listings.v1.catalog.dlq" in dead
    assert not any(name.startswith("hyte.catalog.entries") for name in dead), "replicas read without a group"
    assert all(specs[name].partitions == 1 for name in dead)


def test_partition_counts_are_those_of_version_1() -> None:
    counts = {topic.name: topic.partitions for topic in topics()}
    assert counts == {
        "hyte.vocabularies.v1": 3,
        "hyte.listings.v1": 12,
        "hyte.ingest-runs.v1": 1,
        "hyte.catalog.entries.v1": 12,
        "hyte.catalog.quality.v1": 3,
        "hyte.referrals.{receiver}.v1": 1,
        "hyte.referral-replies.{receiver}.v1": 1,
        "hyte.referral-lifecycle.v1": 3,
        "hyte.notifications.requested.v1": 12,
        "hyte.notifications.status.v1": 12,
    }, "a partition count is for ever: declare a new version of the topic instead"


def test_retention_is_a_duration() -> None:
    assert topic_for("hyte.referral-lifecycle.v1").retention == timedelta(days=400)
    assert topic_for("hyte.listings.v1").cleanup is Cleanup.COMPACT


@pytest.mark.parametrize("line", ["partitons: 3", "partitions: many", "status: maybe", "writers: []", "a: [b"])
def test_misspelt_topic_file_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    shutil.copytree(data_root() / "topics", tmp_path / "topics")
    file = tmp_path / "topics" / "listings.yaml"
    key = line.split(":")[0]
    kept = [old for old in file.read_text(encoding="utf-8").splitlines() if not old.startswith(f"{key}:")]
    file.write_text("\n".join([*kept, line]) + "\n", encoding="utf-8")
    monkeypatch.setenv("HYTE_SCHEMAS", str(tmp_path))
    with pytest.raises(RegistryError, match=r"listings\.yaml"):
        topics()
