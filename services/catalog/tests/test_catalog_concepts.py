"""Names of codes, whatever order their versions and removals come in."""

from __future__ import annotations

import sys
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.concepts import Concept, ConceptNames, KnownConcepts

from .samples import CLASS_URI, concept

URI, CODE = f"{CLASS_URI}P27.1", "service-class:P27.1"


def named(concept_id: str, version: int, name: str) -> Concept:
    return Concept(concept_id, version, "P27.1", concept(concept_id, "service-class", fi=name).name)


def gone(concept_id: str, version: int) -> Concept:
    return Concept(concept_id, version, None, None)


EVENTS = [
    named(URI, 10, "Liikunta"),
    gone(URI, 20),
    named(URI, 30, "Liikunta ja urheilu"),
    named(CODE, 1, "Urheilu"),
    gone(CODE, 2),
]


def names_after(*events: Concept) -> ConceptNames:
    known = KnownConcepts()
    for event in events:
        known.take([event])
    return known.names(["P27.1"])


def test_removal_by_a_tombstone_takes_the_name_of_the_code_away() -> None:
    assert names_after(named(URI, 1, "Liikunta"), gone(URI, 2)) == {}


def test_versions_of_two_concepts_with_one_code_are_not_compared() -> None:
    assert names_after(named(URI, 9, "Liikunta"), named(CODE, 1, "Urheilu"), gone(CODE, 2)) == names_after(
        named(URI, 9, "Liikunta")
    )


def test_only_keys_whose_names_change_are_told() -> None:
    known = KnownConcepts()
    assert known.take([named(CODE, 1, "Urheilu")]) == {"P27.1"}
    assert known.take([named(CODE, 2, "Urheilu"), named(CODE, 1, "Vanha")]) == set()
    assert known.take([gone(CODE, 3), gone("service-class:P1", 1)]) == {"P27.1"}


def test_name_is_never_missing_to_a_thread_that_reads_while_a_newer_one_is_taken() -> None:
    known = KnownConcepts()
    known.take([named(URI, 1, "Liikunta")])
    seen: list[ConceptNames] = []

    def read(*_: object) -> Any:
        seen.append(known.names(["P27.1"]))
        return read

    before = sys.gettrace()
    sys.settrace(read)
    try:
        known.take([named(URI, 2, "Liikunta ja urheilu")])
    finally:
        sys.settrace(before)
    assert seen
    assert all(seen)


@given(st.permutations(EVENTS), st.lists(st.sampled_from(EVENTS), max_size=5))
def test_any_order_ends_as_a_reader_of_the_compacted_log_begins(order: list[Concept], again: list[Concept]) -> None:
    assert names_after(*order, *again) == names_after(EVENTS[2])
