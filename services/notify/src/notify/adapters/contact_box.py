"""Contact data at rest: AES-256-GCM under a data key per notification, wrapped for that notification alone."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.core.errors import PermanentError
from chassis.sealing.keys import KeyProvider
from notify.app.ports import SealedContact
from notify.domain.notification import Contact

_NONCE_BYTES = 12


class EncryptedContacts:
    """The port `ContactBox`."""

    def __init__(self, keys: KeyProvider) -> None:
        self._keys = keys

    def seal(self, notification_id: UUID, contact: Contact) -> SealedContact:
        context = str(notification_id)
        data_key = AESGCM.generate_key(256)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        body = AESGCM(data_key).encrypt(nonce, orjson.dumps(asdict(contact)), context.encode())
        return SealedContact(self._keys.wrap(data_key, context=context), nonce + body)

    def open(self, notification_id: UUID, sealed: SealedContact) -> Contact:
        context = str(notification_id)
        data_key = self._keys.unwrap(sealed.wrapped_key, context=context)
        nonce, body = sealed.sealed[:_NONCE_BYTES], sealed.sealed[_NONCE_BYTES:]
        try:
            plain = AESGCM(data_key).decrypt(nonce, body, context.encode())
        except InvalidTag as exc:
            raise PermanentError("wrong-key", "the contact data does not open with its data key") from exc
        return Contact(**orjson.loads(plain))
