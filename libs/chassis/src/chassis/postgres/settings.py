"""How a service reaches its own database."""

from __future__ import annotations

from pydantic import Field, PostgresDsn, SecretStr, ValidationError, field_validator

from chassis.core.settings import Settings


class PostgresSettings(Settings):
    """One database and one role per service."""

    database_url: SecretStr = Field(description="address of the service's own database, postgresql://role@host/name")
    database_pool: int = Field(default=8, ge=2, le=100, description="most connections one process holds")

    @field_validator("database_url")
    @classmethod
    def _is_an_address(cls, given: SecretStr) -> SecretStr:
        """Here and not at first use, where pydantic's error would quote the address with its password."""
        try:
            PostgresDsn(given.get_secret_value())
        except ValidationError:
            raise ValueError("not the address of a PostgreSQL database") from None
        return given

    def dsn(self) -> str:
        """The address in the clear, for the driver only."""
        return str(PostgresDsn(self.database_url.get_secret_value()))
