"""The order of the journey."""

from __future__ import annotations

import asyncio

import httpx
from aiokafka.errors import KafkaError

from chassis.kafka.settings import KafkaSettings
from devstack.journey.changing import a_change_is_found, a_twin_is_one_entry, an_archived_service_is_gone
from devstack.journey.reading import both_sources_are_read, inflected_questions_find
from devstack.journey.recorded import recorded_objects_are_read, recorded_services_are_in_the_tray
from devstack.journey.referring import a_referral_reaches_its_municipality, the_client_is_told, the_municipality_accepts
from devstack.journey.world import JourneyFailed, World
from devstack.show import Journey
from devstack.stack import Stack


def walk(stack: Stack) -> None:
    """Walks every step; JourneyFailed says which one did not come true."""
    asyncio.run(_walk(stack))


async def _walk(stack: Stack) -> None:
    async with httpx.AsyncClient(timeout=15) as http:
        try:
            await (_recorded_steps if stack.recorded is not None else _steps)(stack, http)
        except (httpx.HTTPError, KafkaError) as exc:
            raise JourneyFailed(f"a part of the stack does not answer as it should: {exc!r}") from exc


async def _steps(stack: Stack, http: httpx.AsyncClient) -> None:
    world = World(stack, Journey(), http, KafkaSettings(kafka=stack.kafka))
    await both_sources_are_read(world)
    await inflected_questions_find(world)
    await a_change_is_found(world)
    await an_archived_service_is_gone(world)
    await a_twin_is_one_entry(world)
    referral_id, received = await a_referral_reaches_its_municipality(world)
    await the_municipality_accepts(world, referral_id, received)
    await the_client_is_told(world, referral_id)
    world.show.end()


async def _recorded_steps(stack: Stack, http: httpx.AsyncClient) -> None:
    """Of somebody's own content no change, twin or referral is known beforehand."""
    world = World(stack, Journey(), http, KafkaSettings(kafka=stack.kafka))
    published = await recorded_objects_are_read(world)
    await recorded_services_are_in_the_tray(world, published)
    world.show.end()
