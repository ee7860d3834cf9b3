"""The content pack: read from YAML, checked as a whole, refused in one sentence."""

from __future__ import annotations

from collections import Counter
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from catalog.domain.areas import County, Municipality
from catalog.domain.entries import Content
from catalog.domain.rulebook import Rules
from catalog.domain.themes import Filing, SubTheme, Theme
from catalog.domain.words.lexicon import Lexicon, Synonyms, lexicon_of
from chassis.core.errors import StartError
from chassis.finland.municipality import FormerMunicipality, former_municipalities

M = TypeVar("M")
Code = Annotated[str, Field(pattern="^[a-z][a-z0-9-]{0,59}$")]
ClassCode = Annotated[str, Field(pattern=r"^P[0-9]+(\.[0-9]+)?$")]
Stem = Annotated[str, Field(pattern=r"^[\w-]+$", min_length=3)]
Text = Annotated[str, Field(min_length=1)]


class _File(BaseModel):
    """Unknown keys are refused: a misspelt rule is no rule."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Names(_File):
    fi: Text
    sv: Text
    en: Text


class _Except(_File):
    service_classes: frozenset[ClassCode] = frozenset()
    stems: tuple[Stem, ...] = ()


class _SubTheme(_File):
    code: Code
    names: _Names
    service_classes: frozenset[ClassCode] = frozenset()
    supporting_classes: frozenset[ClassCode] = frozenset()
    terms: frozenset[Text] = frozenset()
    stems: dict[str, tuple[Stem, ...]] = Field(default_factory=dict)
    source_themes: frozenset[Text] = frozenset()
    exceptions: _Except = Field(default=_Except(), alias="except")

    @model_validator(mode="after")
    def _has_a_class_that_places(self) -> _SubTheme:
        if not self.service_classes:
            raise ValueError(f"sub-theme {self.code} names no service class that places by itself")
        return self

    def sub_theme(self) -> SubTheme:
        return SubTheme(
            self.code,
            self.names.model_dump(),
            Rules(
                service_classes=self.service_classes,
                supporting_classes=self.supporting_classes,
                terms=frozenset(term.casefold() for term in self.terms),
                stems=self.stems,
                source_themes=self.source_themes,
                except_classes=self.exceptions.service_classes,
                except_stems=self.exceptions.stems,
            ),
        )


class _Theme(_File):
    code: Code
    names: _Names
    sub_themes: tuple[_SubTheme, ...] = Field(min_length=1)


class _Themes(_File):
    other_target_groups: tuple[Text, ...]
    source_themes: dict[str, _Names]
    themes: tuple[_Theme, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _codes_differ(self) -> _Themes:
        codes = [theme.code for theme in self.themes] + [sub.code for theme in self.themes for sub in theme.sub_themes]
        if twice := [code for code, count in Counter(codes).items() if count > 1]:
            raise ValueError(f"code {twice[0]} is used twice")
        used = {code for theme in self.themes for sub in theme.sub_themes for code in sub.source_themes}
        if unnamed := sorted(used - self.source_themes.keys()):
            raise ValueError(f"source theme {unnamed[0]} has no names")
        return self

    def filing(self) -> Filing:
        themes = tuple(
            Theme(theme.code, theme.names.model_dump(), tuple(sub.sub_theme() for sub in theme.sub_themes))
            for theme in self.themes
        )
        names = {code: names.model_dump() for code, names in self.source_themes.items()}
        return Filing(themes, self.other_target_groups, names)


class _Municipality(_File):
    code: Annotated[str, Field(pattern="^[0-9]{3}$")]
    fi: Text
    sv: Text
    stem: Text


class _Areas(_File):
    county: Annotated[str, Field(pattern="^[0-9]{2}$")]
    region: Annotated[str, Field(pattern="^[0-9]{2}$")]
    municipalities: tuple[_Municipality, ...] = Field(min_length=1)

    def as_county(self, former: tuple[FormerMunicipality, ...]) -> County:
        places = tuple(Municipality(place.code, place.fi, place.sv, place.stem) for place in self.municipalities)
        return County(self.county, self.region, places, former)


# Of what is kept of an entry's filing: another number files every entry again at the next start.
_FILING = b"2"


def load_content(folder: Path, *, on: date) -> Content:
    """What files and merges entries, with the municipalities of a day.

    Raises StartError, which names the file and the fault.
    """
    former = tuple(one for one in former_municipalities().values() if one.on <= on)
    filing = _read(folder / "themes.yaml", TypeAdapter(_Themes)).filing()
    county = _read(folder / "areas.yaml", TypeAdapter(_Areas)).as_county(former)
    files = [(folder / name).read_bytes() for name in ("themes.yaml", "areas.yaml")]
    ended = ",".join(one.code for one in former).encode()
    return Content(county, filing, sha256(b"\0".join([*files, ended, _FILING])).hexdigest())


def load_lexicon(folder: Path) -> Lexicon:
    """The compound lexicon. Raises StartError."""
    return lexicon_of(_text(folder / "lexicon.txt").splitlines())


def load_synonyms(folder: Path) -> Synonyms:
    """Words of one sense by language. Raises StartError."""
    senses = _read(folder / "synonyms.yaml", TypeAdapter(tuple[dict[str, tuple[Text, ...]], ...]))
    return Synonyms(senses)


def _read(file: Path, kind: TypeAdapter[M]) -> M:
    try:
        return kind.validate_python(yaml.safe_load(_text(file)))
    except ValidationError as exc:
        first = exc.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise StartError(f"content file {file.name} is wrong at {place or 'its top'}: {first['msg']}") from exc
    except yaml.YAMLError as exc:
        raise StartError(f"content file {file.name} is not YAML: {exc}") from exc


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as exc:
        raise StartError(f"content file {file} cannot be read: {exc.strerror}") from exc
