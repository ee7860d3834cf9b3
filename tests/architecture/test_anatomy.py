"""Rules of CONTRIBUTING that no linter knows; each message says what to do instead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = sorted(path for path in (ROOT / "services").iterdir() if path.is_dir())


def sources(service: Path) -> list[Path]:
    return sorted((service / "src").rglob("*.py"))


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_every_service_has_the_same_anatomy(service: Path) -> None:
    package = next(path for path in (service / "src").iterdir() if path.is_dir() and path.name != "__pycache__")
    wanted = [
        "__main__.py",
        "settings.py",
        "bootstrap.py",
        "domain",
        "app/ports.py",
        "adapters/queries.sql",
        "entrypoints",
    ]
    missing = [name for name in wanted if not (package / name).exists()]
    assert missing == [], f"{service.name} lacks {missing}: see the layout in CONTRIBUTING.md"
    assert (service / "README.md").is_file(), f"{service.name} has no README.md"


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_sql_lives_in_queries_sql(service: Path) -> None:
    statement = re.compile(r'"(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH) ')
    found = [str(path.relative_to(ROOT)) for path in sources(service) if statement.search(path.read_text())]
    assert found == [], f"SQL in {found}: move it to a named block of adapters/queries.sql"


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_only_bootstrap_asks_the_machine_for_time_and_ids(service: Path) -> None:
    asks = re.compile(r"datetime\.now\(|utc_?now\(|time\.time\(|uuid4\(\)|os\.environ")
    found = [
        str(path.relative_to(ROOT))
        for path in sources(service)
        if path.name != "bootstrap.py" and asks.search(path.read_text())
    ]
    assert found == [], f"{found} ask the machine: take clock and ids as arguments from bootstrap"


def test_files_have_one_job() -> None:
    files = [*ROOT.glob("libs/*/src/**/*.py"), *ROOT.glob("services/*/src/**/*.py")]
    long = [str(path.relative_to(ROOT)) for path in files if len(path.read_text().splitlines()) > 320]
    assert long == [], f"{long} have grown long: split each by its jobs"


def test_applications_start_from_the_chassis() -> None:
    """FastAPI's own spans hold query strings; `new_app` turns them off and turns errors into problem+json."""
    files = [*ROOT.glob("services/*/src/**/*.py"), *ROOT.glob("libs/chassis/src/**/*.py")]
    own = [str(p.relative_to(ROOT)) for p in files if p.name != "app.py" and re.search(r"\bFastAPI\(", p.read_text())]
    assert own == [], f"{own} make their own FastAPI: use chassis.http.app.new_app"


def test_product_holds_no_test_code() -> None:
    found = [str(path.relative_to(ROOT)) for path in ROOT.glob("services/*/src/*/testing*")]
    assert found == [], f"{found}: move it to the service's tests"
