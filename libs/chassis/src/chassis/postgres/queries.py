"""The chassis' own statements, by name (queries.sql)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiosql


def load_queries(file: Path) -> Any:
    """The named statements of a .sql file as coroutine functions (aiosql)."""
    return aiosql.from_path(file, "asyncpg", mandatory_parameters=False)


queries = load_queries(Path(__file__).with_name("queries.sql"))
