"""What persons have asked us to forget, known by keyed hashes only, and blanked wherever it comes again.

E-mail addresses are compared without case, phone numbers in E.164, names word by word without case, whatever markup
stands between the words. A name in an inflected form is another word, and must be asked for by itself.
"""

from __future__ import annotations

import hmac
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from chassis.finland.phone import e164

_EMAIL = re.compile(r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+\.[^\s@<>\"'(),;:]*[^\s@<>\"'(),;:.]")
_PHONE = re.compile(r"\+?[0-9(][0-9\s()./\u00a0-]{4,}[0-9]")
# Tags, and entities that are no letters, stand between words.
_WORD = re.compile(
    r"<[^<>]*>|&(?:nbsp|amp|lt|gt|quot|shy);|(?P<word>(?:[\w'’-]|&(?!nbsp;|amp;|lt;|gt;|quot;|shy;)[A-Za-z]{2,8};"
    r"|&#x?[0-9A-Fa-f]{2,6};)+)"
)


@dataclass(frozen=True)
class Forgotten:
    """`hashes` under `key`; `lengths` are the numbers of words of the names among them."""

    key: bytes
    hashes: frozenset[bytes] = frozenset()
    lengths: frozenset[int] = field(default_factory=frozenset)

    def hash_of(self, value: str) -> tuple[bytes, int]:
        """What is to be kept of a value, and of how many words it is (0: an address or a number)."""
        if _EMAIL.fullmatch(value.strip()):
            return self._hash(_plain(value)), 0
        if number := e164(value):
            return self._hash(number), 0
        words = [_plain(match["word"]) for match in _words(value)]
        return self._hash(" ".join(words)), len(words)

    def redact(self, value: Any) -> Any:
        """Any JSON value, with what is forgotten blanked in its texts."""
        if not self.hashes:
            return value
        if isinstance(value, str):
            return self._redact_text(value)
        if isinstance(value, list):
            return [self.redact(part) for part in value]
        if isinstance(value, dict):
            return {name: self.redact(part) for name, part in value.items()}
        return value

    def _redact_text(self, text: str) -> str:
        text = _EMAIL.sub(lambda match: self._blanked(match[0], _plain(match[0])), text)
        text = _PHONE.sub(lambda match: self._blanked(match[0], e164(match[0]) or ""), text)
        for start, end in sorted(self._named(text), reverse=True):
            text = text[:start] + text[end:]
        return text

    def _blanked(self, written: str, value: str) -> str:
        return "" if self._hash(value) in self.hashes else written

    def _named(self, text: str) -> set[tuple[int, int]]:
        """Where the words of forgotten names stand; tags between them stay."""
        words = list(_words(text))
        plain = [_plain(match["word"]) for match in words]
        return {
            match.span()
            for length in self.lengths
            for first in range(len(words) - length + 1)
            if self._hash(" ".join(plain[first : first + length])) in self.hashes
            for match in words[first : first + length]
        }

    def _hash(self, value: str) -> bytes:
        return hmac.digest(self.key, value.encode("utf-8", "replace"), "sha256")


def values_in(lines: Iterable[str]) -> list[str]:
    """What is to be forgotten, one value a line.

    Raises:
        ValueError: a line is no e-mail address, phone number or name of two words or more; the text names its number,
            never its content. One word alone would blank everybody who has it.
    """
    values = []
    for number, line in enumerate(lines, 1):
        value = line.strip()
        if not value:
            continue
        if not (_EMAIL.fullmatch(value) or e164(value) or _is_name(value)):
            raise ValueError(f"line {number} is no e-mail address, phone number or name of two words or more")
        values.append(value)
    return values


def _is_name(value: str) -> bool:
    return len(list(_words(value))) > 1 and "@" not in value and not any(sign.isdigit() for sign in value)


def lengths_of(hashed: Iterable[tuple[bytes, int]]) -> frozenset[int]:
    return frozenset(length for _, length in hashed if length)


def _words(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _WORD.finditer(text) if match["word"])


def _plain(value: str) -> str:
    return unicodedata.normalize("NFC", html.unescape(value)).strip().casefold()
