"""`python -m lahella_ingest run|migrate|sync|dead-letters|outbox`."""

from __future__ import annotations

from chassis.service.cli import command_line, main
from lahella_ingest.bootstrap import SERVICE, open_reading
from lahella_ingest.entrypoints.sync_command import add_sync_command

app = command_line(SERVICE)
add_sync_command(app, open_reading)

if __name__ == "__main__":
    main(app)
