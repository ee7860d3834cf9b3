"""Ids of the authored objects: the same words give the same UUID on every machine."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

_NAMESPACE = uuid5(NAMESPACE_URL, "https://hytevirta.example/simulators/ptv")


def content_id(kind: str, authored_id: str) -> str:
    """The PTV content id of the object authored as `authored_id`; kinds are those of `wire.ENTITIES`."""
    return str(uuid5(_NAMESPACE, f"{kind}/{authored_id}"))
