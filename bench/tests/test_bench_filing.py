"""What the rules file of recorded answers: read where they are, told where they are not."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from bench.core.options import Options
from bench.core.report import Report
from bench.filing import run as filing
from bench.filing.samples import RECORDED
from devstack.simulators.ptv.content import load_content
from ptv_ingest.domain.objects import Kind

SERVICES = [dict(row) for row in load_content().objects[Kind.SERVICE]][:20]
V11 = {
    "id": "0b5f4f5c-5d5a-4c0b-9d5e-000000000001",
    "type": "Service",
    "serviceNames": [{"language": "fi", "value": "Uimahalli", "type": "Name"}],
    "serviceClasses": [{"code": "P27.1", "uri": "http://uri.suomi.fi/codelist/ptv/ptvserclass2/code/P27.1"}],
    "areaType": "Nationwide",
    "languages": ["fi"],
}


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No recorded answers yet, whatever lies beside the repository."""
    for one in RECORDED:
        monkeypatch.setenv(one.variable, str(tmp_path / one.beside))
    return tmp_path


def told() -> list[str]:
    report = Report("filing", "Filing", "entries", 1, 1)
    filing.run(report, Options(1, 1))
    return report.lines


def keep(folder: Path, name: str, value: object) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_bytes(orjson.dumps(value))


@pytest.mark.usefixtures("folders")
def test_absent_answers_are_said_to_be_left_out_with_the_variable_that_names_them() -> None:
    left_out = [line for line in told() if "left out" in line]
    assert len(left_out) == len(RECORDED)
    assert all(one.variable in line for one, line in zip(RECORDED, left_out, strict=True))


def test_services_of_pages_lists_and_single_files_count_once_each(folders: Path) -> None:
    keep(folders / "ptv_v12_samples", "page", {"page": 1, "items": SERVICES[:15]})
    keep(folders / "ptv_v12_samples", "one", SERVICES[14])
    keep(folders / "ptv_v12_samples", "list", SERVICES[15:])
    assert any(line.startswith("PTV v12, recorded: 20 entries") for line in told())


def test_older_shape_is_filed_by_the_same_rules_and_a_schema_beside_it_is_no_service(folders: Path) -> None:
    keep(folders / "ptv_samples", "by_id", {V11["id"]: V11})
    keep(folders / "ptv_samples", "schema", {"properties": {"id": {"type": "string"}, "serviceNames": {"items": {}}}})
    lines = [line for line in told() if line.startswith("PTV v11")]
    assert lines[:2] == [
        "PTV v11 and older, recorded: 1 entries, 1 of them may concern wellbeing",
        "PTV v11 and older, recorded: filed · 1 · 100.0%",
    ]
