"""`python -m bench.search.pool FILE`: what is to be judged, in no order that tells which system found it.

The file has, per question, every entry among some system's first ten that has no grade yet: query id, what was typed,
entry key, name and summary, parted by tabs. Grades go to `relevance/judgements.csv`.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from bench.core.servers import started_servers
from bench.search.demo import key_of
from bench.search.quality import Run, answered
from event_schemas.entry import EntryPublished
from event_schemas.text import text_in

_SEED = 7


def unjudged(run: Run) -> Iterator[str]:
    """One line each."""
    entries = {key_of(one): one for one in run.found.entries}
    grades = run.grades()
    for query, keys in run.pooled():
        missing = sorted(keys - grades.get(query.id, {}).keys())
        Random(f"{_SEED}/{query.id}").shuffle(missing)
        for key in missing:
            yield "\t".join((query.id, query.text, key, *_shown(entries[key])))


def _shown(entry: EntryPublished) -> tuple[str, str]:
    languages = ("fi", "sv", "en")
    summary = text_in(entry.summary, *languages) or text_in(entry.description, *languages) or ""
    return text_in(entry.name, *languages) or "", " ".join(summary.split())


def main(file: Path) -> None:
    with started_servers() as servers:
        run = asyncio.run(answered(servers.new_database()))
    lines = list(unjudged(run))
    file.write_text("".join(f"{line}\n" for line in lines))
    print(f"{len(lines)} answers to judge: {file}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
