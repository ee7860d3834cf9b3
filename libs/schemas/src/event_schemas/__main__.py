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
Map = Annotated[Path | None, typer.Option("--map", help="Write the topic map between the marks of this document.")]
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
def topics(docs: Docs = None, map_: Map = None, check: Check = False) -> None:
    """Print the topics, or write their reference and their map."""
    if docs is None and map_ is None:
        _print_table()
    if docs is not None:
        _write(docs, reference.markdown(), "docs", check=check)
    if map_ is not None:
        _write(map_, reference.with_map(map_.read_text(encoding="utf-8")), "map", check=check)


def _write(file: Path, text: str, option: str, *, check: bool) -> None:
    if not check:
        file.write_text(text, encoding="utf-8")
    elif not file.is_file() or file.read_text(encoding="utf-8") != text:
        typer.echo(f"{file} is not fresh; run `python -m event_schemas topics --{option} {file}` and commit it")
        raise typer.Exit(1)


def _print_table() -> None:
    table = [reference.COLUMNS, *reference.rows()]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    app(prog_name="python -m event_schemas")
