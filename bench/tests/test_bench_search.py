"""The instruments of the search benchmark: measures of ranking, grades, questions, and what is made."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from bench.search.asking import Asked, Kind, asked, typed
from bench.search.demo import demo, key_of
from bench.search.loop import timed
from bench.search.made import Made
from bench.search.measures import difference, ndcg, recall
from bench.search.queries import Split, by_entry, load_grades, load_queries, save_grades
from bench.search.systems import BareTantivy
from bench.search.texts import Texts
from event_schemas.entry import EntryPublished


@pytest.fixture(scope="module")
def made() -> Made:
    return Made(demo())


def test_best_order_is_worth_one_and_a_worse_one_less() -> None:
    grades = {"a": 3, "b": 2, "c": 0}
    assert ndcg(["a", "b", "c"], grades) == 1
    worse = ndcg(["c", "b", "a"], grades)
    assert worse == pytest.approx((3 / 1.58496 + 7 / 2) / (7 + 3 / 1.58496), abs=1e-4)
    assert ndcg([], grades) == 0


def test_question_without_anything_relevant_has_no_score() -> None:
    assert ndcg(["a"], {"a": 0}) is None
    assert recall(["a"], {"a": 1}) is None


def test_answer_that_nobody_graded_counts_as_not_relevant() -> None:
    assert ndcg(["unknown", "a"], {"a": 3}) == ndcg(["c", "a"], {"a": 3, "c": 0})


def test_recall_is_of_relevant_entries_only() -> None:
    assert recall(["a", "x"], {"a": 2, "b": 3, "x": 1}) == 0.5


def test_difference_of_equal_systems_is_none_and_its_interval_holds_the_mean() -> None:
    same = difference([0.1, 0.9, 0.5], [0.1, 0.9, 0.5])
    assert (same.mean, same.low, same.high) == (0, 0, 0)
    better = difference([0.9, 0.4, 0.8, 0.6], [0.1, 0.5, 0.2, 0.6])
    assert better.low < better.mean < better.high


def test_grade_of_a_listing_is_found_under_the_entry_that_it_is_part_of_today() -> None:
    grades = {"q": {"ptv:1": 1, "lahella:2": 3, "ptv:gone": 2}}
    assert by_entry(grades, {"ptv:1": ["ptv:1", "lahella:2"]}) == {"q": {"ptv:1": 3}}


def test_grades_are_read_as_they_were_written(tmp_path: Path) -> None:
    grades = {"q1": {"ptv:1": 3, "lahella:2": 0}, "q2": {"ptv:1": 1}}
    save_grades(grades, tmp_path / "grades.csv")
    assert load_grades(tmp_path / "grades.csv") == grades


def test_questions_are_many_in_three_languages_and_each_kind_is_split_in_halves() -> None:
    queries = load_queries()
    assert len(queries) == len({one.id for one in queries}) >= 120
    assert {one.language for one in queries} == {"fi", "sv", "en"}
    halves = Counter((one.language, one.kind, one.split) for one in queries)
    for language, kind in {(one.language, one.kind) for one in queries}:
        assert halves[language, kind, Split.TUNE] - halves[language, kind, Split.REPORT] in (0, 1)


def test_every_question_was_judged_and_grades_name_listings_of_the_demonstration() -> None:
    grades = load_grades()
    listings = {str(member.listing_id) for entry in demo().entries for member in entry.members}
    assert grades.keys() == {one.id for one in load_queries()}
    assert {key for graded in grades.values() for key in graded} <= listings
    assert {grade for graded in grades.values() for grade in graded.values()} == {0, 1, 2, 3}


def test_entries_of_the_demonstration_have_keys_of_their_own_and_names_of_their_codes() -> None:
    found = demo()
    assert len({key_of(one) for one in found.entries}) == len(found.entries) > 200
    assert found.names["P27.1"]["fi"].text == "Liikunta ja urheilu"


def test_made_entries_are_events_and_the_same_number_makes_the_same_one(made: Made) -> None:
    entries = list(made.entries(20))
    assert len({one.entry_id for one in entries}) == 20
    assert entries == list(Made(made.demo).entries(20))
    assert all(
        one == EntryPublished.from_json(record.value) for one, record in zip(entries, made.records(20), strict=True)
    )


def test_made_texts_have_words_that_are_everywhere_and_a_long_tail(made: Made) -> None:
    words = Counter(word for one in made.entries(300) for word in one.description["fi"].text.casefold().split())
    counts = sorted(words.values(), reverse=True)
    assert counts[0] > 100
    assert sum(count == 1 for count in counts) > len(counts) / 3


def test_questions_are_of_every_kind_and_made_of_words_that_are_written(made: Made) -> None:
    questions = asked(made, 100, 200)
    assert {one.kind for one in questions} == set(Kind)
    assert questions == asked(made, 100, 200)
    assert all(one.municipality for one in questions if one.kind is Kind.FILTERED)
    assert all(len(text) >= 2 for text in typed(questions, 50))


async def test_question_that_waits_for_a_client_has_waited_since_it_was_due() -> None:
    async def slow(_question: Asked) -> None:
        await asyncio.sleep(0.05)

    questions = [Asked(Kind.ONE, "sana")] * 6
    one, many = [await timed(slow, questions, per_second=100, clients=clients) for clients in (1, 6)]
    assert many.of().longest < 0.15 < one.of().longest


async def test_bare_tantivy_finds_written_words_and_their_beginnings_but_no_base_forms() -> None:
    index = BareTantivy([Texts("a", "Velkaneuvonta", "", "apua laskuihin"), Texts("b", "Uimahalli", "", "")])
    assert index.found("LASKUIHIN!", 10) == ["a"]
    assert index.found("lasku", 10) == []
    assert index.beginning("uima", 10) == ["b"]
