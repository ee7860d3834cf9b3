"""The county's themes and the rules that file entries under them. Loaded from the content pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from catalog.domain.rulebook import Rulebook, Rules, rulebook

Names = Mapping[str, str]
"""Language → name; fi, sv and en are always there."""


@dataclass(frozen=True, slots=True)
class SubTheme:
    code: str
    names: Names
    rules: Rules


@dataclass(frozen=True, slots=True)
class Theme:
    code: str
    names: Names
    sub_themes: tuple[SubTheme, ...]


@dataclass(frozen=True, slots=True)
class Override:
    """A curator's word on one listing or entry, which wins over every rule."""

    add: frozenset[str]
    remove: frozenset[str]
    reason: Names


@dataclass(frozen=True, slots=True)
class QuickExit:
    """What marks an entry as one that a reader may have to leave at once; terms are Finnish labels.

    `address` is where the exit leads: a page that nobody wonders about.
    """

    service_classes: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    stems: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    address: str = "https://www.ilmatieteenlaitos.fi/"


@dataclass(frozen=True)
class Filing:
    """All themes in the order of the county's own list, and the target groups that are no residents'.

    `overrides` are by the id of a listing or an entry.
    """

    themes: tuple[Theme, ...]
    other_target_groups: tuple[str, ...]
    source_theme_names: Mapping[str, Names]
    general_description_names: Mapping[str, Names] = field(default_factory=dict)
    quick_exit: QuickExit = QuickExit()
    overrides: Mapping[str, tuple[Override, ...]] = field(default_factory=dict)

    @cached_property
    def names(self) -> Mapping[str, Names]:
        """Code of a theme or sub-theme → its names."""
        of_themes = {theme.code: theme.names for theme in self.themes}
        return of_themes | {sub.code: sub.names for theme in self.themes for sub in theme.sub_themes}

    @cached_property
    def sub_themes(self) -> tuple[tuple[Theme, SubTheme], ...]:
        """Every sub-theme with its theme, in the county's order."""
        return tuple((theme, sub) for theme in self.themes for sub in theme.sub_themes)

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules of `sub_themes`, turned round."""
        return rulebook([sub.rules for _, sub in self.sub_themes])

    @cached_property
    def known_classes(self) -> frozenset[str]:
        """Codes of the service classes that any rule names."""
        book = self.rulebook
        return frozenset().union(book.service_classes, book.supporting_classes, book.except_classes)


@dataclass(frozen=True, slots=True)
class MappedTheme:
    """A theme of another list: entries of these sub-themes of the county, and what rules of its own place."""

    code: str
    names: Names
    sub_themes: frozenset[str]
    rules: Rules


@dataclass(frozen=True)
class ThemeMapping:
    """Another list of themes over the same entries."""

    code: str
    names: Names
    themes: tuple[MappedTheme, ...]

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules of `themes`, turned round."""
        return rulebook([theme.rules for theme in self.themes])
