"""KeyProvider on files: for laptops, tests and small installations whose secret store mounts files."""

from __future__ import annotations

import hmac
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from chassis.core.errors import PermanentError, StartError

KeyUse = Literal["enc", "sig"]

_MASTER_BYTES = 32
_NONCE_BYTES = 12


class FileKeys:
    """`master.key` (32 bytes) and `<name>.jwks.json` files in one folder, readable by their owner only."""

    def __init__(self, folder: Path) -> None:
        master = folder / "master.key"
        if not master.is_file():
            raise StartError(f"no key file {master}: set HYTE_KEYS to the folder that holds the keys")
        self._folder = folder
        self._master = master.read_bytes()
        if len(self._master) != _MASTER_BYTES:
            raise StartError(
                f"the key file {master} does not hold {_MASTER_BYTES} bytes: it is not the one that was made"
            )

    @classmethod
    def create(cls, folder: Path, *, names: Mapping[str, KeyUse]) -> FileKeys:
        """Makes what is missing: the master key and one P-256 key pair per name. For development and first set-up."""
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "master.key").exists():
            write_secret(folder / "master.key", secrets.token_bytes(_MASTER_BYTES))
        for name, use in names.items():
            if not (folder / f"{name}.jwks.json").exists():
                write_key_set(folder / f"{name}.jwks.json", [new_key(name, use)], private=True)
        return cls(folder)

    def wrap(self, data_key: bytes, *, context: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self._derived("wrap")).encrypt(nonce, data_key, context.encode())

    def unwrap(self, wrapped: bytes, *, context: str) -> bytes:
        nonce, body = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
        try:
            return AESGCM(self._derived("wrap")).decrypt(nonce, body, context.encode())
        except (InvalidTag, ValueError) as exc:
            raise PermanentError("wrong-key", "the data key does not open with this master key and context") from exc

    def pseudonym(self, text: str, *, purpose: str) -> str:
        return hmac.new(self._derived(f"pseudonym {purpose}"), text.encode(), sha256).hexdigest()

    def private_keys(self, name: str) -> Sequence[ECKey]:
        return read_key_set(self._folder / f"{name}.jwks.json")

    def public_key(self, name: str) -> ECKey:
        return ECKey.import_key(self.private_keys(name)[0].as_dict(private=False))

    def _derived(self, purpose: str) -> bytes:
        return hmac.new(self._master, purpose.encode(), sha256).digest()


def new_key(name: str, use: KeyUse) -> ECKey:
    """A P-256 key pair whose id tells whose it is and differs for every key ever made."""
    return ECKey.generate_key("P-256", {"kid": f"{name}-{secrets.token_hex(4)}", "use": use}, private=True)


def write_key_set(path: Path, keys: Sequence[ECKey], *, private: bool) -> None:
    write_secret(path, json.dumps(KeySet(list(keys)).as_dict(private=private)).encode())


def read_key_set(path: Path) -> list[ECKey]:
    """The keys of a JWKS file in its order, or a StartError that names the file."""
    try:
        entries = json.loads(path.read_text())["keys"]
        return [ECKey.import_key(entry) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError, JoseError) as exc:
        raise StartError(f"the key file {path} cannot be read ({type(exc).__name__})") from exc


def write_secret(path: Path, content: bytes) -> None:
    """Readable by its owner from its first byte on, and there whole or not at all."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
