"""What a replica keeps depends on the newest of every entry alone, not on the order in which partitions are read."""

from __future__ import annotations

import sys
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from catalog.adapters.content_files import load_content
from catalog.app.kept import EntryChange, KeptEntries
from catalog.settings import CONTENT
from event_schemas.entry import EntryPublished

from .samples import TODAY, described, ptv_id
from .trays import entries_of_all

ONE, TWO, THREE = (
    entries_of_all([described(ptv_id(name), name)], load_content(CONTENT, on=TODAY))[0]
    for name in ("Yksi", "Kaksi", "Kolme")
)


def with_aliases(entry: EntryPublished, *others: EntryPublished) -> EntryPublished:
    return entry.model_copy(update={"aliases": tuple(one.entry_id for one in others)})


def change(entry: EntryPublished, version: int, *, live: bool = True) -> EntryChange:
    return EntryChange(entry.entry_id, version, entry if live else None)


HISTORY = [
    *(change(entry, 1) for entry in (ONE, TWO, THREE)),
    change(with_aliases(TWO, ONE), 2),
    change(ONE, 2, live=False),
    change(with_aliases(THREE, ONE, TWO), 2),
    change(TWO, 3, live=False),
    # A curator parts them again: the first stays with the second.
    change(THREE, 3),
    change(with_aliases(TWO, ONE), 4),
]


@given(st.permutations(HISTORY), st.integers(1, len(HISTORY)))
def test_old_id_leads_to_who_has_it_now_in_whatever_order_merges_and_partings_are_read(
    changes: list[EntryChange], batch: int
) -> None:
    kept = KeptEntries(EntryPublished.to_json)
    for start in range(0, len(changes), batch):
        kept.take(kept.packed(kept.fresh(changes[start : start + batch])))
    assert kept.survivor(ONE.entry_id) == TWO.entry_id
    assert (kept.survivor(TWO.entry_id), kept.survivor(THREE.entry_id), len(kept)) == (None, None, 2)


def test_id_leads_somewhere_to_a_thread_that_reads_while_entries_become_one_and_two_again() -> None:
    kept = KeptEntries(EntryPublished.to_json)
    taken = [
        [change(ONE, 1), change(TWO, 1)],
        [change(ONE, 2, live=False), change(with_aliases(TWO, ONE), 2)],
        [change(with_aliases(TWO, ONE), 3)],
        [change(TWO, 4), change(ONE, 4)],
    ]
    kept.take(kept.packed(taken[0]))
    seen: list[object] = []

    def read(*_: object) -> Any:
        seen.append(kept.survivor(ONE.entry_id) or kept.get(ONE.entry_id))
        return read

    for changes in taken[1:]:
        packed = kept.packed(changes)
        before = sys.gettrace()
        sys.settrace(read)
        try:
            kept.take(packed)
        finally:
            sys.settrace(before)
    assert seen
    assert all(seen)
