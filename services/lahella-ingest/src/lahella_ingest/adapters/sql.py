"""The service's own statements, by name (queries.sql)."""

from __future__ import annotations

from pathlib import Path

from chassis.postgres.queries import load_queries

queries = load_queries(Path(__file__).with_name("queries.sql"))
