"""Parameters of the API; one without a value counts as absent, one that is not known is passed over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from catalog.app.search import Filters
from catalog.app.tray import Ask
from catalog.domain.entries import Content
from catalog.domain.marks import LONGEST_PAGE
from chassis.core.clock import Clock
from chassis.http.problems import Problem

_LONGEST_CURSOR = 8000
_EMPTY: dict[str, Any] = {"type": "string", "maxLength": 0}

Texts = tuple[str, ...]


def _absent(value: object) -> object:
    return None if value == "" else value


def _whole(lowest: int, highest: int, **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [{"type": "integer", "minimum": lowest, "maximum": highest}, _EMPTY], **more})


def _one_of(*values: object, **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"enum": [*values, ""], **more})


Language = Literal["fi", "sv", "en"]
OptionalLanguage = Annotated[Language | None, BeforeValidator(_absent), _one_of("fi", "sv", "en")]
Limit = Annotated[
    Annotated[int, Field(ge=1, le=LONGEST_PAGE)] | None, BeforeValidator(_absent), _whole(1, LONGEST_PAGE, default=20)
]
Switch = Annotated[
    bool | None, BeforeValidator(_absent), WithJsonSchema({"anyOf": [{"type": "boolean"}, _EMPTY], "default": False})
]
OptionalAge = Annotated[Annotated[int, Field(ge=0, le=130)] | None, BeforeValidator(_absent), _whole(0, 130)]
OptionalDays = Annotated[Annotated[int, Field(ge=1, le=366)] | None, BeforeValidator(_absent), _whole(1, 366)]


class SearchParameters(BaseModel):
    """A question. Values of one filter are alternatives, filters narrow together."""

    model_config = ConfigDict(hide_input_in_errors=True)

    q: str = Field(default="", description="words in Finnish, Swedish or English, as a person writes them")
    municipality: str = Field(default="", description="a municipality of the county, by code or name", examples=["109"])
    theme: Texts = Field(default=(), description="codes of themes and sub-themes, from /v1/themes")
    audience: Texts = Field(default=(), description="for whom", examples=[["residents"]])
    language: Texts = Field(default=(), description="languages the service is given in, as tags", examples=[["sv"]])
    age: OptionalAge = Field(default=None, description="age of the client in full years")
    accessibility: Texts = Field(default=(), description="coded features of accessibility")
    price: Texts = Field(default=(), description="free or paid", examples=[["free"]])
    channel: Texts = Field(default=(), description="kinds of channel", examples=[["phone"]])
    kind: Texts = Field(default=(), description="kinds of entry", examples=[["service"]])
    provider: Texts = Field(default=(), description="types of provider", examples=[["municipality"]])
    open_now: Switch = Field(default=None, description="only what is open now")
    session_within: OptionalDays = Field(default=None, description="only what has a session within so many days")
    cursor: str = Field(default="", description="`next_cursor` of the previous page")
    limit: Limit = Field(default=None, description="most entries of a page")
    lang: OptionalLanguage = Field(default=None, description="language of excerpts, and the one preferred in ranking")

    def ask(self, content: Content, clock: Clock) -> Ask:
        """Raises Problem where the municipality is not of this county."""
        filters = Filters(
            municipality=known_municipality(content, self.municipality),
            themes=present(self.theme),
            audience=present(self.audience),
            languages=present(self.language),
            provider_types=present(self.provider),
            age=self.age,
            accessibility=present(self.accessibility),
            price=present(self.price),
            channels=present(self.channel),
            kinds=present(self.kind),
            open_now=bool(self.open_now),
            session_within=self.session_within,
        )
        cursor = self.cursor[: _LONGEST_CURSOR + 1]
        return Ask(self.q, filters, self.lang or "fi", limit=self.limit or 20, cursor=cursor, at=clock())


class SuggestParameters(BaseModel):
    """What has been typed so far."""

    model_config = ConfigDict(hide_input_in_errors=True)

    q: str = Field(default="", description="what a person has typed so far", examples=["uin"])
    lang: OptionalLanguage = Field(default=None, description="language of the suggestions")
    municipality: str = Field(default="", description="a municipality of the county, by code or name")
    limit: Limit = Field(default=None, description="most suggestions; 8 where none is given")


def present(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(value.strip() for value in values if value.strip())


def known_municipality(content: Content, written: str) -> str | None:
    """Code of a municipality of the county, given as code or name; Problem where there is no such."""
    if not written.strip(" ,.;"):
        return None
    code = content.county.municipality_chosen(written)
    if code is None:
        raise Problem(422, "unknown-municipality", "The county has no such municipality")
    return code
