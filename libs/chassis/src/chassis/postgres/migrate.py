"""Numbered, forward-only migrations in two phases around a roll-out.

`0007_pre_add_column.sql` runs before new processes start and must leave the previous version working;
`0008_post_drop_column.sql` runs when no process of the previous version is left. One session migrates at a time
(advisory lock); a file once applied must not change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

import asyncpg

from chassis.core.errors import StartError
from chassis.postgres.database import Connection

Phase = Literal["pre", "post"]

_NAME = re.compile(r"^(\d{4})_(pre|post)_([a-z0-9_]+)\.sql$")
_LOCK = 0x68797465  # "hyte"; any number that nobody else uses in this database
_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migration (
    component text NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (component, number)
)"""


@dataclass(frozen=True, slots=True)
class Migration:
    component: str
    number: int
    phase: Phase
    name: str
    sql: str

    @property
    def digest(self) -> str:
        return sha256(self.sql.encode()).hexdigest()


def read_migrations(component: str, folder: Path) -> list[Migration]:
    """The migrations of one folder in order; a StartError names a file that breaks the rules."""
    found = []
    for file in sorted(folder.glob("*.sql")):
        match = _NAME.match(file.name)
        if match is None:
            raise StartError(f"migration {component}/{file.name} is not named NNNN_pre|post_words.sql")
        phase: Phase = "pre" if match[2] == "pre" else "post"
        found.append(Migration(component, int(match[1]), phase, file.stem, file.read_text()))
    if [m.number for m in found] != list(range(1, len(found) + 1)):
        raise StartError(f"migrations of {component} are not numbered 1, 2, 3 … without a gap")
    return found


def migrations_of(service: str, folder: Path) -> list[Migration]:
    """The chassis' migrations, then the service's own."""
    return read_migrations("chassis", Path(__file__).with_name("migrations")) + read_migrations(service, folder)


async def migrate(dsn: str, migrations: Sequence[Migration], *, phases: Sequence[Phase] = ("pre", "post")) -> list[str]:
    """Applies what is missing, each file in its own transaction; returns the names applied."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await connection.execute(_TABLE)
        applied = await _applied(connection)
        _refuse_changed(migrations, applied)
        missing = [m for m in migrations if (m.component, m.number) not in applied and m.phase in phases]
        for migration in missing:
            await _apply(connection, migration)
        return [f"{m.component}/{m.name}" for m in missing]
    finally:
        await connection.close()


async def require_schema(connection: Connection, migrations: Sequence[Migration]) -> None:
    """Refuses a database older than the code: every `pre` migration must be there."""
    known = await connection.fetchval("SELECT to_regclass('schema_migration') IS NOT NULL")
    applied = await _applied(connection) if known else {}
    missing = [m for m in migrations if m.phase == "pre" and (m.component, m.number) not in applied]
    if missing:
        first = f"{missing[0].component}/{missing[0].name}"
        raise StartError(f"the database lacks {len(missing)} migration(s), first {first}: run `migrate` before `run`")


async def _applied(connection: Connection) -> dict[tuple[str, int], str]:
    rows = await connection.fetch("SELECT component, number, sha256 FROM schema_migration")
    return {(row["component"], row["number"]): row["sha256"] for row in rows}


def _refuse_changed(migrations: Sequence[Migration], applied: dict[tuple[str, int], str]) -> None:
    for migration in migrations:
        digest = applied.get((migration.component, migration.number))
        if digest is not None and digest != migration.digest:
            raise StartError(
                f"migration {migration.component}/{migration.name} was changed after it was applied: add a new one"
            )


async def _apply(connection: asyncpg.Connection[asyncpg.Record], migration: Migration) -> None:
    async with connection.transaction():
        await connection.execute(migration.sql)
        await connection.execute(
            "INSERT INTO schema_migration (component, number, name, sha256) VALUES ($1, $2, $3, $4)",
            migration.component,
            migration.number,
            migration.name,
            migration.digest,
        )
