"""The labelled pairs are what their README says."""

from __future__ import annotations

from collections import Counter

from chassis.finland.business_id import business_id

from .labelled.pairs import labelled_pairs


def test_there_are_enough_pairs_of_either_label_in_either_half() -> None:
    counts = Counter((pair.split, pair.same) for pair in labelled_pairs())
    assert sum(counts.values()) >= 400
    assert counts["tune", True] + counts["report", True] >= 150
    assert min(counts.values()) >= 70


def test_every_kind_is_in_both_halves() -> None:
    kinds = {half: {pair.kind for pair in labelled_pairs() if pair.split == half} for half in ("tune", "report")}
    assert kinds["tune"] == kinds["report"] or not kinds["tune"] ^ kinds["report"] - {"branch"}
    assert {"copy", "renamed", "look-alike", "other-municipality", "branch", "language-twin"} <= kinds["report"]
    assert {"shortened", "no-number", "duplicate-organisation", "different-number"} <= kinds["report"]


def test_no_organisation_lies_in_both_halves() -> None:
    halves: dict[str, set[str]] = {}
    for pair in labelled_pairs():
        for listing in (pair.one, pair.other):
            halves.setdefault(listing.provider.name["fi"].text, set()).add(pair.split)
    assert {len(some) for some in halves.values()} == {1}


def test_numbers_are_valid_and_no_pair_is_labelled_twice() -> None:
    pairs = [frozenset((pair.one.listing_id, pair.other.listing_id)) for pair in labelled_pairs()]
    assert len(pairs) == len(set(pairs))
    assert {len(pair) for pair in pairs} == {2}
    numbers = {listing.provider.business_id for pair in labelled_pairs() for listing in (pair.one, pair.other)}
    assert all(business_id(number) == number for number in numbers if number)
