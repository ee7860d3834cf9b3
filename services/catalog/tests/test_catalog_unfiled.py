"""How entries count: by theme, by the reason for having none, and by classes that no rule names."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from catalog.adapters.content_files import load_content
from catalog.domain.rulebook import Stems
from catalog.domain.unfiled import Count, CountedBy
from catalog.entrypoints.metrics import show_counts
from catalog.settings import CONTENT
from event_schemas.listing import ListingPublished

from .samples import TODAY, described, live, ptv_id
from .trays import outcome_of

content = load_content(CONTENT, on=TODAY)


def counts(description: ListingPublished) -> set[str]:
    (found,) = outcome_of([live(description)], content).counts.values()
    return {str(count) for count in found}


@pytest.mark.parametrize(
    ("classes", "groups", "expected"),
    [
        (("P27.1",), (), {"theme:nature-and-exercise", "theme:exercise"}),
        (("P27.1", "P99.9"), (), {"theme:nature-and-exercise", "theme:exercise", "unknown-class:P99.9"}),
        (("P99.9",), (), {"unfiled:unknown-class", "unknown-class:P99.9"}),
        ((), (), {"unfiled:no-class"}),
        (("P27.3",), (), {"unfiled:no-rule-fits"}),
        (("P27.1",), ("KR2.1",), {"unfiled:not-for-residents"}),
    ],
)
def test_entry_counts_under_its_themes_or_under_the_reason_for_having_none(
    classes: tuple[str, ...], groups: tuple[str, ...], expected: set[str]
) -> None:
    codes = {"service_classes": classes, "target_groups": groups}
    assert counts(described(ptv_id("a"), "Porukka", classification=codes)) == expected


@given(st.sampled_from(list(CountedBy)), st.text(min_size=1))
def test_count_is_read_as_it_was_written(by: CountedBy, code: str) -> None:
    assert Count.read(str(Count(by, code))) == Count(by, code)


def test_most_used_unknown_classes_have_a_series_each_and_the_rest_one() -> None:
    many = {Count(CountedBy.UNKNOWN_CLASS, f"X{number}"): 1000 - number for number in range(302)}
    show_counts(many, content.filing)
    shown = {one.labels["code"]: one.value for one in _samples("catalog_unknown_class_entries")}
    assert len(shown) == 301
    assert (shown["X0"], shown["other"]) == (1000, 700 + 699)


def test_theme_without_entries_shows_zero() -> None:
    show_counts({}, content.filing)
    shown = {one.labels["theme"]: one.value for one in _samples("catalog_theme_entries")}
    assert shown == dict.fromkeys(content.filing.names, 0)


def _samples(name: str) -> list[Any]:
    return [sample for family in REGISTRY.collect() if family.name == name for sample in family.samples]


WORDS = st.lists(st.text("abå", min_size=1, max_size=5), max_size=6)
STEMS = st.lists(st.tuples(st.text("abå", min_size=1, max_size=4), st.integers(0, 3)), max_size=8)


@given(WORDS, STEMS)
def test_stems_find_the_first_word_that_begins_with_any_of_a_sub_theme(
    words: list[str], pairs: list[tuple[str, int]]
) -> None:
    found = Stems(pairs).first_words(words)
    for place in range(4):
        stems = tuple(stem for stem, one in pairs if one == place)
        assert found.get(place) == next((word for word in words if word.startswith(stems)), None)
