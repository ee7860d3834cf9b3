"""What went wrong for others who read PTV, played against the whole service on the real broker and database."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from event_schemas.ingest_run import RunOutcome
from event_schemas.listing import ListingPublished, ListingRemoved

if TYPE_CHECKING:
    from conftest import Bench

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

NAME = "Liikuntaneuvonta"
PAGE = 100


def an_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def fill(bench: Bench, services: int) -> list[str]:
    """Leaves exactly this many services in PTV, all alike and without channels."""
    shelf = bench.world.shelves["service"]
    template = next(iter(shelf.live.values())).wire
    for key in list(bench.world.shelves["connection"].live):
        bench.vanish("connection", key)
    for key in list(shelf.live):
        bench.vanish("service", key)
    for number in range(services):
        bench.world.put("service", {**template, "contentId": an_id(number)})
    return [an_id(number) for number in range(services)]


class Asked:
    """Which pages of services are asked for, and something to do as one of them is answered."""

    def __init__(self, bench: Bench) -> None:
        self.pages: list[int] = []
        self.after: dict[int, Any] = {}
        source: Any = bench.sync.sources[0]
        self._inner = source._page
        source._page = self._page

    async def _page(self, path: str, params: Any, number: int) -> Any:
        answer = await self._inner(path, params, number)
        if path.endswith("/service/search"):
            self.pages.append(number)
            self.after.pop(number, lambda: None)()
        return answer


async def published_once(bench: Bench) -> set[str]:
    """Keys of the published listings; each of them was published exactly once."""
    times = Counter(one.key for one in await bench.published() if isinstance(one.event, ListingPublished))
    assert set(times.values()) <= {1}
    return {key.removeprefix("ptv:") for key in times}


@pytest.mark.parametrize("services", [0, 1, PAGE, PAGE + 1, 3 * PAGE])
async def test_each_id_of_any_number_of_pages_is_published_once_and_no_page_beyond_the_last_is_asked_for(
    bench: Bench, services: int
) -> None:
    ids = fill(bench, services)
    asked = Asked(bench)
    ended = await bench.run()
    assert ended.outcome == RunOutcome.COMPLETED
    assert await published_once(bench) == set(ids)
    assert sorted(asked.pages) == list(range(1, max(1, -(-services // PAGE)) + 1))


async def test_item_removed_between_two_pages_costs_no_other_item(bench: Bench) -> None:
    ids = fill(bench, 3 * PAGE + 50)
    asked = Asked(bench)
    asked.after[2] = lambda: bench.vanish("service", (ids[0],))
    ended = await bench.run()
    assert (ended.outcome, ended.counts.removed) == (RunOutcome.COMPLETED, 0)
    assert set(ids[1:]) <= await published_once(bench)
    assert asked.pages.count(1) > 1


async def test_item_inserted_before_a_page_is_read_too_and_nothing_is_published_twice(bench: Bench) -> None:
    ids = fill(bench, 3 * PAGE)
    template = bench.wire("service", (ids[0],))
    asked = Asked(bench)
    asked.after[1] = lambda: bench.world.put("service", {**template, "contentId": an_id(999)}, first=True)
    await bench.run()
    assert await published_once(bench) == {*ids, an_id(999)}
    assert asked.pages.count(1) > 1


async def test_removal_between_pages_in_a_later_whole_reading_is_never_read_as_other_items_gone(bench: Bench) -> None:
    ids = fill(bench, 3 * PAGE)
    await bench.run()
    asked = Asked(bench)
    asked.after[2] = lambda: bench.vanish("service", (ids[0],))
    ended = await bench.run(full=True)
    assert ended.counts.removed <= 1
    assert {f"ptv:{one}" for one in ids[1:]} <= set(await bench.state())


def with_fi(wire: dict[str, Any], **fi: Any) -> dict[str, Any]:
    """Saved again: PTV gives it a new time."""
    versions = {**wire["languageVersions"], "fi": {**wire["languageVersions"]["fi"], **fi}}
    rest = {name: part for name, part in wire.items() if name not in ("publishedAt", "migratedAt")}
    return {**rest, "languageVersions": versions}


TEXT = "Ensimmäinen kappale.\n\nToinen kappale: hyvinvointi ääni."


@pytest.mark.parametrize(
    ("fi", "changed"),
    [
        ({"name": "Liikunta  neuvonta"}, 0),
        ({"description": TEXT.replace("\n", "\r\n")}, 0),
        ({"name": "Liikunta neuvonta "}, 0),
        ({"description": TEXT.replace("\n\n", "\n")}, 1),
        ({"description": TEXT.replace("ä", "a\u0308")}, 0),
    ],
    ids=["double-space", "crlf", "trailing-space", "blank-line-removed", "nfd"],
)
async def test_only_what_a_reader_would_see_is_a_change(bench: Bench, fi: dict[str, str], changed: int) -> None:
    content_id = bench.service_named(NAME)
    wire = with_fi(bench.wire("service", (content_id,)), name="Liikunta neuvonta", description=TEXT)
    bench.world.put("service", wire)
    await bench.run()
    before = len([one for one in await bench.published() if one.key == f"ptv:{content_id}"])
    bench.clock.forward(minutes=5)
    bench.world.put("service", with_fi(wire, **fi))
    assert (await bench.run()).counts.changed == changed
    assert (await bench.run(full=True)).counts.changed == 0
    after = len([one for one in await bench.published() if one.key == f"ptv:{content_id}"])
    assert after == before + changed


async def test_archived_service_switched_on_again_unchanged_with_the_same_time_comes_back_higher(bench: Bench) -> None:
    content_id = bench.service_named(NAME)
    await bench.run()
    bench.clock.forward(days=1)
    bench.world.archive("service", (content_id,))
    await bench.run()
    assert f"ptv:{content_id}" not in await bench.state()
    bench.clock.forward(minutes=5)
    bench.world.unarchive("service", (content_id,), same_time=True)
    await bench.run()
    *earlier, last = [one for one in await bench.published() if one.key == f"ptv:{content_id}"]
    assert isinstance(last.event, ListingPublished)
    assert last.version > max(one.version for one in earlier)


@pytest.mark.parametrize("kind", ["504-html", "200-html", "500"])
async def test_only_404_removes_what_a_whole_reading_misses(bench: Bench, kind: str) -> None:
    content_id = bench.service_named(NAME)
    await bench.run()
    bench.vanish("service", (content_id,))
    await bench.fault(path=f"service/{content_id}", kind=kind)
    unclear = await bench.run(full=True)
    assert (unclear.outcome, unclear.counts.removed) == (RunOutcome.COMPLETED, 0)
    assert {one.reason: one.examples for one in unclear.counts.rejected} == {"removal-unconfirmed": (content_id,)}
    assert f"ptv:{content_id}" in await bench.state()
    await bench.clear_faults()
    assert (await bench.run(full=True)).counts.removed == 1


def a_hundred_of_their_own(bench: Bench) -> list[str]:
    """A hundred services, each with an organisation, a channel and a connection of its own; one channel serves two."""
    service = next(iter(bench.world.shelves["service"].live.values())).wire
    channel = next(iter(bench.world.shelves["channel"].live.values())).wire
    organization = bench.wire("organization", (service["organizationContentId"],))
    connection = next(iter(bench.world.shelves["connection"].live.values())).wire
    for kind in ("connection", "service", "channel"):
        for key in list(bench.world.shelves[kind].live):
            if key in bench.world.shelves[kind].live:
                bench.vanish(kind, key)
    ids = [an_id(number) for number in range(100)]
    for number, one in enumerate(ids):
        own_channel, own_organization = an_id(1000 + number), an_id(2000 + number)
        bench.world.put(
            "organization", {**organization, "contentId": own_organization, "parentOrganizationContentId": None}
        )
        bench.world.put("service", {**service, "contentId": one, "organizationContentId": own_organization})
        bench.world.put("channel", {**channel, "contentId": own_channel, "organizationContentId": own_organization})
        bench.world.put("connection", {**connection, "serviceContentId": one, "channelContentId": own_channel})
    bench.world.put("connection", {**connection, "serviceContentId": ids[-1], "channelContentId": an_id(1000)})
    return ids


def remove(bench: Bench, number: int) -> None:
    """A service with its organisation and channel; a channel that another service uses stays."""
    bench.vanish("service", (an_id(number),))
    bench.vanish("organization", (an_id(2000 + number),))
    if number != 0:
        bench.vanish("channel", (an_id(1000 + number),))
    for key in list(bench.world.shelves["connection"].live):
        if key[0] == an_id(number):
            bench.vanish("connection", key)


async def test_removals_of_earlier_runs_never_add_up_in_the_guard(bench: Bench) -> None:
    ids = a_hundred_of_their_own(bench)
    await bench.run()
    assert len(await bench.state()) == 100
    waiting = iter(range(100))
    for _ in range(4):
        for _ in range(3):
            remove(bench, next(waiting))
        bench.clock.forward(days=7)
        ended = await bench.run(full=True)
        assert (ended.outcome, ended.counts.removed) == (RunOutcome.COMPLETED, 3)
    for _ in range(6):
        remove(bench, next(waiting))
    bench.clock.forward(days=7)
    held = await bench.run(full=True)
    assert (held.outcome, held.reason, held.counts.removed) == (RunOutcome.HELD, "too-many-absent", 0)
    accepted = await bench.accept_removals(held.run_id)
    assert (accepted.outcome, accepted.counts.removed, accepted.counts.read) == (RunOutcome.COMPLETED, 6, 0)
    bench.clock.forward(days=7)
    quiet = await bench.run(full=True)
    assert (quiet.outcome, quiet.counts.changed, quiet.counts.removed) == (RunOutcome.COMPLETED, 0, 0)
    state = await bench.state()
    assert set(state) == {f"ptv:{one}" for one in ids[18:]}
    assert f"ptv:{an_id(1000)}" in {one.channel_id for one in state[f"ptv:{ids[-1]}"].channels}
    removed = [one.event for one in await bench.published() if isinstance(one.event, ListingRemoved)]
    assert len(removed) == 18
