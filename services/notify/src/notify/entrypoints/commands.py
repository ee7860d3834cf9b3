"""`python -m notify templates check`: what the approval of texts is worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from notify.domain.content_free import LONGEST_LINK, template_findings
from notify.domain.sms_text import parts
from notify.domain.templates import LINK, Template, Templates

console = Console(soft_wrap=True, highlight=False, markup=False)


def template_commands(
    folder: Path, read_templates: Callable[[Path], Templates], read_stems: Callable[[Path], Sequence[str]]
) -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, help="The texts that may be sent.")

    @app.callback()
    def group() -> None:
        """Keeps `check` a named command though it is the only one."""

    @app.command("check")
    def check(where: Annotated[Path, typer.Option("--folder", help="folder of the templates")] = folder) -> None:
        """Every template against the rule that it reveals nothing; exit code 1 when one breaks it."""
        stems = read_stems(where)
        clean = [_report(template, stems) for template in read_templates(where)]
        console.print(f"{sum(clean)} of {len(clean)} templates may be sent")
        raise typer.Exit(0 if clean and all(clean) else 1)

    return app


def _report(template: Template, stems: Sequence[str]) -> bool:
    for language, text in sorted(template.texts.items()):
        count = parts(text.replace(LINK, LONGEST_LINK))
        console.print(f"{template.name} {template.version} {language}: {count} part(s)")
    findings = template_findings(template, stems)
    for finding in findings:
        console.print(f"  {finding.place}: {finding.what}")
    return not findings
