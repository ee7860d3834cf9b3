"""Child processes: they end with their parent however it ends, and say why they did not start."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from devstack.processes import Process, StackError, claim_port, free_port, port_answers, port_is_free, wait_until

_SLEEPER = "import time, sys; print('ready', flush=True); time.sleep(600)"
_STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {_SLEEPER}"
_PARENT = f"""
import pathlib, sys, time
from devstack.processes import Process
child = Process("child", [sys.executable, "-c", {_SLEEPER!r}], log=pathlib.Path(sys.argv[1]))
print(child.pid, flush=True)
time.sleep(600)
"""


def is_gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def test_child_ends_when_its_parent_is_killed_by_force(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    command = [sys.executable, "-c", _PARENT, str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        wait_until(lambda: "ready" in log.read_text(), seconds=10, what="the child")
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait(10)
        wait_until(lambda: is_gone(child), seconds=10, what="the child's end")


def started(tmp_path: Path, script: str) -> Process:
    process = Process("child", [sys.executable, "-c", script], log=tmp_path / "logs" / "child.log")
    wait_until(lambda: "ready" in process.last_words(), seconds=10, what="the child", process=process)
    return process


def test_stop_asks_first(tmp_path: Path) -> None:
    process = started(tmp_path, _SLEEPER)
    process.stop()
    assert process.returncode == -signal.SIGTERM


def test_stop_ends_by_force_what_does_not_end_by_itself(tmp_path: Path) -> None:
    process = started(tmp_path, _STUBBORN)
    process.stop(grace_seconds=0.2)
    assert process.returncode == -signal.SIGKILL


def test_process_that_has_ended_can_be_stopped_again(tmp_path: Path) -> None:
    process = started(tmp_path, "print('ready'); raise SystemExit(3)")
    assert process.wait(10) == 3
    process.stop()
    process.kill()
    assert process.returncode == 3


def test_process_that_ends_at_its_start_is_told_of_with_its_last_words(tmp_path: Path) -> None:
    process = Process("child", [sys.executable, "-c", "raise SystemExit('no disk')"], log=tmp_path / "child.log")
    with pytest.raises(StackError, match="the child ended with code 1 at its start; its log says:\nno disk"):
        wait_until(lambda: False, seconds=10, what="the child", process=process)


def test_wait_that_takes_too_long_names_what_was_waited_for(tmp_path: Path) -> None:
    process = started(tmp_path, _SLEEPER)
    with pytest.raises(StackError, match=r"the child did not answer within 0 s; see .*child\.log"):
        wait_until(lambda: False, seconds=0.1, what="the child", process=process)
    process.kill()


def test_last_words_are_the_end_of_the_log_whatever_bytes_it_holds(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    log.write_bytes(b"old\n" * 50 + b"\xff\n")
    process = Process("child", [sys.executable, "-c", "print('last')"], log=log)
    process.wait(10)
    assert process.last_words(2).splitlines() == ["\N{REPLACEMENT CHARACTER}", "last"]


class TestPorts:
    def test_taken_port_is_one_sentence_that_names_it_and_what_wants_it(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            assert port_answers(port)
            with pytest.raises(StackError) as caught:
                claim_port(port, "the Kafka broker")
        assert str(caught.value) == (f"port {port}, asked for the Kafka broker, is taken: free it or ask for another.")

    def test_free_port_is_given_as_asked(self) -> None:
        port = free_port()
        assert claim_port(port, "the tray") == port

    def test_any_free_port_is_given_when_none_is_asked_for(self) -> None:
        assert port_is_free(claim_port(None, "the tray"))
