"""Steps 3 to 5: changes and ends in PTV reach the search within seconds; two descriptions of a thing are one entry."""

from __future__ import annotations

import random
from typing import Any

from devstack.journey.world import World, name_of, until
from devstack.simulators.ptv.identity import content_id

WITHIN_SECONDS = 5.0
_LEAST_TWINS = 20
"""Activities in the data of Lähellä.fi that are merged with a PTV service by rule; of others a person is asked."""

_SERVICE = content_id("service", "hml-liikuntaneuvonta")
# A word of this run alone: data of earlier starts is kept.
_NEW_WORD = "sukkula" + "".join(random.choices("aeioukjlmnprstv", k=8))  # noqa: S311 - a word, not a secret


async def a_change_is_found(world: World) -> None:
    with world.show.step(f"A change in PTV is found by search within {WITHIN_SECONDS:.0f} s"):
        wire = await _wire(world)
        changed = _with_keyword(wire)
        await world.control("ptv", "PUT", f"services/{_SERVICE}", changed)
        hits, took = await until(lambda: world.search(_NEW_WORD), seconds=WITHIN_SECONDS, what="the change")
        world.show.tell(f"“{name_of(hits[0])}” was given the keyword “{_NEW_WORD}” and found by it after {took:.2f} s")
        world.show.look(f"{world.stack.tray_url}/fi/entries/{hits[0]['entry_id']}")


async def an_archived_service_is_gone(world: World) -> None:
    with world.show.step("A service archived in PTV is gone as fast, and back when it is un-archived"):
        await world.control("ptv", "POST", f"services/{_SERVICE}/archive")

        async def gone() -> bool | None:
            return not await world.search(_NEW_WORD) or None

        _, took = await until(gone, seconds=WITHIN_SECONDS, what="the end of the service")
        world.show.tell(f"archived, and no longer found after {took:.2f} s")
        await world.control("ptv", "POST", f"services/{_SERVICE}/unarchive")
        _, took = await until(lambda: world.search(_NEW_WORD), seconds=WITHIN_SECONDS, what="the service's return")
        world.show.tell(f"un-archived, and found again after {took:.2f} s")


async def _wire(world: World) -> dict[str, Any]:
    """The service as PTV serves it, without what only its writer sets."""
    answer = await world.http.get(
        f"{world.stack.simulator_url('ptv')}/api/v12/service/{_SERVICE}", headers={"x-api-key": "local"}
    )
    answer.raise_for_status()
    wire: dict[str, Any] = answer.json()
    del wire["publishedAt"]
    return wire


def _with_keyword(wire: dict[str, Any]) -> dict[str, Any]:
    words = [*wire["languageVersions"]["fi"]["freelyAssignedKeywords"], _NEW_WORD]
    finnish = {**wire["languageVersions"]["fi"], "freelyAssignedKeywords": words}
    return {**wire, "languageVersions": {**wire["languageVersions"], "fi": finnish}}


async def a_twin_is_one_entry(world: World) -> None:
    with world.show.step("What is described in PTV and in Lähellä.fi is one entry with both origins"):
        twins, _ = await until(lambda: _twins(world), seconds=30, what="an entry with both origins")
        world.show.tell(f"{len(twins)} entries have both origins, for example “{name_of(twins[0])}”:")
        for member in twins[0]["members"]:
            world.show.tell(f"  {member['system']}: {member['listing_id']}")
        world.show.look(f"{world.stack.tray_url}/fi/entries/{twins[0]['entry_id']}")


async def _twins(world: World) -> list[dict[str, Any]] | None:
    entries = await world.all_entries()
    twins = [entry for entry in entries if {"ptv", "lahella"} <= {member["system"] for member in entry["members"]}]
    return twins if len(twins) >= _LEAST_TWINS else None
