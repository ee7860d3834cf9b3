"""The content pack: read from YAML, checked as a whole, refused in one sentence per fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from catalog.adapters.theme_files import File, MappingFile, OverrideOf, Text, Themes
from catalog.adapters.yaml_files import FileFaults, read_text, read_yaml
from catalog.domain.areas import County, Municipality
from catalog.domain.entries import Content
from catalog.domain.themes import ThemeMapping
from catalog.domain.words.lexicon import Lexicon, Synonyms, lexicon_of
from chassis.finland.municipality import FormerMunicipality, former_municipalities

_FILES = ("themes.yaml", "areas.yaml", "overrides.yaml", "tarmoa.yaml")
"""What decides how entries are filed; overrides and the second mapping may be left out."""

# Of what is kept of an entry's filing: another number files every entry again at the next start.
_FILING = b"3"


class _Municipality(File):
    code: Annotated[str, Field(pattern="^[0-9]{3}$")]
    fi: Text
    sv: Text
    stem: Text


class _Areas(File):
    county: Annotated[str, Field(pattern="^[0-9]{2}$")]
    region: Annotated[str, Field(pattern="^[0-9]{2}$")]
    municipalities: tuple[_Municipality, ...] = Field(min_length=1)

    def as_county(self, former: tuple[FormerMunicipality, ...]) -> County:
        places = tuple(Municipality(place.code, place.fi, place.sv, place.stem) for place in self.municipalities)
        return County(self.county, self.region, places, former)


def load_content(folder: Path, *, on: date) -> Content:
    """What files and merges entries, with the municipalities of a day.

    Raises FileFaults (a StartError), which names files, lines and faults.
    """
    former = tuple(one for one in former_municipalities().values() if one.on <= on)
    themes = read_yaml(folder / "themes.yaml", TypeAdapter(Themes))
    codes = themes.sub_theme_codes()
    filing = themes.filing(_overrides(folder / "overrides.yaml", codes))
    county = read_yaml(folder / "areas.yaml", TypeAdapter(_Areas)).as_county(former)
    mappings = _mappings(folder / "tarmoa.yaml", codes)
    files = [(folder / name).read_bytes() for name in _FILES if (folder / name).exists()]
    ended = ",".join(one.code for one in former).encode()
    return Content(county, filing, sha256(b"\0".join([*files, ended, _FILING])).hexdigest(), mappings)


def load_lexicon(folder: Path) -> Lexicon:
    """The compound lexicon. Raises FileFaults."""
    return lexicon_of(read_text(folder / "lexicon.txt").splitlines())


def load_synonyms(folder: Path) -> Synonyms:
    """Words of one sense by language. Raises FileFaults."""
    return Synonyms(read_yaml(folder / "synonyms.yaml", TypeAdapter(tuple[dict[str, tuple[Text, ...]], ...])))


def folder_digest(folder: Path) -> str:
    """Another text whenever any file of the folder is another."""
    found = sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            found.update(f"{file.relative_to(folder)}\0".encode())
            found.update(sha256(file.read_bytes()).digest())
    return found.hexdigest()


def faults_of(loaders: tuple[Callable[[], object], ...]) -> Iterator[str]:
    """Every fault that the loaders meet, each once."""
    seen: set[str] = set()
    for load in loaders:
        try:
            load()
        except FileFaults as exc:
            yield from (fault for fault in exc.faults if fault not in seen)
            seen.update(exc.faults)


def _overrides(file: Path, codes: frozenset[str]) -> tuple[OverrideOf, ...]:
    if not file.exists():
        return ()
    found = read_yaml(file, TypeAdapter(tuple[OverrideOf, ...]))
    if unknown := sorted({code for one in found for code in one.add | one.remove} - codes):
        raise FileFaults([f"{_at(file, unknown[0])}: themes.yaml has no sub-theme {unknown[0]}"])
    return found


def _mappings(file: Path, codes: frozenset[str]) -> tuple[ThemeMapping, ...]:
    if not file.exists():
        return ()
    found = read_yaml(file, TypeAdapter(MappingFile)).as_mapping()
    if unknown := sorted({code for theme in found.themes for code in theme.sub_themes} - codes):
        raise FileFaults([f"{_at(file, unknown[0])}: themes.yaml has no sub-theme {unknown[0]}"])
    return (found,)


def _at(file: Path, word: str) -> str:
    """File and line of the first mention of a code."""
    lines = enumerate(read_text(file).splitlines(), 1)
    line = next((number for number, text in lines if word in text.partition("#")[0]), 1)
    return f"{file.name}:{line}"
