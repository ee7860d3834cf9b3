"""Web addresses as people type them, made working links."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 2000
_SCHEME = re.compile(r"(?P<letters>[htps]{3,8})(?:\s*[:;]?\s*/+\s*:?/*|[:;](?=\w))\s*", re.IGNORECASE)
_WWW = re.compile(r"w{3,5}\s*[.,]\s*", re.IGNORECASE)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?:[^\W\d_]{{2,63}}|xn--[a-z0-9-]{{2,59}})(?::\d{{1,5}})?", re.IGNORECASE)


def web_address(written: str | None) -> str | None:
    """A working http(s) address with the slips people make repaired; None where it can't be told what was meant.

    Repaired are a scheme misspelt, doubled, missing, or with the wrong signs after it (`hhttps://`, `http//`,
    `https:/`), `www` followed by a comma or spaces, commas for dots in the host, and spaces or full stops at the ends.
    Path and query stay as they are. Any other scheme (`javascript:`, `mailto:`), a user name before the host, a host
    without a domain, and white space inside are never made a link: show the words as text instead.
    """
    text = _trimmed(written or "")
    scheme, rest = _without_scheme(text)
    host, path = _split(rest)
    if _WWW.match(rest) or scheme is not None:
        host = host.replace(",", ".")
    if not _HOST.fullmatch(host) or any(sign.isspace() for sign in path):
        return None
    address = f"{scheme or 'https'}://{host.lower()}{path}"
    return address if len(address) <= _LONGEST else None


def _trimmed(written: str) -> str:
    """Nor the invisible signs that come along when an address is pasted."""
    visible = "".join(sign for sign in written if unicodedata.category(sign) not in ("Cf", "Cc") or sign.isspace())
    return visible.lstrip("<\"' \t\n\u00a0").rstrip(">\"'.,; \t\r\n\u00a0")


def _without_scheme(text: str) -> tuple[str | None, str]:
    """The scheme meant, None when there is none, and what follows it; of several the last counts."""
    scheme = None
    while match := _SCHEME.match(text):
        scheme = "https" if "s" in match["letters"].lower() else "http"
        text = text[match.end() :]
    return scheme, text


def _split(rest: str) -> tuple[str, str]:
    """Host, and the rest as written; a space or comma after `www` belongs to neither."""
    rest = _WWW.sub("www.", rest, count=1) if _WWW.match(rest) else rest
    end = re.search(r"[/?#]", rest)
    return (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
