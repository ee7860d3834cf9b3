"""What is to be forgotten, asked of the person at the terminal or read from standard input.

Never from the command line: shells keep its words in their history, and lists of processes show them.
"""

from __future__ import annotations

import sys

import typer

from chassis.core.errors import StartError
from chassis.ingest.forgetting import values_in


def asked_values() -> list[str]:
    """One value a line. Raises StartError for a line that is none, and where there is no value at all."""
    try:
        values = values_in(iter(_prompted, "") if sys.stdin.isatty() else sys.stdin)
    except ValueError as exc:
        raise StartError(f"nothing was forgotten: {exc}") from exc
    if not values:
        raise StartError("nothing to forget: give one e-mail address, phone number or name a line")
    return values


def _prompted() -> str:
    answer = typer.prompt("E-mail address, phone number or name (empty: no more)", default="", hide_input=True)
    return str(answer).strip()
