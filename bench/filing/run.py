"""`filing`: the report of `catalog filing-report` on the demonstration's content and on recorded answers."""

from __future__ import annotations

from collections.abc import Iterable

from bench.core.options import Options
from bench.core.report import Report
from bench.filing.samples import RECORDED
from bench.search.demo import DAY, demo, entries_of
from catalog.adapters.content_files import load_content
from catalog.domain.entries import Content
from catalog.domain.filing_report import FilingReport
from catalog.entrypoints.filing_commands import filing_report
from catalog.settings import CONTENT
from event_schemas.entry import EntryPublished


def run(report: Report, _: Options) -> None:
    """The whole content at any size: it is small."""
    content, found = load_content(CONTENT, on=DAY), demo()
    _tell(report, "demonstration", found.entries, content)
    for recorded in RECORDED:
        listings = recorded.read()
        if listings is None:
            report.say(f"{recorded.title}: left out, set {recorded.variable} to the folder that holds them")
        else:
            _tell(report, recorded.title, entries_of(listings.values(), found.names), content)


def _tell(report: Report, title: str, entries: Iterable[EntryPublished], content: Content) -> None:
    counted = FilingReport()
    counted.add(entries, content.filing)
    for line in filing_report(counted):
        report.say(f"{title}: {line.replace(chr(9), ' · ')}")
