"""Identity codes as they really come: signs of 2023, lower case, spaces, temporary ones; none in a log or key."""

from __future__ import annotations

import json
from datetime import date

import pytest
from structlog.testing import capture_logs

from devstack.testing import eventually
from referral.domain.identifiers import birth_date, identity_code, is_temporary

from .conftest import World, referral_body

BORN = {
    "010594Y9032": date(1994, 5, 1),
    "130505B904V": date(2005, 5, 13),
    "130525D9041": date(2025, 5, 13),
    "311299U906E": date(1999, 12, 31),
}
SPELLINGS = [*BORN, "010594y9032", " 010594 y 9032 ", "130505b904v", "311299\u00a0u906e"]


@pytest.mark.parametrize("written", SPELLINGS)
def test_code_with_a_century_sign_of_2023_tells_the_day_of_birth_and_that_it_is_temporary(written: str) -> None:
    code = identity_code(written)
    assert birth_date(code) == BORN[code]
    assert is_temporary(code)


@pytest.mark.parametrize(
    ("code", "born"), [("131052-308T", date(1952, 10, 13)), ("010100A0101", date(2000, 1, 1)), ("010199+0108", None)]
)
def test_permanent_code_is_not_marked_temporary_and_keeps_its_century(code: str, born: date | None) -> None:
    assert is_temporary(code) is False
    assert birth_date(code) == (born or date(1899, 1, 1))


@pytest.mark.postgres
@pytest.mark.parametrize("written", SPELLINGS)
async def test_professional_sees_what_the_code_tells_however_it_was_typed(still_world: World, written: str) -> None:
    referral_id = await still_world.create(referral_body(client={"identity_code": written}))
    answer = (await still_world.client.get(f"/v1/referrals/{referral_id}")).json()
    code = answer["content"]["client"]["identity_code"]
    assert answer["identity"] == {"birth_date": BORN[code].isoformat(), "temporary": True}


@pytest.mark.postgres
async def test_client_without_a_code_has_no_identity_to_show(still_world: World) -> None:
    referral_id = await still_world.create(referral_body(client={"identity_code": None, "birth_year": 1994}))
    assert (await still_world.client.get(f"/v1/referrals/{referral_id}")).json()["identity"] is None


@pytest.mark.postgres
async def test_two_spellings_of_one_code_are_one_client(still_world: World) -> None:
    other = {"phone": "+358401112222", "email": "muu@posti.example", "name": "Toinen Nimi"}
    first = await still_world.create(referral_body(client={"identity_code": "130505B904V"}))
    answer = await still_world.post(referral_body(client={**other, "identity_code": " 130505b904v"}))
    assert (answer.status_code, answer.json()["referral_id"]) == (409, first)


@pytest.mark.postgres
@pytest.mark.parametrize("written", ["010594Y9033", "310299U906E", "010594Z9032", "130525D904"])
async def test_refused_code_is_quoted_neither_in_the_answer_nor_in_a_log(still_world: World, written: str) -> None:
    with capture_logs() as logs:
        answer = await still_world.post(referral_body(client={"identity_code": written}))
    assert answer.status_code == 422
    assert written.casefold() not in (answer.text + json.dumps(logs, default=str)).casefold()


@pytest.mark.kafka
@pytest.mark.postgres
@pytest.mark.parametrize("code", sorted(BORN))
async def test_accepted_code_is_in_no_log_key_header_or_dead_letter(world: World, code: str) -> None:
    with capture_logs() as logs:
        referral_id = await world.create(referral_body(client={"identity_code": code.lower()}))
        received = await world.sent(referral_id)
    assert received.content.client.identity_code == code
    await eventually(lambda: _relayed(world), what="every event on its topic")
    written = json.dumps(logs, default=str) + await world.raw_records() + await world.dump()
    assert code.casefold() not in written.casefold()


async def _relayed(world: World) -> bool:
    async with world.base.database.connection() as connection:
        return bool(await connection.fetchval("SELECT count(*) = 0 FROM outbox"))
