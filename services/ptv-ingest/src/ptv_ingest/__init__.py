"""Reads the national service catalogue PTV and publishes the county's part of it as listings."""
