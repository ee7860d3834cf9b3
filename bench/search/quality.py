"""How well the systems find on the demonstration's content, by the judgements in `relevance/`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import fmean

import asyncpg

from bench.core.report import Report
from bench.search.demo import DAY, Demo, demo, key_of
from bench.search.measures import difference, ndcg, recall
from bench.search.queries import Grades, Query, Split, by_entry, load_grades, load_queries
from bench.search.systems import BareTantivy, PostgresSearch, System, TheTray
from bench.search.texts import texts
from catalog.adapters.content_files import load_content
from catalog.settings import CONTENT

_DEEP = 20
_POOLED = 10

Answers = Mapping[str, Mapping[str, Sequence[str]]]
"""System → query id → entry keys, the best first."""


@dataclass(frozen=True)
class Run:
    """All answers of all systems, with the entries they are of."""

    found: Demo
    queries: Sequence[Query]
    answers: Answers

    def pooled(self) -> Iterable[tuple[Query, set[str]]]:
        """Each question with what any system has among its first ten."""
        for query in self.queries:
            yield query, {key for answers in self.answers.values() for key in answers[query.id][:_POOLED]}

    def grades(self) -> Grades:
        members = {key_of(one): [str(member.listing_id) for member in one.members] for one in self.found.entries}
        return by_entry(load_grades(), members)


async def answered(dsn: str) -> Run:
    """Asks every system every question; `dsn` is of an empty database."""
    found, queries = demo(), load_queries()
    async with systems(found, dsn) as asked:
        answers = {one.name: {query.id: await one.ask(query, _DEEP) for query in queries} for one in asked}
    return Run(found, queries, answers)


@asynccontextmanager
async def systems(found: Demo, dsn: str) -> AsyncIterator[Sequence[System]]:
    content = load_content(CONTENT, on=DAY)
    documents = [texts(key_of(one), one, found.names, content) for one in found.entries]
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as pool:
        postgres = PostgresSearch(pool)
        await postgres.fill(documents)
        yield [await TheTray.of(found), postgres, BareTantivy(documents)]


def tell(report: Report, run: Run) -> None:
    grades = run.grades()
    report.say(f"quality: {len(run.queries)} questions over {len(run.found.entries)} entries of the demonstration")
    for split in (Split.REPORT, Split.TUNE):
        _tell_half(report, run, grades, split)
    unjudged = sum(key not in grades.get(query.id, {}) for query, keys in run.pooled() for key in keys)
    report.say(f"{unjudged} answers among a system's first ten are unjudged and count as not relevant")


def _tell_half(report: Report, run: Run, grades: Grades, split: Split) -> None:
    asked = [one for one in run.queries if one.split is split]
    scores = {name: _scores(asked, answers, grades) for name, answers in run.answers.items()}
    for name, values in scores.items():
        answers = run.answers[name]
        recalls = [
            value for one in asked if (value := recall(answers[one.id], grades.get(one.id, {}), at=_DEEP)) is not None
        ]
        empty = fmean(not answers[one.id] for one in asked)
        report.say(
            f"{split}, {name}: nDCG@10 {fmean(values):.3f}, recall@{_DEEP} {fmean(recalls):.3f}, "
            f"no hit {100 * empty:.1f} % ({len(values)} questions with something relevant)"
        )
    ours, *others = scores
    for other in others:
        aim = " (aim ≥ +0.10)" if other == PostgresSearch.name and split is Split.REPORT else ""
        report.say(f"{split}, {ours} - {other}: nDCG@10 {difference(scores[ours], scores[other])}{aim}")
    report.say(f"{split}, {ours} by kind: {_by_kind(asked, run.answers[ours], grades)}")


def _scores(asked: Sequence[Query], answers: Mapping[str, Sequence[str]], grades: Grades) -> list[float]:
    scored = (ndcg(answers[one.id], grades.get(one.id, {})) for one in asked)
    return [value for value in scored if value is not None]


def _by_kind(asked: Sequence[Query], answers: Mapping[str, Sequence[str]], grades: Grades) -> str:
    groups = dict.fromkeys((one.language, one.kind) for one in asked)
    told = []
    for language, kind in groups:
        values = _scores([one for one in asked if (one.language, one.kind) == (language, kind)], answers, grades)
        if values:
            told.append(f"{language} {kind} {fmean(values):.2f}")
    return ", ".join(told)
