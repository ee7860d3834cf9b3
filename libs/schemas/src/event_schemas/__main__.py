"""`python -m event_schemas check | freeze | topics`."""

from pathlib import Path
from typing import Annotated

import typer

from event_schemas import reference, rules
from event_schemas.freezing import IncompatibleChange
from event_schemas.freezing import freeze as freeze_schemas
from event_schemas.registry import RegistryError

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Contracts: topics, event models, frozen schemas.")

Docs = Annotated[Path | None, typer.Option("--docs", help="Write the Markdown reference to this file.")]
Check = Annotated[bool, typer.Option("--check", help="Only compare the file with what would be written.")]


@app.command()
def check() -> None:
    """Hold the registry to its rules; one sentence per fault."""
    found = _faults()
    for fault in found:
        typer.echo(fault)
    if found:
        raise typer.Exit(1)


def _faults() -> list[str]:
    try:
        return rules.faults()
    except RegistryError as error:
        return [str(error)]


@app.command()
def freeze() -> None:
    """Write the frozen schemas; refuses what a stable topic can't take."""
    try:
        written = freeze_schemas()
    except IncompatibleChange as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    for file in written:
        typer.echo(f"frozen {file.name}")


@app.command()
def topics(docs: Docs = None, check: Check = False) -> None:
    """Print the topics, or write their reference."""
    if docs is None:
        _print_table()
    elif not check:
        docs.write_text(reference.markdown(), encoding="utf-8")
    elif not docs.is_file() or docs.read_text(encoding="utf-8") != reference.markdown():
        typer.echo(f"{docs} is not fresh; run `python -m event_schemas topics --docs {docs}` and commit it")
        raise typer.Exit(1)


def _print_table() -> None:
    table = [reference.COLUMNS, *reference.rows()]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    app(prog_name="python -m event_schemas")
