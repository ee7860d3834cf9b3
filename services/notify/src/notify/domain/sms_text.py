"""How many SMS a text takes (3GPP TS 23.038, 23.040)."""

from __future__ import annotations

from collections.abc import Sequence

import gsm0338

_CODEC = gsm0338.Codec()


def is_gsm7(text: str) -> bool:
    """Whether the text can be sent in the default alphabet, 160 signs a message."""
    try:
        _CODEC.encode(text)
    except UnicodeEncodeError:
        return False
    return "\x1b" not in text


def parts(text: str) -> int:
    """Messages needed: GSM-7 160 (153 a part when split), else UCS-2 70 (67)."""
    if is_gsm7(text):
        return _parts([len(_CODEC.encode(sign)[0]) for sign in text], single=160, split=153)
    return _parts([len(sign.encode("utf-16-be")) // 2 for sign in text], single=70, split=67)


def _parts(widths: Sequence[int], *, single: int, split: int) -> int:
    """A sign of two units is never cut in half between parts."""
    if sum(widths) <= single:
        return 1
    count, used = 1, 0
    for width in widths:
        if used + width > split:
            count, used = count + 1, 0
        used += width
    return count
