"""The commands as a person runs them, seen from outside only."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import psutil
import pytest

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.timeout(300)]

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A state folder of the test's own, with the broker's jars that are there already."""
    state = tmp_path_factory.mktemp("state")
    for folder in (*state.parents, state):
        if folder.owner() == state.owner() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    kept = Path(os.environ.get("HYTE_STATE") or ROOT / ".hyte")
    for name in ("jars", "maven"):
        (state / name).symlink_to(kept / name)
    without_servers = {name: value for name, value in os.environ.items() if name not in ("HYTE_KAFKA", "HYTE_POSTGRES")}
    return {**without_servers, "HYTE_ROOT": str(ROOT), "HYTE_STATE": str(state), "COLUMNS": "150"}


@pytest.fixture
def hyte(environment: dict[str, str]) -> Run:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "devstack", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)

    return run


def left_running(environment: dict[str, str]) -> list[str]:
    """Processes that belong to the test's state folder."""
    state = environment["HYTE_STATE"]
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("HYTE_STATE") == state or state in " ".join(process.cmdline()):
                found.append(" ".join(process.cmdline()))
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    return found


def gone(environment: dict[str, str], seconds: float) -> bool:
    deadline = monotonic() + seconds
    while left_running(environment) and monotonic() < deadline:
        sleep(0.2)
    return not left_running(environment)


def test_demo_walks_the_journey_twice_and_leaves_nothing_behind(hyte: Run, environment: dict[str, str]) -> None:
    first = hyte("demo", "--once")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "8." in first.stdout
    assert "The whole journey took" in first.stdout
    assert left_running(environment) == []
    second = hyte("demo", "--once")
    assert second.returncode == 0, second.stdout + second.stderr
    assert left_running(environment) == []


def test_killed_runner_leaves_nothing_behind(environment: dict[str, str], tmp_path: Path) -> None:
    output = tmp_path / "demo.txt"
    with output.open("w") as out:
        demo = subprocess.Popen([sys.executable, "-m", "devstack", "demo"], env=environment, stdout=out, stderr=out)
    deadline = monotonic() + 120
    while "2." not in output.read_text() and monotonic() < deadline:
        assert demo.poll() is None, output.read_text()
        sleep(0.2)
    demo.send_signal(signal.SIGKILL)
    demo.wait()
    assert gone(environment, 30), left_running(environment)


def test_up_status_down(hyte: Run, environment: dict[str, str]) -> None:
    assert "nothing is running" in hyte("status").stdout
    up = hyte("up")
    assert up.returncode == 0, up.stdout + up.stderr
    status = hyte("status").stdout
    for service in ("ptv-ingest", "lahella-ingest", "catalog", "referral", "notify"):
        assert service in status
    again = hyte("demo", "--once")
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)
    assert "running already" in again.stderr
    assert hyte("down").returncode == 0
    assert gone(environment, 5)


def test_taken_port_is_one_sentence(hyte: Run, environment: dict[str, str]) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = hyte("demo", "--once", "--tray-port", str(port))
    assert answer.returncode == 1
    assert answer.stderr.strip() == f"hyte: port {port}, asked for the tray, is taken: free it or ask for another."
    assert left_running(environment) == []
