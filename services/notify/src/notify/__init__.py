"""Tells people that something waits for them, without ever saying what."""
