"""`themes.yaml`, `overrides.yaml` and `tarmoa.yaml` as models: what a curator may write, checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, model_validator

from catalog.adapters.yaml_files import FaultAt
from catalog.domain.rulebook import Rules
from catalog.domain.themes import Filing, MappedTheme, Override, QuickExit, SubTheme, Theme, ThemeMapping
from event_schemas.ids import UUID_PATTERN, AnyEntryId, AnyListingId

Code = Annotated[str, Field(pattern="^[a-z][a-z0-9-]{0,59}$")]
ClassCode = Annotated[str, Field(pattern=r"^P[0-9]+(\.[0-9]+)?$")]
Stem = Annotated[str, Field(pattern=r"^[\w-]+$", min_length=3)]
Text = Annotated[str, Field(min_length=1)]
GeneralDescriptionId = Annotated[str, Field(pattern=f"^{UUID_PATTERN}$")]


class File(BaseModel):
    """Unknown keys are refused: a misspelt rule is no rule."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Names(File):
    fi: Text
    sv: Text
    en: Text


class _Except(File):
    service_classes: frozenset[ClassCode] = frozenset()
    stems: tuple[Stem, ...] = ()


class _Rules(File):
    service_classes: frozenset[ClassCode] = frozenset()
    supporting_classes: frozenset[ClassCode] = frozenset()
    terms: frozenset[Text] = frozenset()
    stems: dict[str, tuple[Stem, ...]] = Field(default_factory=dict)
    source_themes: frozenset[Text] = frozenset()
    general_descriptions: frozenset[GeneralDescriptionId] = frozenset()
    exceptions: _Except = Field(default=_Except(), alias="except")

    def rules(self) -> Rules:
        return Rules(
            service_classes=self.service_classes,
            supporting_classes=self.supporting_classes,
            terms=_folded(self.terms),
            stems=self.stems,
            source_themes=self.source_themes,
            general_descriptions=self.general_descriptions,
            except_classes=self.exceptions.service_classes,
            except_stems=self.exceptions.stems,
        )


class _SubTheme(_Rules):
    code: Code
    names: Names

    @model_validator(mode="after")
    def _has_a_class_that_places(self) -> _SubTheme:
        if not self.service_classes:
            raise ValueError(f"sub-theme {self.code} names no service class that places by itself")
        return self


class _Theme(File):
    code: Code
    names: Names
    sub_themes: tuple[_SubTheme, ...] = Field(min_length=1)


class _QuickExit(File):
    service_classes: frozenset[ClassCode] = frozenset()
    terms: frozenset[Text] = frozenset()
    stems: dict[str, tuple[Stem, ...]] = Field(default_factory=dict)
    address: HttpUrl = HttpUrl(QuickExit().address)


class OverrideOf(File):
    """A curator's word, as `overrides.yaml` has it."""

    id: AnyListingId | AnyEntryId
    add: frozenset[Code] = frozenset()
    remove: frozenset[Code] = frozenset()
    reason: Names

    @model_validator(mode="after")
    def _says_something(self) -> OverrideOf:
        if not self.add | self.remove:
            raise ValueError("an override adds or removes a sub-theme")
        if both := sorted(self.add & self.remove):
            raise ValueError(f"{both[0]} is both added and removed")
        return self


class Themes(File):
    """`themes.yaml`."""

    other_target_groups: tuple[Text, ...]
    source_themes: dict[str, Names]
    general_descriptions: dict[GeneralDescriptionId, Names] = Field(default_factory=dict)
    quick_exit: _QuickExit = _QuickExit()
    themes: tuple[_Theme, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _codes_differ(self) -> Themes:
        codes = [theme.code for theme in self.themes] + [sub.code for sub in self._subs()]
        if twice := [code for code, count in Counter(codes).items() if count > 1]:
            raise FaultAt(twice[0], f"code {twice[0]} is used twice")
        if unnamed := sorted({code for sub in self._subs() for code in sub.source_themes} - self.source_themes.keys()):
            raise FaultAt(unnamed[0], f"source theme {unnamed[0]} has no names")
        general = {code for sub in self._subs() for code in sub.general_descriptions}
        if unnamed := sorted(general - self.general_descriptions.keys()):
            raise FaultAt(unnamed[0], f"general description {unnamed[0]} has no names")
        return self

    def _subs(self) -> tuple[_SubTheme, ...]:
        return tuple(sub for theme in self.themes for sub in theme.sub_themes)

    def sub_theme_codes(self) -> frozenset[str]:
        return frozenset(sub.code for sub in self._subs())

    def filing(self, overrides: Iterable[OverrideOf]) -> Filing:
        """Everything as the domain knows it; an id may have several overrides."""
        given: dict[str, tuple[Override, ...]] = {}
        for one in overrides:
            word = Override(one.add, one.remove, one.reason.model_dump())
            given[one.id] = (*given.get(one.id, ()), word)
        marks = self.quick_exit
        return Filing(
            themes=tuple(
                Theme(
                    theme.code,
                    theme.names.model_dump(),
                    tuple(SubTheme(sub.code, sub.names.model_dump(), sub.rules()) for sub in theme.sub_themes),
                )
                for theme in self.themes
            ),
            other_target_groups=self.other_target_groups,
            source_theme_names={code: names.model_dump() for code, names in self.source_themes.items()},
            general_description_names={code: names.model_dump() for code, names in self.general_descriptions.items()},
            quick_exit=QuickExit(marks.service_classes, _folded(marks.terms), marks.stems, str(marks.address)),
            overrides=given,
        )


class _MappedTheme(_Rules):
    code: Code
    names: Names
    sub_themes: frozenset[Code] = frozenset()

    @model_validator(mode="after")
    def _holds_something(self) -> _MappedTheme:
        if not (self.sub_themes or self.service_classes):
            raise ValueError(f"theme {self.code} has neither sub-themes of the county nor a service class")
        if self.source_themes or self.general_descriptions:
            raise ValueError("source themes and general descriptions are the county's rules only")
        return self


class MappingFile(File):
    """Another list of themes over the same entries, as `tarmoa.yaml` has it."""

    mapping: Code
    names: Names
    themes: tuple[_MappedTheme, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _codes_differ(self) -> MappingFile:
        if self.mapping == "county":
            raise FaultAt("mapping", "the mapping county is themes.yaml's")
        if twice := [code for code, count in Counter(theme.code for theme in self.themes).items() if count > 1]:
            raise FaultAt(twice[0], f"code {twice[0]} is used twice")
        return self

    def as_mapping(self) -> ThemeMapping:
        return ThemeMapping(
            self.mapping,
            self.names.model_dump(),
            tuple(
                MappedTheme(theme.code, theme.names.model_dump(), theme.sub_themes, theme.rules())
                for theme in self.themes
            ),
        )


def _folded(terms: Iterable[str]) -> frozenset[str]:
    return frozenset(term.casefold() for term in terms)
