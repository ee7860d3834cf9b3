"""A municipality merges into another: new referrals go to the successor, and the open ones follow by one step."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from devstack.processes import free_port
from event_schemas.ids import MunicipalityCode
from event_schemas.referral import ReferralSent, ReferralWithdrawn, WithdrawalReason
from event_schemas.referral_reply import ReplyStatus
from referral.app.follow_merger import Followed, Merger, follow_merger
from referral.bootstrap import referring_tools

from .conftest import LIFECYCLE, World, canary_words_in, referral_body
from .test_referral_service import environment

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]
LOPPI, RIIHIMAKI, HAMEENLINNA = MunicipalityCode("433"), MunicipalityCode("694"), MunicipalityCode("109")


async def follow(world: World, former: MunicipalityCode, *, rehearse: bool = False) -> list[Followed]:
    tools = referring_tools(world.base, world.keys.settings)
    merger = Merger(former, HAMEENLINNA)
    return [one async for one in follow_merger(merger, tools, actor="koordinaattori-1", rehearse=rehearse)]


async def row(world: World, referral_id: str) -> Any:
    async with world.base.database.connection() as connection:
        return await connection.fetchrow("SELECT * FROM referral WHERE id = $1", referral_id)


async def logged(world: World, table: str, referral_id: str) -> list[Any]:
    async with world.base.database.connection() as connection:
        return list(await connection.fetch(f"SELECT * FROM {table} WHERE referral_id = $1 ORDER BY id", referral_id))  # noqa: S608


async def test_client_of_a_municipality_that_has_merged_is_referred_to_its_successor(world: World) -> None:
    referral_id = await world.create(referral_body(municipality="083"))
    received = await world.sent(referral_id)
    assert (received.event.receiver, received.content.consent.receiver) == ("kunta-109", "kunta-109")


async def test_open_referral_from_an_inbox_goes_to_the_successors_topic_with_its_content(world: World) -> None:
    referral_id = await world.create(referral_body(municipality=LOPPI))
    assert (await world.status(referral_id))["state"] == "in-inbox"
    assert [(one.before, one.after, one.state) for one in await follow(world, LOPPI)] == [
        ("kunta-433", "kunta-109", "sent")
    ]
    received = await world.sent(referral_id)
    assert received.content.free_text == "kanarialaulu"
    assert received.content.consent.receiver == "kunta-109"
    await world.hameenlinna.reply(received, ReplyStatus.ACCEPTED)
    await world.state_becomes(referral_id, "accepted")


async def test_former_receiver_that_reads_a_topic_is_told_to_erase_its_copy(world: World) -> None:
    referral_id = await world.create(referral_body(municipality=RIIHIMAKI))
    await world.sent(referral_id, world.systems["kunta-694"])
    await follow(world, RIIHIMAKI)
    received = await world.sent(referral_id)
    assert received.event.attempt == 2
    (_, sent), (_, withdrawn) = await world.events("hyte.referrals.kunta-694.v1")
    assert isinstance(sent, ReferralSent)
    assert isinstance(withdrawn, ReferralWithdrawn)
    assert withdrawn.reason == WithdrawalReason.REROUTED


async def test_work_begun_goes_on_where_it_is(world: World) -> None:
    referral_id = await world.create(referral_body(municipality=RIIHIMAKI))
    await world.happened(referral_id, "received", "accepted")
    await follow(world, RIIHIMAKI)
    assert (await world.status(referral_id))["state"] == "accepted"
    received = await world.sent(referral_id)
    await world.hameenlinna.reply(received, ReplyStatus.CONTACTED)
    await world.state_becomes(referral_id, "contacted")


async def test_former_receivers_late_reply_has_no_effect(world: World) -> None:
    referral_id = await world.create(referral_body(municipality=RIIHIMAKI))
    former = world.systems["kunta-694"]
    received = await world.sent(referral_id, former)
    await follow(world, RIIHIMAKI)
    await former.reply(received, ReplyStatus.ACCEPTED)

    async def refused() -> bool:
        return await world.dead_letter_codes("kunta-694") == ["wrong-receiver"]

    await world.becomes(refused, "the reply among the dead letters")
    assert (await world.status(referral_id))["state"] == "sent"


async def test_rehearsal_tells_what_would_follow_and_leaves_everything_as_it_is(still_world: World) -> None:
    referral_id = await still_world.create(referral_body(municipality=LOPPI))
    before = await still_world.dump()
    (told,) = await follow(still_world, LOPPI, rehearse=True)
    assert (told.referral_id, told.after) == (referral_id, "kunta-109")
    assert await still_world.dump() == before


async def test_following_twice_moves_nothing_more(world: World) -> None:
    await world.create(referral_body(municipality=LOPPI))
    assert len(await follow(world, LOPPI)) == 1
    assert await follow(world, LOPPI) == []


async def test_closed_and_protected_referrals_stay(world: World) -> None:
    closed = await world.create(referral_body(municipality=LOPPI))
    await world.happened(closed, "rejected-not-eligible")
    other = {"name": "Toinen", "phone": "+358401112222", "email": None, "identity_code": None, "non_disclosure": True}
    protected = await world.create(referral_body(municipality=LOPPI, client=other))
    assert await follow(world, LOPPI) == []
    assert (await row(world, closed))["municipality"] == LOPPI
    assert (await row(world, protected))["municipality"] is None


async def test_following_is_logged_and_counts_as_no_step(world: World) -> None:
    referral_id = await world.create(referral_body(municipality=RIIHIMAKI))
    await world.sent(referral_id, world.systems["kunta-694"])
    await follow(world, RIIHIMAKI)
    await world.sent(referral_id)
    assert [one["action"] for one in await logged(world, "usage_log", referral_id)] == ["create", "follow-merger"]
    disclosures = await logged(world, "disclosure_log", referral_id)
    assert [(one["receiver"], one["actor"]) for one in disclosures][-1] == ("kunta-109", "koordinaattori-1")
    (counted,) = [event for _, event in await world.events(LIFECYCLE)]
    assert getattr(counted, "municipality", None) == RIIHIMAKI
    assert (await world.status(referral_id))["facts"][-1]["act"] == "rerouted"


async def test_referrer_without_feedback_sees_the_rerouting_and_still_nothing_of_how_it_went(world: World) -> None:
    consent = {"feedback": False, "safe_channels": []}
    referral_id = await world.create(referral_body(municipality=RIIHIMAKI, consent=consent))
    await world.happened(referral_id, "received", "accepted", "contacted")
    await follow(world, RIIHIMAKI)
    assert (await world.status(referral_id))["state"] == "accepted"


async def test_nothing_of_the_client_is_in_the_clear_after_following(world: World) -> None:
    referral_id = await world.create(referral_body(municipality=RIIHIMAKI))
    await follow(world, RIIHIMAKI)
    await world.sent(referral_id)
    assert canary_words_in(await world.dump()) == []
    assert canary_words_in(await world.raw_records()) == []


async def test_command_tells_each_referral_and_its_way(still_world: World, tmp_path: Path) -> None:
    referral_id = await still_world.create(referral_body(municipality=LOPPI))
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "referral", "follow-merger", LOPPI, HAMEENLINNA, "--by", "koordinaattori-1"),
        env=environment(still_world, free_port(), free_port()),
        stdout=asyncio.subprocess.PIPE,
        cwd=tmp_path,
    )
    printed, _ = await run.communicate()
    assert run.returncode == 0
    assert printed.decode().splitlines() == [
        f"{referral_id}\tkunta-433 → kunta-109\tsent",
        "followed: 1 kunta-433 → kunta-109",
    ]
