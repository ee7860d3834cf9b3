"""Why an entry answers a question, told per word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalog.domain.documents import TERM_FIELDS
from catalog.domain.words.analysis import LANGUAGES, Analyser
from catalog.domain.words.tokens import folded, joined


@dataclass(frozen=True, slots=True)
class HitReason:
    """Which word was found where and how.

    `where` is name, label, body or text; `how` is word (any inflection), part (inside a compound), synonym, form
    (spelling or its beginning), or similar (a likely slip).
    """

    word: str
    where: str
    how: str


@dataclass(frozen=True, slots=True)
class Highlight:
    """An excerpt in `language`; `spans` are [start, end) of the words found in it, in signs."""

    text: str
    spans: tuple[tuple[int, int], ...]
    language: str


def hit_reasons(
    question: Sequence[str], terms: Mapping[str, Iterable[str]], analyser: Analyser
) -> tuple[HitReason, ...]:
    """The strongest reason of each word; words that the entry lacks have none."""
    fields = {field: frozenset(tokens) for field, tokens in terms.items()}
    reasons = (_reason(word, fields, analyser) for word in question)
    return tuple(reason for reason in reasons if reason)


def _reason(word: str, fields: Mapping[str, frozenset[str]], analyser: Analyser) -> HitReason | None:
    known = [analyser.terms(word, language) for language in LANGUAGES]
    whole = {term for terms in known for term in terms.whole}
    inner = {term for terms in known for term in (*terms.joints, *analyser.specific(terms.parts))}
    synonyms = {other for terms in known for other in analyser.synonyms(terms.whole)}
    for how, wanted in (("word", whole), ("part", inner), ("synonym", synonyms)):
        for field in TERM_FIELDS:
            if wanted & fields[field]:
                return HitReason(word, field, how)
        if how != "synonym" and wanted & fields["part"]:
            return HitReason(word, "text", "part")
    return _by_spelling(word, fields)


def _by_spelling(word: str, fields: Mapping[str, frozenset[str]]) -> HitReason | None:
    plain = folded(joined(word))
    if any(form.startswith(plain) for form in fields["fold"]):
        return HitReason(word, "text", "form")
    near = any(form[:1] == plain[:1] and abs(len(form) - len(plain)) <= 2 for form in fields["fold"])
    return HitReason(word, "text", "similar") if near and len(plain) > 3 else None
