"""`unfiled`: every entry that no theme holds, with the reason, for whoever keeps the filing rules."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

import typer

from catalog.app.ports import Components, Tx
from catalog.domain.unfiled import Count, CountedBy, Unfiled
from event_schemas.entry import EntryPublished

OpenComponents = Callable[[], AbstractAsyncContextManager[Components[Tx]]]


def add_unfiled_command(app: typer.Typer, open_components: OpenComponents[Tx]) -> None:
    @app.command("unfiled")
    def unfiled_command() -> None:
        """List entries without a theme: reason, service classes that no rule names, id, name. Columns by tab."""
        for line in asyncio.run(_report(open_components)):
            # As it is: a console would make spaces of the tabs, which grep and spreadsheets go by.
            typer.echo(line)


async def _report(open_components: OpenComponents[Tx]) -> list[str]:
    reasons = [Count(CountedBy.UNFILED, reason) for reason in Unfiled]
    async with open_components() as components, components.transaction() as tx:
        found = await components.unfiled(tx, reasons)
    lines = sorted(_line(entry, counts) for entry, counts in found)
    totals = Counter(line.partition("\t")[0] for line in lines)
    return [*lines, f"{len(lines)} unfiled" + "".join(f", {count} {reason}" for reason, count in totals.most_common())]


def _line(entry: EntryPublished, counts: Sequence[Count]) -> str:
    reason = next(count.code for count in counts if count.by is CountedBy.UNFILED)
    classes = ",".join(count.code for count in counts if count.by is CountedBy.UNKNOWN_CLASS)
    names = [entry.name[tag].text for tag in ("fi", *entry.name) if tag in entry.name]
    return "\t".join((reason, classes or "-", entry.entry_id, " ".join(names[0].split()) if names else "-"))
