"""HTML of an editor, or plain text, to the words a person reads.

Written on the standard parser: the converters we tried print Markdown bullets, decode `&amp;amp;` twice, and lose the
literal `5 <6` that people write into such fields.
"""

from __future__ import annotations

import html
import re
import unicodedata
from html.parser import HTMLParser
from typing import Annotated

from pydantic import AfterValidator

_PARAGRAPHS = frozenset(
    {
        "p",
        "div",
        "ul",
        "ol",
        "dl",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "section",
        "article",
        "table",
        "pre",
    }
)
_LINES = frozenset({"br", "li", "tr", "dt", "dd"})
_CELLS = frozenset({"td", "th"})
_UNSEEN = frozenset({"script", "style", "template", "title"})
_INLINE = frozenset(
    {"a", "strong", "b", "em", "i", "u", "s", "sub", "sup", "span", "small", "mark", "code", "font", "img", "tbody"}
)
_TAGS = "|".join(sorted(_PARAGRAPHS | _LINES | _CELLS | _UNSEEN | _INLINE))
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_LITERAL = re.compile(rf"<(?!/?(?:{_TAGS})(?:\s[^<>]*)?/?>)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BULLET = "• "


def plain_text(source: str) -> str:
    """The text with its line breaks and list items; words around a tag never grow together.

    Equal words give equal text, whatever the tags' attributes, the white space within lines or the Unicode form.
    A link keeps its address in brackets where the words don't show it.
    """
    source = _COMMENT.sub("", source.replace("\r\n", "\n").replace("\r", "\n"))
    return _tidied(_rendered(source) if _TAG.search(source) else html.unescape(source))


def one_line(source: str) -> str:
    """The same on one line, for names."""
    return " ".join(plain_text(source).split())


PlainText = Annotated[str, AfterValidator(plain_text)]
OneLine = Annotated[str, AfterValidator(one_line)]


def _rendered(source: str) -> str:
    reader = _Reader()
    reader.feed(_LITERAL.sub("&lt;", source))
    reader.close()
    return "".join(reader.pieces)


def _tidied(text: str) -> str:
    text = _CONTROL.sub("", unicodedata.normalize("NFC", text))
    lines = [" ".join(line.split()) for line in text.split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines).strip())
    # Editors put a paragraph into each list item.
    text = re.sub(r"^•\s*", _BULLET, text, flags=re.MULTILINE)
    return re.sub(r"\n{2,}(?=• )", "\n", text)


class _Reader(HTMLParser):
    """Gathers the pieces of text, with a line break for each tag that begins a new line on a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = 0
        self._link: tuple[str, int] | None = None
        self._after_address = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag)
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "li":
            self.pieces.append(_BULLET)
        elif tag == "a":
            self._link = (dict(attrs).get("href") or "", len(self.pieces))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "a":
            self._end_link()
        if tag != "br":
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            glued = self._after_address and data[:1].isalnum()
            self.pieces.append((" " if glued else "") + re.sub(r"\s+", " ", data))
        self._after_address = False

    def _break(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self.pieces.append("\n\n")
        elif tag in _LINES:
            self.pieces.append("\n")
        elif tag in _CELLS:
            self.pieces.append(" ")

    def _end_link(self) -> None:
        href, first = self._link or ("", 0)
        self._link = None
        if href.startswith(("http://", "https://")) and href not in "".join(self.pieces[first:]):
            self.pieces.append(f" ({href})")
            self._after_address = True
