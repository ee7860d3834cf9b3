"""The national content rendered once: one file with every object as JSON, and an index of where each stands.

A search page is a range of the file. After the changed set is switched on, the changed objects' ranges are replaced by
those of their altered twins at the file's end: everything is served as a few ranges, and nothing is rendered again.
"""

from __future__ import annotations

import mmap
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from struct import Struct
from typing import Any, BinaryIO

import orjson

from devstack.simulators.ptv.national import KINDS, Country

PAGE = 100
_FORM = 1
_ENTRY = Struct(">16sQL")
Range = tuple[int, int]
"""Begin and end in the file."""
Report = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Shelf:
    """Pages of one kind: of all objects, and of the altered twins of those in the changed set."""

    total: int
    pages: list[Range]
    changed_total: int
    changed_pages: list[Range]


class Pages:
    """What `render` has left in a folder, opened for reading."""

    def __init__(self, folder: Path) -> None:
        index = orjson.loads((folder / "index.json").read_bytes())
        self.content = folder / "content.bin"
        self.shelves = {kind: Shelf(**shelf) for kind, shelf in index["shelves"].items()}
        self._cuts: list[tuple[int, int, int, int]] = [tuple(cut) for cut in index["cuts"]]
        with (folder / "ids.bin").open("rb") as ids:
            self._ids = mmap.mmap(ids.fileno(), 0, access=mmap.ACCESS_READ)

    def found(self, key: str) -> Range | None:
        """Where the object `<kind>/<id>` stands, or the connections of a service, `reach/<service id>`."""
        digest = _digest(key)
        place = bisect_left(_Digests(self._ids), digest)
        if place * _ENTRY.size >= len(self._ids):
            return None
        kept, begin, length = _ENTRY.unpack_from(self._ids, place * _ENTRY.size)
        return (begin, begin + length) if kept == digest else None

    def ranges(self, whole: Range, *, changed: bool) -> list[Range]:
        """The ranges that make up `whole`; with the changed set on, altered twins in the place of what they alter."""
        begin, end = whole
        if not changed:
            return [whole]
        found: list[Range] = []
        for cut_begin, cut_end, twin_begin, twin_end in self._cuts_from(begin):
            if cut_begin >= end:
                break
            found += [(begin, cut_begin), (twin_begin, twin_end)]
            begin = cut_end
        return [one for one in (*found, (begin, end)) if one[0] < one[1]]

    def _cuts_from(self, begin: int) -> Iterator[tuple[int, int, int, int]]:
        return islice(self._cuts, bisect_left(self._cuts, (begin,)), None)


class _Digests(Sequence[bytes]):
    """The sorted digests of the file of ids, as bisection wants them."""

    def __init__(self, ids: mmap.mmap) -> None:
        self._ids = ids

    def __len__(self) -> int:
        return len(self._ids) // _ENTRY.size

    def __getitem__(self, place: Any) -> Any:
        return self._ids[place * _ENTRY.size : place * _ENTRY.size + 16]


def _digest(key: str) -> bytes:
    return blake2b(key.encode(), digest_size=16).digest()


def prepared(country: Country, under: Path, *, report: Report) -> Path:
    """The folder with the country's pages, rendered unless an earlier call has done so; `report` counts objects."""
    told = orjson.dumps([_FORM, country.seed, asdict(country.sizes)])
    folder = under / f"national-{blake2b(told, digest_size=6).hexdigest()}"
    if not (folder / "index.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        _Renderer(country, folder).render(report)
    return folder


class _Renderer:
    """Writes the content, then the ids, then the index: its presence says that the rest is whole."""

    def __init__(self, country: Country, folder: Path) -> None:
        self._country = country
        self._folder = folder
        self._ids: list[tuple[bytes, int, int]] = []
        self._cuts: list[tuple[int, int, int, int]] = []

    def render(self, report: Report) -> None:
        with (self._folder / "content.bin").open("wb", buffering=1 << 20) as content:
            shelves = {kind: asdict(self._shelf(content, kind, report)) for kind in KINDS}
        with (self._folder / "ids.bin").open("wb") as ids:
            ids.writelines(_ENTRY.pack(*entry) for entry in sorted(self._ids))
        index = {"shelves": shelves, "cuts": sorted(self._cuts)}
        (self._folder / "index.json").write_bytes(orjson.dumps(index))

    def _shelf(self, content: BinaryIO, kind: str, report: Report) -> Shelf:
        total = self._country.sizes.of(kind)
        pages: list[Range] = []
        changed: list[tuple[Range, dict[str, Any]]] = []
        reach: dict[str, Range] = {}
        for number, wire in enumerate(self._country.objects(kind)):
            place = self._write(content, wire, pages, first=number % PAGE == 0)
            self._note(kind, wire, place, reach)
            if self._country.changed(kind, number):
                changed.append((place, wire))
            if number % 1000 == 0:
                report(kind, number, total)
        self._ids += [(_digest(f"reach/{service}"), begin, end - begin) for service, (begin, end) in reach.items()]
        report(kind, total, total)
        return Shelf(total, pages, len(changed), self._twins(content, changed))

    def _twins(self, content: BinaryIO, changed: Sequence[tuple[Range, dict[str, Any]]]) -> list[Range]:
        pages: list[Range] = []
        for number, (place, wire) in enumerate(changed):
            twin = self._write(content, self._country.altered(wire), pages, first=number % PAGE == 0)
            self._cuts.append((*place, *twin))
        return pages

    @staticmethod
    def _write(content: BinaryIO, wire: dict[str, Any], pages: list[Range], *, first: bool) -> Range:
        """Appends the object, parted by a comma from the one before it on its page; gives where it stands."""
        body = orjson.dumps(wire)
        if not first:
            content.write(b",")
        begin = content.tell()
        content.write(body)
        end = begin + len(body)
        if first:
            pages.append((begin, end))
        else:
            pages[-1] = (pages[-1][0], end)
        return begin, end

    def _note(self, kind: str, wire: dict[str, Any], place: Range, reach: dict[str, Range]) -> None:
        if kind == "connection":
            service = wire["serviceContentId"]
            key = f"{kind}/{service}/{wire['channelContentId']}"
            reach[service] = (reach.get(service, place)[0], place[1])
        else:
            key = f"{kind}/{wire['contentId']}"
        self._ids.append((_digest(key), place[0], place[1] - place[0]))
