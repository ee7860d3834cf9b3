"""Searching the tray: how well it finds on the demonstration's content, and how fast on a national amount of it."""
