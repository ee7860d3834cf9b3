"""Fields of the index, and documents as it takes them."""

from __future__ import annotations

import tantivy

from catalog.domain.documents import TERM_FIELDS, Document
from catalog.domain.marks import mark

TEXT = (*TERM_FIELDS, "part", "form", "fold", "title")
SUGGESTED = ("called", "said")
ANY_AGE = 999
"""Instead of ages where an entry names none."""


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("entry_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("card", stored=True)
    builder.add_unsigned_field("mark", indexed=True, fast=True)
    builder.add_text_field("sort", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_unsigned_field("age", indexed=True)
    # A column of it would make its filters go through every entry.
    builder.add_unsigned_field("session", indexed=True)
    builder.add_unsigned_field("hours", indexed=True, fast=True)
    builder.add_text_field("facet", tokenizer_name="raw", index_option="basic", fast=True)
    for field in ("own", "through", *SUGGESTED):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    for field in TEXT:
        builder.add_text_field(field, tokenizer_name="tokens", index_option="freq")
    return builder.build()


def as_document(document: Document, *, hours: int) -> tantivy.Document:
    """`hours` is the number of the opening hours' pattern."""
    made = tantivy.Document()
    made.add_bytes("card", document.card.packed())
    values = {
        "facet": [facet_value(facet, code) for facet, codes in document.values.items() for code in codes],
        "entry_id": [document.entry_id],
        "sort": [document.sort_key],
        "own": document.card.named,
        "through": document.card.through,
        "called": document.called,
        "said": document.said,
        **{field: [" ".join(document.terms.get(field, ()))] for field in TEXT},
    }
    for field, texts in values.items():
        for text in texts:
            made.add_text(field, text)
    numbers = {
        "mark": [mark(document.entry_id)],
        "age": document.ages or [ANY_AGE],
        "hours": [hours],
        "session": [minute_of(start) for start in document.card.starts],
    }
    for field, given in numbers.items():
        for number in given:
            made.add_unsigned(field, number)
    return made


def minute_of(seconds: float) -> int:
    """Whole minutes since 1970; what is before counts as then."""
    return max(0, int(seconds) // 60)


def facet_value(facet: str, code: str) -> str:
    """All facets are one column: counting goes through it once."""
    return f"{facet}:{code}"


def facet_and_code(value: str) -> tuple[str, str]:
    facet, _, code = value.partition(":")
    return facet, code
