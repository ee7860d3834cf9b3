"""The talking card of the content pack: read and checked against the themes it leads to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from pathlib import Path

from pydantic import Field, TypeAdapter, model_validator

from catalog.adapters.theme_files import Code, File, Names
from catalog.adapters.yaml_files import FaultAt, FileFaults, place_of, read_yaml
from catalog.domain.talking_card import Answer, Question, TalkingCard


class _Answer(File):
    code: Code
    names: Names
    leads: bool


class _Question(File):
    code: Code
    text: Names
    sub_themes: tuple[Code, ...] = Field(min_length=1)


class _Card(File):
    title: Names
    lead: Names
    municipality: Names
    results: Names
    nothing_yet: Names
    count_one: Names
    count_many: Names
    clear: Names
    answers: tuple[_Answer, ...] = Field(min_length=2)
    questions: tuple[_Question, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _can_be_worked_with(self) -> _Card:
        for codes in ([one.code for one in self.answers], [one.code for one in self.questions]):
            if twice := [code for code, count in Counter(codes).items() if count > 1]:
                raise FaultAt(twice[0], f"code {twice[0]} is used twice")
        if not any(one.leads for one in self.answers):
            raise FaultAt("answers", "no answer leads anywhere")
        if not all("{count}" in text for text in self.count_many.model_dump().values()):
            raise FaultAt("count_many", "each language needs a place for {count}")
        return self


_WORDS = ("title", "lead", "municipality", "results", "nothing_yet", "count_one", "count_many", "clear")


def load_talking_card(folder: Path, sub_themes: Collection[str]) -> TalkingCard:
    """The card. Raises FileFaults, also where a question leads to what is no sub-theme."""
    file = folder / "talking_card.yaml"
    card = read_yaml(file, TypeAdapter(_Card))
    unknown = [(one.code, code) for one in card.questions for code in one.sub_themes if code not in sub_themes]
    if unknown:
        raise FileFaults(
            [f"{place_of(file, code)}: question {one} leads to {code}, which is no sub-theme" for one, code in unknown]
        )
    return TalkingCard(
        **{name: getattr(card, name).model_dump() for name in _WORDS},
        answers=tuple(Answer(one.code, one.names.model_dump(), one.leads) for one in card.answers),
        questions=tuple(Question(one.code, one.text.model_dump(), one.sub_themes) for one in card.questions),
    )
