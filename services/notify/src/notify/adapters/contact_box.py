"""Contact data at rest, encrypted for its notification alone."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

import orjson

from chassis.sealing.keys import KeyProvider
from chassis.sealing.vault import Encrypted, Vault
from notify.app.ports import SealedContact
from notify.domain.notification import Contact


class EncryptedContacts:
    """The port `ContactBox`."""

    def __init__(self, keys: KeyProvider) -> None:
        self._vault = Vault(keys)

    def seal(self, notification_id: UUID, contact: Contact) -> SealedContact:
        encrypted = self._vault.encrypt(str(notification_id), orjson.dumps(asdict(contact)))
        return SealedContact(encrypted.wrapped_key, encrypted.ciphertext)

    def open(self, notification_id: UUID, sealed: SealedContact) -> Contact:
        plain = self._vault.decrypt(str(notification_id), Encrypted(sealed.sealed, sealed.wrapped_key))
        return Contact(**orjson.loads(plain))
