"""`python -m lahella_ingest`: the chassis' commands, and those of the ingest."""

from __future__ import annotations

from chassis.service.cli import command_line, main
from lahella_ingest.bootstrap import SERVICE, open_ingest
from lahella_ingest.entrypoints.forget_command import add_forget_command
from lahella_ingest.entrypoints.look_commands import add_look_commands
from lahella_ingest.entrypoints.run_commands import add_run_commands

app = command_line(SERVICE)
add_run_commands(app, open_ingest)
add_look_commands(app, open_ingest)
add_forget_command(app, open_ingest)

if __name__ == "__main__":
    main(app)
