"""Content at rest: AES-256-GCM, each piece under a data key of its own that the key provider wraps.

Destroying the wrapped key erases the content wherever copies of its ciphertext are left.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.core.errors import PermanentError
from chassis.sealing.keys import KeyProvider

_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Encrypted:
    """Nonce and ciphertext, and the data key as the key provider wrapped it."""

    ciphertext: bytes
    wrapped_key: bytes


class Vault:
    """Ciphertext and wrapped key are both bound to `context`, the id of their owner: neither opens under another."""

    def __init__(self, keys: KeyProvider) -> None:
        self._keys = keys

    def encrypt(self, context: str, plain: bytes) -> Encrypted:
        data_key = AESGCM.generate_key(256)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        ciphertext = nonce + AESGCM(data_key).encrypt(nonce, plain, context.encode())
        return Encrypted(ciphertext, self._keys.wrap(data_key, context=context))

    def decrypt(self, context: str, encrypted: Encrypted) -> bytes:
        """Raises PermanentError `wrong-key` when key, content and context don't belong together."""
        data_key = self._keys.unwrap(encrypted.wrapped_key, context=context)
        nonce, body = encrypted.ciphertext[:_NONCE_BYTES], encrypted.ciphertext[_NONCE_BYTES:]
        try:
            return AESGCM(data_key).decrypt(nonce, body, context.encode())
        except InvalidTag as exc:
            raise PermanentError("wrong-key", "the content does not open with its data key") from exc
