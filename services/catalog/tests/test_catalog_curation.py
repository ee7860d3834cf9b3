"""The curators' API and commands over pairs that wait for a decision."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from pydantic import SecretStr

from catalog.bootstrap import MIGRATIONS
from catalog.entrypoints.curation_api import curation_api
from chassis.http.app import new_app
from devstack.testing import MakeBase

from .commands import command
from .matching_world import MatchingWorld
from .samples import NGO, described, live, ptv_id

pytestmark = pytest.mark.postgres
TOKEN = "a-token-for-tests-only"
PTV, LAHELLA = ptv_id("a"), "lahella:1"


@pytest.fixture
async def world(make_base: MakeBase) -> MatchingWorld:
    """One pair that waits: the same name, but no number in Lähellä."""
    world = MatchingWorld(await make_base("catalog", MIGRATIONS))
    await world.keep(live(described(PTV, "Tuoliryhmä", business_id=NGO)))
    await world.keep(live(described(LAHELLA, "Tuoliryhmä", business_id=None)))
    await world.settle()
    return world


@pytest.fixture
async def client(world: MatchingWorld) -> AsyncIterator[httpx.AsyncClient]:
    app = new_app("Curation")
    app.include_router(curation_api(world.matching, token=SecretStr(TOKEN), clock=world.base.clock))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://catalog.example", headers=headers) as client:
        yield client


async def test_curator_sees_the_pair_with_its_evidence_and_decides(
    world: MatchingWorld, client: httpx.AsyncClient
) -> None:
    (review,) = (await client.get("/v1/curation/reviews")).json()["reviews"]
    assert {review["one"]["listing_id"], review["other"]["listing_id"]} == {PTV, LAHELLA}
    assert "same-name" in review["because"]
    body = {"one": PTV, "other": LAHELLA, "verdict": "same", "decided_by": "k-1", "reason": "seen-on-site"}
    assert (await client.put("/v1/curation/decisions", json=body)).status_code == 204
    await world.settle()
    assert (await client.get("/v1/curation/reviews")).json() == {"reviews": []}
    assert len(await world.stored()) == 1


@pytest.mark.parametrize("given", [{}, {"Authorization": "Bearer wrong"}])
async def test_nobody_curates_without_the_token(client: httpx.AsyncClient, given: dict[str, str]) -> None:
    client.headers.pop("Authorization")
    assert (await client.get("/v1/curation/reviews", headers=given)).status_code == 401
    assert (await client.put("/v1/curation/decisions", headers=given, json={})).status_code == 401


@pytest.mark.parametrize(
    "changed",
    [{"other": "lahella:unheard-of"}, {"other": PTV}, {"verdict": "perhaps"}, {"decided_by": "Matti Meikäläinen"}],
)
async def test_decision_that_cannot_be_is_refused_as_a_problem(
    client: httpx.AsyncClient, changed: dict[str, str]
) -> None:
    body = {"one": PTV, "other": LAHELLA, "verdict": "same", **changed}
    answer = await client.put("/v1/curation/decisions", json=body)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")


async def test_commands_list_the_pair_and_keep_the_decision(world: MatchingWorld) -> None:
    code, printed = await command(world.base, "reviews")
    line, total = printed.splitlines()
    assert (code, total) == (0, "1 open")
    assert line.split("\t")[2:] == [LAHELLA, "Tuoliryhmä", PTV, "Tuoliryhmä"]
    code, printed = await command(world.base, "decide", PTV, LAHELLA, "same", "--by", "k-1")
    assert (code, printed.strip()) == (0, f"kept: {PTV} and {LAHELLA} are same")
    await world.settle()
    assert len(await world.stored()) == 1


async def test_command_takes_no_name_of_a_person(world: MatchingWorld) -> None:
    code, printed = await command(world.base, "decide", PTV, LAHELLA, "same", "--by", "Maija Mallikas")
    assert (code, "Maija" in printed) == (1, False)
    assert "who decides is told by an id" in printed


async def test_command_takes_no_reason_in_words(world: MatchingWorld) -> None:
    said = ("--by", "k-1", "--reason", "Maija soitti")
    code, printed = await command(world.base, "decide", PTV, LAHELLA, "same", *said)
    assert (code, "Maija" in printed) == (1, False)
    assert "a reason is a code" in printed


async def test_command_refuses_an_unknown_listing_in_one_sentence(world: MatchingWorld) -> None:
    code, printed = await command(world.base, "decide", PTV, "lahella:unheard-of", "same", "--by", "k-1")
    assert (code, printed.strip()) == (1, "catalog: there is no listing lahella:unheard-of")
