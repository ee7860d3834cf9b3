"""`python -m ptv_ingest`: the chassis' commands, and `sync` for one reading round."""

from __future__ import annotations

from chassis.service.cli import command_line, main
from ptv_ingest.bootstrap import SERVICE
from ptv_ingest.commands import add_sync

if __name__ == "__main__":
    app = command_line(SERVICE)
    add_sync(app)
    main(app)
