"""What a v11 request asks for: names of parameters in any case, unknown ones ignored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Request

from devstack.simulators.ptv.v11.errors import bad, broken

Status = Literal["Published", "Archived", "Withdrawn"]
_STATUSES: tuple[Status, ...] = ("Published", "Archived", "Withdrawn")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_BEARER = re.compile(r"Bearer [\w-]+\.[\w-]+\.[\w-]+", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """`since` and `before` are exclusive bounds."""

    page: int
    since: datetime | None
    before: datetime | None
    status: Status
    values: Mapping[str, str]
    """Every parameter by its name in lower case."""

    def flag(self, name: str) -> bool:
        return self.values.get(name, "").lower() == "true"

    def within(self, moment: datetime) -> bool:
        return (self.since is None or moment > self.since) and (self.before is None or moment < self.before)

    def guids(self) -> list[str]:
        return [guid("guids", one.strip()) for one in self.values.get("guids", "").split(",") if one.strip()]


def asked(request: Request) -> Asked:
    authorization = request.headers.get("authorization")
    if authorization is not None and _BEARER.fullmatch(authorization) is None:
        raise broken()
    values = {name.lower(): value for name, value in request.query_params.items()}
    return Asked(
        page=_page(values.get("page", "1")),
        since=_instant("date", values.get("date")),
        before=_instant("dateBefore", values.get("datebefore")),
        status=_status(values.get("status", "Published")),
        values=values,
    )


Query = Annotated[Asked, Depends(asked)]


def guid(field: str, text: str) -> str:
    """The id in lower case. The all-zero id breaks PTV, which is kept."""
    try:
        found = UUID(text)
    except ValueError:
        raise bad(field, f"The value '{text}' is not valid.") from None
    if found.int == 0:
        raise broken()
    return str(found)


def _page(text: str) -> int:
    try:
        page = int(text)
    except ValueError:
        raise bad("page", f"The value '{text}' is not valid.") from None
    if page < 0:
        raise bad("page", "The page number cannot be negative value.")
    return page


def _instant(field: str, text: str | None) -> datetime | None:
    """Only `yyyy-MM-ddTHH:mm:ss`, in UTC."""
    if text is None:
        return None
    try:
        if _INSTANT.fullmatch(text) is None:
            raise ValueError(text)
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise bad(field, f"The {field} parameter is invalid.") from None


def _status(text: str) -> Status:
    found = next((status for status in _STATUSES if status.lower() == text.lower()), None)
    if found is None:
        raise bad("status", f"The value '{text}' is not valid.")
    return found
