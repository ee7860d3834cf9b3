"""What people see: set-up steps told apart from the journey, both readable without colour or terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(highlight=False)


@contextmanager
def set_up_step(what: str) -> Iterator[None]:
    """One set-up step with its duration; a spinner on a terminal, one line elsewhere."""
    began = time.monotonic()
    with console.status(f"[dim]set-up  {what} …[/dim]"):
        yield
    console.print(f"[dim]set-up  {what}  ({time.monotonic() - began:.1f} s)[/dim]")


class Journey:
    """Numbered steps of the demo, each with what happened and where to look."""

    def __init__(self) -> None:
        self._number = 0
        self._began = time.monotonic()

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        self._number += 1
        began = time.monotonic()
        console.print(f"\n[bold cyan]{self._number}. {title}[/bold cyan]")
        yield
        console.print(f"   [green]✔ done in {time.monotonic() - began:.1f} s[/green]")

    def tell(self, sentence: str) -> None:
        console.print(f"   {sentence}")

    def look(self, where: str) -> None:
        console.print(f"   [yellow]look:[/yellow] {where}", soft_wrap=True)

    def end(self) -> None:
        console.print(f"\n[bold green]The whole journey took {time.monotonic() - self._began:.1f} s.[/bold green]")
