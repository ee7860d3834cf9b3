"""Migrations: their order and rules, the two phases around a roll-out, and what `run` accepts."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from chassis.core.errors import StartError
from chassis.postgres.migrate import Migration, migrate, migrations_of, read_migrations, require_schema
from devstack.testing import MakeDatabase


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three migrations, of which the last belongs after the roll-out."""
    (tmp_path / "0001_pre_things.sql").write_text("CREATE TABLE thing (a int, b int);")
    (tmp_path / "0002_pre_rows.sql").write_text("INSERT INTO thing VALUES (1, 2);")
    (tmp_path / "0003_post_drop_b.sql").write_text("ALTER TABLE thing DROP COLUMN b;")
    return tmp_path


@pytest.fixture
def migrations(folder: Path) -> list[Migration]:
    return read_migrations("things", folder)


@pytest.fixture
async def dsn(make_database: MakeDatabase) -> str:
    return await make_database([])


@pytest.fixture
async def connection(dsn: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


class TestFiles:
    def test_migrations_are_read_in_the_order_of_their_numbers(self, migrations: list[Migration]) -> None:
        assert [(m.number, m.phase) for m in migrations] == [(1, "pre"), (2, "pre"), (3, "post")]

    def test_chassis_migrations_come_before_the_services_own(self, folder: Path) -> None:
        components = [m.component for m in migrations_of("things", folder)]
        assert components == sorted(components)
        assert components[-3:] == ["things"] * 3

    @pytest.mark.parametrize("name", ["0005_pre_gap.sql", "0003_pre_twice.sql"])
    def test_gap_and_repeated_number_are_refused(self, folder: Path, name: str) -> None:
        (folder / name).write_text("SELECT 1;")
        with pytest.raises(StartError, match="not numbered 1, 2, 3"):
            read_migrations("things", folder)

    @pytest.mark.parametrize("name", ["4_pre_short.sql", "0004_mid_phase.sql", "0004_pre_Capital.sql", "0004_pre.sql"])
    def test_name_that_breaks_the_rule_is_refused_by_name(self, folder: Path, name: str) -> None:
        (folder / name).write_text("SELECT 1;")
        with pytest.raises(StartError, match=f"things/{name} is not named"):
            read_migrations("things", folder)


@pytest.mark.postgres
class TestMigrate:
    async def test_each_is_applied_once(self, dsn: str, migrations: list[Migration]) -> None:
        applied = await migrate(dsn, migrations)
        assert applied == ["things/0001_pre_things", "things/0002_pre_rows", "things/0003_post_drop_b"]
        assert await migrate(dsn, migrations) == []

    async def test_post_phase_waits_for_its_own_command(
        self, dsn: str, migrations: list[Migration], connection: "asyncpg.Connection[asyncpg.Record]"
    ) -> None:
        await migrate(dsn, migrations, phases=["pre"])
        assert await connection.fetchval("SELECT b FROM thing") == 2
        assert await migrate(dsn, migrations, phases=["post"]) == ["things/0003_post_drop_b"]

    async def test_file_changed_after_it_was_applied_is_refused(
        self, dsn: str, folder: Path, migrations: list[Migration]
    ) -> None:
        await migrate(dsn, migrations)
        (folder / "0002_pre_rows.sql").write_text("INSERT INTO thing VALUES (3, 4);")
        with pytest.raises(StartError, match="things/0002_pre_rows was changed after it was applied"):
            await migrate(dsn, read_migrations("things", folder))

    async def test_migration_that_fails_leaves_nothing_of_itself_and_all_before_it(
        self, dsn: str, folder: Path, connection: "asyncpg.Connection[asyncpg.Record]"
    ) -> None:
        (folder / "0002_pre_rows.sql").write_text("INSERT INTO thing VALUES (1, 2); SELECT 1 / 0;")
        with pytest.raises(asyncpg.DivisionByZeroError):
            await migrate(dsn, read_migrations("things", folder))
        assert await connection.fetchval("SELECT count(*) FROM thing") == 0
        assert await connection.fetchval("SELECT max(number) FROM schema_migration") == 1

    async def test_many_migrators_at_once_apply_each_migration_once(
        self, dsn: str, migrations: list[Migration], connection: "asyncpg.Connection[asyncpg.Record]"
    ) -> None:
        applied = await asyncio.gather(*[migrate(dsn, migrations) for _ in range(4)])
        assert sorted(len(names) for names in applied) == [0, 0, 0, 3]
        assert await connection.fetchval("SELECT count(*) FROM thing") == 1


@pytest.mark.postgres
class TestRequiredSchema:
    async def test_empty_database_is_refused_in_one_sentence(
        self, make_database: MakeDatabase, migrations: list[Migration]
    ) -> None:
        connection = await asyncpg.connect(await make_database([]))
        await connection.execute("DROP TABLE IF EXISTS schema_migration")
        with pytest.raises(StartError) as caught:
            await require_schema(connection, migrations)
        await connection.close()
        assert str(caught.value) == (
            "the database lacks 2 migration(s), first things/0001_pre_things: run `migrate` before `run`"
        )

    async def test_older_database_is_refused(
        self, dsn: str, migrations: list[Migration], connection: "asyncpg.Connection[asyncpg.Record]"
    ) -> None:
        await migrate(dsn, migrations[:1])
        with pytest.raises(StartError, match=r"lacks 1 migration\(s\), first things/0002_pre_rows"):
            await require_schema(connection, migrations)

    async def test_post_migration_that_is_still_to_come_does_not_matter(
        self, dsn: str, migrations: list[Migration], connection: "asyncpg.Connection[asyncpg.Record]"
    ) -> None:
        await migrate(dsn, migrations, phases=["pre"])
        await require_schema(connection, migrations)

    async def test_previous_version_runs_on_a_database_with_a_newer_pre_migration(
        self, dsn: str, folder: Path, migrations: list[Migration], connection: "asyncpg.Connection[asyncpg.Record]"
    ) -> None:
        (folder / "0004_pre_newer.sql").write_text("ALTER TABLE thing ADD COLUMN c int;")
        await migrate(dsn, read_migrations("things", folder))
        await require_schema(connection, migrations)
        assert await migrate(dsn, migrations) == []
