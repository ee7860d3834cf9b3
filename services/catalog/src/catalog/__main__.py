"""`python -m catalog run | migrate | reconcile | dead-letters | outbox | unfiled | reviews | decide | rebuild |
reports | close-report | refile | filing-report | check-content`."""

from catalog.bootstrap import (
    SERVICE,
    content_faults,
    open_components,
    open_filing_desk,
    open_matching,
    open_rebuild,
    open_reports,
)
from catalog.entrypoints.filing_commands import add_check_content_command, add_filing_commands
from catalog.entrypoints.rebuild_command import add_rebuild_command
from catalog.entrypoints.report_commands import add_report_commands
from catalog.entrypoints.review_commands import add_review_commands
from catalog.entrypoints.unfiled_command import add_unfiled_command
from chassis.core.clock import utc_now
from chassis.service.cli import command_line, main

if __name__ == "__main__":
    app = command_line(SERVICE)
    add_unfiled_command(app, open_components)
    add_review_commands(app, open_matching, clock=utc_now)
    add_report_commands(app, open_reports, clock=utc_now)
    add_rebuild_command(app, open_rebuild)
    add_filing_commands(app, open_filing_desk)
    add_check_content_command(app, content_faults)
    main(app)
