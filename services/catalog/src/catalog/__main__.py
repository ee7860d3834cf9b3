"""`python -m catalog run | migrate | reconcile | dead-letters | outbox | unfiled`."""

from catalog.bootstrap import SERVICE, open_components
from catalog.entrypoints.unfiled_command import add_unfiled_command
from chassis.service.cli import command_line, main

if __name__ == "__main__":
    app = command_line(SERVICE)
    add_unfiled_command(app, open_components)
    main(app)
