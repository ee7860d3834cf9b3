"""Fixtures for the whole repository: the real broker and database."""

pytest_plugins = ["devstack.testing"]
