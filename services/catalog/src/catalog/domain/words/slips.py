"""Typing errors: how many are forgiven, and what a word may have been."""

from __future__ import annotations

from rapidfuzz.distance import OSA

from catalog.domain.words.tokens import folded, joined


def typo_distance(word: str) -> int:
    """Edits forgiven: none up to three letters, one up to seven, then two."""
    return 0 if len(word) <= 3 or word.isdigit() else 1 if len(word) <= 7 else 2


def edits_between(word: str, other: str) -> int | None:
    """Edits that make one of the other, where they are forgiven; swapped neighbours are one."""
    most = typo_distance(word)
    edits = OSA.distance(folded(joined(word)), folded(joined(other)), score_cutoff=most)
    return edits if 0 < edits <= most else None
