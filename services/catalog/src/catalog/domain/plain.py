"""Markdown of the sources as plain text, for indexing and excerpts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

_SIGNS = re.compile(r"[*_`#\[\]<>&\\~|]|^\s*(?:[-+>=]|\d+[.)])", re.MULTILINE)
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True})


def plain(text: str) -> str:
    """The words of a text in one line, without Markdown's signs and the addresses behind its links."""
    if not _SIGNS.search(text):
        return " ".join(text.split())
    lines = ("".join(_visible(token)) for token in _MARKDOWN.parse(text))
    return " ".join(" ".join(lines).split())


def _visible(token: Token) -> Iterator[str]:
    """What a reader sees; words on both sides of a link are no one word."""
    if token.children is None:
        yield token.content
    for child in token.children or ():
        yield child.content or " "
