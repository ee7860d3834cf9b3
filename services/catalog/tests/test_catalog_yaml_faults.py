"""What a hand slips into a content file is a fault with its place, and never the end of a process that runs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel, TypeAdapter

from catalog.adapters.yaml_files import FileFaults, read_yaml


class Group(BaseModel):
    name: str
    first: date


GROUPS = TypeAdapter(tuple[Group, ...])


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("- name: Kuoro\n  first: 2026-02-30\n", "groups.yaml:2:3: 0.first: "),
        ("- name: Kuoro\n  first: 2026-02-03\n  \0\n", "groups.yaml:3:3: "),
        ("- name: Kuoro\n  first: [\n", "groups.yaml:3:1: "),
        ("- name: !!int kuoro\n  first: 2026-02-03\n", "groups.yaml: not YAML: "),
        ("&all [*all]\n", "groups.yaml: a part of the file holds itself"),
        ("[" * 3000 + "]" * 3000, "groups.yaml: a part of the file holds itself, or too many"),
    ],
)
def test_slip_is_told_with_its_place(tmp_path: Path, written: str, place: str) -> None:
    file = tmp_path / "groups.yaml"
    file.write_text(written)
    with pytest.raises(FileFaults) as told:
        read_yaml(file, GROUPS)
    assert str(told.value).startswith(place)


def test_days_are_read_with_and_without_quotation_marks(tmp_path: Path) -> None:
    file = tmp_path / "groups.yaml"
    file.write_text("- {name: Kuoro, first: 2026-02-03}\n- {name: 2026-02-03, first: '2026-02-03'}\n")
    assert [(one.name, one.first) for one in read_yaml(file, GROUPS)] == [
        ("Kuoro", date(2026, 2, 3)),
        ("2026-02-03", date(2026, 2, 3)),
    ]
