"""`python -m ptv_ingest`: the chassis' commands, and those of an operator of this ingest."""

from __future__ import annotations

from chassis.service.cli import command_line, main
from ptv_ingest.bootstrap import SERVICE, open_ingest
from ptv_ingest.entrypoints.forget_command import add_forget_command
from ptv_ingest.entrypoints.look_commands import add_look_commands
from ptv_ingest.entrypoints.run_commands import add_run_commands

if __name__ == "__main__":
    app = command_line(SERVICE)
    add_run_commands(app, open_ingest)
    add_look_commands(app, open_ingest)
    add_forget_command(app, open_ingest)
    main(app)
