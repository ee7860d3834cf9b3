"""Questions, and grades of how well entries answer them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml

RELEVANCE = Path(__file__).with_name("relevance")
QUERIES, JUDGEMENTS = RELEVANCE / "queries.yaml", RELEVANCE / "judgements.csv"


class Split(StrEnum):
    """Half of each kind is to tune on, the other half is reported."""

    TUNE = "tune"
    REPORT = "report"


@dataclass(frozen=True)
class Query:
    """`language` is that of the page on which it is typed."""

    id: str
    language: str
    kind: str
    split: Split
    text: str


Grades = Mapping[str, Mapping[str, int]]
"""Query id → entry key → 3 (what was looked for), 2 (would help), 1 (has to do with it), 0."""


def load_queries(file: Path = QUERIES) -> list[Query]:
    rows = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
    return [Query(**{**row, "split": Split(row["split"])}) for row in rows]


def load_grades(file: Path = JUDGEMENTS) -> Grades:
    """An entry is told by the id of any of its listings, so that grades outlive links made anew."""
    grades: defaultdict[str, dict[str, int]] = defaultdict(dict)
    if file.is_file():
        with file.open(newline="") as rows:
            for row in csv.DictReader(rows):
                grades[row["query"]][row["entry"]] = int(row["grade"])
    return grades


def save_grades(grades: Grades, file: Path = JUDGEMENTS) -> None:
    with file.open("w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("query", "entry", "grade"))
        writer.writerows((query, *one) for query in sorted(grades) for one in sorted(grades[query].items()))


def by_entry(grades: Grades, members: Mapping[str, Iterable[str]]) -> Grades:
    """Grades by the entries of today: an entry has the best grade of its listings."""
    entry_of = {listing: entry for entry, listings in members.items() for listing in listings}
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for query, graded in grades.items():
        for listing, grade in graded.items():
            entry = entry_of.get(listing)
            if entry is not None:
                found[query][entry] = max(grade, found[query].get(entry, 0))
    return found
