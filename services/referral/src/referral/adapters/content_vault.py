"""AES-256-GCM per referral, each under a data key of its own that the key provider wraps."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.core.errors import PermanentError
from chassis.sealing.keys import KeyProvider
from event_schemas.ids import ReferralId
from referral.app.ports import Encrypted

_NONCE_BYTES = 12


class ContentVault:
    """Ciphertext and wrapped key are both bound to the referral's id: neither opens under another's."""

    def __init__(self, keys: KeyProvider) -> None:
        self._keys = keys

    def encrypt(self, referral_id: ReferralId, plain: bytes) -> Encrypted:
        data_key = AESGCM.generate_key(256)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        ciphertext = nonce + AESGCM(data_key).encrypt(nonce, plain, referral_id.encode())
        return Encrypted(ciphertext, self._keys.wrap(data_key, context=referral_id))

    def decrypt(self, referral_id: ReferralId, encrypted: Encrypted) -> bytes:
        data_key = self._keys.unwrap(encrypted.wrapped_key, context=referral_id)
        nonce, body = encrypted.ciphertext[:_NONCE_BYTES], encrypted.ciphertext[_NONCE_BYTES:]
        try:
            return AESGCM(data_key).decrypt(nonce, body, referral_id.encode())
        except InvalidTag as exc:
            raise PermanentError("wrong-key", "the content does not open with its data key") from exc
