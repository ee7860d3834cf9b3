"""What the address of a search holds, read leniently: what nobody can mean is as if it were not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from starlette.datastructures import QueryParams

from catalog.app.search import OPEN_NOW, SESSION_DAYS, SESSION_WITHIN, Facets, Filters, Page
from catalog.domain.entries import Content
from catalog.entrypoints.web.labels import mark
from catalog.entrypoints.web.translations import Wording
from catalog.entrypoints.web.views import tongues

PROFESSIONAL = "professional"
_HIGHEST_AGE = 130
# More than any filter has: each chosen value is shown with a link that holds all others.
_MOST_VALUES = 20
_LONGEST_VALUE = 60
_LONGEST_QUESTION = 1000
# Parameter of the address → field of the filters.
_MANY = {
    "theme": "themes",
    "audience": "audience",
    "language": "languages",
    "price": "price",
    "channel": "channels",
    "kind": "kinds",
    "provider": "provider_types",
    "accessibility": "accessibility",
}
_FACETS = {"provider": "provider_type"}
# Filters whose codes have labels, with the heading of each.
_GROUPS = {
    "audience": mark("For whom"),
    "price": mark("Price"),
    "channel": mark("How to use it"),
    "provider": mark("Provider"),
    "kind": mark("What"),
    "accessibility": mark("Accessibility"),
}


@dataclass(frozen=True, slots=True)
class SearchForm:
    """A question as the address has it; `unknown_place` where it names a municipality that the county has not."""

    q: str
    filters: Filters
    unknown_place: bool
    cursor: str
    view: str

    def state(self, page: Page) -> list[tuple[str, str]]:
        """Parameters that lead here again, the place as it was understood."""
        filters = self.filters
        found = [("q", self.q)] if self.q else []
        found += [("municipality", page.municipality)] if page.municipality else []
        found += [(name, one) for name, of in _MANY.items() for one in getattr(filters, of)]
        found += [("age", str(filters.age))] if filters.age is not None else []
        found += [(OPEN_NOW, "1")] if filters.open_now else []
        found += [(SESSION_WITHIN, str(filters.session_within))] if filters.session_within else []
        return [*found, *([("view", self.view)] if self.view else [])]


def read_form(given: QueryParams, content: Content) -> SearchForm:
    """The form; many values of one parameter widen it."""
    written = given.get("municipality", "").strip(" ,.;")
    place = content.county.municipality_chosen(written) if written else None
    many = {of: _present(given.getlist(name)) for name, of in _MANY.items()}
    many["themes"] = tuple(code for code in many["themes"] if code in content.filing.names)
    filters = Filters(
        municipality=place,
        age=_whole(given.get("age"), range(_HIGHEST_AGE + 1)),
        open_now=given.get(OPEN_NOW, "") in ("1", "true", "on"),
        session_within=_whole(given.get(SESSION_WITHIN), SESSION_DAYS),
        **many,
    )
    return SearchForm(
        given.get("q", "")[:_LONGEST_QUESTION],
        filters,
        bool(written) and place is None,
        given.get("cursor", ""),
        known_view(given.get("view", "")),
    )


def known_view(given: str) -> str:
    """The view asked for; everyone's is empty."""
    return PROFESSIONAL if given == PROFESSIONAL else ""


def with_view(path: str, view: str) -> str:
    """An address that keeps the view."""
    return f"{path}?view={known_view(view)}" if known_view(view) else path


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a filter with how many entries it would give."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The options of one filter, under the parameter's name."""

    name: str
    legend: str
    options: tuple[Option, ...]


def groups(page: Page, anywhere: Facets, filters: Filters, wording: Wording) -> list[Group]:
    """The filters that have anything to choose, themes aside.

    An option stays as long as any entry in the tray has it (`anywhere`), or the form would change as one types.
    """
    spoken = _language_names(anywhere.get("language", {}), wording.language)
    named = [(name, legend, wording.labels(name)) for name, legend in _GROUPS.items()]
    named.append(("language", mark("Language of service"), spoken))
    made = (
        Group(
            name,
            wording.text(legend),
            tuple(_options(_FACETS.get(name, name), page, anywhere, getattr(filters, _MANY[name]), labels)),
        )
        for name, legend, labels in named
    )
    return [group for group in made if group.options]


def _options(
    facet: str, page: Page, anywhere: Facets, chosen: Sequence[str], names: Mapping[str, str]
) -> Iterator[Option]:
    counts, known = page.facets.get(facet, {}), anywhere.get(facet, {})
    for code, label in names.items():
        if code in known or code in chosen:
            yield Option(code, label, counts.get(code, 0), code in chosen)


def filter_names(wording: Wording) -> dict[tuple[str, str], str]:
    """(parameter, value) → how a chosen filter is called."""
    names = {
        (group, code): name for group in (*_GROUPS, SESSION_WITHIN) for code, name in wording.labels(group).items()
    }
    return names | {(OPEN_NOW, "1"): wording.text("Open now")}


def _language_names(codes: Mapping[str, Any], language: str) -> dict[str, str]:
    named = dict(zip(codes, tongues(codes, language), strict=True))
    return dict(sorted(named.items(), key=lambda item: item[1]))


def _present(values: Sequence[str]) -> tuple[str, ...]:
    present = (value[:_LONGEST_VALUE] for value in values if value.strip(" ,.;"))
    return tuple(islice(dict.fromkeys(present), _MOST_VALUES))


def _whole(written: str | None, among: Sequence[int]) -> int | None:
    return int(written) if written and written.isdecimal() and len(written) <= 3 and int(written) in among else None
