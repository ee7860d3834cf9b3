"""Several sources as a list: of an object that an earlier one shows, the rows of later ones are passed over."""

from __future__ import annotations

from collections.abc import Sequence

from ptv_ingest.app.ports import Objects, Run, Sighting
from ptv_ingest.domain.objects import Kind


class PassOver:
    """What remains of a later source's rows.

    A whole reading asks what the earlier sources have shown in the same run; `run` is None in an incremental one,
    which asks where the object was read from last. A connection belongs to the source that shows its service.
    """

    def __init__(self, objects: Objects, earlier: Sequence[str], run: Run | None) -> None:
        self._objects = objects
        self._earlier = earlier
        self._run = run
        self._seen: dict[Kind, set[str]] = {}

    async def remaining(self, sightings: Sequence[Sighting]) -> Sequence[Sighting]:
        if not self._earlier or not sightings:
            return sightings
        owners = [_owner(one) for one in sightings]
        shown = {(kind, one) for kind in {kind for kind, _ in owners} for one in await self._shown(kind, owners)}
        return [one for one, owner in zip(sightings, owners, strict=True) if owner not in shown]

    async def _shown(self, kind: Kind, owners: Sequence[tuple[Kind, str]]) -> set[str]:
        ids = {one for of, one in owners if of == kind}
        if self._run is None:
            return await self._objects.held_by(kind, ids, self._earlier)
        if kind not in self._seen:
            self._seen[kind] = await self._objects.seen(self._run, kind, self._earlier)
        return self._seen[kind] & ids


def _owner(sighting: Sighting) -> tuple[Kind, str]:
    if sighting.kind == Kind.CONNECTION:
        return Kind.SERVICE, sighting.object_id.partition("/")[0]
    return sighting.kind, sighting.object_id
