"""Kafka handlers, JSON API, pages."""
