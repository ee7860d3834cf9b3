"""`python -m catalog run | migrate | reconcile | dead-letters | outbox`."""

from catalog.bootstrap import SERVICE
from chassis.service.cli import command_line, main

if __name__ == "__main__":
    main(command_line(SERVICE))
