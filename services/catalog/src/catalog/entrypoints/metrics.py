"""Metrics of the catalogue, declared with what they count and what to do when they move."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import Counter, Gauge

from catalog.domain.themes import Filing
from catalog.domain.unfiled import Count, CountedBy, Unfiled

PASSED_OVER = Counter(
    "catalog_replica_records_passed_over_total",
    "Records a web replica could not read, by topic and error; it serves on without them. UnknownType: update the "
    "replica, it is older than the writer. UnreadableRecord: the log names the offset; mend the writer, publish again.",
    ["topic", "error"],
)
THEME_ENTRIES = Gauge(
    "catalog_theme_entries",
    "Entries filed under a theme or sub-theme; every projector shows the same, so take the max. Alert on a sudden "
    "fall, which a renamed service class brings about: max by (theme) (catalog_theme_entries) < 0.8 * max by (theme) "
    "(catalog_theme_entries offset 1d). Then run `python -m catalog unfiled` and amend themes.yaml.",
    ["theme"],
)
THEME_CHANGES = Counter(
    "catalog_theme_changes_total",
    "Entries that a theme or sub-theme has gained or lost; sum over projectors. Many lost while few entries are "
    "removed: see catalog_theme_entries.",
    ["theme", "change"],
)
UNFILED = Gauge(
    "catalog_unfiled_entries",
    "Entries under no theme, by reason; they are found by search all the same. When unknown-class grows, run "
    "`python -m catalog unfiled` and amend themes.yaml.",
    ["reason"],
)
UNKNOWN_CLASS = Gauge(
    "catalog_unknown_class_entries",
    "Entries with a service class that no rule of themes.yaml names, by its code; the most used ones have a series of "
    "their own, the rest is `other`. A code that is new here may be an old class renamed.",
    ["code"],
)
OPEN_REVIEWS = Gauge(
    "catalog_open_reviews",
    "Pairs of listings that may be one service and wait for a person; every projector shows the same. When they pile "
    "up: `python -m catalog reviews`, then `decide`.",
)
CONTENT_FAULTS = Gauge(
    "catalog_content_faults",
    "Faults in the content folder since it was last changed; the last good content stays in use. When above 0: "
    "`python -m catalog check-content` names file and line.",
)
_MOST_CODES = 300


def count_changes(gained: Mapping[Count, int], lost: Mapping[Count, int]) -> None:
    """Adds what a batch has changed, once it is committed."""
    for change, counts in (("gained", gained), ("lost", lost)):
        for count, entries in counts.items():
            if count.by is CountedBy.THEME:
                THEME_CHANGES.labels(count.code, change).inc(entries)


def show_counts(counts: Mapping[Count, int], filing: Filing) -> None:
    """Sets the gauges; a theme or reason without entries shows 0, for a series that is gone raises no alert."""
    for code in filing.names:
        THEME_ENTRIES.labels(code).set(counts.get(Count(CountedBy.THEME, code), 0))
    for reason in Unfiled:
        UNFILED.labels(reason).set(counts.get(Count(CountedBy.UNFILED, reason), 0))
    _show_unknown({count.code: entries for count, entries in counts.items() if count.by is CountedBy.UNKNOWN_CLASS})


def _show_unknown(entries: Mapping[str, int]) -> None:
    ranked = sorted(entries, key=lambda code: (-entries[code], code))
    UNKNOWN_CLASS.clear()
    for code in ranked[:_MOST_CODES]:
        UNKNOWN_CLASS.labels(code).set(entries[code])
    if ranked[_MOST_CODES:]:
        UNKNOWN_CLASS.labels("other").set(sum(entries[code] for code in ranked[_MOST_CODES:]))
