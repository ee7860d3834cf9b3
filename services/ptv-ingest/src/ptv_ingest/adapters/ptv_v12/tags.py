"""Ids, codes and language tags as contracts spell them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import UUID

from ptv_ingest.app.ports import RowRejected

_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_CODE = re.compile(r"\S{1,200}")


def content_id(written: str) -> str:
    """PTV's content id in lower case. Raises RowRejected when it is no UUID."""
    try:
        return str(UUID(written))
    except ValueError as exc:
        raise RowRejected("unreadable-id") from exc


def language_tags(codes: Iterable[str]) -> tuple[str, ...]:
    """Sorted: PTV's order has no meaning, and changes."""
    return tuple(sorted({code.strip() for code in codes if _TAG.fullmatch(code.strip())}))


def sorted_codes(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({code.strip() for code in codes if _CODE.fullmatch(code.strip())}))
