"""Typing errors: how many are forgiven, and what a word may have been."""

from __future__ import annotations

from rapidfuzz.distance import OSA


def typo_distance(word: str) -> int:
    """Edits forgiven: none up to three letters, one up to seven, then two."""
    return 0 if len(word) <= 3 or word.isdigit() else 1 if len(word) <= 7 else 2


def is_slip(spelt: str, other: str) -> bool:
    """Whether the edits between two words without diacritics are forgiven; swapped neighbours are one."""
    most = typo_distance(spelt)
    if abs(len(spelt) - len(other)) > most:
        return False
    return 0 < OSA.distance(spelt, other, score_cutoff=most) <= most
