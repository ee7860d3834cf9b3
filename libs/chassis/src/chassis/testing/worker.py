"""One part of the reference service in a process of its own, so that tests can kill, stop and signal it.

    python -m chassis.testing.worker relay|crashing-relay|dying-writer|state|effects [--slow SECONDS]

Settings come from the environment, as for every service.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence

import asyncpg

from chassis.core.process import Part, run_until_signal
from chassis.kafka.handlers import effect_subscription, state_subscription
from chassis.kafka.records import Delivery
from chassis.kafka.relay import Relay
from chassis.postgres.database import Connection
from chassis.service.base import Base
from chassis.telemetry.logs import set_up_logs
from chassis.telemetry.traces import set_up_traces
from chassis.testing.read_model import EFFECT_TOPIC, STATE_TOPIC, keep, note, published


class CrashingRelay(Relay):
    """Dies between the broker's commit and the deletion of the rows."""

    async def _delete(self, rows: Sequence[asyncpg.Record]) -> None:  # noqa: ARG002 - the rows stay
        os.kill(os.getpid(), signal.SIGKILL)


def parts_of(base: Base, part: str, slow: float) -> list[Part]:
    async def keep_slowly(deliveries: Sequence[Delivery], tx: Connection) -> None:
        await asyncio.sleep(slow)
        await keep(deliveries, tx)

    async def note_slowly(delivery: Delivery, tx: Connection) -> None:
        await asyncio.sleep(slow)
        await note(delivery, tx)

    match part:
        case "relay":
            return base.relay()
        case "crashing-relay":
            return [CrashingRelay(base.database, kafka=base.kafka, service=base.name, health=base.health)]
        case "state":
            return [base.consumer(state_subscription("catalog", [STATE_TOPIC], keep_slowly))]
        case "effects":
            return [base.consumer(effect_subscription("notify", [EFFECT_TOPIC], note_slowly, clock=base.clock))]
        case _:
            raise SystemExit(f"no part {part}")


async def write_and_die(base: Base) -> None:
    """Commits fifty events, and is gone before anything could be published."""
    await base.database.start()
    async with base.database.transaction() as tx:
        await base.outbox.append(tx, [published(f"k{number}", "tila") for number in range(50)])
    os.kill(os.getpid(), signal.SIGKILL)


async def main(part: str, slow: float) -> int:
    base = Base("catalog")
    if part == "dying-writer":
        await write_and_die(base)
    set_up_logs(base.name)
    set_up_traces(base.name, file=base.telemetry.traces_file)
    parts: list[Part] = [base.database, base.dead_letters, *parts_of(base, part, slow)]
    return await run_until_signal(parts, grace=base.guards.stop_grace)


if __name__ == "__main__":
    delay = float(sys.argv[sys.argv.index("--slow") + 1]) if "--slow" in sys.argv else 0.0
    raise SystemExit(asyncio.run(main(sys.argv[1], delay)))
