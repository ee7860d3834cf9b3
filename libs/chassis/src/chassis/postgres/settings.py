"""How a service reaches its own database."""

from __future__ import annotations

from pydantic import Field, PostgresDsn, SecretStr

from chassis.core.settings import Settings


class PostgresSettings(Settings):
    """One database and one role per service."""

    database_url: SecretStr = Field(description="address of the service's own database, postgresql://role@host/name")
    database_pool: int = Field(default=8, ge=2, le=100, description="most connections one process holds")

    def dsn(self) -> str:
        """The address in the clear, for the driver only."""
        return str(PostgresDsn(self.database_url.get_secret_value()))
