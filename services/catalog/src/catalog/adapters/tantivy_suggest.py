"""Names and words that a person may be typing, out of the index's own sorted lists of keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import tantivy
from tantivy import Occur, Query, Schema

from catalog.adapters.tantivy_filters import Snapshot, both
from catalog.adapters.tantivy_schema import facet_value
from catalog.app.search import Suggested
from catalog.domain.documents import EVERYWHERE
from catalog.domain.suggesting import beginning, shown_text, typed_ways
from catalog.domain.words.analysis import LANGUAGES

_RANKS = (0, 1)
_SHORTEST_SLIP = 5
_NARROW = 3
_MOST_KEYS = 60
_MOST_KEPT = 2000


class Suggestions:
    """Looks up beginnings; only where none fits, words anywhere in an entry and likely slips."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def suggest(self, snapshot: Snapshot, text: str, language: str, *, place: str | None, limit: int) -> Suggested:
        ways = typed_ways(text)
        if not ways:
            return Suggested()
        here = self._offered_in(place) if place else None
        names = self._shown(snapshot, "called", ways, language, here, limit)
        words = self._shown(snapshot, "said", ways, language, here, limit)
        others = () if names or words else self._anywhere(snapshot.searcher, ways[-1].split(), here, limit)
        return Suggested(tuple(names.items()), tuple(words), others)

    def _shown(
        self, snapshot: Snapshot, field: str, ways: Sequence[str], language: str, here: Query | None, limit: int
    ) -> dict[str, str | None]:
        """Texts, each with the entry that has it, or None where several have.

        None that only removed entries have, for keys outlive their documents.
        """
        found: dict[str, str | None] = {}
        for key in self._keys(snapshot, field, ways, language, here, limit):
            shown = shown_text(key)
            if shown in found:
                continue
            has = Query.term_query(self._schema, field, key, "basic")
            having = list(self._ids(snapshot.searcher, both(has, here), 2))
            if having:
                found[shown] = having[0] if len(having) == 1 else None
            if len(found) == limit:
                break
        return found

    def _keys(
        self, snapshot: Snapshot, field: str, ways: Sequence[str], language: str, here: Query | None, limit: int
    ) -> Iterator[str]:
        """In the page's language first, and from the beginning of a text before its middle."""
        for spoken in sorted(LANGUAGES, key=lambda one: one != language):
            for rank in _RANKS:
                for typed in ways:
                    begun = beginning(spoken, rank, typed)
                    keys = self._most_frequent(snapshot, field, begun, is_wide=len(typed) < _NARROW)
                    # Counting in one place takes long: of a wide range the most frequent are looked at one by one.
                    if here and len(typed) >= _NARROW and len(keys) == _MOST_KEYS:
                        keys = [key for key, _ in snapshot.searcher.terms_with_prefix(field, begun, here, limit)]
                    yield from keys

    def _most_frequent(self, snapshot: Snapshot, field: str, begun: str, *, is_wide: bool) -> Sequence[str]:
        """Wide ranges are few and asked for by everyone: they are kept until the index changes."""
        known = snapshot.begun.get((field, begun))
        if known is None:
            known = [key for key, _ in snapshot.searcher.terms_with_prefix(field, begun, None, _MOST_KEYS)]
            if is_wide and len(snapshot.begun) < _MOST_KEPT:
                snapshot.begun[field, begun] = known
        return known

    def _anywhere(
        self, searcher: tantivy.Searcher, pieces: Sequence[str], here: Query | None, limit: int
    ) -> tuple[str, ...]:
        """Entries that have every piece typed as the beginning of a word; else with a likely slip in the last."""
        begun = [Query.fuzzy_term_query(self._schema, "fold", piece, 0, True, True) for piece in pieces]
        found = tuple(self._ids(searcher, both(_all_of(begun), here), limit))
        if found or len(pieces[-1]) < _SHORTEST_SLIP:
            return found
        begun[-1] = Query.fuzzy_term_query(self._schema, "fold", pieces[-1], 1, True, True)
        return tuple(self._ids(searcher, both(_all_of(begun), here), limit))

    def _offered_in(self, place: str) -> Query:
        codes = [facet_value("municipality", code) for code in (place, EVERYWHERE)]
        return Query.term_set_query(self._schema, "facet", codes)

    def _ids(self, searcher: tantivy.Searcher, wanted: Query, limit: int) -> Iterator[str]:
        hits = searcher.search(wanted, limit=limit, count=False).hits
        return (str(searcher.doc(address).get_first("entry_id")) for _, address in hits)


def _all_of(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, one) for one in queries])
