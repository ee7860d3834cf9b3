"""Parts of a process: loops, the order of starts and stops, signals and exit codes."""

import asyncio
import os
import signal
from datetime import timedelta

import pytest

from chassis.core.errors import StartError
from chassis.core.health import Health
from chassis.core.process import Loop, run_until_signal, running

GRACE = timedelta(seconds=5)
HOUR = timedelta(hours=1)


class Noted:
    """A part that notes what is asked of it."""

    def __init__(self, name: str, notes: list[str], *, start_error: Exception | None = None) -> None:
        self.name = name
        self._notes = notes
        self._start_error = start_error

    async def start(self) -> None:
        self._notes.append(f"start {self.name}")
        if self._start_error is not None:
            raise self._start_error

    async def stop(self) -> None:
        self._notes.append(f"stop {self.name}")


class Signalling:
    """A part that sends the process a signal once it has been started."""

    name = "signalling"

    def __init__(self, number: signal.Signals) -> None:
        self._number = number

    async def start(self) -> None:
        asyncio.get_running_loop().call_soon(os.kill, os.getpid(), self._number)

    async def stop(self) -> None:
        """Holds nothing."""


class TestLoop:
    async def test_turn_that_asks_for_no_wait_is_followed_by_the_next_at_once(self) -> None:
        turns, tenth = 0, asyncio.Event()

        async def turn() -> timedelta | None:
            nonlocal turns
            turns += 1
            if turns == 10:
                tenth.set()
            await asyncio.sleep(0)
            return None if turns < 10 else HOUR

        async with running([Loop("loop", turn)], grace=GRACE):
            await asyncio.wait_for(tenth.wait(), 2)
        assert turns == 10

    async def test_wake_ends_a_wait_early(self) -> None:
        turns: asyncio.Queue[None] = asyncio.Queue()

        async def turn() -> timedelta | None:
            turns.put_nowait(None)
            return HOUR

        loop = Loop("loop", turn)
        async with running([loop], grace=GRACE):
            await asyncio.wait_for(turns.get(), 2)
            loop.wake()
            await asyncio.wait_for(turns.get(), 2)

    async def test_wake_during_a_turn_is_not_lost(self) -> None:
        first, second = asyncio.Event(), asyncio.Event()

        async def turn() -> timedelta | None:
            if first.is_set():
                second.set()
            else:
                first.set()
                loop.wake()
            return HOUR

        loop = Loop("loop", turn)
        async with running([loop], grace=GRACE):
            await asyncio.wait_for(second.wait(), 2)

    async def test_stop_lets_the_present_turn_end(self) -> None:
        begun, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def turn() -> timedelta | None:
            begun.set()
            await may_end.wait()
            ended.set()
            return None

        loop = Loop("loop", turn)
        await loop.start()
        await begun.wait()
        stopping = asyncio.create_task(loop.stop())
        await asyncio.sleep(0)
        assert not stopping.done()
        may_end.set()
        await asyncio.wait_for(stopping, 2)
        assert ended.is_set()

    async def test_each_turn_is_a_beat_and_a_stopped_loop_cannot_be_stuck(self) -> None:
        now, turned = 0.0, asyncio.Event()
        health = Health(monotonic=lambda: now)

        async def turn() -> timedelta | None:
            turned.set()
            return HOUR

        async with running([Loop("loop", turn, health=health)], grace=GRACE):
            await turned.wait()
            now = 1000.0
            assert health.stuck() == ["loop"]
        assert health.stuck() == []

    async def test_failure_of_a_loop_that_was_never_started_is_a_mistake(self) -> None:
        async def turn() -> timedelta | None:
            return HOUR

        with pytest.raises(RuntimeError, match="not started"):
            await Loop("loop", turn).failure()


class TestRunning:
    async def test_parts_stop_in_reverse_order(self) -> None:
        notes: list[str] = []
        async with running([Noted("a", notes), Noted("b", notes)], grace=GRACE):
            assert notes == ["start a", "start b"]
        assert notes[2:] == ["stop b", "stop a"]

    async def test_failed_start_stops_what_was_started_and_begins_nothing_more(self) -> None:
        notes: list[str] = []
        parts = [Noted("a", notes), Noted("b", notes, start_error=StartError("no")), Noted("c", notes)]
        with pytest.raises(StartError):
            async with running(parts, grace=GRACE):
                pytest.fail("the body must not run")
        assert notes == ["start a", "start b", "stop b", "stop a"]

    async def test_failed_start_leaves_no_task_behind(self) -> None:
        async def turn() -> timedelta | None:
            return HOUR

        before = asyncio.all_tasks()
        with pytest.raises(StartError):
            async with running([Loop("loop", turn), Noted("b", [], start_error=StartError("no"))], grace=GRACE):
                pytest.fail("the body must not run")
        assert asyncio.all_tasks() == before

    async def test_part_that_does_not_stop_in_time_is_left_and_the_others_stop_all_the_same(self) -> None:
        notes: list[str] = []
        cancelled = asyncio.Event()

        class Stubborn(Noted):
            async def stop(self) -> None:
                try:
                    await asyncio.Event().wait()
                finally:
                    cancelled.set()

        async with running([Noted("a", notes), Stubborn("b", notes)], grace=timedelta(milliseconds=50)):
            pass
        assert notes == ["start a", "start b", "stop a"]
        assert cancelled.is_set()

    async def test_loop_that_fails_is_told_of(self) -> None:
        async def turn() -> timedelta | None:
            raise ValueError("a bug")

        async with running([Loop("loop", turn)], grace=GRACE) as failed:
            await asyncio.wait_for(failed.wait(), 2)


class TestRunUntilSignal:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    async def test_signal_stops_the_parts_and_the_exit_code_is_0(self, number: signal.Signals) -> None:
        notes: list[str] = []
        code = await asyncio.wait_for(run_until_signal([Noted("a", notes), Signalling(number)], grace=GRACE), 5)
        assert (code, notes) == (0, ["start a", "stop a"])

    async def test_failed_part_stops_the_others_and_the_exit_code_is_1(self) -> None:
        notes: list[str] = []

        async def turn() -> timedelta | None:
            raise ValueError("a bug")

        code = await asyncio.wait_for(run_until_signal([Noted("a", notes), Loop("b", turn)], grace=GRACE), 5)
        assert (code, notes) == (1, ["start a", "stop a"])
