"""`entries/*.yaml` of the content pack: the county's own content, as listings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, model_validator

from catalog.adapters.theme_files import ClassCode, Code, File, Names, Text
from catalog.adapters.yaml_files import FileFaults, place_of, read_yaml
from catalog.domain.curated import Curated, Schedule
from catalog.domain.themes import Override
from event_schemas.area import Area, NationwideArea
from event_schemas.base import LocalTime, WebAddress
from event_schemas.channel import Channel, PhoneChannel, WebPageChannel
from event_schemas.contact import Link, Phone, PhoneCharge
from event_schemas.hours import ContinuousHours
from event_schemas.ids import ChannelId, LanguageTag, ListingId
from event_schemas.listing import Access, AgeRange, Audience, ListingKind, ListingPublished, Source, SourceSystem
from event_schemas.price import Charge, Price
from event_schemas.provider import Provider, ProviderType
from event_schemas.session import Enrolment
from event_schemas.text import LocalizedText, TextOrigin
from event_schemas.text import Text as EventText

_CLASS_URI = "http://uri.suomi.fi/codelist/ptv/ptvserclass2/code/"
_REASON = {"fi": "toimituksen oma sisältö", "sv": "redaktionens eget innehåll", "en": "the editors' own content"}


class _Sessions(File):
    """A rule (`first`, `every_weeks`, `last`, `except`), single `days`, or both; clock times of Finland."""

    starts: LocalTime
    ends: LocalTime
    online: bool = False
    first: date | None = None
    every_weeks: Annotated[int, Field(ge=1, le=52)] = 1
    last: date | None = None
    days: tuple[date, ...] = ()
    exceptions: frozenset[date] = Field(default=frozenset(), alias="except")

    @model_validator(mode="after")
    def _has_days(self) -> _Sessions:
        if self.first is None and not self.days:
            raise ValueError("sessions have a first day or single days")
        if self.starts >= self.ends or self.ends == "24:00":
            raise ValueError("a session ends later on the same day")
        return self

    def schedule(self) -> Schedule:
        starts, ends = time.fromisoformat(self.starts), time.fromisoformat(self.ends)
        return Schedule(
            starts,
            ends,
            self.online,
            self.first,
            self.last,
            timedelta(weeks=self.every_weeks),
            self.days,
            self.exceptions,
        )


class _Enrolment(File):
    url: WebAddress | None = None
    required: bool = True
    instructions: Names | None = None


class _Provider(File):
    type: ProviderType
    names: Names


class _Page(File):
    url: WebAddress
    title: Names
    language: LanguageTag | None = None


class _Phone(File):
    """A number as people dial it."""

    number: Annotated[str, Field(pattern=r"^\+?[0-9][0-9 ]{1,30}[0-9]$")]
    charge: PhoneCharge = PhoneCharge.UNKNOWN
    round_the_clock: bool = False


class CuratedEntry(File):
    """One entry as its file has it; with `sub_themes` it needs no rule to be filed."""

    key: Code
    kind: ListingKind
    audience: tuple[Audience, ...] = Field(default=(Audience.RESIDENTS,), min_length=1)
    access: Access = Access.PUBLIC
    provider: _Provider
    names: Names
    summary: Names
    description: Names | None = None
    sub_themes: frozenset[Code] = Field(min_length=1)
    service_classes: tuple[ClassCode, ...] = ()
    keywords: dict[LanguageTag, tuple[Text, ...]] = Field(default_factory=dict)
    areas: tuple[Area, ...] = (NationwideArea(),)
    phone: _Phone | None = None
    pages: tuple[_Page, ...] = ()
    sessions: _Sessions | None = None
    enrolment: _Enrolment | None = None
    charge: Charge = Charge.FREE
    ages: tuple[AgeRange, ...] = ()
    languages: tuple[LanguageTag, ...] = ("fi",)

    @property
    def listing_id(self) -> ListingId:
        return ListingId(f"content:{self.key}")

    def curated(self) -> Curated:
        return Curated(self._listing(), self.sessions.schedule() if self.sessions else None)

    def override(self) -> Override:
        return Override(self.sub_themes, frozenset(), _REASON)

    def _listing(self) -> ListingPublished:
        return ListingPublished(
            listing_id=self.listing_id,
            kind=self.kind,
            source=Source(system=SourceSystem.CONTENT, key=self.key),
            name=_texts(self.names),
            summary=_texts(self.summary),
            description=_texts(self.description),
            provider=Provider(type=self.provider.type, name=_texts(self.provider.names)),
            areas=self.areas,
            channels=self._channels(),
            enrolment=self._enrolment(),
            price=Price(charge=self.charge),
            audience=self.audience,
            access=self.access,
            ages=self.ages,
            languages=self.languages,
            classification=self._classification(),
        )

    def _channels(self) -> tuple[Channel, ...]:
        return (*self._phone_channel(), *self._page_channel())

    def _phone_channel(self) -> Iterator[Channel]:
        if self.phone:
            yield PhoneChannel(
                channel_id=ChannelId(f"content:{self.key}:phone"),
                name=_texts(self.names),
                phones=(Phone(number=self.phone.number, charge=self.phone.charge),),
                hours=(ContinuousHours(),) if self.phone.round_the_clock else (),
            )

    def _page_channel(self) -> Iterator[Channel]:
        if self.pages:
            links = tuple(Link(url=page.url, title=_texts(page.title), language=page.language) for page in self.pages)
            yield WebPageChannel(channel_id=ChannelId(f"content:{self.key}"), name=_texts(self.names), addresses=links)

    def _enrolment(self) -> Enrolment | None:
        given = self.enrolment
        if given is None:
            return None
        return Enrolment(required=given.required, url=given.url, instructions=_texts(given.instructions))

    def _classification(self) -> dict[str, Any]:
        return {"service_classes": [_CLASS_URI + code for code in self.service_classes], "keywords": self.keywords}


def load_entries(folder: Path, sub_themes: frozenset[str] | None = None) -> tuple[CuratedEntry, ...]:
    """All entries of the folder's files, by key; None leaves their sub-themes unchecked. Raises FileFaults."""
    found: dict[str, CuratedEntry] = {}
    faults: list[str] = []
    for file in sorted(folder.glob("*.yaml")):
        for one in _read(file, faults):
            if one.key in found:
                faults.append(f"{place_of(file, one.key, last=True)}: key {one.key} is used twice")
            if unknown := sorted(one.sub_themes - (sub_themes or one.sub_themes)):
                faults.append(f"{place_of(file, unknown[0])}: {one.key}: themes.yaml has no sub-theme {unknown[0]}")
            found[one.key] = one
    if faults:
        raise FileFaults(faults)
    return tuple(found[key] for key in sorted(found))


def _read(file: Path, faults: list[str]) -> Iterator[CuratedEntry]:
    try:
        yield from read_yaml(file, TypeAdapter(tuple[CuratedEntry, ...]))
    except FileFaults as exc:
        faults.extend(exc.faults)


def _texts(names: Names | None) -> LocalizedText:
    if names is None:
        return {}
    return {language: EventText(text=text, origin=TextOrigin.CURATED) for language, text in names.model_dump().items()}
