"""Floor of the relay: the same events in the same batches, from memory, by a transactional producer alone."""

from __future__ import annotations

import asyncio
import time

from bench.core.producing import transactional_producer
from bench.core.program import curtain_of_a_loop, given, tell
from bench.listings.made import record


async def main() -> None:
    asked = given()
    events = [record(number) for number in range(asked["events"])]
    batches = [events[start : start + asked["batch"]] for start in range(0, len(events), asked["batch"])]
    async with transactional_producer(asked["kafka"], asked["topic"]) as producer:
        await producer.publish(events[:1])
        await curtain_of_a_loop()
        began = time.perf_counter()
        for batch in batches:
            await producer.publish(batch)
        seconds = time.perf_counter() - began
    tell({"seconds": seconds})


if __name__ == "__main__":
    asyncio.run(main())
