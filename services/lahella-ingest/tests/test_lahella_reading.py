"""Reading the simulated source into a real database."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from lahella_activities import channel, ms, weekly, wire
from lahella_reader import Reader

from event_schemas.ingest_run import RunOutcome
from event_schemas.text import text_in
from lahella_ingest.app.ports import Found, LahellaSource, Page

pytestmark = pytest.mark.postgres


@dataclass
class Slipping:
    """A source whose list leaves one activity out, and tells no total."""

    inner: LahellaSource
    key: str

    async def page(self, skip: int) -> Page:
        page = await self.inner.page(skip)
        return replace(page, items=[item for item in page.items if item.raw["_key"] != self.key], total=None)

    async def one(self, key: str) -> Found | None:
        return await self.inner.one(key)


@dataclass
class Repeating:
    """A source that ignores `skip` and always says that there is more."""

    inner: LahellaSource

    async def page(self, skip: int) -> Page:
        del skip
        return replace(await self.inner.page(0), has_more=True)

    async def one(self, key: str) -> Found | None:
        return await self.inner.one(key)


async def test_all_activities_become_listings_and_the_run_is_told(reader: Reader) -> None:
    run = await reader.run()
    kinds, listings, ends = await reader.told()
    assert (run.outcome, run.counts.read, run.counts.rejected) == (RunOutcome.COMPLETED, 60, ())
    assert kinds == {"published": 60, "started": 1, "ended": 1}
    assert ends[0].counts == run.counts
    assert {each.kind for each in listings.values()} == {"hobby", "support", "voluntary"}
    assert all(each.provider.name and each.areas and each.channels for each in listings.values())
    without_business_id = [key for key, each in listings.items() if each.provider.business_id is None]
    assert without_business_id == ["lahella:710025", "lahella:710039"]
    walks = listings["lahella:710001"]
    assert text_in(walks.description, "fi") == (
        "Kävelemme rantaraittia kaikille sopivaa vauhtia ja juomme lopuksi kahvit. Ei ilmoittautumista."
    )
    assert [each.start.isoformat() for each in walks.sessions[:3]] == [
        "2026-03-17T08:00:00+00:00",
        "2026-03-24T08:00:00+00:00",
        "2026-03-31T07:00:00+00:00",
    ]


async def test_unchanged_second_reading_publishes_nothing(reader: Reader) -> None:
    await reader.run()
    await reader.events()
    run = await reader.run()
    kinds, _, _ = await reader.told()
    assert kinds == {"started": 1, "ended": 1}
    assert (run.counts.read, run.counts.changed) == (60, 0)


async def test_changed_words_are_published_and_drifting_coordinates_are_not(reader: Reader) -> None:
    def place(longitude: float) -> dict[str, object]:
        return channel(map={"center": {"coordinates": [longitude, 60.7]}})

    await reader.put(wire("1", traits={"channels": [place(24.4)]}))
    await reader.run()
    await reader.events()
    await reader.put(wire("1", traits={"channels": [place(24.5)]}))
    assert (await reader.run()).counts.changed == 0
    texts = {"fi": {"name": "Uusi nimi"}}
    await reader.put(wire("1", traits={"channels": [place(24.5)], "translations": texts}))
    assert (await reader.run()).counts.changed == 1
    _, listings, _ = await reader.told()
    assert text_in(listings["lahella:1"].name, "fi") == "Uusi nimi"


async def test_activity_absent_from_a_complete_reading_is_removed(reader: Reader) -> None:
    await reader.run()
    await reader.events()
    await reader.delete("710001")
    assert (await reader.run()).counts.removed == 1
    kinds, _, _ = await reader.told()
    assert kinds == {"removed": 1, "tombstone": 1, "started": 1, "ended": 1}
    assert (await reader.run()).counts.removed == 0


async def test_activity_that_only_slipped_between_pages_is_not_removed(reader: Reader) -> None:
    await reader.run()
    reader.read = replace(reader.read, source=Slipping(reader.source, "710001"))
    run = await reader.run()
    assert (run.outcome, run.counts.read, run.counts.removed) == (RunOutcome.COMPLETED, 59, 0)


async def test_missing_activity_that_cannot_be_asked_for_is_kept_and_told(reader: Reader) -> None:
    await reader.run()
    await reader.delete("710001", "710002")
    await reader.fault(path="/v1/activities/710002", kind="504-html")
    run = await reader.run()
    (unclear,) = run.counts.rejected
    assert (run.outcome, run.counts.removed) == (RunOutcome.COMPLETED, 1)
    assert (unclear.reason, unclear.examples) == ("removal-unconfirmed", ("710002",))
    await reader.mend()
    assert (await reader.run()).counts.removed == 1


async def test_source_that_repeats_itself_ends_the_run(reader: Reader) -> None:
    reader.read = replace(reader.read, source=Repeating(reader.source))
    run = await reader.run()
    assert (run.outcome, run.reason) == (RunOutcome.FAILED, "source-paging")


async def test_run_in_which_too_much_vanishes_is_held_until_a_person_accepts_it(reader: Reader) -> None:
    await reader.run()
    await reader.delete("710001", "710002", "710003", "710004")
    held = await reader.run()
    assert (held.outcome, held.reason, held.counts.removed) == (RunOutcome.HELD, "too-many-absent", 0)
    accepted = await reader.accept(held.id)
    assert (accepted.outcome, accepted.counts.removed) == (RunOutcome.COMPLETED, 4)


async def test_an_empty_source_is_not_believed_however_little_was_published(reader: Reader) -> None:
    everything = [f"7100{number:02}" for number in range(1, 61)]
    await reader.delete(*everything[1:])
    await reader.run()
    await reader.delete(everything[0])
    assert (await reader.run()).outcome is RunOutcome.HELD


@pytest.mark.parametrize("kind", ["504-html", "429", "bad-json", "401", "null-lists"])
async def test_a_broken_page_removes_nothing(reader: Reader, kind: str) -> None:
    for number in range(100, 180):
        await reader.put(wire(str(number)))
    await reader.run()
    await reader.events()
    await reader.delete("100", "101")
    # The second page breaks, after the first was taken.
    await reader.fault(path="/v1/activities$", kind="slow", times=1)
    await reader.fault(path="/v1/activities$", kind=kind, retry_after=0)
    run = await reader.run()
    kinds, _, _ = await reader.told()
    assert kinds["removed"] == 0 or kind == "null-lists"
    assert run.outcome is (RunOutcome.COMPLETED if kind == "null-lists" else RunOutcome.FAILED)
    await reader.mend()
    assert (await reader.run()).outcome is RunOutcome.COMPLETED


async def test_reading_that_is_asked_to_stop_removes_nothing_and_the_next_one_starts_anew(reader: Reader) -> None:
    for number in range(100, 180):
        await reader.put(wire(str(number)))
    await reader.run()
    await reader.delete("100")
    reader.pages_wanted = 1
    stopped = await reader.run()
    assert (stopped.outcome, stopped.counts.removed) == (RunOutcome.INTERRUPTED, 0)
    reader.pages_wanted = None
    assert (await reader.run()).counts.removed == 1


async def test_run_whose_process_died_is_told_as_interrupted(reader: Reader) -> None:
    async with reader.base.database.transaction() as tx:
        await tx.execute("INSERT INTO run (id, started_at) VALUES (gen_random_uuid(), now() - interval '1 hour')")
    await reader.run()
    _, _, ends = await reader.told()
    assert [end.outcome for end in ends] == ["interrupted", "completed"]


async def test_rejected_item_is_counted_and_keeps_what_was_published_of_it(reader: Reader) -> None:
    await reader.put(wire("1"))
    await reader.put(wire("2", traits={"region": ["city/FI/Atlantis"]}))
    await reader.put(wire("3", traits={"channels": 5}))
    first = await reader.run()
    assert {each.reason: each.count for each in first.counts.rejected} == {"malformed": 1, "unknown-region": 1}
    await reader.events()
    await reader.put(wire("1", traits={"type": "tapahtuma"}))
    second = await reader.run()
    kinds, _, _ = await reader.told()
    assert {each.reason for each in second.counts.rejected} == {"malformed", "unknown-region", "unknown-type"}
    assert kinds == {"started": 1, "ended": 1}


async def test_signs_that_a_database_cannot_hold_do_not_end_the_run(reader: Reader) -> None:
    await reader.put(wire("1", traits={"translations": {"fi": {"name": "Ker\x00ho"}}}))
    await reader.put(wire("ei kelpaa"))
    run = await reader.run()
    _, listings, _ = await reader.told()
    assert (run.outcome, run.counts.rejected[0].count) == (RunOutcome.COMPLETED, 1)
    assert text_in(listings["lahella:1"].name, "fi") == "Kerho"


async def test_stored_activity_that_a_newer_version_cannot_read_keeps_its_listing(reader: Reader) -> None:
    await reader.run()
    async with reader.base.database.transaction() as tx:
        await tx.execute("UPDATE activity SET raw = '{}', due_at = $1 WHERE key = '710001'", reader.now)
    assert (await reader.pass_time("2026-03-18 12:01")).removed == ()
    assert (await reader.run()).counts.removed == 0


async def test_windows_open_and_close_without_any_change_at_the_source(reader: Reader) -> None:
    window = {"visibility": {"start": ms("2026-03-20 00:00"), "end": ms("2026-03-22 00:00")}}
    await reader.put(wire("1", status=None, tags=window))
    await reader.run()
    _, listings, _ = await reader.told()
    assert "lahella:1" not in listings

    assert (await reader.pass_time("2026-03-19 23:59")).published == ()
    assert (await reader.pass_time("2026-03-20 00:00")).published == ("1",)
    assert (await reader.pass_time("2026-03-21 12:00")).removed == ()
    assert (await reader.pass_time("2026-03-22 00:00")).removed == ("1",)
    removals = [body for key, _, body in await reader.events() if key == "lahella:1" and body]
    assert b'"reason":"expired"' in removals[-1]
    assert (await reader.run()).counts.changed == 0


async def test_draft_takes_the_listing_away_and_its_return_brings_it_back(reader: Reader) -> None:
    await reader.put(wire("1"))
    await reader.run()
    await reader.put(wire("1", status="draft"))
    assert (await reader.run()).counts.removed == 1
    await reader.put(wire("1"))
    assert (await reader.run()).counts.changed == 1


async def test_sessions_move_on_with_the_week_and_not_with_each_reading(reader: Reader) -> None:
    await reader.put(
        wire("1", traits={"channels": [channel(events=[weekly("2026-01-12 00:00", 2, "18:00", "19:00")])]})
    )
    await reader.run()
    await reader.events()
    assert (await reader.pass_time("2026-03-22 23:59")).published == ()
    assert (await reader.run()).counts.changed == 0
    await reader.pass_time("2026-03-23 00:00")
    _, listings, _ = await reader.told()
    assert listings["lahella:1"].sessions[0].start.date().isoformat() == "2026-03-24"


async def test_of_all_replicas_one_reads(reader: Reader) -> None:
    async with reader.store.only_reader() as first, reader.store.only_reader() as second:
        assert (first, second) == (True, False)
    async with reader.store.only_reader() as again:
        assert again
