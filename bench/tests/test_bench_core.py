"""The benchmarks' own instruments: a meter that misses nothing, percentiles, a rate that holds, and the report."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from bench.core.arrivals import at_rate
from bench.core.meter import Meter, Usage
from bench.core.numbers import Latencies
from bench.core.options import Options
from bench.core.program import Program
from bench.core.report import Measurement, Report
from devstack.locks import BENCHMARKS
from devstack.processes import StackError

BURN = "import time\nbegan = time.process_time()\nwhile time.process_time() - began < 0.4: pass\n"
HOLD = "import time\nheld = bytearray(80_000_000)\ntime.sleep(60)\n"


def python(program: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", program])


def test_meter_counts_the_time_of_children_that_have_ended() -> None:
    parent = python(f"import subprocess, sys, time\nsubprocess.run([sys.executable, '-c', {BURN!r}])\ntime.sleep(60)")
    try:
        with Meter({"tree": parent.pid}) as meter:
            deadline = time.monotonic() + 10
            while _cpu_so_far(parent.pid) < 0.4 and time.monotonic() < deadline:
                time.sleep(0.05)
        assert meter.usage()["tree"].cpu_seconds == pytest.approx(0.45, abs=0.25)
    finally:
        parent.kill()
        parent.wait()


def _cpu_so_far(pid: int) -> float:
    """Of the process and the children it has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def test_meter_sees_the_peak_of_memory() -> None:
    holder = python(HOLD)
    try:
        with Meter({"holder": holder.pid}) as meter:
            deadline = time.monotonic() + 10
            while meter.usage()["holder"].peak_bytes < 80_000_000 and time.monotonic() < deadline:
                time.sleep(0.05)
        assert 80_000_000 <= meter.usage()["holder"].peak_bytes < 140_000_000
    finally:
        holder.kill()
        holder.wait()


def test_process_that_ends_keeps_what_it_used() -> None:
    child = python(BURN)
    with Meter({"child": child.pid}) as meter:
        child.wait()
    assert meter.usage()["child"].cpu_seconds > 0.2


def test_percentiles_are_those_of_the_durations() -> None:
    found = Latencies.of([number / 1000 for number in range(1, 102)])
    assert (found.p50, found.longest, found.count) == (0.051, 0.101, 101)
    assert found.p99 == pytest.approx(0.1, abs=0.001)


async def test_slow_work_delays_no_other_and_lateness_counts_from_the_due_moment() -> None:
    begun: list[tuple[int, float]] = []

    async def work(number: int, due: float) -> None:
        begun.append((number, due))
        await asyncio.sleep(0.3)

    began = time.perf_counter()
    await at_rate(100, 20, work)
    assert time.perf_counter() - began < 1.5
    gaps = [later - earlier for (_, earlier), (_, later) in pairwise(begun)]
    assert [number for number, _ in begun] == list(range(20))
    assert gaps == pytest.approx([0.01] * 19, abs=1e-6)


def test_report_holds_ratios_with_their_aims_and_the_figures_behind_them(tmp_path: Path) -> None:
    report = Report("thing", "A thing beside another", "events", 0.1, 2)
    for seconds in (1.0, 2.0, 4.0):
        report.add(Measurement("thing", 1000, seconds, {"one": Usage(0.5, 10_000_000), "two": Usage(0.25, 20_000_000)}))
    report.add(Measurement("floor", 1000, 1.0, {"one": Usage(0.1, 5_000_000)}))
    report.ratio("thing / floor", report.rate("thing") / report.rate("floor"), at_least=0.6)
    report.ratio("time", 3.0, at_most=4)
    text = report.write(tmp_path).read_text()
    assert "| thing | 1000 | 2.00 | 500 | 0.750 | one 0.500, two 0.250 | one 10, two 20 |" in text
    assert "thing / floor: 0.50 × (aim ≥ 0.6), not reached" in text
    assert "time: 3.00 × (aim ≤ 4)\n" in text


def test_program_that_fails_is_told_by_its_name() -> None:
    program = Program(["-c", "import sys; sys.stdin.readline(); sys.exit(3)"], {})
    with pytest.raises(StackError, match="ended with code 3"), program:
        pass


def test_program_is_given_its_input_and_waits_for_the_go() -> None:
    lines = ["from bench.core.program import curtain, given, tell", "asked = given()", "curtain()"]
    words = "\n".join([*lines, "tell({'twice': 2 * asked['n']})"])
    with Program(["-c", words], {"n": 21}) as program:
        assert program.go() == {"twice": 42}


@pytest.mark.parametrize(("size", "expected"), [(1, 1000), (0.1, 100), (0.001, 50)])
def test_sizes_are_multiples_of_a_step_and_never_nothing(size: float, expected: int) -> None:
    assert Options(size, 1).scaled(1000, step=50) == expected


def test_lock_of_the_peers_is_made_of_the_present_requirements() -> None:
    assert BENCHMARKS.is_fresh()
