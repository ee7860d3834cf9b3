"""Content at rest opens only under its own referral's id and key; receivers' keys come from the registry only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chassis.core.errors import PermanentError, TemporaryError
from chassis.sealing.file_keys import FileKeys
from chassis.sealing.vault import Vault
from event_schemas.ids import MunicipalityCode, ReceiverId, ReferralId
from event_schemas.referral import ReferralType
from referral.adapters.registered_receivers import RegisteredReceivers

from .conftest import Keys

FIRST, SECOND = ReferralId("0d9f6c1e-3b52-4e8a-9c47-5b1e2f3a4d60"), ReferralId("0d9f6c1e-3b52-4e8a-9c47-5b1e2f3a4d61")


@pytest.fixture
def vault(referral_keys: Keys) -> Vault:
    return Vault(FileKeys(referral_keys.settings.keys))


def test_equal_content_is_encrypted_under_a_key_of_its_own_each_time(vault: Vault) -> None:
    first, second = vault.encrypt(FIRST, b"plain"), vault.encrypt(FIRST, b"plain")
    assert first.ciphertext != second.ciphertext
    assert vault.decrypt(FIRST, first) == vault.decrypt(FIRST, second) == b"plain"
    with pytest.raises(PermanentError, match="wrong-key"):
        vault.decrypt(FIRST, replace(first, wrapped_key=second.wrapped_key))


def test_content_does_not_open_under_another_referrals_id(vault: Vault) -> None:
    with pytest.raises(PermanentError, match="wrong-key"):
        vault.decrypt(SECOND, vault.encrypt(FIRST, b"plain"))


def test_a_changed_byte_is_noticed(vault: Vault) -> None:
    encrypted = vault.encrypt(FIRST, b"plain")
    changed = encrypted.ciphertext[:-1] + bytes([encrypted.ciphertext[-1] ^ 1])
    with pytest.raises(PermanentError, match="wrong-key"):
        vault.decrypt(FIRST, replace(encrypted, ciphertext=changed))


def test_a_receivers_signing_keys_are_its_own_and_no_sealing_keys(referral_keys: Keys) -> None:
    receivers = RegisteredReceivers.read(referral_keys.settings.receiver_keys)
    kids = [key.kid for key in receivers.signing_keys(ReceiverId("kunta-109"))]
    assert kids == [referral_keys.municipal["kunta-109"].sig.kid]
    assert receivers.signing_keys(ReceiverId("kunta-082")) == []


def test_before_the_registry_is_in_force_nobody_receives(referral_keys: Keys) -> None:
    receivers = RegisteredReceivers.read(referral_keys.settings.receiver_keys)
    with pytest.raises(PermanentError, match="unknown-municipality"):
        receivers.route(MunicipalityCode("109"), ReferralType.EXERCISE, on=date(2020, 1, 1))


def test_a_receiver_that_has_registered_no_key_is_a_passing_fault(referral_keys: Keys) -> None:
    (referral_keys.settings.receiver_keys / "kunta-109.jwks.json").unlink()
    receivers = RegisteredReceivers.read(referral_keys.settings.receiver_keys)
    receiver = receivers.route(MunicipalityCode("109"), ReferralType.EXERCISE, on=date(2026, 1, 1))
    with pytest.raises(TemporaryError, match="receiver-without-key"):
        receivers.sealing_key(receiver)
