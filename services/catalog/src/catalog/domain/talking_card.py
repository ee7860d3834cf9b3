"""A card to talk over: questions about life's areas, and the sub-themes that answers lead to."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.domain.themes import Names


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that every question has; where it `leads`, the question's sub-themes are shown."""

    code: str
    names: Names
    leads: bool


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the codes of the sub-themes that could help."""

    code: str
    text: Names
    sub_themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TalkingCard:
    """The whole card with every word of its page, in all three languages. `count_many` has a place for `{count}`."""

    title: Names
    lead: Names
    municipality: Names
    results: Names
    nothing_yet: Names
    count_one: Names
    count_many: Names
    clear: Names
    answers: tuple[Answer, ...]
    questions: tuple[Question, ...]
