"""`python -m referral`."""

from __future__ import annotations

from chassis.service.cli import command_line, main
from referral.bootstrap import SERVICE, open_tools
from referral.entrypoints.merger_command import add_merger_command

if __name__ == "__main__":
    app = command_line(SERVICE)
    add_merger_command(app, open_tools)
    main(app)
