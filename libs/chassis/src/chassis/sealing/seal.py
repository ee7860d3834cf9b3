"""Sealing (JWE) and signing (JWS) of what only one party may read, or only one may have said.

JWE: ECDH-ES+A256KW, A256GCM, P-256 (RFC 7516, 7518). JWS: ES256 (RFC 7515). Both name their key (`kid`), so that
old keys open what was sealed before a rotation.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

import orjson
from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from chassis.core.errors import PermanentError

_JWE_ALGORITHMS = ["ECDH-ES+A256KW", "A256GCM"]
_JWS_ALGORITHMS = ["ES256"]
# A header of the wrong shape (`enc` a list, `epk` without x) leaves joserfc as a TypeError or KeyError: whoever forges
# one must get a refusal, not stop the consumer with an unknown error.
_MALFORMED = (JoseError, ValueError, TypeError, KeyError)


def seal(plain: bytes, receiver: ECKey) -> str:
    """Compact JWE of `plain` for the holder of `receiver`'s private half."""
    header = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "kid": receiver.kid}
    return jwe.encrypt_compact(header, plain, receiver, algorithms=_JWE_ALGORITHMS)


def unseal(sealed: str, keys: Sequence[ECKey]) -> bytes:
    """The plain bytes.

    Raises:
        PermanentError: `unknown-key` when no key has the named id, `not-sealed` when the text is no JWE for it.
    """
    key = _named(sealed, keys)
    try:
        plain = jwe.decrypt_compact(sealed, key, algorithms=_JWE_ALGORITHMS).plaintext
    except _MALFORMED as exc:
        raise PermanentError("not-sealed", "the sealed text cannot be opened with the key it names") from exc
    if plain is None:
        raise PermanentError("not-sealed", "the sealed text is empty")
    return plain


def sign(statement: bytes, signer: ECKey) -> str:
    """Compact JWS of `statement`."""
    return jws.serialize_compact({"alg": "ES256", "kid": signer.kid}, statement, signer, algorithms=_JWS_ALGORITHMS)


def verify(signed: str, keys: Sequence[ECKey]) -> bytes:
    """The statement, when one of `keys` has signed it.

    Raises:
        PermanentError: `unknown-key` or `bad-signature`.
    """
    key = _named(signed, keys)
    try:
        return jws.deserialize_compact(signed, key, algorithms=_JWS_ALGORITHMS).payload
    except _MALFORMED as exc:
        raise PermanentError("bad-signature", "the signature does not fit the key it names") from exc


def _named(token: str, keys: Sequence[ECKey]) -> ECKey:
    wanted = _header(token).get("kid")
    for key in keys:
        if key.kid == wanted:
            return key
    raise PermanentError("unknown-key", "no key here has the id that the token names")


def _header(token: str) -> Mapping[str, object]:
    try:
        first = token.split(".", 1)[0]
        header = orjson.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except ValueError as exc:
        raise PermanentError("not-sealed", "the token has no readable header") from exc
    if not isinstance(header, dict):
        raise PermanentError("not-sealed", "the token has no readable header")
    return header
