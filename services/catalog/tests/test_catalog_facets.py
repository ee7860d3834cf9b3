"""Filters, and facets that tell what each of their values would give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.app.search import FACETS, OPEN_NOW, SESSION_WITHIN, Filters, Match, Page
from catalog.app.tray import Ask, Tray
from event_schemas.listing import ListingPublished

from .samples import described, ptv_id
from .trays import tray_of

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # Tuesday, 10 o'clock in Helsinki
MORNING = [{"kind": "weekly", "intervals": [{"day": "tuesday", "opens": "09:00", "closes": "12:00"}]}]
EVENING = [{"kind": "weekly", "intervals": [{"day": "tuesday", "opens": "17:00", "closes": "20:00"}]}]
CLOSED_TODAY = [*MORNING, {"kind": "exception", "valid_from": "2026-11-24", "valid_to": "2026-11-24"}]


def place(hours: list[dict[str, Any]], *features: str) -> dict[str, Any]:
    return {"kind": "place", "hours": hours, "accessibility": {"features": features}}


def session(days: float, **more: Any) -> dict[str, Any]:
    return {"start": (NOW + timedelta(days=days)).isoformat(), **more}


def price(charge: str) -> dict[str, str]:
    return {"charge": charge}


SERVICES = [
    described(
        ptv_id("swim"), "Uintiryhmä", classes=("P27.1",), channels=[place(MORNING, "ac_wheelchair")],
        price=price("free"), sessions=[session(0.5), session(20)], languages=["fi", "sv"],
        ages=[{"lowest": 60}], kind="hobby",
    ),
    described(
        ptv_id("gym"), "Kuntosaliryhmä", classes=("P27.1",), channels=[place(EVENING)], price=price("charged"),
        sessions=[session(5), session(6)], languages=["fi"], ages=[{"lowest": 13, "highest": 17}],
        municipalities=("061",),
    ),
    described(
        ptv_id("talk"), "Keskusteluryhmä", channels=[{"kind": "phone", "hours": CLOSED_TODAY}, place([], "ac_parking")],
        price=price("other"), sessions=[session(3, cancelled=True), session(-1)], areas=[{"kind": "nationwide"}],
        audience=["professionals"], languages=["en"],
    ),
    described(
        ptv_id("net"), "Verkkoryhmä", channels=[{"kind": "e-service"}, {"kind": "phone"}], municipalities=("061",),
    ),
    described(
        ptv_id("young"), "Nuorten ryhmä", classes=("P27.1",), channels=[place(EVENING), place(MORNING)],
        ages=[{"lowest": 13, "highest": 17}, {"lowest": 60, "highest": 60}],
        areas=[{"kind": "wellbeing-county", "code": "07"}],
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def tray() -> Tray:
    return tray_of(SERVICES)


def asked(tray: Tray, text: str = "", **filters: Any) -> Page:
    return tray.search(Ask(text, Filters(**filters), limit=100, at=NOW))


def names(page: Page) -> set[str]:
    return {hit.entry.name["fi"].text for hit in page.hits}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"age": 15}, {"Kuntosaliryhmä", "Keskusteluryhmä", "Verkkoryhmä", "Nuorten ryhmä"}),
        ({"age": 18}, {"Keskusteluryhmä", "Verkkoryhmä"}),
        ({"age": 60}, {"Uintiryhmä", "Keskusteluryhmä", "Verkkoryhmä", "Nuorten ryhmä"}),
        ({"age": 99}, {"Uintiryhmä", "Keskusteluryhmä", "Verkkoryhmä"}),
        ({"accessibility": ("ac_wheelchair",)}, {"Uintiryhmä"}),
        ({"accessibility": ("ac_wheelchair", "ac_parking")}, {"Uintiryhmä", "Keskusteluryhmä"}),
        ({"price": ("free",)}, {"Uintiryhmä"}),
        ({"price": ("free", "paid")}, {"Uintiryhmä", "Kuntosaliryhmä"}),
        ({"channels": ("phone",)}, {"Keskusteluryhmä", "Verkkoryhmä"}),
        ({"channels": ("e-service",), "municipality": "109"}, set()),
        ({"kinds": ("hobby",)}, {"Uintiryhmä"}),
        ({"audience": ("professionals",)}, {"Keskusteluryhmä"}),
        ({"languages": ("sv", "en")}, {"Uintiryhmä", "Keskusteluryhmä"}),
        ({"open_now": True}, {"Uintiryhmä", "Nuorten ryhmä"}),
        ({"session_within": 1}, {"Uintiryhmä"}),
        ({"session_within": 7}, {"Uintiryhmä", "Kuntosaliryhmä"}),
        ({"municipality": "061"}, {"Kuntosaliryhmä", "Keskusteluryhmä", "Verkkoryhmä", "Nuorten ryhmä"}),
        ({"themes": (",",), "price": ("",)}, {one.name["fi"].text for one in SERVICES}),
    ],
)
def test_filter_leaves_what_fits(tray: Tray, filters: dict[str, Any], expected: set[str]) -> None:
    assert names(asked(tray, **filters)) == expected


def test_open_now_follows_the_clock(tray: Tray) -> None:
    evening = tray.search(Ask("", Filters(open_now=True), at=NOW + timedelta(hours=8)))
    assert names(evening) == {"Kuntosaliryhmä", "Nuorten ryhmä"}
    assert names(tray.search(Ask("", Filters(open_now=True), at=NOW))) == {"Uintiryhmä", "Nuorten ryhmä"}


def test_hit_tells_its_next_session_and_whether_it_is_open(tray: Tray) -> None:
    told = {hit.entry.name["fi"].text: hit for hit in asked(tray).hits}
    assert [told[name].open_now for name in ("Uintiryhmä", "Kuntosaliryhmä", "Keskusteluryhmä", "Verkkoryhmä")] == [
        True, False, False, None,
    ]  # fmt: skip
    coming = told["Kuntosaliryhmä"].next_session
    assert coming is not None
    assert coming.start == NOW + timedelta(days=5)
    assert told["Keskusteluryhmä"].next_session is None


def test_session_that_begins_this_minute_is_next_as_long_as_it_is_found_by_its_filter(tray: Tray) -> None:
    page = tray.search(Ask("", Filters(session_within=1), at=NOW + timedelta(days=5, seconds=59)))
    assert [hit.next_session and hit.next_session.start for hit in page.hits] == [NOW + timedelta(days=5)]


def test_name_in_another_language_only_is_browsed_at_its_place() -> None:
    written: list[dict[str, str]] = [{"fi": "Äijäkerho"}, {"se": "Vuodjan"}, {"sv": "Boule"}]
    tray = tray_of([described(ptv_id(str(number)), texts) for number, texts in enumerate(written)])
    found = [dict(hit.entry.name) for hit in tray.search(Ask("")).hits]
    assert [next(iter(name)) for name in found] == ["sv", "se", "fi"]


def test_without_a_moment_nothing_is_told_of_opening_and_asking_for_it_is_an_error(tray: Tray) -> None:
    page = tray.search(Ask(""))
    assert not {OPEN_NOW, SESSION_WITHIN} & page.facets.keys()
    assert {hit.open_now for hit in page.hits} == {None}
    with pytest.raises(ValueError, match="of a moment"):
        tray.search(Ask("", Filters(open_now=True)))


CHOOSE: dict[str, Callable[[Filters, str], Filters]] = {
    "municipality": lambda filters, value: replace(filters, municipality=value),
    "theme": lambda filters, value: replace(filters, themes=(value,)),
    "audience": lambda filters, value: replace(filters, audience=(value,)),
    "language": lambda filters, value: replace(filters, languages=(value,)),
    "accessibility": lambda filters, value: replace(filters, accessibility=(value,)),
    "price": lambda filters, value: replace(filters, price=(value,)),
    "channel": lambda filters, value: replace(filters, channels=(value,)),
    "kind": lambda filters, value: replace(filters, kinds=(value,)),
    "provider_type": lambda filters, value: replace(filters, provider_types=(value,)),
    "open_now": lambda filters, _: replace(filters, open_now=True),
    "session_within": lambda filters, value: replace(filters, session_within=int(value)),
}


def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


FILTERS = st.builds(
    Filters,
    municipality=st.sampled_from([None, "061", "109"]),
    themes=some("exercise"),
    audience=some("residents", "professionals"),
    languages=some("fi", "sv"),
    price=some("free", "paid"),
    channels=some("place", "phone"),
    age=st.sampled_from([None, 15, 60]),
    open_now=st.booleans(),
    session_within=st.sampled_from([None, 1, 7]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters=FILTERS, text=st.sampled_from(["", "ryhmä", "ryhmä zzzz"]))
def test_every_count_of_every_facet_is_what_choosing_the_value_gives(tray: Tray, filters: Filters, text: str) -> None:
    page = tray.search(Ask(text, filters, at=NOW))
    for facet, choose in CHOOSE.items():
        for value, count in page.facets[facet].items():
            chosen = tray.search(Ask(text, choose(filters, value), limit=100, at=NOW))
            assert (chosen.total, len(chosen.hits)) == (count, count), (facet, value)


def test_facets_are_those_that_are_told(tray: Tray) -> None:
    assert set(asked(tray).facets) == {*FACETS, OPEN_NOW, SESSION_WITHIN} == set(CHOOSE)


def test_page_without_hits_says_so_and_what_would_give_some(tray: Tray) -> None:
    page = asked(tray, "uintiryhmä", municipality="061", price=("free",))
    assert (page.match, page.total) == (Match.NONE, 0)
    assert page.nearest.without == {"municipality": 1}
    assert page.nearest.municipalities == {"109": 1}
    assert page.nearest.themes["exercise"] == 1


def test_word_that_nothing_has_leads_to_the_themes_of_the_tray(tray: Tray) -> None:
    page = asked(tray, "zzzzqqqq")
    assert (page.match, page.total, page.instead) == (Match.NONE, 0, None)
    assert page.nearest.without == {}
    assert page.nearest.themes["exercise"] == 3


def test_pages_under_filters_show_each_entry_once_while_entries_change() -> None:
    listings: list[ListingPublished] = [
        described(ptv_id(f"{n}"), f"Ryhmä {n:02}", channels=[place(MORNING if n % 2 else EVENING)]) for n in range(40)
    ]
    tray, changed = tray_of(listings), tray_of(list(reversed(listings)))
    cursor: str | None = ""
    seen: list[str] = []
    while cursor is not None:
        page = (tray if len(seen) % 2 else changed).search(Ask("ryhmä", Filters(open_now=True), "fi", 3, cursor, NOW))
        seen += [hit.entry.entry_id for hit in page.hits]
        cursor = page.cursor
    assert len(seen) == len(set(seen)) == 20
