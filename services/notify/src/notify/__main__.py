"""`python -m notify run|migrate|templates|dead-letters|outbox`."""

from __future__ import annotations

from chassis.service.cli import command_line, main
from notify.adapters.template_files import read_forbidden_stems, read_templates
from notify.bootstrap import SERVICE, TEMPLATES
from notify.entrypoints.commands import template_commands

if __name__ == "__main__":
    app = command_line(SERVICE)
    app.add_typer(template_commands(TEMPLATES, read_templates, read_forbidden_stems), name="templates")
    main(app)
