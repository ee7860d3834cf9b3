"""Receivers from the versioned registry, with the public keys they have registered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from joserfc.jwk import ECKey

from chassis.core.errors import PermanentError, StartError, TemporaryError
from chassis.finland.municipality import municipality_on
from event_schemas.ids import MunicipalityCode, ReceiverId
from event_schemas.receivers import Delivery, MissingKey, Receiver, ReceiverError, in_force, load_receivers
from event_schemas.referral import ReferralType


class RegisteredReceivers:
    """Read once at start; a change of the registry or of a key is a restart."""

    def __init__(self, receivers: Sequence[Receiver]) -> None:
        self._receivers = receivers

    @classmethod
    def read(cls, keys: Path) -> RegisteredReceivers:
        """The registry with keys from a folder; a StartError names a file that can't be used."""
        if not keys.is_dir():
            raise StartError(f"no folder {keys}: set HYTE_RECEIVER_KEYS to the receivers' public keys")
        try:
            return cls(load_receivers(keys))
        except ReceiverError as exc:
            raise StartError(str(exc)) from exc

    def route(self, municipality: MunicipalityCode, referral_type: ReferralType, *, on: date) -> Receiver:
        current = municipality_on(municipality, on)
        here = [receiver for receiver in in_force(self._receivers, on) if receiver.municipality == current]
        if not here:
            raise PermanentError("unknown-municipality", "no receiver serves this municipality")
        for receiver in here:
            if referral_type in receiver.referral_types:
                return receiver
        raise PermanentError("no-receiver", "the municipality takes no referrals of this type")

    def sealing_key(self, receiver: Receiver) -> ECKey:
        try:
            return ECKey.import_key(receiver.public_keys("enc")[0])
        except MissingKey as exc:
            raise TemporaryError("receiver-without-key", "the receiver has no key to seal for yet") from exc

    def signing_keys(self, receiver: ReceiverId) -> Sequence[ECKey]:
        found: dict[str, ECKey] = {}
        for version in self._receivers:
            if version.id == receiver:
                found.update((str(key.kid), key) for key in _keys(version))
        return list(found.values())

    def with_topics(self) -> list[ReceiverId]:
        """Receivers that answer on a topic, in any version: what was sent under an older one is still answered."""
        return sorted({receiver.id for receiver in self._receivers if receiver.delivery == Delivery.TOPIC})


def _keys(receiver: Receiver) -> list[ECKey]:
    try:
        return [ECKey.import_key(jwk) for jwk in receiver.public_keys("sig")]
    except MissingKey:
        return []
