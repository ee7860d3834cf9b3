"""Texts as readers get them: plain, in one Unicode form, without white space that means nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from event_schemas.text import LocalizedText, Text, TextOrigin

_MARKED_UP = re.compile(r"[\\`*_\[\]<>&#~|!]|^[ \t]*(?:[-+]|\d+[.)])[ \t]|^(?: {4}|\t)|^[=-]+[ \t]*$|  $", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff]")
_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_PARSER = MarkdownIt("commonmark")


def one_line(text: str | None) -> str:
    """A name or summary: NFC, every run of white space one space, empty for None."""
    return " ".join(unicodedata.normalize("NFC", _CONTROL.sub("", text or "")).split())


def many_lines(text: str | None) -> str:
    """A longer text: as `one_line` within each line; at most one empty line in a row."""
    clean = unicodedata.normalize("NFC", _CONTROL.sub("", text or "")).replace("\r\n", "\n").replace("\r", "\n")
    lines = "\n".join(" ".join(line.split()) for line in clean.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def plain(markdown: str | None) -> str:
    """Markdown as text: lists keep their bullets, links their address; words never grow together."""
    text = unicodedata.normalize("NFC", markdown or "").replace("\r\n", "\n")
    if not _MARKED_UP.search(text):
        return many_lines(text)
    return many_lines("".join(_Plain().blocks(_PARSER.parse(text))))


class _Plain:
    """Walks the parser's flat token list; `_lists` holds the next number of each open list, None for bullets."""

    def __init__(self) -> None:
        self._lists: list[int | None] = []

    def blocks(self, tokens: Sequence[Token]) -> list[str]:
        return [self._block(token) for token in tokens]

    def _block(self, token: Token) -> str:
        match token.type:
            case "inline":
                return "".join(_inline(token.children or []))
            case "fence" | "code_block":
                return f"{token.content}\n\n"
            case "html_block":
                return _TAG.sub(" ", _BREAK.sub("\n", token.content)) + "\n\n"
            case "bullet_list_open":
                self._lists.append(None)
            case "ordered_list_open":
                self._lists.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
                return "" if self._lists else "\n"
            case "list_item_open":
                return self._bullet()
            case "paragraph_close" | "heading_close":
                return "\n" if token.hidden or self._lists else "\n\n"
        return ""

    def _bullet(self) -> str:
        number = self._lists[-1]
        if number is None:
            return "• "
        self._lists[-1] = number + 1
        return f"{number}. "


def _inline(tokens: Sequence[Token]) -> list[str]:
    parts: list[str] = []
    targets: list[tuple[str, int]] = []
    for token in tokens:
        match token.type:
            case "text" | "code_inline":
                parts.append(token.content)
            case "softbreak" | "hardbreak":
                parts.append("\n")
            case "html_inline":
                parts.append("\n" if _BREAK.fullmatch(token.content) else " ")
            case "image":
                parts.append(token.content)
            case "link_open":
                targets.append((str(token.attrs.get("href", "")), len(parts)))
            case "link_close":
                href, start = targets.pop()
                shown = "".join(parts[start:])
                href = href.removeprefix("mailto:")
                parts.append(f" ({href})" if href and href != shown else "")
    return parts


def localized(texts: dict[str, str], origin: TextOrigin = TextOrigin.SOURCE) -> LocalizedText:
    """By language, in the order of the tags; a missing translation is a missing key."""
    return {language: Text(text=texts[language], origin=origin) for language in sorted(texts) if texts[language]}


def joined(*texts: LocalizedText) -> LocalizedText:
    """Paragraphs of several texts, language by language; the origin is the first one's."""
    result: LocalizedText = {}
    for text in texts:
        for language, part in text.items():
            before = result.get(language)
            result[language] = part if before is None else before.model_copy(update={"text": _joined(before, part)})
    return dict(sorted(result.items()))


def _joined(first: Text, second: Text) -> str:
    return first.text if second.text in first.text else f"{first.text}\n\n{second.text}"
