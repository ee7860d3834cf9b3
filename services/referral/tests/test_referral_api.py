"""The API's promises: one referral per key, no send without consent, no word of a client in a refusal."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from devstack.testing import MakeBase
from referral.adapters.registered_receivers import RegisteredReceivers
from referral.bootstrap import SERVICE, referring_tools

from .conftest import Keys, World, canary_words_in, client_for, client_of, referral_body

pytestmark = [pytest.mark.postgres]


async def count(world: World, table: str) -> int:
    async with world.base.database.connection() as connection:
        return int(await connection.fetchval(f"SELECT count(*) FROM {table}"))  # noqa: S608 - a table of ours


async def test_five_posts_at_once_with_one_key_make_one_referral_and_get_one_answer(still_world: World) -> None:
    body = referral_body()
    answers = await asyncio.gather(*(still_world.post(body, key="one") for _ in range(5)))
    assert Counter(answer.status_code for answer in answers) == {201: 5}
    assert len({answer.content for answer in answers}) == 1
    assert [answer.headers.get("Idempotent-Replayed") for answer in answers].count("true") == 4
    assert await count(still_world, "referral") == 1
    assert await count(still_world, "outbox") == 2


async def test_one_key_with_another_body_is_refused(still_world: World) -> None:
    body = referral_body()
    await still_world.post(body, key="one")
    answer = await still_world.post({**body, "wish": "uida"}, key="one")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:hytevirta:problem:idempotency-key-reused")


async def test_a_post_without_a_key_is_refused(still_world: World) -> None:
    answer = await still_world.client.post("/v1/referrals", json=referral_body())
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:hytevirta:problem:idempotency-key-missing")


async def test_a_second_referral_of_one_client_on_one_day_is_made_only_on_purpose(still_world: World) -> None:
    first = await still_world.create()
    answer = await still_world.post()
    assert (answer.status_code, answer.json()["referral_id"]) == (409, first)
    assert await count(still_world, "referral") == 1
    assert (await still_world.post(referral_body(confirm_duplicate=True))).status_code == 201


async def test_a_client_first_under_a_temporary_and_then_a_permanent_code_is_noticed_as_the_same(
    still_world: World,
) -> None:
    await still_world.create(referral_body(client={"identity_code": "130505B904V"}))
    answer = await still_world.post(referral_body(client={"identity_code": "010594Y9032", "phone": "+358407654321"}))
    assert answer.status_code == 409


async def test_two_posts_at_once_for_one_client_under_two_keys_make_one_referral(still_world: World) -> None:
    answers = await asyncio.gather(*(still_world.post(referral_body()) for _ in range(4)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 3}


async def test_after_a_withdrawal_the_client_can_be_referred_again(still_world: World) -> None:
    referral_id = await still_world.create()
    await still_world.client.post(f"/v1/referrals/{referral_id}/withdraw")
    assert await still_world.create() != referral_id


@pytest.mark.parametrize("given", [61, "61", "061", 61.0])
async def test_a_municipality_code_that_lost_its_zero_is_forssa(still_world: World, given: object) -> None:
    referral_id = await still_world.create(referral_body(municipality=given))
    answer = (await still_world.client.get(f"/v1/referrals/{referral_id}")).json()
    assert (answer["municipality"], answer["receiver"]) == ("061", "kunta-061")


@pytest.mark.parametrize("code", ["010594Y9032", "130505B904V", "130525D9041", "311299U906E", " 010594 y9032 "])
async def test_identity_codes_with_the_century_signs_of_2023_are_accepted(still_world: World, code: str) -> None:
    referral_id = await still_world.create(referral_body(client={"identity_code": code}))
    answer = (await still_world.client.get(f"/v1/referrals/{referral_id}")).json()
    assert answer["content"]["client"]["identity_code"] == code.replace(" ", "").upper()


async def test_a_receiver_with_an_inbox_gets_no_event(still_world: World) -> None:
    referral_id = await still_world.create(referral_body(municipality="082"))
    assert (await still_world.status(referral_id))["state"] == "in-inbox"
    async with still_world.base.database.connection() as connection:
        topics = [row["aggregatetype"] for row in await connection.fetch("SELECT aggregatetype FROM outbox")]
    assert topics == ["hyte.referral-lifecycle.v1"]


async def test_under_non_disclosure_nothing_is_routed_and_no_place_is_in_the_clear(still_world: World) -> None:
    referral_id = await still_world.create(referral_body(client={"non_disclosure": True}))
    status = await still_world.status(referral_id)
    assert (status["state"], status["receiver"]) == ("routed-by-hand", None)
    assert await count(still_world, "outbox") == 0
    async with still_world.base.database.connection() as connection:
        assert await connection.fetchval("SELECT municipality FROM referral") is None
    assert (await still_world.client.get(f"/v1/referrals/{referral_id}")).json()["municipality"] == "109"


async def test_every_read_and_disclosure_is_logged_under_the_clients_pseudonym(still_world: World) -> None:
    referral_id = await still_world.create()
    await still_world.status(referral_id)
    await still_world.client.get(f"/v1/referrals/{referral_id}")
    async with still_world.base.database.connection() as connection:
        used = await connection.fetch("SELECT action, client_ref FROM usage_log ORDER BY id")
        disclosed = await connection.fetch("SELECT receiver, ground, client_ref, event_id FROM disclosure_log")
    assert [row["action"] for row in used] == ["create", "read-status", "read"]
    assert [(row["receiver"], row["ground"]) for row in disclosed] == [("kunta-109", "consent")]
    assert disclosed[0]["event_id"] is not None
    assert len({row["client_ref"] for row in [*used, *disclosed]}) == 1


@pytest.mark.parametrize("table", ["usage_log", "disclosure_log"])
@pytest.mark.parametrize("change", ["UPDATE {} SET actor = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
async def test_the_logs_are_append_only(still_world: World, table: str, change: str) -> None:
    await still_world.create()
    async with still_world.base.database.connection() as connection:
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await connection.execute(change.format(table))


async def test_without_feedback_in_the_consent_the_referrer_does_not_learn_how_it_went(still_world: World) -> None:
    referral_id = await still_world.create(referral_body(consent={"feedback": False}))
    await still_world.happened(referral_id, "accepted")
    shown = await still_world.status(referral_id)
    await still_world.happened(referral_id, "contact-attempted", "not-reached")
    assert await still_world.status(referral_id) == shown
    assert (shown["state"], shown["version"]) == ("accepted", 2)
    answer = await still_world.client.get(f"/v1/referrals/{referral_id}")
    assert (answer.headers["ETag"], answer.json()["state"]) == ('"2"', "accepted")


@pytest.mark.parametrize("hidden", [("contact-attempted",), ("contacted",), ("declined",)])
async def test_a_second_referral_does_not_learn_how_the_first_one_went(
    still_world: World, hidden: tuple[str, ...]
) -> None:
    referral_id = await still_world.create(referral_body(consent={"feedback": False}))
    await still_world.happened(referral_id, "accepted", *hidden)
    answer = await still_world.post()
    assert (answer.status_code, answer.json()["referral_id"], answer.json()["state"]) == (409, referral_id, "accepted")


async def test_a_second_referral_of_an_ended_one_is_made_where_the_end_may_be_known(still_world: World) -> None:
    await still_world.happened(await still_world.create(), "accepted", "declined")
    assert (await still_world.post()).status_code == 201


async def test_to_say_that_a_client_was_referred_already_is_logged_as_a_read(still_world: World) -> None:
    first = await still_world.create()
    assert (await still_world.post()).status_code == 409
    async with still_world.base.database.connection() as connection:
        used = await connection.fetch("SELECT referral_id, action FROM usage_log ORDER BY id")
    assert [(str(row["referral_id"]), row["action"]) for row in used] == [(first, "create"), (first, "find-duplicate")]
    assert await count(still_world, "idempotency") == 1


async def test_a_repeated_request_gets_its_answer_whatever_has_become_of_the_registry_and_its_keys(
    still_world: World,
) -> None:
    body = referral_body()
    first = await still_world.post(body, key="one")
    tools = replace(referring_tools(still_world.base, still_world.keys.settings), receivers=RegisteredReceivers([]))
    async with client_of(tools) as client:
        world = World(still_world.base, still_world.keys, client)
        again, other = await world.post(body, key="one"), await world.post({**body, "wish": "uida"}, key="one")
        assert (again.status_code, again.content) == (201, first.content)
        assert other.json()["type"] == "urn:hytevirta:problem:idempotency-key-reused"
        assert (await world.post(body, key="two")).json()["type"] == "urn:hytevirta:problem:unknown-municipality"


async def test_the_version_is_the_etag(still_world: World) -> None:
    referral_id = await still_world.create()
    answer = await still_world.client.get(f"/v1/referrals/{referral_id}")
    assert answer.headers["ETag"] == '"1"'
    answer = await still_world.client.post(f"/v1/referrals/{referral_id}/withdraw")
    assert answer.headers["ETag"] == '"2"'


async def test_at_rest_no_table_holds_a_word_of_the_client(still_world: World) -> None:
    referral_id = await still_world.create()
    await still_world.post()
    await still_world.client.get(f"/v1/referrals/{referral_id}")
    dump = await still_world.dump()
    assert referral_id in dump
    assert canary_words_in(dump) == []


FUTURE = (datetime.now(UTC) + timedelta(days=2)).isoformat()
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no consent": ({"consent": None}, "consent-missing"),
    "consent in the future": ({"consent": {"given_at": FUTURE}}, "consent-in-the-future"),
    "consent for another": ({"consent": {"receiver": "kunta-061"}}, "consent-names-another-receiver"),
    "foreign municipality": ({"municipality": "091"}, "unknown-municipality"),
    "type not served": ({"municipality": "082", "type": "hyvinvointilahete"}, "no-receiver"),
    "nobody can call": ({"client": {"phone": None, "email": None}}, "unreachable-client"),
    "identity code and birth year": ({"client": {"birth_year": 1994}}, "invalid-request"),
    "identity code with a wrong check": ({"client": {"identity_code": "010594Y9033"}}, "invalid-request"),
    "phone": ({"client": {"phone": "Kanaria 7654321 ei numero"}}, "invalid-request"),
    "email": ({"client": {"email": "kanaria@posti ei.example"}}, "invalid-request"),
    "field named by a client": ({"client": {"Kanaria Sirkuttaja": 1}}, "invalid-request"),
    "misspelt non-disclosure": ({"client": {"non_disclosur": True}}, "invalid-request"),
    "lone surrogate": ({"free_text": "kanarialaulu \ud800"}, "invalid-request"),
    "text too long": ({"free_text": "kanarialaulu" * 500}, "invalid-request"),
    "no reason": ({"reasons": []}, "invalid-request"),
    "unknown reason": ({"reasons": ["kanarialaulu"]}, "invalid-request"),
    "unit": ({"referrer": {"name": "Lähettäjä-Liisa", "unit_oid": "Kanaria"}}, "invalid-request"),
    "client as text": ({"client": "Kanaria Sirkuttaja"}, "invalid-request"),
    "municipality as truth": ({"municipality": True}, "invalid-request"),
    "municipality in words": ({"municipality": "Kanariala"}, "invalid-request"),
    "no offset": ({"consent": {"given_at": "2026-01-01T10:00:00"}}, "invalid-request"),
    "year one": ({"consent": {"given_at": "0001-01-01T00:00:00+14:00"}}, "invalid-request"),
    "NUL in a code": ({"consent": {"text_version": "a\u0000b"}}, "invalid-request"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_refused_request_is_a_coded_problem_without_a_word_of_the_client(
    still_world: World, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    changed, code = REFUSED[name]
    answer = await still_world.post(referral_body(**changed))
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:hytevirta:problem:{code}"
    assert canary_words_in(answer.text + str(answer.headers) + "".join(capsys.readouterr())) == []
    assert await count(still_world, "referral") == 0


BROKEN = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"Kanaria"',
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"client": {"name": "Kanaria", "name": "Sirkuttaja"}}',
    b'{"type": 1e400}',
    b'{"municipality": 1e400}',
    b'{"municipality": NaN}',
    b'{"municipality": ' + b"9" * 5000 + b"}",
]


@pytest.mark.parametrize("content", BROKEN)
async def test_a_broken_body_is_a_problem_and_never_a_server_error(still_world: World, content: bytes) -> None:
    headers = {"Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}
    answer = await still_world.client.post("/v1/referrals", content=content, headers=headers)
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "kanaria" not in answer.text.casefold()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"/v1/referrals/{uuid4()}", 404),
        ("GET", f"/v1/referrals/{uuid4()}/status", 404),
        ("POST", f"/v1/referrals/{uuid4()}/withdraw", 404),
        ("GET", "/v1/referrals/Kanaria", 422),
        ("GET", "/v1/Kanaria", 404),
        ("DELETE", "/v1/referrals", 405),
    ],
)
async def test_what_is_not_there_is_a_problem(still_world: World, method: str, path: str, status: int) -> None:
    answer = await still_world.client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert "kanaria" not in answer.text.casefold()


@pytest.mark.parametrize("given", ["", "Bearer wrong", "Bearer ä", "Basic a-token-for-tests-only"])
async def test_without_the_token_nothing_is_read_or_written(still_world: World, given: str) -> None:
    headers = {b"Authorization": given.encode(), b"Idempotency-Key": b"one"}
    answer = await still_world.client.post("/v1/referrals", json=referral_body(), headers=headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert (await still_world.client.get(f"/v1/referrals/{uuid4()}", headers=headers)).status_code == 401
    assert await count(still_world, "referral") == 0


async def test_the_openapi_document_is_served_and_names_every_path(still_world: World) -> None:
    document = (await still_world.client.get("/openapi.json")).json()
    assert set(document["paths"]) == {
        "/v1/referrals",
        "/v1/referrals/{referral_id}",
        "/v1/referrals/{referral_id}/status",
        "/v1/referrals/{referral_id}/withdraw",
    }


async def test_a_referral_to_a_receiver_without_a_key_is_not_stored_and_may_be_tried_again(
    make_base: MakeBase, referral_keys: Keys
) -> None:
    (referral_keys.settings.receiver_keys / "kunta-109.jwks.json").unlink()
    base = await make_base("referral", SERVICE.migrations_folder)
    async with client_for(base, referral_keys) as client:
        world = World(base, referral_keys, client)
        answer = await world.post(referral_body())
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert await count(world, "referral") == await count(world, "idempotency") == 0
