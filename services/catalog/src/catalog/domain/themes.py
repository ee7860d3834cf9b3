"""The county's themes and the rules that file entries under them. Loaded from the content pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

Names = Mapping[str, str]
"""Language → name; fi, sv and en are always there."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What places an entry under a sub-theme: each match is a reason of its own.

    `supporting_classes` hold other things too, so they count only beside another reason. `except_*` forbid.
    Terms are Finnish labels of ontology terms; `stems` are beginnings of words by language.
    """

    service_classes: frozenset[str]
    supporting_classes: frozenset[str]
    terms: frozenset[str]
    stems: Mapping[str, tuple[str, ...]]
    source_themes: frozenset[str]
    except_classes: frozenset[str]
    except_stems: tuple[str, ...]


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


@dataclass(frozen=True)
class Filing:
    """All themes in the order of the county's own list, and the target groups that are no residents'."""

    themes: tuple[Theme, ...]
    other_target_groups: tuple[str, ...]
    source_theme_names: Mapping[str, Names]

    @cached_property
    def names(self) -> Mapping[str, Names]:
        """Code of a theme or sub-theme → its names."""
        of_themes = {theme.code: theme.names for theme in self.themes}
        return of_themes | {sub.code: sub.names for theme in self.themes for sub in theme.sub_themes}
