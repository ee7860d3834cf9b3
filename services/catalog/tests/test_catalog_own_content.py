"""The county's own entries, as they leave the content pack."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from catalog.adapters.content_files import load_content
from catalog.app.tray import Ask
from catalog.domain.entries import Content
from catalog.domain.opening import opening
from catalog.domain.sensitive import is_sensitive
from catalog.settings import CONTENT
from event_schemas.entry import EntryPublished
from event_schemas.listing import Audience, ListingKind, ListingPublished

from .samples import TODAY
from .trays import entries_of_all, tray_of

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LANGUAGES = {"fi", "sv", "en"}


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(CONTENT, on=TODAY)


@pytest.fixture(scope="module")
def listings(content: Content) -> list[ListingPublished]:
    return [found for one in content.entries if (found := one.on(NOW))]


def entry(listings: list[ListingPublished], content: Content, key: str) -> EntryPublished:
    (found,) = entries_of_all([one for one in listings if one.source.key == key], content)
    return found


def test_every_kind_and_audience_has_something_and_each_is_told_in_three_languages(
    listings: list[ListingPublished],
) -> None:
    assert {audience for one in listings for audience in one.audience} == set(Audience)
    assert {one.kind for one in listings} >= {
        ListingKind.SELF_CARE,
        ListingKind.INFORMATION,
        ListingKind.GROUP,
        ListingKind.HANDBOOK,
        ListingKind.RECORDING,
        ListingKind.GATHERING,
    }
    for one in listings:
        assert set(one.name) == set(one.summary) == LANGUAGES, one.listing_id
        assert one.channels or one.enrolment, one.listing_id


def test_no_entry_leads_to_an_address_that_cannot_exist(listings: list[ListingPublished]) -> None:
    addresses = [link.url for one in listings for channel in one.channels for link in getattr(channel, "addresses", ())]
    addresses += [one.enrolment.url for one in listings if one.enrolment and one.enrolment.url]
    reserved = (".example", ".test", ".invalid", ".localhost")
    assert addresses
    assert [url for url in addresses if url.split("/")[2].endswith(reserved) or not url.startswith("https://")] == []


def test_own_entries_are_no_twins_of_each_other(listings: list[ListingPublished], content: Content) -> None:
    assert len(entries_of_all(listings, content)) == len(listings)


def test_national_helpline_answers_at_any_hour_and_its_page_can_be_left_at_once(
    listings: list[ListingPublished], content: Content
) -> None:
    helpline = entry(listings, content, "nollalinja")
    (line,) = [channel for channel in helpline.channels if channel.phones]
    assert [(phone.number, phone.charge) for phone in line.phones] == [("080 005 005", "free")]
    assert opening(line.hours, datetime(2026, 12, 25, 3, tzinfo=UTC)).is_open
    assert is_sensitive(helpline, content.filing)


@pytest.mark.parametrize("question", ["lähisuhdeväkivalta", "turvakoti", "våld", "domestic violence", "Nollalinja"])
def test_help_with_violence_is_found_in_everyday_words(
    listings: list[ListingPublished], content: Content, question: str
) -> None:
    found = tray_of(listings, content).search(Ask(question)).hits
    assert "nollalinja" in [member.listing_id.partition(":")[2] for hit in found[:3] for member in hit.entry.members]
