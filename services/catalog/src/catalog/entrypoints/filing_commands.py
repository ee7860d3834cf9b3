"""`refile`, `filing-report` and `check-content`: for whoever keeps the content pack."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Protocol

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from catalog.domain.concepts import ConceptNames
from catalog.domain.entries import Content
from catalog.domain.filing_report import FilingReport
from catalog.domain.refiling import Move, Place, move, place_of
from catalog.domain.unfiled import Unfiled
from catalog.entrypoints.wording import reason_text
from chassis.core.errors import StartError
from event_schemas.entry import EntryPublished


class StoredEntries(Protocol):
    """All entries as they are filed now."""

    async def count(self) -> int: ...

    def batches(self) -> AsyncIterator[tuple[list[EntryPublished], ConceptNames]]: ...


@dataclass(frozen=True, slots=True)
class FilingDesk:
    """What the commands work with; `refile_all` has everything filed again by the content in use."""

    entries: StoredEntries
    content: Content
    refile_all: Callable[[], Awaitable[None]]


OpenDesk = Callable[[Path | None], AbstractAsyncContextManager[FilingDesk]]
_IN_WORDS = {
    Unfiled.NOT_FOR_RESIDENTS: "only for target groups that the content pack leaves out",
    Unfiled.UNKNOWN_CLASS: "has a service class that no rule names, and nothing else that places it",
    Unfiled.NO_CLASS: "has no service class, and no word, term or source theme places it",
    Unfiled.NO_RULE_FITS: "its classes count only beside other reasons, or an exception forbids",
}
Folder = Annotated[Path | None, typer.Option("--content", help="another content folder than the one in use")]


def add_filing_commands(app: typer.Typer, open_desk: OpenDesk) -> None:
    @app.command("refile")
    def refile_command(
        content: Folder = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="only show what would move")] = False,
    ) -> None:
        """Have every entry filed again; or show what would move: entry id, name, from, to, reasons. Columns by tab."""
        if content and not dry_run:
            raise StartError("another folder is for --dry-run; entries are filed by the folder that the projector has")
        _print(asyncio.run(_dry_run(open_desk, content) if dry_run else _refile(open_desk)))

    @app.command("filing-report")
    def filing_report_command() -> None:
        """Shares of entries filed, filed twice or more, and each that is not: reason, id, name. Columns by tab."""
        _print(asyncio.run(_report(open_desk)))


def add_check_content_command(app: typer.Typer, check: Callable[[Path | None], Sequence[str]]) -> None:
    @app.command("check-content")
    def check_content_command(
        folder: Annotated[Path | None, typer.Argument(help="content folder; the one in use if not given")] = None,
    ) -> None:
        """Check every file of a content pack; each fault with its file, line and column."""
        faults = check(folder)
        _print(faults or ["no faults"])
        if faults:
            raise typer.Exit(1)


def moves_report(moves: Sequence[Move], entries: int) -> Iterator[str]:
    """Entries that move, then what each theme gains and loses."""
    yield from (_move_line(one) for one in moves)
    gained = Counter(place_of(placed) for one in moves for placed in one.gained)
    lost = Counter(place for one in moves for place in one.lost)
    for place in sorted(gained | lost):
        yield f"{_said(place)}\t+{gained[place]}\t-{lost[place]}"
    yield f"{len(moves)} of {entries} entries move"


def filing_report(report: FilingReport) -> Iterator[str]:
    """Entries without a theme, then the shares."""
    yield from sorted(f"{reason}\t{entry.entry_id}\t{_name(entry)}" for reason, entry in report.unfiled)
    reasons = Counter(reason for reason, _ in report.unfiled)
    yield f"{report.entries} entries, {report.relevant} of them may concern wellbeing"
    yield f"filed\t{report.filed}\t{_share(report.filed, report.relevant)}"
    yield f"filed twice or more\t{report.filed_twice}\t{_share(report.filed_twice, report.relevant)}"
    yield from (f"unfiled\t{count}\t{reason}\t{_IN_WORDS[reason]}" for reason, count in reasons.most_common())


async def _refile(open_desk: OpenDesk) -> list[str]:
    async with open_desk(None) as desk:
        await desk.refile_all()
        return [f"{await desk.entries.count()} entries are filed again as the projector comes to them"]


async def _dry_run(open_desk: OpenDesk, folder: Path | None) -> list[str]:
    moves: list[Move] = []
    async with open_desk(folder) as desk:
        entries = 0
        async for batch, names in _with_progress(desk.entries):
            entries += len(batch)
            moves += [found for one in batch if (found := move(one, desk.content, names))]
    return [*moves_report(moves, entries)]


async def _report(open_desk: OpenDesk) -> list[str]:
    report = FilingReport()
    async with open_desk(None) as desk:
        async for batch, _ in _with_progress(desk.entries):
            report.add(batch, desk.content.filing)
    return [*filing_report(report)]


async def _with_progress(entries: StoredEntries) -> AsyncIterator[tuple[list[EntryPublished], ConceptNames]]:
    """On standard error, so that the lines can be piped."""
    columns = (TextColumn("entries"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("entries", total=await entries.count())
        async for batch, names in entries.batches():
            yield batch, names
            bar.advance(task, len(batch))


def _move_line(one: Move) -> str:
    gained = [place_of(placed) for placed in one.gained]
    reasons = [reason_text(reason, "fi") for placed in one.gained for reason in placed.reasons]
    cells = (_each(one.lost), _each(gained), "; ".join(dict.fromkeys(reasons)) or "-")
    return "\t".join((one.entry.entry_id, _name(one.entry), *cells))


def _each(places: Iterable[Place]) -> str:
    return ",".join(_said(place) for place in places) or "-"


def _said(place: Place) -> str:
    return ":".join(place)


def _name(entry: EntryPublished) -> str:
    names = [entry.name[tag].text for tag in ("fi", *entry.name) if tag in entry.name]
    return " ".join(names[0].split()) if names else "-"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        # As it is: a console would make spaces of the tabs, which grep and spreadsheets go by.
        typer.echo(line)
