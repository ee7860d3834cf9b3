"""Matching: how well it tells which listings are one service, and what a small change costs."""
