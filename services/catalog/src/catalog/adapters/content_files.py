"""The content pack: read from YAML, checked as a whole, refused in one sentence per fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from catalog.adapters.content_entries import CuratedEntry, load_entries
from catalog.adapters.talking_card_file import load_talking_card
from catalog.adapters.theme_files import File, MappingFile, OverrideOf, Text, Themes
from catalog.adapters.yaml_files import FileFaults, place_of, read_text, read_yaml
from catalog.domain.areas import County, Municipality
from catalog.domain.entries import Content
from catalog.domain.themes import Filing, Override, ThemeMapping
from catalog.domain.words.lexicon import Lexicon, Synonyms, lexicon_of
from chassis.finland.municipality import FormerMunicipality, former_municipalities

_FILES = ("themes.yaml", "areas.yaml", "overrides.yaml", "tarmoa.yaml")
"""What decides how entries are filed; overrides and the second mapping may be left out."""

_LEXICON_LINE = re.compile(r"\*?[a-zåäöšž]+(: [a-zåäöšž]+( [a-zåäöšž]+)*)?")

# Of what is kept of an entry's filing: another number files every entry again at the next start.
_FILING = b"4"


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
    """What the county has decided, with the municipalities of a day.

    Raises FileFaults (a StartError), which names files, lines and faults.
    """
    former = tuple(one for one in former_municipalities().values() if one.on <= on)
    themes = read_yaml(folder / "themes.yaml", TypeAdapter(Themes))
    codes = themes.sub_theme_codes()
    filing = themes.filing(_overrides(folder / "overrides.yaml", codes))
    own = load_entries(folder / "entries", codes)
    filing = replace(filing, overrides={**filing.overrides, **_placed(own, filing)})
    county = read_yaml(folder / "areas.yaml", TypeAdapter(_Areas)).as_county(former)
    mappings = _mappings(folder / "tarmoa.yaml", codes)
    files = [(folder / name).read_bytes() for name in _FILES if (folder / name).exists()]
    files += [f"{one.listing_id} {sorted(one.sub_themes)}".encode() for one in own]
    ended = ",".join(one.code for one in former).encode()
    return Content(
        county,
        filing,
        sha256(b"\0".join([*files, ended, _FILING])).hexdigest(),
        load_talking_card(folder, codes),
        mappings,
        tuple(one.curated() for one in own),
    )


def reload_content(folder: Path, used: Content) -> Content:
    """The pack again, for a process that runs; mergers are those it started with. Raises FileFaults."""
    return load_content(folder, on=max((one.on for one in used.county.former), default=date.min))


def load_lexicon(folder: Path) -> Lexicon:
    """The compound lexicon. Raises FileFaults."""
    file = folder / "lexicon.txt"
    lines = read_text(file).splitlines()
    faults = [
        f"{file.name}:{number}:1: not a word in small letters, with * before it or forms after a colon"
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.startswith("#") and not _LEXICON_LINE.fullmatch(line)
    ]
    if faults:
        raise FileFaults(faults)
    return lexicon_of(lines)


def load_synonyms(folder: Path) -> Synonyms:
    """Words of one sense by language. Raises FileFaults."""
    return Synonyms(read_yaml(folder / "synonyms.yaml", TypeAdapter(tuple[dict[str, tuple[Text, ...]], ...])))


def folder_digest(folder: Path) -> str:
    """Another text whenever any file of the folder is another."""
    found = sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            found.update(f"{file.relative_to(folder)}\0".encode())
            found.update(_bytes_of(file))
    return found.hexdigest()


def _bytes_of(file: Path) -> bytes:
    """A file that has just gone, or can't be read, is another one too: whoever loads it names the fault."""
    try:
        return sha256(file.read_bytes()).digest()
    except OSError as exc:
        return str(exc.errno).encode()


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
        raise FileFaults([f"{place_of(file, unknown[0])}: themes.yaml has no sub-theme {unknown[0]}"])
    return found


def _placed(own: Iterable[CuratedEntry], filing: Filing) -> Mapping[str, tuple[Override, ...]]:
    """Own content is where its file says, before what other overrides say."""
    return {one.listing_id: (one.override(), *filing.overrides.get(one.listing_id, ())) for one in own}


def _mappings(file: Path, codes: frozenset[str]) -> tuple[ThemeMapping, ...]:
    if not file.exists():
        return ()
    found = read_yaml(file, TypeAdapter(MappingFile)).as_mapping()
    if unknown := sorted({code for theme in found.themes for code in theme.sub_themes} - codes):
        raise FileFaults([f"{place_of(file, unknown[0])}: themes.yaml has no sub-theme {unknown[0]}"])
    return (found,)
