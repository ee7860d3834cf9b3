"""test, check and lock: what CI runs, and what keeps the lock true."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from devstack.assets import hosts_in_lock
from devstack.chromium import ensure_chromium
from devstack.jars import write_jar_lock
from devstack.locks import BENCHMARKS, PRODUCT
from devstack.places import ROOT
from devstack.show import console

_BIN = Path(sys.executable).parent


def test(arguments: Sequence[str]) -> int:
    """pytest over the whole repository; its closing line is the last one printed."""
    if _looks_at_pages(arguments):
        ensure_chromium()
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode


def _looks_at_pages(arguments: Sequence[str]) -> bool:
    """Whether tests in a real browser are among those wanted: all, or named."""
    return all(one.startswith("-") for one in arguments) or any("browser" in one for one in arguments)


def check() -> int:
    """Every check, each with its name; the exit code tells whether all passed."""
    failed = [name for name, run in _checks().items() if not _passes(name, run)]
    if failed:
        console.print(f"[bold red]not passed: {', '.join(failed)}[/bold red]")
    else:
        console.print("[bold green]all checks passed[/bold green]")
    return 1 if failed else 0


def _checks() -> dict[str, Callable[[], int]]:
    sources = [str(path.relative_to(ROOT)) for path in (*ROOT.glob("libs/*/src"), *ROOT.glob("services/*/src"))]
    tests = [
        str(path.relative_to(ROOT))
        for path in (*ROOT.glob("libs/*/tests"), *ROOT.glob("services/*/tests"), ROOT / "tests", ROOT / "bench")
    ]
    return {
        "format": lambda: _run("ruff", "format", "--check", "."),
        "lint": lambda: _run("ruff", "check", "."),
        "types": lambda: _run("mypy", *sources),
        "types of tests and benchmarks": lambda: max(_run("mypy", folder) for folder in tests),
        "imports": lambda: _run("lint-imports", "--no-cache"),
        "contracts": lambda: _python("event_schemas", "check"),
        "generated documents": lambda: _python(
            "event_schemas", "topics", "--docs", "docs/topics.md", "--map", "docs/architecture.md", "--check"
        ),
        "notification templates": lambda: _python("notify", "templates", "check"),
        "lock": _stale_locks,
        "lock of the pages' assets": _hosts_in_asset_lock,
    }


def _passes(name: str, run: Callable[[], int]) -> bool:
    passed = run() == 0
    console.print(f"{'[green]✔' if passed else '[red]✘'} {name}[/]")
    return passed


def _run(tool: str, *arguments: str) -> int:
    return subprocess.run([str(_BIN / tool), *arguments], cwd=ROOT, check=False, env=_environment()).returncode


def _python(module: str, *arguments: str) -> int:
    return subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, check=False, env=_environment()
    ).returncode


def _environment() -> dict[str, str]:
    """import-linter finds the packages as the interpreter does, through the path file of the environment."""
    return {**os.environ, "PATH": f"{_BIN}:{os.environ.get('PATH', '')}"}


def _hosts_in_asset_lock() -> int:
    found = hosts_in_lock()
    if found:
        console.print(f"package-lock.json names where it was downloaded: {found[0]}")
    return len(found)


def _stale_locks() -> int:
    stale = [str(lock.file.relative_to(ROOT)) for lock in (PRODUCT, BENCHMARKS) if not lock.is_fresh()]
    if stale:
        console.print(f"requirements were changed after {' and '.join(stale)}: run `./hyte lock`")
    return len(stale)


def write_lock() -> None:
    """Both locks of Python requirements, and that of the broker's jars."""
    for lock in (PRODUCT, BENCHMARKS):
        console.print(f"{lock.file.relative_to(ROOT)}: {lock.write()} packages")
    console.print(f"jgo.lock.toml: {write_jar_lock()} jars of the local broker")
