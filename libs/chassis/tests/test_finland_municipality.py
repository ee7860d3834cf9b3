"""Municipality codes as they arrive, and mergers by their day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.finland.municipality import former_municipalities, municipality_code, municipality_on


@pytest.mark.parametrize("written", [61, "61", "061", 61.0, '"061"', "61.0"])
def test_code_that_lost_its_zero_is_one_forssa(written: object) -> None:
    assert municipality_code(written) == "061"


@pytest.mark.parametrize(
    "written", [None, True, -1, 1000, 61.5, float("nan"), float("inf"), "", "06x", "٠٦١", " 61", [], "1000"]
)
def test_what_is_no_municipality_code_has_none(written: object) -> None:
    assert municipality_code(written) is None


@given(st.integers(0, 999))
def test_code_survives_being_a_number(code: int) -> None:
    assert municipality_code(code) == municipality_code(float(code)) == municipality_code(str(code)) == f"{code:03}"


def test_merged_municipality_is_its_successor_from_the_day_of_the_merger() -> None:
    assert municipality_on("099", date(2020, 12, 31)) == "099"
    assert municipality_on("099", date(2021, 1, 1)) == "214"
    assert municipality_on("109", date(2021, 1, 1)) == "109"


def test_every_merger_leads_to_a_code_that_has_not_ended_itself() -> None:
    formers = former_municipalities()
    assert all(municipality_on(code, date.max) not in formers for code in formers)
    assert {former.into for former in formers.values() if former.on == date(2009, 1, 1)} == {"109"}
