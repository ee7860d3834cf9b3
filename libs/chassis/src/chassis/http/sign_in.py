"""Who calls: for now, whoever holds a token from the settings."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from fastapi import HTTPException, Request
from pydantic import SecretStr

DEVELOPMENT_ACTOR = "development-token"


def bearer_sign_in(token: SecretStr, *, actor: str = DEVELOPMENT_ACTOR) -> Callable[[Request], str]:
    """A FastAPI dependency that gives the actor for the logs; 401 without the token."""
    expected = f"Bearer {token.get_secret_value()}".encode()

    def signed_in(request: Request) -> str:
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, expected):
            raise HTTPException(401, "Sign in", headers={"WWW-Authenticate": "Bearer"})
        return actor

    return signed_in
