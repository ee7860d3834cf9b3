"""`python -m referral`."""

from __future__ import annotations

from chassis.service.cli import command_line, main
from referral.bootstrap import SERVICE

if __name__ == "__main__":
    main(command_line(SERVICE))
