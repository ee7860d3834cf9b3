"""One service told twice, by Lähellä.fi and by its copy in PTV: when it is one entry, and what a curator can read."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from catalog.adapters.content_files import load_content
from catalog.domain.identity import entry_id
from catalog.domain.linking import Decision, Verdict
from catalog.domain.listing import Listing, latest
from catalog.settings import CONTENT
from chassis.finland.business_id import business_id
from event_schemas.entry import EntryPublished
from event_schemas.ids import ListingId
from event_schemas.listing import ListingPublished

from .samples import TODAY, described, live, ptv_id, removed
from .trays import outcome_of

content = load_content(CONTENT, on=TODAY)
NGO = "2345678-0"
CHAIR_GROUP = "Toimintakykyä tukeva tuoliryhmä"
PTV, LAHELLA = ptv_id("tuoliryhmä"), "lahella:tuoliryhma-1"


def session(hour: int) -> dict[str, str]:
    return {"start": datetime(2026, 11, 10, hour, tzinfo=UTC).isoformat()}


def origin(*, name: str = CHAIR_GROUP, number: str | None = NGO, hour: int = 10) -> ListingPublished:
    long = {"fi": "Jumpataan tuolilla istuen musiikin tahtiin. Ohjaaja on mukana joka kerta, kahvit lopuksi."}
    return described(LAHELLA, name, business_id=number, description=long, sessions=[session(hour)])


def copy(*, number: str | None = NGO, hour: int = 10) -> ListingPublished:
    name = f"{CHAIR_GROUP} – Hämeenlinna"
    short = {"fi": "Jumpataan tuolilla istuen."}
    more = {"business_id": number, "classes": ("P27.1",), "description": short, "sessions": [session(hour)]}
    return described(PTV, name, **more)  # type: ignore[arg-type]


def entries(*listings: Listing, decisions: Sequence[Decision] = ()) -> list[EntryPublished]:
    return list(outcome_of(listings, content, decisions=decisions).entries)


def findings(*listings: Listing, decisions: Sequence[Decision] = ()) -> dict[str, list[str]]:
    """Listing id → codes of what is to be mended."""
    found = outcome_of(listings, content, decisions=decisions).assessments
    return {one.listing_id: [finding.code for finding in one.findings] for one in found}


def test_activity_and_its_copy_in_ptv_are_one_entry_with_both_origins() -> None:
    (entry,) = entries(live(origin()), live(copy()))
    assert {member.system for member in entry.members} == {"ptv", "lahella"}
    assert "Ohjaaja on mukana" in entry.description["fi"].text
    assert findings(live(origin()), live(copy())) == {LAHELLA: [], PTV: []}


def test_time_changed_at_the_origin_wins_though_the_copy_still_has_the_old_one() -> None:
    (entry,) = entries(live(origin(hour=14), version=2), live(copy(hour=10)))
    assert [one.start.hour for one in entry.sessions] == [14]
    assert entry.provenance["sessions"] == (LAHELLA,)


def test_activity_that_ended_at_its_origin_ends_though_ptv_still_has_the_copy_and_a_finding_says_so() -> None:
    ended = latest(live(origin()), removed(LAHELLA, 2))
    result = outcome_of([ended, live(copy())], content)
    assert result.entries == ()
    assert result.gone == {entry_id(ListingId(LAHELLA)): None, entry_id(ListingId(PTV)): None}
    assert findings(ended, live(copy())) == {PTV: ["ended-at-origin"]}
    assert result.withdrawn == (LAHELLA,)


def test_what_ptv_says_in_words_of_its_own_goes_on_when_the_activity_ends_and_a_finding_says_so() -> None:
    ended = latest(live(origin()), removed(LAHELLA, 2))
    own = copy().model_copy(update={"description": {}})
    (entry,) = entries(ended, live(own))
    assert [member.system for member in entry.members] == ["ptv"]
    assert entry.aliases == (entry_id(ListingId(LAHELLA)),)
    assert findings(ended, live(own)) == {PTV: ["ended-at-origin"]}


def test_copy_that_a_person_tells_apart_from_the_ended_activity_goes_on() -> None:
    ended = latest(live(origin()), removed(LAHELLA, 2))
    apart = Decision(ListingId(LAHELLA), ListingId(PTV), Verdict.DIFFERENT, datetime(2026, 11, 1, tzinfo=UTC))
    assert len(entries(ended, live(copy()), decisions=[apart])) == 1
    assert findings(ended, live(copy()), decisions=[apart]) == {PTV: []}


def test_activity_offered_anew_under_another_id_takes_the_copy_over() -> None:
    ended = latest(live(origin()), removed(LAHELLA, 2))
    anew = origin().model_copy(update={"listing_id": "lahella:tuoliryhma-2"})
    (entry,) = entries(ended, live(copy()), live(anew))
    assert {member.system for member in entry.members} == {"ptv", "lahella"}


def test_activity_offered_again_at_its_origin_takes_the_finding_away() -> None:
    back = live(origin(), version=3)
    assert findings(back, live(copy())) == {LAHELLA: [], PTV: []}


@pytest.mark.parametrize("number", [None, "1000008-0", "0000000-0"])
def test_without_a_business_id_nothing_is_linked_and_a_finding_says_why_ptv_never_gets_it(number: str | None) -> None:
    listings = live(origin(number=number)), live(copy())
    assert [len(entry.members) for entry in entries(*listings)] == [1, 1]
    assert "lahella-without-business-id" in findings(*listings)[LAHELLA]


def test_voluntary_work_needs_no_business_id_since_it_is_never_transferred() -> None:
    listing = described(LAHELLA, "Ystävätoiminta", business_id=None, kind="voluntary")
    assert "lahella-without-business-id" not in findings(live(listing))[LAHELLA]


@pytest.mark.parametrize(
    "name",
    [
        "Toimintakykyä  tukeva tuoliryhmä",
        " Toimintakykyä tukeva tuoliryhmä ",
        "Toimintakykyä\u00a0tukeva\r\ntuoliryhmä",
        unicodedata.normalize("NFD", CHAIR_GROUP),
        CHAIR_GROUP.upper(),
    ],
    ids=["double space", "spaces at the ends", "no-break space and line break", "NFD", "capitals"],
)
def test_white_space_and_unicode_form_of_a_name_do_not_part_twins(name: str) -> None:
    (entry,) = entries(live(origin(name=name)), live(copy()))
    assert len(entry.members) == 2


@pytest.mark.parametrize(
    "written", ["1234567-1", "12345671", "FI12345671", " 1234567–1", "fi1234567-1", "1234567 1", "1234567-1\u200b"]
)
def test_two_spellings_of_a_business_id_are_one_cluster(written: str) -> None:
    read = business_id(written)
    (entry,) = entries(live(origin(number=read)), live(copy(number="1234567-1")))
    assert len(entry.members) == 2


def test_old_business_id_of_six_digits_is_padded_before_it_is_checked() -> None:
    assert business_id("123456-5") is None
    (entry,) = entries(live(origin(number=business_id("234567-8"))), live(copy(number="0234567-8")))
    assert len(entry.members) == 2


@pytest.mark.parametrize("written", ["1000008-0", "1000008-1", "1234567-2"])
def test_business_id_that_cannot_be_makes_no_cluster_even_where_both_sources_write_it(written: str) -> None:
    assert business_id(written) is None
    assert len(entries(live(origin(number=written)), live(copy(number=written)))) == 2


def test_organisations_whose_ids_differ_in_the_last_digit_keep_their_own() -> None:
    first = described(ptv_id("a"), "Kuntosali", provider={"organization_id": "ptv:" + "1" * 8, "name": {}})
    second = described(ptv_id("b"), "Kuntosali", provider={"organization_id": "ptv:" + "1" * 7 + "2", "name": {}})
    found = entries(live(first), live(second))
    assert {entry.members[0].listing_id: entry.provider.organization_id for entry in found} == {
        first.listing_id: "ptv:11111111",
        second.listing_id: "ptv:11111112",
    }
