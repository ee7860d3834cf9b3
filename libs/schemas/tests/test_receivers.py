"""The receiver registry and its keys."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from event_schemas import MissingKey, Receiver, load_receivers
from event_schemas.receivers import Delivery, KeyReference, ReceiverError, in_force

PUBLIC = {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}


def write_keys(folder: Path, *keys: dict[str, Any]) -> None:
    (folder / "kunta-109.jwks.json").write_text(json.dumps({"keys": keys}), encoding="utf-8")


def hameenlinna(keys_dir: Path | None = None) -> Receiver:
    return next(receiver for receiver in load_receivers(keys_dir) if receiver.id == "kunta-109")


def test_kanta_hame_has_its_eleven_municipalities() -> None:
    receivers = load_receivers()
    codes = {receiver.municipality for receiver in receivers}
    assert codes == {"061", "082", "086", "103", "109", "165", "169", "433", "694", "834", "981"}
    assert all(receiver.id == f"kunta-{receiver.municipality}" for receiver in receivers)
    by_topic = {receiver.municipality for receiver in receivers if receiver.delivery is Delivery.TOPIC}
    assert by_topic == {"061", "109", "694"}


def test_receiver_tells_names_and_eligibility_in_three_languages() -> None:
    for receiver in load_receivers():
        assert receiver.name.keys() == receiver.eligibility.keys() == {"fi", "sv", "en"}
        assert receiver.time_limits.acknowledge == timedelta(days=7)


def test_keys_are_joined_by_receiver_and_use(tmp_path: Path) -> None:
    write_keys(tmp_path, {**PUBLIC, "kid": "s1", "use": "sig"}, {**PUBLIC, "kid": "e1", "use": "enc"})
    receiver = hameenlinna(tmp_path)
    assert [key["kid"] for key in receiver.public_keys("enc")] == ["e1"]
    assert [key["kid"] for key in receiver.public_keys("sig")] == ["s1"]


def test_missing_key_is_an_error_only_when_it_is_used() -> None:
    receiver = hameenlinna()
    with pytest.raises(MissingKey, match=r"kunta-109 has no public key for enc; it belongs into kunta-109\.jwks\.json"):
        receiver.public_keys("enc")


def test_key_that_is_not_listed_is_not_trusted(tmp_path: Path) -> None:
    write_keys(tmp_path, {**PUBLIC, "kid": "forged", "use": "sig"}, {**PUBLIC, "kid": "e1", "use": "enc"})
    pinned = hameenlinna(tmp_path).model_copy(update={"keys": (KeyReference(kid="s1", use="sig"),)})
    with pytest.raises(MissingKey):
        pinned.public_keys("sig")
    assert pinned.public_keys("enc")


@pytest.mark.parametrize("secret", [{**PUBLIC, "d": "AA"}, {"kty": "oct", "k": "AA"}])
def test_secret_key_in_the_folder_is_refused(tmp_path: Path, secret: dict[str, Any]) -> None:
    write_keys(tmp_path, secret)
    with pytest.raises(ReceiverError, match="secret key"):
        load_receivers(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"keys": 1}', '{"keys": [1]}'])
def test_key_file_of_another_form_is_refused_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "kunta-109.jwks.json").write_text(text, encoding="utf-8")
    with pytest.raises(ReceiverError, match=r"kunta-109\.jwks\.json"):
        load_receivers(tmp_path)


def test_keys_never_show_in_the_text_of_a_receiver(tmp_path: Path) -> None:
    write_keys(tmp_path, {**PUBLIC, "kid": "e1", "use": "enc"})
    receiver = hameenlinna(tmp_path)
    assert "P-256" not in repr(receiver)
    assert "jwks" not in receiver.model_dump()


def test_newest_version_that_has_begun_is_in_force() -> None:
    first = hameenlinna()
    second = first.model_copy(update={"version": 2, "valid_from": date(2027, 1, 1)})
    rows = (second, first)
    assert in_force(rows, date(2026, 12, 31)) == (first,)
    assert in_force(rows, date(2027, 1, 1)) == (second,)
    assert in_force(rows, date(2020, 1, 1)) == ()


def test_misspelt_receiver_file_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "receivers").mkdir()
    (tmp_path / "receivers" / "kunnat.yaml").write_text('county: "07"\nrecievers: []\n', encoding="utf-8")
    monkeypatch.setenv("HYTE_SCHEMAS", str(tmp_path))
    with pytest.raises(ReceiverError, match=r"kunnat\.yaml"):
        load_receivers()
