"""test, check and lock: what CI runs, and what keeps the lock true."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from devstack.jars import write_jar_lock
from devstack.places import ROOT, STATE
from devstack.processes import StackError
from devstack.settings import SERVICES
from devstack.show import console

_INPUT = ROOT / "requirements.in"
_LOCK = ROOT / "requirements.lock"
_BIN = Path(sys.executable).parent
_HASH_LINE = re.compile(r"^# input sha256: ([0-9a-f]{64})$", re.MULTILINE)


def test(arguments: Sequence[str]) -> int:
    """pytest over the whole repository; its closing line is the last one printed."""
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode


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
        for path in (*ROOT.glob("libs/*/tests"), *ROOT.glob("services/*/tests"), ROOT / "tests")
    ]
    return {
        "format": lambda: _run("ruff", "format", "--check", "."),
        "lint": lambda: _run("ruff", "check", "."),
        "types": lambda: _run("mypy", *sources),
        "types of tests": lambda: max(_run("mypy", folder) for folder in tests),
        "imports": lambda: _run("lint-imports", "--no-cache"),
        "contracts": lambda: _python("event_schemas", "check"),
        "generated documents": lambda: _python(
            "event_schemas", "topics", "--docs", "docs/topics.md", "--map", "docs/architecture.md", "--check"
        ),
        "notification templates": lambda: _python("notify", "templates", "check"),
        "lock": lambda: 0 if lock_is_fresh() else _stale_lock(),
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


def input_digest() -> str:
    return hashlib.sha256(_INPUT.read_bytes()).hexdigest()


def lock_is_fresh() -> bool:
    """Whether the lock was made of the present requirements.in; resolving again would not tell, versions move."""
    found = _HASH_LINE.search(_LOCK.read_text())
    return found is not None and found[1] == input_digest()


def _stale_lock() -> int:
    console.print("requirements.in was changed after requirements.lock was made: run `./hyte lock`")
    return 1


def write_lock() -> None:
    """Resolves with uv, which is fetched for this into an environment of its own."""
    uv = STATE / "uv"
    if not (uv / "bin" / "uv").exists():
        subprocess.run([sys.executable, "-m", "venv", str(uv)], check=True)
        subprocess.run([str(uv / "bin" / "pip"), "--quiet", "install", "uv"], check=True)
    options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate", "--no-header"]
    done = subprocess.run(
        [
            str(uv / "bin" / "uv"),
            "pip",
            "compile",
            "--quiet",
            "--upgrade",
            *options,
            "--no-emit-index-url",
            str(_INPUT),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        raise StackError(f"the requirements cannot be resolved: {done.stderr.strip()[-800:]}")
    head = f"# Made by `./hyte lock` from requirements.in; don't edit.\n# input sha256: {input_digest()}\n"
    _LOCK.write_text(head + done.stdout)
    console.print(f"requirements.lock: {done.stdout.count('==')} packages for {len(SERVICES)} services and their tests")
    console.print(f"jgo.lock.toml: {write_jar_lock()} jars of the local broker")
