"""The port to a key store. A KMS in production, files on a laptop; services never see a master key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from joserfc.jwk import ECKey


class KeyProvider(Protocol):
    """Keys by purpose. Names are closed sets of the code, ids (`kid`) come from the store."""

    def wrap(self, data_key: bytes, *, context: str) -> bytes:
        """A 256-bit data key under the master key; `context` (a referral's id) must be given again to unwrap."""

    def unwrap(self, wrapped: bytes, *, context: str) -> bytes:
        """Raises PermanentError `wrong-key` when the master key or the context differs."""

    def pseudonym(self, text: str, *, purpose: str) -> str:
        """A keyed one-way name (HMAC-SHA-256, hex) for `text`, different per purpose."""

    def private_keys(self, name: str) -> Sequence[ECKey]:
        """Own private keys by name, newest first; older ones stay to open what is under way."""

    def public_key(self, name: str) -> ECKey:
        """The newest key's public half."""
